// What a purchase is between this page and Stripe's, where it is paid for: begun here, and looked for on the way back.

import { randomName } from "../app/submit";
import { json, post } from "../api";
import type { Pack, Pricing } from "../pricing/prices";
import type { Standing } from "./service";

/** How the buyer came back, if that is where the page was opened from. */
export type Return = "done" | "cancelled";

export const LOOKS = 20;
export const PAUSE_MS = 3000;

const BALANCE = "balance-before-purchase";

/** Empty where nothing is sold. */
export async function packs(): Promise<readonly Pack[]> {
  return (await json<Pricing>("/api/v1/pricing/")).packs ?? [];
}

/** Where a pack is paid for. `key`: the same click again leads to the same page. */
export async function begin(pack: Pack, key: string, balance: number): Promise<string> {
  const { url } = await post<{ url: string }>("/api/v1/account/purchases/", { credits: pack.credits }, { "Idempotency-Key": key });
  sessionStorage.setItem(BALANCE, String(balance));
  return url;
}

/** A key for each pack, as long as the page is open. */
export function newKeys(): (pack: Pack) => string {
  const keys = new Map<number, string>();
  return ({ credits }) => {
    const key = keys.get(credits) ?? randomName();
    keys.set(credits, key);
    return key;
  };
}

/** What the address says of a purchase, which goes from it: to load the page anew is not to come back again. */
export function returned(): Return | null {
  const said = new URLSearchParams(location.search).get("purchase");
  if (said !== "done" && said !== "cancelled") return null;
  history.replaceState(null, "", location.pathname + location.hash);
  return said;
}

/** Credits come some seconds after the buyer. Gives the standing with more of them than there were before the purchase,
 * or null if they have not come for a minute. */
export async function arrived(
  now: Standing,
  look: () => Promise<Standing>,
  pause: () => Promise<void> = () => new Promise((done) => setTimeout(done, PAUSE_MS)),
): Promise<Standing | null> {
  const before = Number(sessionStorage.getItem(BALANCE) ?? now.balance);
  let standing = now;
  for (let looks = 0; standing.balance <= before; looks++) {
    if (looks === LOOKS) return null;
    await pause();
    standing = await look();
  }
  sessionStorage.removeItem(BALANCE);
  return standing;
}
