import { useRef, useState } from "preact/hooks";
import { ApiError } from "../../api";
import { remove } from "../desk";
import { Told } from "../Failure";
import { type Problem, problemFrom, type Task } from "../task";

export function DeleteButton({ task }: { task: Task }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const yes = async () => {
    setBusy(true);
    try {
      await remove(task.id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(problemFrom(error));
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" class="danger" onClick={() => dialog.current?.showModal()}>
        Delete
      </button>
      <dialog ref={dialog} class="card" aria-labelledby="delete-title" onClose={() => setProblem(null)}>
        <div class="stack">
          <h2 id="delete-title">Delete this document now?</h2>
          <p>Its file, its text and every download are deleted at once, here and at the service. This cannot be undone.</p>
          {problem && <Told problem={problem} />}
          <div class="row">
            <button type="button" class="danger" disabled={isBusy} onClick={() => void yes()}>
              {isBusy ? "Deleting…" : "Delete it"}
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              Keep it
            </button>
          </div>
        </div>
      </dialog>
    </>
  );
}
