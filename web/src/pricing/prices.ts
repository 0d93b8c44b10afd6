// What `GET /api/v1/pricing/` says, as far as the page shows it.

export interface Plan {
  name: string;
  title: string;
  period: string;
  pages: number;
  file_pages: number;
  file_bytes: number;
  requests_per_minute: number;
  uploads_per_hour: number;
  concurrent_jobs: number;
  queue: string;
  result_hours: number;
  original_hours: number;
  chat_messages_per_day: number;
}

export interface Pack {
  credits: number;
  /** In the smallest unit of the currency. */
  cents: number;
  currency: string;
}

export interface Pricing {
  plans: readonly Plan[];
  tiers: readonly { name: string; title: string; credits_per_page: number }[];
  chat: { credits_per_message: number };
  /** Where credits can be bought. */
  packs?: readonly Pack[];
}

const NUMBER = new Intl.NumberFormat("en");

export function number(value: number): string {
  return NUMBER.format(value);
}

export function counted(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

export function hours(value: number): string {
  return value < 48 || value % 24 ? counted(value, "hour") : counted(value / 24, "day");
}

export function megabytes(bytes: number): string {
  return `${number(bytes / 1e6)} MB`;
}

/** `500` cents of `usd` are $5.00, `500` of `jpy`, which has no smaller unit, are ¥500. */
export function money(cents: number, currency: string): string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency: currency.toUpperCase() });
  return format.format(cents / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** How many pages of a tier the period's pages are, which are counted as those of the cheapest. */
export function pagesOf(credits: number, creditsPerPage: number): number | null {
  return creditsPerPage > 0 ? Math.floor(credits / creditsPerPage) : null;
}

export const ROWS: readonly (readonly [title: string, value: (plan: Plan) => string])[] = [
  ["Pages in one file", (plan) => number(plan.file_pages)],
  ["Size of one file", (plan) => megabytes(plan.file_bytes)],
  ["Jobs at a time", (plan) => number(plan.concurrent_jobs)],
  ["Requests per minute", (plan) => number(plan.requests_per_minute)],
  ["Large uploads per hour", (plan) => number(plan.uploads_per_hour)],
  ["Chat messages a day", (plan) => (plan.chat_messages_per_day ? number(plan.chat_messages_per_day) : "none")],
  ["Queue", (plan) => plan.queue],
  ["Results are kept", (plan) => hours(plan.result_hours)],
  ["Your file is kept", (plan) => hours(plan.original_hours)],
];

/** What a card says first. */
export function allowance(plan: Plan): { much: string; per: string } {
  if (!plan.pages) return { much: "As many", per: "pages as you buy" };
  return { much: number(plan.pages), per: `${plan.pages === 1 ? "page" : "pages"} a ${plan.period}` };
}
