import { expect, test } from "vitest";
import type { Job } from "../../../src/api";
import { filled } from "../../../src/account/Balance";
import { joined } from "../../../src/account/list";
import { happening, masked, moment, signed, source, stateOf } from "../../../src/account/words";

test("entries of the ledger are told in words, and a kind that is not known as it is named", () => {
  const told = (kind: string, credits: number, reason: string | null = null) => happening({ kind, credits, reason });
  expect(told("reserve", -3)).toBe("Document accepted");
  expect(told("settle", 0)).not.toBe(told("settle", 2));
  expect(told("chat", -1)).not.toBe(told("chat", 1));
  expect(told("grant", 100, "a refund")).toBe("Credits added: a refund");
  expect(told("grant", 100)).toBe("Credits added");
  expect(told("purchase", 100, "1000 credits bought")).toBe("Credits bought");
  expect(told("refund", -1)).not.toBe(told("refund", 1));
  expect(told("dispute", -1)).not.toBe(told("dispute", 1));
  expect(told("raffle", 100)).toBe("raffle");
});

test("periods are those of UTC, and what is none is told as it is", () => {
  expect(["credits", "2026-11", "2026-11-21", "trial"].map(source)).toEqual([
    "Credits",
    "Pages of November 2026",
    "Pages of 21 November 2026",
    "trial",
  ]);
});

test("amounts have their sign, and thousands are parted", () => {
  expect([1200, 0, -3].map(signed)).toEqual(["+1,200", "0", "-3"]);
});

test("times are told in the reader's own zone", () => {
  expect(moment("2026-12-01T00:00:00Z", "Asia/Tokyo")).toBe("1 Dec 2026, 09:00");
});

test("a masked token shows its ends alone, and not how long it is", () => {
  const token = `ocr_${"x".repeat(40)}wxyz`;
  expect(masked(token)).toMatch(/^ocr_•+wxyz$/);
  expect(masked(token)).toHaveLength(masked(`${token}wxyz`).length);
});

test("a job says how far it is, or why it failed", () => {
  const job = { status: "done", page_count: 1, progress: { done: 1, total: 1 } } as Job;
  expect(stateOf(job)).toBe("1 page");
  expect(stateOf({ ...job, status: "processing", progress: { done: 2, total: 5 } })).toBe("Reading, 2 of 5 pages");
  expect(stateOf({ ...job, status: "failed", error: { code: "file_corrupt", message: "It is damaged." } })).toBe(
    "Failed: It is damaged.",
  );
});

test("the bar is never longer than it can be, and shows the first page that is used", () => {
  expect([filled(0, 500), filled(1, 500), filled(250, 500), filled(600, 500)]).toEqual([0, 1, 50, 100]);
});

test("an item that comes twice stands once", () => {
  expect(joined(["a", "b"], ["b", "c"], (item) => item)).toEqual(["a", "b", "c"]);
});
