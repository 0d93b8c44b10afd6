import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Problem } from "../app/task";
import { Trouble } from "./Loading";
import { tried } from "./session";

interface Props {
  title: string;
  /** What the two buttons say. */
  yes: string;
  no: string;
  work: () => Promise<void>;
  /** `isDone`: whether the work was done. */
  onClose: (isDone: boolean) => void;
  children: ComponentChildren;
}

/** Asks before something that cannot be undone; open as long as it is there. */
export function Confirm({ title, yes, no, work, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const isDone = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const go = async () => {
    setBusy(true);
    const found = await tried(work);
    setBusy(false);
    setProblem(found);
    isDone.current = !found;
    if (!found) dialog.current?.close();
  };
  return (
    <dialog ref={dialog} class="card" aria-labelledby={id} onClose={() => onClose(isDone.current)}>
      <div class="stack">
        <h2 id={id}>{title}</h2>
        <p>{children}</p>
        {problem && <Trouble problem={problem} />}
        <div class="row">
          <button type="button" class="danger" disabled={isBusy} onClick={() => void go()}>
            {yes}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            {no}
          </button>
        </div>
      </div>
    </dialog>
  );
}
