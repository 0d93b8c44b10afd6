// Where boxes stand on the picture of their page. Boxes are in the page's own unit, from the top left corner of the
// upright page.

import type { BBox, Block, Page } from "../../api";

export type Turn = 0 | 90 | 180 | 270;

/** Place and size as shares of the page in percent, so that they fit a picture of any size. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function placeOf([x0, y0, x1, y1]: BBox, page: Pick<Page, "width" | "height">): Place {
  const left = percent(Math.min(x0, x1), page.width);
  const top = percent(Math.min(y0, y1), page.height);
  return {
    left,
    top,
    width: percent(Math.max(x0, x1), page.width) - left,
    height: percent(Math.max(y0, y1), page.height) - top,
  };
}

function percent(value: number, whole: number): number {
  return whole > 0 ? Math.min(100, Math.max(0, (value / whole) * 100)) : 0;
}

/** As a style, which only a script may set here. */
export function styleOf(place: Place): Record<string, string> {
  return Object.fromEntries(Object.entries(place).map(([name, value]) => [name, `${value}%`]));
}

/** Clockwise turn of a picture that its browser has turned by `done` already, of a page that was turned by `wanted`. */
export function turnLeft(wanted: number, done: number): Turn {
  return ((((wanted - done) % 360) + 360) % 360) as Turn;
}

/** The size of the canvas for a page that is shown `width` wide, in device pixels, bounded as browsers need it. */
export function canvasSize(page: Pick<Page, "width" | "height">, width: number): { width: number; height: number } {
  const MOST_PIXELS = 16_777_216; // what mobile Safari draws
  const ratio = page.width > 0 ? page.height / page.width : 1;
  const bounded = Math.min(width, Math.sqrt(MOST_PIXELS / ratio));
  return { width: Math.max(1, Math.floor(bounded)), height: Math.max(1, Math.floor(bounded * ratio)) };
}

/** Below SURE a word or two of a line may be wrong, below FAIR most readers find faults: what is shown apart. */
const SURE = 0.9;
const FAIR = 0.75;

export type Level = "sure" | "fair" | "doubtful";

export function levelOf(confidence: number): Level {
  if (confidence >= SURE) return "sure";
  return confidence >= FAIR ? "fair" : "doubtful";
}

/** The block that shares most of `bbox`, by area; null where none touches it. */
export function blockAt(blocks: readonly Block[], bbox: BBox): number | null {
  let best: number | null = null;
  let most = 0;
  blocks.forEach((block, index) => {
    const shared = overlap(block.bbox, bbox);
    if (shared > most) [best, most] = [index, shared];
  });
  return best;
}

function overlap(one: BBox, other: BBox): number {
  const width = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  const height = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
  return width > 0 && height > 0 ? width * height : 0;
}
