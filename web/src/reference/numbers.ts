// The numbers that {names} in strings stand for, as the tables have them.

import type { Language } from "../strings/languages";
import tables from "../tables.json";

function credits(tier: string): number {
  const found = tables.pricing.tiers.find((one) => one.name === tier);
  if (!found) throw new Error(`the tables have no tier ${tier}`);
  return found.credits_per_page;
}

export const NUMBERS: Readonly<Record<string, number>> = {
  languages: tables.languages,
  inline_pages: tables.limits.inline_pages,
  inline_seconds: tables.limits.inline_seconds,
  wait_seconds: tables.limits.wait_seconds,
  pages_at_a_time: tables.limits.pages_at_a_time,
  direct_mb: tables.limits.direct_mb,
  file_mb: tables.limits.file_mb,
  result_mb: tables.limits.result_mb,
  list_page: tables.limits.list_page,
  idempotency_hours: tables.limits.idempotency_hours,
  cpu: credits("cpu"),
  vlm: credits("vlm"),
};

export type Written = (value: number) => string;

/** As a reader of that language writes numbers: 4.4, 4,4 or ۴٫۴. */
export function writtenIn(language: Language): Written {
  const format = new Intl.NumberFormat(language);
  return (value) => format.format(value);
}

/** Throws for a name that is none: a string with one would be shown with its braces. */
export function filled(text: string, written: Written, numbers: Readonly<Record<string, number>> = NUMBERS): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = numbers[name];
    if (value === undefined) throw new Error(`there is no number {${name}}`);
    return written(value);
  });
}
