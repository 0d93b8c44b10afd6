// The ways to look at the text (WAI-ARIA, tabs whose panel follows the focus).

import { useRef } from "preact/hooks";
import { stepped } from "./stepping";

export const VIEWS = ["Text", "Markdown", "Tables", "JSON"] as const;
export type View = (typeof VIEWS)[number];

export const PANEL = "view-panel";

export function tabOf(view: View): string {
  return `tab-${view}`;
}

export function Tabs({ view, onView }: { view: View; onView: (view: View) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepped(event.key, VIEWS.indexOf(view), VIEWS.length);
    const wanted = next === null ? undefined : VIEWS[next];
    if (!wanted) return;
    event.preventDefault();
    onView(wanted);
    list.current?.querySelector<HTMLElement>(`#${tabOf(wanted)}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="View" ref={list} onKeyDown={onKeyDown}>
      {VIEWS.map((one) => (
        <button
          key={one}
          id={tabOf(one)}
          type="button"
          role="tab"
          class="plain"
          aria-selected={one === view}
          aria-controls={PANEL}
          tabIndex={one === view ? 0 : -1}
          onClick={() => onView(one)}
        >
          {one}
        </button>
      ))}
    </div>
  );
}
