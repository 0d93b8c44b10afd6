// How files are to be read, and which of the choices go together.

import type { Tier } from "../api";

export const AUTO = "auto";

export interface Options {
  readonly tier: Tier;
  readonly language: string;
  /** Null for plain reading. */
  readonly tool: string | null;
  readonly translateTo: string | null;
}

export const DEFAULTS: Options = { tier: "cpu", language: AUTO, tool: null, translateTo: null };

export interface Tool {
  slug: string;
  title: string;
  purpose: string;
  tiers: Tier[];
  parameters: string[];
  available: boolean;
}

/** The options with this tool, on a tier that it works on; `translateTo` stays only where the tool translates. */
export function withTool(options: Options, tool: Tool | null, reader: string): Options {
  if (tool === null) return { ...options, tool: null, translateTo: null };
  const tier = tool.tiers.includes(options.tier) ? options.tier : (tool.tiers[0] ?? options.tier);
  const translateTo = translates(tool) ? (options.translateTo ?? reader) : null;
  return { ...options, tool: tool.slug, tier, translateTo };
}

/** The options on this tier, without a tool that does not work on it. */
export function withTier(options: Options, tier: Tier, tool: Tool | null): Options {
  return tool === null || tool.tiers.includes(tier)
    ? { ...options, tier }
    : { ...options, tier, tool: null, translateTo: null };
}

export function translates(tool: Tool): boolean {
  return tool.parameters.includes("translate_to");
}

/** The fields of a submission. */
export function fieldsOf(options: Options): Record<string, string> {
  return {
    tier: options.tier,
    language: options.language,
    ...(options.tool ? { tool: options.tool } : {}),
    ...(options.translateTo ? { translate_to: options.translateTo } : {}),
  };
}
