// A place on a page that something else on the screen, such as the chat, points at.

import type { BBox } from "../../api";
import { Store } from "../store";

export interface Citation {
  /** From 1, as the API counts pages in citations. */
  readonly page: number;
  /** In the page's own unit. */
  readonly bbox: BBox;
}

export const cited = new Store<Citation | null>(null);

/** Turns to the page and marks the place. The same place again is shown again. */
export function showCitation(page: number, bbox: BBox): void {
  cited.set({ page, bbox });
}
