import { afterEach, expect, test, vi } from "vitest";
import { ApiError } from "../../../src/api";
import { isPassing, LONGEST_WAIT_S, pause, pauseBefore, retrying, TRIES } from "../../../src/app/retry";

function failure(code: string, status = 503, retryAfter: number | null = null): ApiError {
  return new ApiError(status, code, code, retryAfter);
}
const middle = () => 0.5;

afterEach(() => vi.useRealTimers());

test("the service's own Retry-After is kept to", () => {
  expect(pauseBefore(failure("rate_limited", 429, 7), 1)).toBe(7000);
  expect(pauseBefore(failure("overloaded", 503, 5), 3)).toBe(5000);
});

test("a wait of hours is told, not waited for", () => {
  expect(pauseBefore(failure("rate_limited", 429, LONGEST_WAIT_S + 1), 1)).toBeNull();
});

test("without it each pause is twice the one before, up to a bound, and the tries end", () => {
  const pauses = [1, 2, 3, 4, 5].map((tries) => pauseBefore(failure("offline", 0), tries, middle));
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000]);
  expect(pauseBefore(failure("offline", 0), TRIES, middle)).toBeNull();
});

test("what will be refused again is not tried again", () => {
  for (const code of ["file_corrupt", "out_of_pages", "token_invalid", "tier_unavailable", "job_deleted"]) {
    expect(isPassing(failure(code, 400))).toBe(false);
  }
  expect(isPassing(failure("unknown", 502))).toBe(true);
  expect(isPassing(failure("unknown", 413))).toBe(false);
  expect(isPassing(new Error("a mistake of ours"))).toBe(false);
});

test("an attempt is repeated until it works, and each wait is told", async () => {
  const answers = [failure("offline", 0), failure("rate_limited", 429, 3)];
  const waits: number[] = [];
  const result = await retrying(
    async () => {
      const next = answers.shift();
      if (next) throw next;
      return "text";
    },
    { onWait: (waiting) => waits.push(waiting.pause), sleep: async () => {} },
  );
  expect(result).toBe("text");
  expect(waits).toHaveLength(2);
  expect(waits[1]).toBe(3000);
});

test("the last error is the one that is told", async () => {
  const attempt = vi.fn(async () => {
    throw failure("overloaded");
  });
  await expect(retrying(attempt, { sleep: async () => {} })).rejects.toMatchObject({ code: "overloaded" });
  expect(attempt).toHaveBeenCalledTimes(TRIES);
});

test("a pause ends when the network is back, and when nobody waits any more", async () => {
  vi.useFakeTimers();
  const back = pause(60_000);
  dispatchEvent(new Event("online"));
  await back;
  const stop = new AbortController();
  const stopped = pause(60_000, stop.signal);
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
  expect(vi.getTimerCount()).toBe(0);
});
