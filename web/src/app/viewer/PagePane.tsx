// The picture of a page with its blocks over it, and the zoom.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { BBox, Page } from "../../api";
import { Choose } from "../Drop";
import { Boxes } from "./Boxes";
import { CannotShow, contextOf, type Picture } from "./pictures";
import type { Pointing } from "./pointing";

const STEPS = [1, 1.5, 2, 3, 4] as const;
/** Picture widths are drawn in steps of so many pixels, so that not every change of the window draws anew. */
const WIDTH_STEP = 64;

interface Props {
  page: Page;
  /** Null while it is opened, or where there is no file: then `note` says why. */
  picture: Picture | null;
  note: string | null;
  hasFile: boolean;
  onFile: (file: File) => void;
  pointing: Pointing;
  mark: BBox | null;
}

export function PagePane({ page, picture, note, hasFile, onFile, pointing, mark }: Props) {
  const pane = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(pane);
  const [zoom, setZoom] = useState(1);
  const [failure, setFailure] = useState<string | null>(null);
  const drawn = Math.ceil((width * zoom * (globalThis.devicePixelRatio || 1)) / WIDTH_STEP) * WIDTH_STEP;

  useEffect(() => {
    if (!picture || !drawn) return;
    const stop = new AbortController();
    setFailure(null);
    void show(picture, page, canvas.current, drawn, stop.signal).then(setFailure);
    return () => stop.abort();
  }, [picture, page, drawn]);

  const whole = () => {
    const box = pane.current;
    if (box) setZoom(Math.min(1, (box.clientHeight / box.clientWidth) * (page.width / page.height)));
  };
  const said = failure ?? note;

  return (
    <section class="page-pane" aria-label={`Picture of page ${page.index + 1}`}>
      <div class="zoom row">
        <button type="button" class="plain" aria-label="Smaller" onClick={() => setZoom(smaller(zoom))} disabled={zoom <= 1}>
          <span aria-hidden="true">−</span>
        </button>
        <button type="button" class="plain" aria-label="Larger" onClick={() => setZoom(larger(zoom))} disabled={zoom >= 4}>
          <span aria-hidden="true">＋</span>
        </button>
        <button type="button" class="plain" aria-pressed={zoom === 1} onClick={() => setZoom(1)}>
          Fit width
        </button>
        <button type="button" class="plain" aria-pressed={zoom < 1} onClick={whole}>
          Whole page
        </button>
      </div>
      {(said || !hasFile) && (
        <p class="notice row">
          {said ?? "The file itself is not kept, so only the blocks are shown."}
          {!hasFile && <Choose class="plain" label="Choose it again to see the page" multiple={false} onFiles={([file]) => file && onFile(file)} />}
        </p>
      )}
      <div class="sheet-scroll" ref={pane}>
        <div class="sheet" style={{ width: `${zoom * 100}%`, aspectRatio: `${page.width} / ${page.height}` }}>
          <canvas ref={canvas} aria-hidden="true" />
          <Boxes page={page} pointing={pointing} mark={mark} />
        </div>
      </div>
      {page.blocks.length > 0 && <Legend />}
    </section>
  );
}

function Legend() {
  return (
    <p class="legend">
      How sure the reader is:
      <span class="sure">sure</span>
      <span class="fair">fairly</span>
      <span class="doubtful">doubtful</span>
    </p>
  );
}

/** Draws aside first, so that nothing flickers. Gives why it cannot be shown, or null. */
async function show(
  picture: Picture,
  page: Page,
  canvas: HTMLCanvasElement | null,
  width: number,
  signal: AbortSignal,
): Promise<string | null> {
  const aside = document.createElement("canvas");
  try {
    await picture.draw(page, aside, width, signal);
    if (!canvas || signal.aborted) return null;
    canvas.width = aside.width;
    canvas.height = aside.height;
    contextOf(canvas).drawImage(aside, 0, 0);
    canvas.dataset["drawn"] = String(page.index);
    return null;
  } catch (error) {
    if (!(error instanceof CannotShow)) throw error;
    if (canvas) canvas.width = canvas.height = 0; // not the page before
    return error.message;
  }
}

function useWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const seen = element.current;
    if (!seen) return;
    setWidth(seen.clientWidth);
    const observer = new ResizeObserver(() => setWidth(seen.clientWidth));
    observer.observe(seen);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

function larger(zoom: number): number {
  return STEPS.find((step) => step > zoom) ?? zoom;
}

function smaller(zoom: number): number {
  return STEPS.findLast((step) => step < zoom) ?? 1;
}
