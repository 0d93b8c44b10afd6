// Pictures of the pages, drawn from the reader's own file: nothing is fetched for them.

import type { Page } from "../../api";
import { turnOf } from "./exif";
import { canvasSize, turnLeft, type Turn } from "./geometry";

/** Draws pages of one file. `width` is in device pixels. */
export interface Picture {
  draw(page: Page, canvas: HTMLCanvasElement, width: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** The file cannot be shown in this browser; the message says why. The text is there all the same. */
export class CannotShow extends Error {}

const HEAD_BYTES = 65_536;

export async function openPicture(file: File): Promise<Picture> {
  const head = await file.slice(0, HEAD_BYTES).arrayBuffer();
  if (isPdf(head)) {
    const { openPdf } = await import("./pdf");
    return openPdf(file);
  }
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file); // of an animation the first picture, which is the one that was read
  } catch {
    throw new CannotShow(
      isTiff(head)
        ? "This browser does not show TIFF pictures. The blocks are where they stand on the page."
        : "This browser cannot show the picture. The blocks are where they stand on the page.",
    );
  }
  return new Image(bitmap, turnOf(head));
}

/** A PDF may have up to a kilobyte of something else before its header. */
export function isPdf(head: ArrayBuffer): boolean {
  return new TextDecoder("latin1").decode(head.slice(0, 1024)).includes("%PDF-");
}

export function isTiff(head: ArrayBuffer): boolean {
  const first = new TextDecoder("latin1").decode(head.slice(0, 4));
  return first.startsWith("II*\0") || first.startsWith("MM\0*") || first.startsWith("II+\0") || first.startsWith("MM\0+");
}

class Image implements Picture {
  /** `turned`: how far the browser has turned it already. */
  constructor(
    private readonly bitmap: ImageBitmap,
    private readonly turned: Turn,
  ) {}

  async draw(page: Page, canvas: HTMLCanvasElement, width: number): Promise<void> {
    if (page.index > 0) throw new CannotShow("Only the first picture of this file can be shown here.");
    const size = canvasSize(page, width);
    canvas.width = size.width;
    canvas.height = size.height;
    const context = contextOf(canvas);
    context.fillStyle = "#fff"; // what is transparent lies on paper
    context.fillRect(0, 0, size.width, size.height);
    const turn = turnLeft(page.rotation, this.turned);
    const [across, down] = turn % 180 ? [size.height, size.width] : [size.width, size.height];
    context.translate(size.width / 2, size.height / 2);
    context.rotate((turn * Math.PI) / 180);
    context.drawImage(this.bitmap, -across / 2, -down / 2, across, down);
  }

  close(): void {
    this.bitmap.close();
  }
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (!context) throw new CannotShow("This browser cannot draw the page.");
  return context;
}
