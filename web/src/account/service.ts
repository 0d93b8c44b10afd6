// What the API says of an account, as far as the page shows it.

import { type Job, json, post, request } from "../api";

const ACCOUNT = "/api/v1/account/";
const TOKENS = `${ACCOUNT}tokens/`;
const JOBS = "/api/v1/ocr/";

export interface Standing {
  account: string;
  email: string | null;
  plan: { name: string; title: string; period: string; pages: number };
  /** Credits, which do not expire. */
  balance: number;
  /** `used` of `cap` pages of the period; a plan that lives on credits alone has a cap of 0. */
  used: number;
  cap: number;
  resets_at: string | null;
  running: number;
  concurrent_jobs: number;
}

export interface Token {
  id: string;
  name: string;
  created_at: string;
  last_used: string | null;
  /** Null for one that cannot be shown again; `note` says why. */
  token: string | null;
  note?: string;
}

export interface Entry {
  id: string;
  at: string;
  kind: string;
  /** `credits`, or a period such as 2026-11. */
  source: string;
  credits: number;
  job: string | null;
  reason: string | null;
}

/** Some of a list, and `after` what the next ones come, if there are any. */
export interface Cursored<T> {
  data: T[];
  has_more: boolean;
  after: string | null;
}

export function sendLink(email: string): Promise<{ message: string }> {
  return post(ACCOUNT, { email });
}

export function standing(): Promise<Standing> {
  return json(ACCOUNT);
}

export async function endSession(): Promise<void> {
  await request(`${ACCOUNT}session/`, { method: "DELETE" });
}

export async function tokens(): Promise<Token[]> {
  return (await json<{ data: Token[] }>(TOKENS)).data;
}

export function createToken(name: string): Promise<Token> {
  return post(TOKENS, { name });
}

export function rotateToken(id: string): Promise<Token> {
  return json(`${TOKENS}${id}/rotate/`, { method: "POST" });
}

export async function revokeToken(id: string): Promise<void> {
  await request(`${TOKENS}${id}/`, { method: "DELETE" });
}

export function entries(after: string | null): Promise<Cursored<Entry>> {
  return json(`${ACCOUNT}usage/${cursor(after)}`);
}

export function jobs(after: string | null): Promise<Cursored<Job>> {
  return json(`${JOBS}${cursor(after)}`);
}

export async function deleteJob(uuid: string): Promise<void> {
  await request(`${JOBS}${uuid}/`, { method: "DELETE" });
}

function cursor(after: string | null): string {
  return `?limit=20${after ? `&after=${encodeURIComponent(after)}` : ""}`;
}
