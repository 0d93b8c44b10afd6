import { expect, test } from "vitest";
import type { Block, Cell } from "../../../src/api";
import { turnOf } from "../../../src/app/viewer/exif";
import { blockAt, canvasSize, levelOf, placeOf, styleOf, turnLeft } from "../../../src/app/viewer/geometry";
import { rowsOf, tsvOf } from "../../../src/app/viewer/grid";
import { htmlOf } from "../../../src/app/viewer/markdown";
import { isPdf, isTiff } from "../../../src/app/viewer/pictures";
import { stepped } from "../../../src/app/viewer/stepping";

test("a box is a share of its upright page, whatever the size of the picture", () => {
  const place = placeOf([100, 50, 300, 150], { width: 400, height: 200 });
  expect(place).toEqual({ left: 25, top: 25, width: 50, height: 50 });
  expect(styleOf(place)).toEqual({ left: "25%", top: "25%", width: "50%", height: "50%" });
});

test("a box that reaches beyond its page ends at the edge, one upside down is turned, no page is no place", () => {
  expect(placeOf([-10, 90, 60, 40], { width: 50, height: 100 })).toEqual({ left: 0, top: 40, width: 100, height: 50 });
  expect(placeOf([1, 1, 2, 2], { width: 0, height: 0 })).toEqual({ left: 0, top: 0, width: 0, height: 0 });
});

test("a picture is turned by what its browser has not turned already", () => {
  expect(turnLeft(90, 90)).toBe(0);
  expect(turnLeft(0, 90)).toBe(270);
  expect(turnLeft(270, 90)).toBe(180);
  expect(turnLeft(90, 0)).toBe(90);
});

test("the canvas has the proportions of the page, and no more pixels than browsers draw", () => {
  expect(canvasSize({ width: 595, height: 842 }, 1190)).toEqual({ width: 1190, height: 1684 });
  const poster = canvasSize({ width: 100, height: 5000 }, 3000);
  expect(poster.width * poster.height).toBeLessThanOrEqual(16_777_216);
});

test("confidence has three levels", () => {
  expect([1, 0.9, 0.89, 0.75, 0.74, 0].map(levelOf)).toEqual(["sure", "sure", "fair", "fair", "doubtful", "doubtful"]);
});

test("a citation belongs to the block that it shares most with", () => {
  const blocks = [{ bbox: [0, 0, 100, 20] }, { bbox: [0, 30, 100, 50] }] as unknown as Block[];
  expect(blockAt(blocks, [10, 18, 60, 48])).toBe(1);
  expect(blockAt(blocks, [10, 60, 60, 80])).toBeNull();
});

function jpegOf(orientation: number, isLittle: boolean): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(64));
  view.setUint32(0, 0xffd8ffe1);
  view.setUint16(4, 40);
  view.setUint32(6, 0x45786966);
  view.setUint16(12, isLittle ? 0x4949 : 0x4d4d);
  view.setUint16(14, 42, isLittle);
  view.setUint32(16, 8, isLittle);
  view.setUint16(20, 1, isLittle);
  view.setUint16(22, 0x0112, isLittle);
  view.setUint16(24, 3, isLittle);
  view.setUint32(26, 1, isLittle);
  view.setUint16(30, orientation, isLittle);
  return view.buffer;
}

test("the orientation that a camera wrote is read in either order of bytes", () => {
  for (const isLittle of [true, false]) {
    expect([1, 3, 6, 8].map((value) => turnOf(jpegOf(value, isLittle)))).toEqual([0, 180, 90, 270]);
  }
});

test("a picture without one, or cut off within it, is not turned", () => {
  expect(turnOf(new ArrayBuffer(0))).toBe(0);
  for (let length = 0; length < 32; length++) expect(turnOf(jpegOf(6, true).slice(0, length))).toBe(0);
});

test("files are known by their first bytes", () => {
  const bytes = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;
  expect(isPdf(bytes("junk\n%PDF-1.7"))).toBe(true);
  expect(isPdf(bytes("%PNG"))).toBe(false);
  expect(isTiff(bytes("II*\0rest"))).toBe(true);
  expect(isTiff(bytes("GIF89a"))).toBe(false);
});

const cell = (row: number, column: number, text: string, spans: Partial<Cell> = {}): Cell => ({
  row,
  column,
  row_span: 1,
  column_span: 1,
  text,
  bbox: [0, 0, 0, 0],
  ...spans,
});

test("a table is rows of cells, and tabs and lines for a spreadsheet", () => {
  const cells = [cell(0, 0, "Item", { column_span: 2 }), cell(1, 1, "4,015.00"), cell(1, 0, "two\nlines")];
  const table = { rows: 2, columns: 2, header_rows: 1, cells };
  expect(rowsOf(table).map((row) => row.map((one) => one.text))).toEqual([["Item"], ["two\nlines", "4,015.00"]]);
  expect(tsvOf(table)).toBe("Item\t\ntwo lines\t4,015.00");
});

test("no cell of a document becomes a formula, and numbers stay numbers", () => {
  const texts = ["=HYPERLINK(1)", "@cmd", "-2+cmd|1", "-12.5 %", "+3", "-"];
  const table = { rows: 1, columns: texts.length, header_rows: 0, cells: texts.map((text, column) => cell(0, column, text)) };
  expect(tsvOf(table)).toBe("'=HYPERLINK(1)\t'@cmd\t'-2+cmd|1\t-12.5 %\t+3\t-");
});

test("markdown is shown without pictures, scripts and styles, and its links lead away with nothing said", () => {
  const html = htmlOf(
    '# Title\n\n![x](https://evil.example/a.png) <img src=x onerror=alert(1)> <b style="color:red" onclick="x()">b</b>\n\n' +
      "[bad](javascript:alert(1)) [good](https://example.com)\n\n|a|b|\n|-|-|\n|1|2|",
  );
  expect(html).not.toMatch(/<img|onerror|onclick|style=|javascript:/);
  expect(html).toContain("<h1>Title</h1>");
  expect(html).toContain("<td>1</td>");
  const link = new DOMParser().parseFromString(html, "text/html").querySelector('a[href="https://example.com"]');
  expect(link?.getAttribute("rel")).toBe("noopener noreferrer nofollow");
  expect(link?.getAttribute("target")).toBe("_blank");
});

test("keys go from block to block and stay within the page", () => {
  expect(stepped("ArrowDown", null, 3)).toBe(0);
  expect(stepped("ArrowDown", 0, 3)).toBe(1);
  expect(stepped("ArrowDown", 2, 3)).toBeNull();
  expect(stepped("End", 0, 3)).toBe(2);
  expect(stepped("a", 0, 3)).toBeNull();
  expect(stepped("Home", null, 0)).toBeNull();
});
