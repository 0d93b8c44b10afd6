// What the page on the API says. Each language is a module with all of it: one that lacks a string does not compile.
//
// Strings are a line of Markdown: `code`, [a link](/path), and {numbers} that stand in the tables (see rich.tsx).

import type tables from "../tables.json";

/** In the order of the page. They are the anchors, the same in every language. */
export const SECTIONS = [
  "overview",
  "authentication",
  "submit",
  "parameters",
  "result",
  "job",
  "download",
  "chat",
  "uploads",
  "manage",
  "reliability",
  "examples",
  "tools",
  "errors",
  "faq",
] as const;
export type Section = (typeof SECTIONS)[number];

type Tables = typeof tables;
export type ErrorCode = keyof Tables["errors"];
export type Tool = keyof Tables["tools"];
export type Format = "txt" | "md" | "docx" | "pdf" | "csv" | "json";

export const JOB_FIELDS = [
  "uuid",
  "status",
  "tier",
  "language",
  "detected_languages",
  "page_count",
  "mean_confidence",
  "text",
  "markdown",
  "pages",
  "progress",
  "eta_seconds",
  "cost",
  "expires_at",
  "upload_expires_at",
  "warnings",
  "error",
  "links",
] as const;
export const PAGE_FIELDS = ["index", "width", "rotation", "source", "blocks", "fields", "error"] as const;
export const BLOCK_FIELDS = ["type", "bbox", "confidence", "table", "lines"] as const;

export const PLAN_ROWS = ["pages", "file_pages", "file_bytes", "requests_per_minute", "concurrent_jobs", "result_hours"] as const;
export type PlanRow = (typeof PLAN_ROWS)[number];

export const QUESTIONS = [
  "token",
  "inline",
  "languages",
  "privacy",
  "metering",
  "formats",
  "errors",
  "response",
  "tier",
  "tools",
  "large",
  "webhooks",
  "sdk",
] as const;

export interface Reference {
  title: string;
  description: string;
  heading: string;
  lead: string;
  sections: Record<Section, string>;
  words: {
    contents: string;
    languages: string;
    samples: string;
    copy: string;
    copied: string;
    notCopied: string;
    fill: string;
    filled: string;
    signIn: string;
    required: string;
    byDefault: string;
    plan: string;
    answer: string;
  };
  overview: {
    what: string;
    how: string;
    baseUrl: string;
    formatsIn: string;
    formatsOut: string;
    languages: string;
    languagesValue: string;
    tiers: string;
    cpu: string;
    vlm: string;
    machine: string;
  };
  authentication: { header: string; query: string; anonymous: string; wrong: string };
  submit: { what: string; answer: string };
  parameters: {
    what: string;
    submit: Record<keyof Tables["parameters"]["submit"], string>;
    resultTitle: string;
    result: Record<keyof Tables["parameters"]["result"], string>;
  };
  result: { what: string; wait: string; pages: string; large: string };
  job: {
    what: string;
    job: Record<(typeof JOB_FIELDS)[number], string>;
    pageTitle: string;
    page: Record<(typeof PAGE_FIELDS)[number], string>;
    blockTitle: string;
    block: Record<(typeof BLOCK_FIELDS)[number], string>;
  };
  download: { what: string; formats: Record<Format, string> };
  chat: { what: string; whose: string; answer: string; goOn: string; history: string };
  uploads: { what: string; send: string; submit: string; limits: string };
  manage: { list: string; remove: string; kept: string };
  reliability: {
    idempotency: string;
    retry: string;
    left: string;
    requestId: string;
    webhooks: string;
    slashes: string;
  };
  examples: { what: string; python: string };
  tools: { what: string; purposes: Record<Tool, string>; fields: string };
  errors: {
    what: string;
    codes: Record<ErrorCode, string>;
    pages: string;
    limitsTitle: string;
    limits: string;
    plans: { anonymous: string; free: string; paid: string };
    rows: Record<PlanRow, string>;
    values: { day: string; month: string; credits: string; megabytes: string; hours: string; days: string };
  };
  faq: Record<(typeof QUESTIONS)[number], { question: string; answer: string }>;
}
