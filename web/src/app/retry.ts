// What is tried again, and when: as the service says (Retry-After), else ever later.

import { ApiError } from "../api";

/** Tries in all. With the pauses below they last half a minute and more: a short loss of the network. */
export const TRIES = 6;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 16_000;
/** A service that asks for more is not waited for: the reader is told instead. A minute's limit is over by then. */
export const LONGEST_WAIT_S = 65;

const PASSING = new Set(["offline", "rate_limited", "overloaded", "idempotency_key_in_use", "internal_error"]);

/** Whether the same request may be answered otherwise a little later. */
export function isPassing(error: unknown): error is ApiError {
  return error instanceof ApiError && (PASSING.has(error.code) || (error.code === "unknown" && error.status >= 500));
}

/** Milliseconds before the next try, after `tries` that failed; null where there is none. */
export function pauseBefore(error: unknown, tries: number, random: () => number = Math.random): number | null {
  if (!isPassing(error) || tries >= TRIES) return null;
  if (error.retryAfter !== null) return error.retryAfter <= LONGEST_WAIT_S ? error.retryAfter * 1000 : null;
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
  return Math.round(pause * (0.75 + random() / 2)); // many clients that failed together must not come back together
}

export interface Waiting {
  readonly error: ApiError;
  /** Milliseconds. */
  readonly pause: number;
}

interface Trying {
  signal?: AbortSignal;
  onWait?: (waiting: Waiting) => void;
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What `attempt` gives, in the end. Throws its last error. */
export async function retrying<T>(attempt: () => Promise<T>, trying: Trying = {}): Promise<T> {
  const { signal, onWait, sleep = pause } = trying;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const ms = pauseBefore(error, tries);
      if (ms === null) throw error;
      onWait?.({ error: error as ApiError, pause: ms });
      await sleep(ms, signal);
    }
  }
}

/** Ends early when the network comes back. Throws an AbortError once `signal` is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (how: () => void) => {
      clearTimeout(timer);
      removeEventListener("online", onOnline);
      signal?.removeEventListener("abort", onAbort);
      how();
    };
    const onOnline = () => end(resolve);
    const onAbort = () => end(() => reject(new DOMException("stopped", "AbortError")));
    const timer = setTimeout(onOnline, ms);
    addEventListener("online", onOnline);
    signal?.addEventListener("abort", onAbort);
    if (signal?.aborted) onAbort();
  });
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
