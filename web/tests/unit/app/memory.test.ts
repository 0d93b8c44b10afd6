import { beforeEach, expect, test } from "vitest";
import { surplus } from "../../../src/app/files";
import { forget, remember, remembered, untilOf } from "../../../src/app/memory";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const entry = (uuid: string, until = NOW + 1000) => ({ uuid, name: `${uuid}.pdf`, size: 10, settled: true, until });

beforeEach(() => localStorage.clear());

test("documents are remembered, the newest first, each once", () => {
  remember(entry("a"), NOW);
  remember(entry("b"), NOW);
  remember({ ...entry("a"), name: "renamed.pdf" }, NOW);
  expect(remembered(NOW).map((one) => one.name)).toEqual(["b.pdf", "renamed.pdf"]);
});

test("what was deleted or has expired is not known any more", () => {
  remember(entry("a"), NOW);
  remember(entry("b", NOW + 10), NOW);
  forget("a");
  expect(remembered(NOW).map((one) => one.uuid)).toEqual(["b"]);
  expect(remembered(NOW + 10)).toEqual([]);
});

test("no more than thirty are kept", () => {
  for (let number = 0; number < 40; number++) remember(entry(String(number)), NOW);
  expect(remembered(NOW)).toHaveLength(30);
  expect(remembered(NOW)[0]?.uuid).toBe("39");
});

test("what is not ours is left out", () => {
  localStorage.setItem("ocrchat.documents", "{]");
  expect(remembered(NOW)).toEqual([]);
  localStorage.setItem("ocrchat.documents", JSON.stringify([null, { uuid: 3 }, entry("a")]));
  expect(remembered(NOW).map((one) => one.uuid)).toEqual(["a"]);
});

test("a document is remembered as long as the service has it, a day where it does not say yet", () => {
  expect(untilOf("2026-11-22T00:00:00Z", NOW)).toBe(NOW + 12 * 3_600_000);
  expect(untilOf(null, NOW)).toBe(NOW + 24 * 3_600_000);
});

test("the oldest files go first when there are too many bytes", () => {
  const kept = [1, 2, 3].map((at) => ({ uuid: String(at), size: 40, at }));
  expect(surplus(kept, 100)).toEqual(["1"]);
  expect(surplus(kept, 10)).toEqual(["3", "2", "1"]);
  expect(surplus(kept, 120)).toEqual([]);
});
