// What this service can do: its tiers, tools, languages and plans.

import { json, type Tier } from "../api";
import type { Language } from "./languages";
import type { Tool } from "./options";
import { retrying } from "./retry";
import { Store } from "./store";

export interface TierOffer {
  name: Tier;
  title: string;
  available: boolean;
  /** Null until the prices are known. */
  creditsPerPage: number | null;
}

export interface Catalog {
  readonly tiers: readonly TierOffer[];
  readonly tools: readonly Tool[];
  readonly languages: readonly Language[];
  /** Of a reader without an account. */
  readonly plan: { pages: number; file_pages: number; file_bytes: number; result_hours: number } | null;
}

/** What is true of every service, until it has told more: reading can begin at once. */
const AT_FIRST: Catalog = { tiers: [], tools: [], languages: [], plan: null };

export const catalog = new Store<Catalog>(AT_FIRST);

interface Pricing {
  plans: { name: string; pages: number; file_pages: number; file_bytes: number; result_hours: number }[];
  tiers: { name: Tier; credits_per_page: number }[];
}

export async function loadCatalog(): Promise<void> {
  const [pricing, offered, languages] = await Promise.all([
    retrying(() => json<Pricing>("/api/v1/pricing/")),
    retrying(() => json<{ tools: Tool[]; tiers: Omit<TierOffer, "creditsPerPage">[] }>("/api/v1/tools/")),
    retrying(() => json<{ languages: Language[] }>("/api/v1/languages/")),
  ]);
  const credits = new Map(pricing.tiers.map((tier) => [tier.name, tier.credits_per_page]));
  catalog.set({
    tiers: offered.tiers.map((tier) => ({ ...tier, creditsPerPage: credits.get(tier.name) ?? null })),
    tools: offered.tools,
    languages: languages.languages,
    plan: pricing.plans.find((plan) => plan.name === "anonymous") ?? null,
  });
}
