// The page at `/`: first the place for files, then the document that is shown.

import { useCallback, useEffect, useState } from "preact/hooks";
import { catalog, type Catalog, loadCatalog } from "./catalog";
import { Choices } from "./Choices";
import { add, files, giveFile, shelfOf, show, shown, takeUp, tasks } from "./desk";
import { Documents } from "./Documents";
import { Choose, useIncoming } from "./Drop";
import { Failure } from "./Failure";
import { DEFAULTS, type Options } from "./options";
import { Progress } from "./Progress";
import { useStore } from "./store";
import { announced, type Task } from "./task";
import { Viewer } from "./viewer";

export function App() {
  const all = useStore(tasks);
  const shownId = useStore(shown);
  const offered = useStore(catalog);
  const [options, setOptions] = useState<Options>(DEFAULTS);
  const task = all.find((one) => one.id === shownId) ?? null;
  const take = useCallback((chosen: File[]) => add(chosen, options), [options]);
  const isOver = useIncoming(take);
  useEffect(() => {
    takeUp();
    void loadCatalog();
  }, []);
  useLeaving(all);

  return (
    <div class={isOver ? "app over" : "app"}>
      {task ? (
        <>
          <div class="top">
            <button type="button" class="plain" onClick={() => show(null)}>
              <span aria-hidden="true">＋</span> Read another
            </button>
            {all.length > 1 && <Documents tasks={all} shown={shownId} />}
          </div>
          <Shown key={task.id} task={task} onFiles={take} />
        </>
      ) : (
        <Start offered={offered} options={options} onOptions={setOptions} onFiles={take} all={all} />
      )}
      <p class="hidden" role="status">
        {task ? announced(task) : ""}
      </p>
    </div>
  );
}

interface StartProps {
  offered: Catalog;
  options: Options;
  onOptions: (options: Options) => void;
  onFiles: (files: File[]) => void;
  all: readonly Task[];
}

function Start({ offered, options, onOptions, onFiles, all }: StartProps) {
  return (
    <>
      <h1 class="lead">Any document, as text</h1>
      <div class="zone">
        <svg viewBox="0 0 48 48" width="56" height="56" aria-hidden="true">
          <path d="M14 5h14l9 9v29H14zM28 5v9h9M19 23h13M19 29h13M19 35h8" />
        </svg>
        <p class="call">Drop a PDF or a picture here</p>
        <Choose class="primary" label="Choose files" onFiles={onFiles} />
        <p class="muted">or paste one. {limits(offered)}</p>
      </div>
      <Choices catalog={offered} options={options} onChange={onOptions} />
      {all.length > 0 && (
        <section class="recent">
          <h2>Your documents</h2>
          <Documents tasks={all} shown={null} />
        </section>
      )}
    </>
  );
}

function limits({ plan }: Catalog): string {
  if (!plan) return "No account is needed.";
  const megabytes = Math.floor(plan.file_bytes / 1e6);
  return `No account is needed: ${plan.pages} pages a day, ${plan.file_pages} pages and ${megabytes} MB a file.`;
}

function Shown({ task, onFiles }: { task: Task; onFiles: (files: File[]) => void }) {
  const kept = useStore(files).get(task.id) ?? null;
  const shelf = shelfOf(task);
  const hasPages = task.phase === "done" || (task.phase === "reading" && (task.job?.progress.done ?? 0) > 0);
  if (hasPages && shelf) {
    return <Viewer task={task} shelf={shelf} file={kept} onFile={(file) => giveFile(task.id, file)} />;
  }
  return (
    <>
      <h1 class="title" dir="auto">
        {task.name}
      </h1>
      {task.problem ? <Failure task={task} problem={task.problem} onFiles={onFiles} /> : <Progress task={task} />}
    </>
  );
}

/** A file that is being sent is lost when the page goes: the browser asks first. */
function useLeaving(all: readonly Task[]): void {
  const isSending = all.some((task) => task.phase === "sending" || task.phase === "queued");
  useEffect(() => {
    if (!isSending) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isSending]);
}
