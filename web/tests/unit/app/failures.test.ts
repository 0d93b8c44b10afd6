import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ADVICE, adviceFor, standing } from "../../../src/app/failures";

interface OpenApi {
  paths: Record<string, Record<string, { responses?: Record<string, { description: string }> }>>;
}

/** What the app asks of the API: the account's own pages ask for more. */
const ASKED = /^\/api\/v1\/(ocr|uploads|chat|languages|tools|pricing)\//;

function codes(): Set<string> {
  const text = readFileSync("../layers/core/ocrchat/http/openapi.json", "utf8");
  const { paths } = JSON.parse(text) as OpenApi;
  const routes = Object.entries(paths).filter(([path]) => ASKED.test(path));
  const responses = routes.flatMap(([, methods]) => Object.values(methods).map((method) => method.responses ?? {}));
  const refused = responses.flatMap((answers) => Object.entries(answers).filter(([status]) => Number(status) >= 400));
  return new Set(refused.flatMap(([, { description }]) => description.split(", ")));
}

test("there is advice for every code that the API documents", () => {
  const documented = codes();
  expect(documented.size).toBeGreaterThan(20);
  expect([...documented].filter((code) => !(code in ADVICE))).toEqual([]);
});

test("there is none for a code that the API does not have, but the network's own", () => {
  const documented = codes();
  expect(Object.keys(ADVICE).filter((code) => !documented.has(code))).toEqual(["offline"]);
});

test("an unknown code is told in the API's own words", () => {
  expect(adviceFor({ code: "something_new", detail: "Stand on one leg", more: {} }).says).toBe(true);
});

test("who is out of pages learns how many were used, how many are needed and when there are more", () => {
  const more = { used: 98, cap: 100, required: 4, resets_at: "2026-11-22T00:00:00Z" };
  expect(standing({ code: "out_of_pages", detail: "", more }, "UTC")).toBe(
    "98 of 100 pages are used. This document needs 4. There are more from November 22, 2026 at 12:00 AM.",
  );
  expect(standing({ code: "file_empty", detail: "", more: {} })).toBeNull();
});
