// Pages of a PDF, drawn by pdf.js: a large module, fetched only when a PDF is to be shown.

import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy, RenderingCancelledException } from "pdfjs-dist";
import worker from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import type { Page } from "../../api";
import { canvasSize } from "./geometry";
import { CannotShow, contextOf, type Picture } from "./pictures";

GlobalWorkerOptions.workerSrc = worker;

// What pdf.js fetches on demand: decoders of JPEG 2000 and JBIG2, tables of Asian encodings, the standard fonts.
const PARTS = {
  ...import.meta.glob<string>("../../../node_modules/pdfjs-dist/wasm/*.wasm", { query: "?url", import: "default", eager: true }),
  ...import.meta.glob<string>("../../../node_modules/pdfjs-dist/cmaps/*.bcmap", { query: "?url", import: "default", eager: true }),
  ...import.meta.glob<string>("../../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}", { query: "?url", import: "default", eager: true }),
};
const PART_URLS = new Map(Object.entries(PARTS).map(([path, url]) => [path.slice(path.lastIndexOf("/") + 1), url]));

/** Knows the built names of the parts, which pdf.js asks for by their own. */
class Parts {
  async fetch({ filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const url = PART_URLS.get(filename);
    const response = url ? await fetch(url) : null;
    if (!response?.ok) throw new Error(`pdf.js asks for ${filename}, which is not here`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

export async function openPdf(file: File): Promise<Picture> {
  const loading = getDocument({
    data: await file.arrayBuffer(),
    BinaryDataFactory: Parts,
    useWorkerFetch: false,
    cMapPacked: true,
    verbosity: 0, // a document's own faults are nothing for the console
  });
  try {
    return new Pdf(await loading.promise);
  } catch {
    await loading.destroy();
    throw new CannotShow("This PDF cannot be shown here. The blocks are where they stand on the page.");
  }
}

class Pdf implements Picture {
  constructor(private readonly document: PDFDocumentProxy) {}

  async draw(page: Page, canvas: HTMLCanvasElement, width: number, signal: AbortSignal): Promise<void> {
    if (page.index >= this.document.numPages) throw new CannotShow("The file has no such page.");
    const source = await this.document.getPage(page.index + 1);
    if (signal.aborted) return;
    const upright = source.getViewport({ scale: 1, rotation: page.rotation });
    const size = canvasSize({ width: upright.width, height: upright.height }, width);
    canvas.width = size.width;
    canvas.height = size.height;
    const viewport = source.getViewport({ scale: size.width / upright.width, rotation: page.rotation });
    const task = source.render({ canvas, canvasContext: contextOf(canvas), viewport });
    const stop = () => task.cancel();
    signal.addEventListener("abort", stop);
    try {
      await task.promise;
    } catch (error) {
      if (!(error instanceof RenderingCancelledException)) throw new CannotShow("This page cannot be shown here.");
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  close(): void {
    void this.document.loadingTask.destroy();
  }
}
