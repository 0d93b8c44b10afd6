import { afterEach, expect, test, vi } from "vitest";
import type { Page } from "../../../src/api";
import { Shelf, windowOf } from "../../../src/app/shelf";

afterEach(() => vi.unstubAllGlobals());

const page = (index: number) => ({ index, text: `page ${index + 1}` }) as Page;

/** Answers with those pages of each range that are finished; more than `most` at once are too large. */
function service(isFinished: (index: number) => boolean = () => true, most = 20): string[] {
  const ranges: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    const range = new URL(path, "http://site").searchParams.get("pages") ?? "";
    ranges.push(range);
    const [first = 0, last = 0] = range.split("-").map(Number);
    if (last - first >= most) return Response.json({ code: "parameter_invalid", detail: "" }, { status: 400 });
    const pages = Array.from({ length: last - first + 1 }, (_, place) => first - 1 + place).filter(isFinished).map(page);
    return Response.json({ pages });
  });
  return ranges;
}

function shelf(count: number): Shelf {
  return new Shelf("abc", count, new AbortController().signal);
}

test("a window holds at most twenty pages, and ends with the document", () => {
  expect(windowOf(0, 5)).toEqual([1, 5]);
  expect(windowOf(19, 100)).toEqual([1, 20]);
  expect(windowOf(20, 100)).toEqual([21, 40]);
  expect(windowOf(4999, 5000)).toEqual([4981, 5000]);
});

test("only the pages around the one that is looked at are fetched, once", async () => {
  const ranges = service();
  const pages = shelf(5000);
  pages.want(4321);
  await vi.waitFor(() => expect(pages.pages.get(4321)?.text).toBe("page 4322"));
  pages.want(4322);
  expect(ranges).toEqual(["4321-4340"]);
});

test("what was looked at while another window was on its way is fetched next", async () => {
  const ranges = service();
  const pages = shelf(100);
  pages.want(0);
  pages.want(50);
  await vi.waitFor(() => expect(pages.pages.has(50)).toBe(true));
  expect(ranges).toEqual(["1-20", "41-60"]);
});

test("while the job runs, only what has not come is asked for", async () => {
  let finished = 3;
  const ranges = service((index) => index < finished);
  const pages = shelf(10);
  pages.want(0);
  await vi.waitFor(() => expect(pages.pages.size).toBe(3));
  finished = 5;
  pages.refresh();
  await vi.waitFor(() => expect(pages.pages.size).toBe(5));
  expect(ranges).toEqual(["1-10", "4-10"]);
});

test("pages come in any order, and the first of those that are there is known", () => {
  const pages = shelf(10);
  expect(pages.first()).toBeNull();
  pages.put([page(7), page(4)]);
  expect(pages.first()).toBe(4);
});

test("pages too full for one answer are asked for in smaller ranges", async () => {
  service(() => true, 5);
  const pages = shelf(40);
  pages.want(17);
  await vi.waitFor(() => expect(pages.pages.has(17)).toBe(true));
});

test("all pages come in order", async () => {
  service();
  const all = await shelf(45).all();
  expect(all.map((one) => one.index)).toEqual(Array.from({ length: 45 }, (_, index) => index));
});

test("what could not be fetched is told, and is over with the next try", async () => {
  vi.stubGlobal("fetch", async () => Response.json({ code: "job_deleted", detail: "gone" }, { status: 410 }));
  const pages = shelf(3);
  pages.want(0);
  await vi.waitFor(() => expect(pages.problem.get()?.code).toBe("job_deleted"));
  service();
  pages.want(0);
  await vi.waitFor(() => expect(pages.pages.size).toBe(3));
  expect(pages.problem.get()).toBeNull();
});
