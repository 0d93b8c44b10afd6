import { afterEach, expect, test, vi } from "vitest";
import { ApiError, json } from "../../src/api";

afterEach(() => vi.unstubAllGlobals());

function answers(status: number, body: string, headers: Record<string, string> = {}) {
  vi.stubGlobal("fetch", async () => new Response(body, { status, headers }));
}

test("a problem document becomes an error with its code, its words and when to try again", async () => {
  answers(429, JSON.stringify({ code: "rate_limited", detail: "Too many requests" }), { "Retry-After": "7" });
  const error = await json("/api/v1/account/").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 429, code: "rate_limited", message: "Too many requests", retryAfter: 7 });
});

test("an answer that is no problem document is told by its status", async () => {
  answers(502, "<html>");
  await expect(json("/api/v1/account/")).rejects.toMatchObject({ status: 502, code: "unknown", retryAfter: null });
});

test("a service that cannot be reached is told so", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("failed to fetch");
  });
  await expect(json("/api/v1/account/")).rejects.toMatchObject({ code: "offline" });
});
