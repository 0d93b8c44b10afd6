import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { arrived, begin, LOOKS, newKeys, packs, returned } from "../../../src/account/purchase";
import type { Standing } from "../../../src/account/service";

const PACK = { credits: 1000, cents: 500, currency: "usd" };
const now = (balance: number) => ({ account: "acct_1", balance }) as Standing;
const atOnce = () => Promise.resolve();

function answering(body: unknown) {
  const service = vi.fn((_path: string, _init?: RequestInit) => Promise.resolve(new Response(JSON.stringify(body))));
  vi.stubGlobal("fetch", service);
  return service;
}

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.unstubAllGlobals());

test("what is sold is what the service lists, and an older one lists nothing", async () => {
  answering({ packs: [PACK] });
  expect(await packs()).toEqual([PACK]);
  answering({});
  expect(await packs()).toEqual([]);
});

test("a pack is asked for by its size, with a key that is the same for the same pack", async () => {
  const service = answering({ url: "https://pay.example/1" });
  const keyOf = newKeys();
  expect(await begin(PACK, keyOf(PACK), 5)).toBe("https://pay.example/1");
  const [path, request] = service.mock.calls[0] ?? [];
  expect(path).toBe("/api/v1/account/purchases/");
  expect(request?.body).toBe('{"credits":1000}');
  expect(request?.headers).toMatchObject({ "Idempotency-Key": keyOf(PACK) });
  expect(keyOf({ ...PACK, credits: 1 })).not.toBe(keyOf(PACK));
});

test("who comes back is known once, and the mark goes from the address", () => {
  history.replaceState(null, "", "/account?purchase=done");
  expect([returned(), returned()]).toEqual(["done", null]);
  expect(location.search).toBe("");
  history.replaceState(null, "", "/account?purchase=anything");
  expect(returned()).toBeNull();
});

test("the credits are waited for until there are more than before the purchase", async () => {
  answering({ url: "https://pay.example/1" });
  await begin(PACK, "key", 5);
  const look = vi.fn().mockResolvedValueOnce(now(5)).mockResolvedValueOnce(now(1005));
  expect(await arrived(now(5), look, atOnce)).toEqual(now(1005));
  expect(look).toHaveBeenCalledTimes(2);
});

test("credits that came before the buyer are seen at once", async () => {
  answering({ url: "https://pay.example/1" });
  await begin(PACK, "key", 5);
  const look = vi.fn();
  expect(await arrived(now(1005), look, atOnce)).toEqual(now(1005));
  expect(look).not.toHaveBeenCalled();
});

test("the wait ends", async () => {
  const look = vi.fn(() => Promise.resolve(now(0)));
  expect(await arrived(now(0), look, atOnce)).toBeNull();
  expect(look).toHaveBeenCalledTimes(LOOKS);
});
