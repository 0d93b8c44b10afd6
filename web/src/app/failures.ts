// What a reader is told for each error of the API, and what can be done. Codes that are not here are told in the API's
// own words.

import type { Problem } from "./task";

/** What a button beside the message offers. */
export type Remedy = "again" | "other-file" | "account" | "pricing" | "fast-tier" | "sign-out" | "forget";

export interface Advice {
  readonly title: string;
  /** What to do; the API's own detail stands above it where `says` is set. */
  readonly advice: string;
  readonly says?: boolean;
  readonly remedies: readonly Remedy[];
}

const AGAIN = ["again"] as const;
const OTHER = ["other-file"] as const;
const GONE = ["other-file", "forget"] as const;

export const ADVICE: Readonly<Record<string, Advice>> = {
  file_missing: { title: "No file arrived", advice: "Choose the file again.", remedies: OTHER },
  file_empty: { title: "This file is empty", advice: "Check that it was saved, and choose it again.", remedies: OTHER },
  file_type_unsupported: {
    title: "This kind of file cannot be read",
    advice: "",
    says: true,
    remedies: OTHER,
  },
  file_too_large: {
    title: "This file is too large",
    advice: "With an account, files may be larger.",
    says: true,
    remedies: ["other-file", "account"],
  },
  file_corrupt: {
    title: "This file is damaged",
    advice: "Open it in a viewer, save it again and choose the new one.",
    remedies: OTHER,
  },
  file_encrypted: {
    title: "This PDF is locked with a password",
    advice: "Save a copy without the password and choose that.",
    remedies: OTHER,
  },
  too_many_pages: {
    title: "This document has too many pages",
    advice: "With an account, documents may be longer.",
    says: true,
    remedies: ["other-file", "account"],
  },
  image_too_large: {
    title: "This picture is too large",
    advice: "",
    says: true,
    remedies: OTHER,
  },
  parameter_invalid: { title: "This choice does not work", advice: "Change the options and try again.", says: true, remedies: AGAIN },
  token_missing: { title: "This needs an account", advice: "Sign in: it is free.", remedies: ["account"] },
  token_invalid: {
    title: "You are no longer signed in",
    advice: "Sign in again, or go on without an account.",
    remedies: ["account", "sign-out"],
  },
  out_of_pages: {
    title: "No pages are left",
    advice: "An account has more pages, and credits do not expire.",
    remedies: ["account", "pricing"],
  },
  origin_not_allowed: {
    title: "This page is not at the service's own address",
    advice: "Open the service at the address that it was given, and try again there.",
    remedies: [],
  },
  route_not_found: { title: "There is nothing at this address", advice: "Open the page again.", remedies: [] },
  job_not_found: {
    title: "This document is not here",
    advice: "It may belong to an account that you are not signed in to.",
    remedies: ["account", "forget"],
  },
  conversation_not_found: { title: "This conversation is gone", advice: "Begin a new one.", remedies: [] },
  job_not_finished: { title: "The document is still being read", advice: "Try again when it is done.", remedies: AGAIN },
  job_failed: { title: "The document could not be read", advice: "Choose it again, or a better scan.", remedies: OTHER },
  job_deleted: { title: "This document was deleted", advice: "Choose the file again to read it once more.", remedies: GONE },
  job_expired: {
    title: "This result has expired",
    advice: "Results are deleted after a while. Choose the file again to read it once more.",
    remedies: GONE,
  },
  original_deleted: {
    title: "This format needs the file that was sent, which is deleted",
    advice: "Take another format, or choose the file again.",
    remedies: [],
  },
  idempotency_key_in_use: { title: "This is being done already", advice: "Try again in a moment.", remedies: AGAIN },
  idempotency_key_reused: { title: "This was sent before in another way", advice: "Try again.", remedies: AGAIN },
  rate_limited: { title: "Too many requests", advice: "Wait a little and try again.", says: true, remedies: AGAIN },
  tier_unavailable: {
    title: "This service has no AI model",
    advice: "The fast tier reads printed documents.",
    remedies: ["fast-tier"],
  },
  overloaded: { title: "The service is busy", advice: "Try again in a moment.", remedies: AGAIN },
  internal_error: { title: "Something went wrong on our side", advice: "Nothing was charged. Try again.", remedies: AGAIN },
  offline: { title: "The service cannot be reached", advice: "Check the connection and try again.", remedies: AGAIN },
};

const UNKNOWN: Advice = { title: "This did not work", advice: "", says: true, remedies: AGAIN };

export function adviceFor(problem: Problem): Advice {
  return ADVICE[problem.code] ?? UNKNOWN;
}

/** "100 of 100 pages are used; there are more from 22 November, 01:00." Null where the problem does not say. */
export function standing(problem: Problem, zone?: string): string | null {
  const { used, cap, required, resets_at: resets } = problem.more;
  if (typeof used !== "number" || typeof cap !== "number") return null;
  const needs = typeof required === "number" ? ` This document needs ${required.toLocaleString("en")}.` : "";
  const when = typeof resets === "string" ? ` There are more from ${moment(resets, zone)}.` : "";
  return `${used.toLocaleString("en")} of ${cap.toLocaleString("en")} pages are used.${needs}${when}`;
}

function moment(iso: string, zone?: string): string {
  const format: Intl.DateTimeFormatOptions = { dateStyle: "long", timeStyle: "short", ...(zone ? { timeZone: zone } : {}) };
  return new Intl.DateTimeFormat("en", format).format(new Date(iso));
}
