import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { begin, tried, view } from "../../../src/account/session";
import { isSignedIn, noteSignedIn } from "../../../src/session";

const STANDING = { account: "acct_1", email: "ada@example.com", balance: 0, used: 0, cap: 500 };

function answering(status: number, body: unknown) {
  const service = vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
  vi.stubGlobal("fetch", service);
  return service;
}

beforeEach(() => {
  localStorage.clear();
  history.replaceState(null, "", "/account");
  view.set({ is: "loading" });
});
afterEach(() => vi.unstubAllGlobals());

test("the service is not asked where nobody has signed in", async () => {
  const service = answering(401, {});
  await begin();
  expect(view.get()).toEqual({ is: "out", why: "new" });
  expect(service).not.toHaveBeenCalled();
});

test("who comes back from the link is in, and the mark goes from the address", async () => {
  answering(200, STANDING);
  location.hash = "signed-in";
  await begin();
  expect(view.get()).toEqual({ is: "in", standing: STANDING });
  expect(isSignedIn()).toBe(true);
  expect(location.href).not.toContain("#");
});

test("a session that has ended leads to the form, wherever it is noticed", async () => {
  noteSignedIn(true);
  answering(401, { code: "token_missing", detail: "no" });
  await begin();
  expect(view.get()).toEqual({ is: "out", why: "ended" });
  expect(isSignedIn()).toBe(false);
});

test("a service that fails is told so, and whoever was in stays noted", async () => {
  noteSignedIn(true);
  answering(503, { code: "overloaded", detail: "busy" });
  await begin();
  expect(view.get()).toMatchObject({ is: "failed", problem: { code: "overloaded" } });
  expect(isSignedIn()).toBe(true);
});

test("a mistake of ours is not told as a problem of the service", async () => {
  await expect(tried(() => Promise.reject(new TypeError("ours")))).rejects.toThrow("ours");
});
