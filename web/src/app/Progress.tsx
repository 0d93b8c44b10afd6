// How far a document is that has no page to show yet.

import { useEffect, useState } from "preact/hooks";
import { dismiss } from "./desk";
import { adviceFor } from "./failures";
import { stateOf, type Task } from "./task";

export function Progress({ task }: { task: Task }) {
  return (
    <div class="card progress stack">
      <p class="state">{stateOf(task)}</p>
      <Bar task={task} />
      <Waiting task={task} />
      {!task.job && (
        <button type="button" class="plain" onClick={() => void dismiss(task.id)}>
          Cancel
        </button>
      )}
    </div>
  );
}

export function Bar({ task }: { task: Task }) {
  const share = shareOf(task);
  return <progress aria-label={`Progress of ${task.name}`} max={1} {...(share === null ? {} : { value: share })} />;
}

/** Null where it is not known how long it takes. */
function shareOf(task: Task): number | null {
  if (task.phase === "sending" && task.sent < 1) return task.sent;
  if (task.job && task.job.progress.total > 1) return task.job.progress.done / task.job.progress.total;
  return null;
}

function Waiting({ task }: { task: Task }) {
  const seconds = useSecondsUntil(task.waiting?.until ?? null);
  if (!task.waiting) return null;
  const { title } = adviceFor({ code: task.waiting.code, detail: "", more: {} });
  return (
    <p class="muted">
      {title}. Trying again in {seconds} s.
    </p>
  );
}

function useSecondsUntil(until: number | null): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return Math.max(0, Math.ceil(((until ?? now) - now) / 1000));
}
