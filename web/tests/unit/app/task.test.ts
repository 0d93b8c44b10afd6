import { expect, test } from "vitest";
import type { Job } from "../../../src/api";
import { DEFAULTS } from "../../../src/app/options";
import { advance, announced, duration, type Happening, newTask, stateOf, type Task } from "../../../src/app/task";

const fresh = newTask("1", { name: "letter.pdf", size: 100 }, DEFAULTS);

function job(change: Partial<Job>): Job {
  return {
    uuid: "abc",
    status: "processing",
    tier: "cpu",
    language: "auto",
    tool: null,
    page_count: 8,
    mean_confidence: null,
    detected_languages: [],
    progress: { done: 0, total: 8 },
    warnings: [],
    cost: { credits: 8, refunded: 0 },
    created_at: "2026-01-01T00:00:00Z",
    expires_at: null,
    links: { self: "", download: {} },
    ...change,
  };
}

function after(...happenings: Happening[]): Task {
  return happenings.reduce(advance, fresh);
}

const problem = { code: "offline", detail: "", more: {} };

test("a file is sent, read page by page, and done", () => {
  expect(after({ type: "started" }, { type: "sent", share: 0.5 })).toMatchObject({ phase: "sending", sent: 0.5 });
  const reading = after({ type: "started" }, { type: "job", job: job({ progress: { done: 3, total: 8 } }) });
  expect(reading).toMatchObject({ phase: "reading", uuid: "abc", sent: 1 });
  expect(stateOf(reading)).toBe("Reading, 3 of 8 pages");
  const done = advance(reading, { type: "job", job: job({ status: "done", text: "all", pages: [] }) });
  expect(done.phase).toBe("done");
  expect(done.job).not.toHaveProperty("text");
  expect(done.job).not.toHaveProperty("pages");
});

test("what comes too late changes nothing", () => {
  const done = after({ type: "started" }, { type: "job", job: job({ status: "done" }) });
  expect(advance(done, { type: "sent", share: 0.2 })).toBe(done);
  expect(advance(done, { type: "waiting", code: "overloaded", until: 1 })).toBe(done);
  expect(advance(done, { type: "failed", problem })).toBe(done);
  const failed = after({ type: "started" }, { type: "failed", problem });
  expect(advance(failed, { type: "job", job: job({}) })).toBe(failed);
});

test("a job that failed tells its own reason", () => {
  const failed = after({ type: "job", job: job({ status: "failed", error: { code: "no_page_read", message: "No page" } }) });
  expect(failed).toMatchObject({ phase: "failed", problem: { code: "no_page_read", detail: "No page" } });
});

test("a wait is over as soon as something arrives", () => {
  const waiting = after({ type: "started" }, { type: "waiting", code: "rate_limited", until: 5000 });
  expect(stateOf(waiting)).toBe("Trying again soon");
  expect(advance(waiting, { type: "sent", share: 0.1 }).waiting).toBeNull();
  expect(advance(waiting, { type: "job", job: job({}) }).waiting).toBeNull();
});

test("once more means sending where there is no job, asking where there is one, and sending anew where it failed", () => {
  const unsent = after({ type: "started" }, { type: "failed", problem }, { type: "again" });
  expect(unsent).toMatchObject({ phase: "queued", problem: null });
  const lost = after({ type: "job", job: job({}) }, { type: "failed", problem }, { type: "again" });
  expect(lost).toMatchObject({ phase: "reading", uuid: "abc", problem: null });
  const unread = after({ type: "job", job: job({ status: "failed" }) }, { type: "again" });
  expect(unread).toMatchObject({ phase: "queued", uuid: null, job: null, problem: null });
});

test("the time that is left is told in words", () => {
  const reading = after({ type: "job", job: job({ eta_seconds: 12.3, progress: { done: 2, total: 8 } }) });
  expect(stateOf(reading)).toBe("Reading, 2 of 8 pages, about 12 s left");
  expect(duration(0.2)).toBe("about 1 s");
  expect(duration(200)).toBe("about 3 min");
});

test("quarters are said aloud, single pages are not", () => {
  const said = [1, 2, 3, 4].map((done) => announced(after({ type: "job", job: job({ progress: { done, total: 8 } }) })));
  expect(new Set(said).size).toBe(3);
  expect(said[3]).toBe("letter.pdf: reading, 50 %");
});
