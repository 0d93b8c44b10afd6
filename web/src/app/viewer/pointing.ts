// Which block of the page is pointed at: what the picture and the text share.

export interface Active {
  /** Index within the page. */
  readonly block: number;
  /** Where it was chosen: the other side scrolls to it. */
  readonly from: "picture" | "text" | "citation";
}

export interface Pointing {
  readonly active: Active | null;
  readonly hovered: number | null;
  readonly point: (active: Active) => void;
  readonly hover: (block: number | null) => void;
}
