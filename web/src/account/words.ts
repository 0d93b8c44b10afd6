// How the page says what the API names by a word or a number.

import type { Job } from "../api";
import { counted } from "../app/task";
import type { Entry } from "./service";

const NUMBER = new Intl.NumberFormat("en");
const SIGNED = new Intl.NumberFormat("en", { signDisplay: "exceptZero" });

export function number(value: number): string {
  return NUMBER.format(value);
}

/** "+3", "-12", "0". */
export function signed(value: number): string {
  return SIGNED.format(value);
}

export function day(iso: string, zone?: string): string {
  return format(iso, { dateStyle: "medium" }, zone);
}

export function moment(iso: string, zone?: string): string {
  return format(iso, { dateStyle: "medium", timeStyle: "short" }, zone);
}

function format(iso: string, options: Intl.DateTimeFormatOptions, zone?: string): string {
  return new Intl.DateTimeFormat("en-GB", { ...options, ...(zone ? { timeZone: zone } : {}) }).format(new Date(iso));
}

/** What happened, of an entry of the ledger. A kind that came later than this page is told as the API names it. */
export function happening({ kind, credits, reason }: Pick<Entry, "kind" | "credits" | "reason">): string {
  switch (kind) {
    case "reserve":
      return "Document accepted";
    case "settle":
      return credits ? "Pages that were not read, given back" : "Document finished, all as reserved";
    case "grant":
      return reason ? `Credits added: ${reason}` : "Credits added";
    case "purchase":
      return "Credits bought";
    case "refund":
      return credits < 0 ? "Payment refunded, its credits taken back" : "Refund failed, its credits given again";
    case "dispute":
      return credits < 0 ? "Payment disputed, its credits withheld" : "Dispute over, its credits given again";
    case "chat":
      return credits > 0 ? "Question not answered, given back" : "Question about a document";
    default:
      return kind;
  }
}

/** What an entry belongs to: "Credits", "Pages of November 2026". Periods are in UTC. */
export function source(name: string): string {
  if (name === "credits") return "Credits";
  const [, year, month, date] = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(name) ?? [];
  if (!year || !month) return name;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date ?? 1)));
  const options: Intl.DateTimeFormatOptions = { month: "long", year: "numeric", timeZone: "UTC" };
  return `Pages of ${new Intl.DateTimeFormat("en-GB", date ? { ...options, day: "numeric" } : options).format(at)}`;
}

export function stateOf({ status, page_count, progress, error }: Job): string {
  switch (status) {
    case "done":
      return counted(page_count, "page");
    case "failed":
      return error ? `Failed: ${error.message}` : "Failed";
    default:
      return progress.total > 1 ? `Reading, ${progress.done} of ${progress.total} pages` : "Reading";
  }
}

const ENDS = 4;

/** A token with its first and last characters alone: enough to tell it from the others. */
export function masked(token: string): string {
  return `${token.slice(0, ENDS)}${"•".repeat(12)}${token.slice(-ENDS)}`;
}
