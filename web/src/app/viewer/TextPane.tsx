// The text of the page in its four views, and copying it.

import { useEffect, useState } from "preact/hooks";
import type { Page } from "../../api";
import type { Shelf } from "../shelf";
import type { Task } from "../task";
import { CopyButton } from "./CopyButton";
import { tsvOf } from "./grid";
import { MarkdownView } from "./MarkdownView";
import type { Pointing } from "./pointing";
import { TablesView, tablesOf } from "./TablesView";
import { PANEL, tabOf, Tabs, type View } from "./Tabs";
import { TextView } from "./TextView";
import { Warnings } from "./Warnings";

interface Props {
  task: Task;
  shelf: Shelf;
  page: Page | null;
  view: View;
  onView: (view: View) => void;
  pointing: Pointing;
}

export function TextPane({ task, shelf, page, view, onView, pointing }: Props) {
  const isLong = (task.job?.page_count ?? 1) > 1;
  return (
    <section class="text-pane" aria-label="Text">
      <div class="row head">
        <Tabs view={view} onView={onView} />
        {page && <CopyButton label="Copy" text={() => copyOf(page, view)} />}
        {page && isLong && task.phase === "done" && (
          <CopyButton label="Copy all" text={async () => (await shelf.all()).map((one) => copyOf(one, view)).filter(Boolean).join("\n\n")} />
        )}
      </div>
      <div class="panel" id={PANEL} role="tabpanel" aria-labelledby={tabOf(view)} tabIndex={0}>
        {page ? <Seen page={page} view={view} pointing={pointing} /> : <Coming task={task} />}
      </div>
    </section>
  );
}

function Seen({ page, view, pointing }: { page: Page; view: View; pointing: Pointing }) {
  return (
    <>
      {page.error && <p class="notice bad">{page.error.message}</p>}
      <Warnings warnings={page.warnings} />
      {view === "Text" && <TextView page={page} pointing={pointing} />}
      {view === "Markdown" && <MarkdownView page={page} />}
      {view === "Tables" && <TablesView page={page} />}
      {view === "JSON" && <pre class="json">{JSON.stringify(page, null, 2)}</pre>}
    </>
  );
}

/** Most pages are there at once: only what takes longer is said. */
function Coming({ task }: { task: Task }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return isLate ? <p class="muted">{task.phase === "done" ? "Fetching this page…" : "This page is being read…"}</p> : null;
}

function copyOf(page: Page, view: View): string {
  switch (view) {
    case "Text":
      return page.text;
    case "Markdown":
      return page.markdown;
    case "Tables":
      return tablesOf(page).map(tsvOf).join("\n\n");
    case "JSON":
      return JSON.stringify(page, null, 2);
  }
}
