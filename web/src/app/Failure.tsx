// Why a document could not be read, and what can be done about it.

import { Choose } from "./Drop";
import { adviceFor, type Remedy, standing } from "./failures";
import { again, dismiss, signOut } from "./desk";
import type { Problem, Task } from "./task";

interface Props {
  task: Task;
  problem: Problem;
  onFiles: (files: File[]) => void;
}

export function Failure({ task, problem, onFiles }: Props) {
  const { remedies } = adviceFor(problem);
  return (
    <div class="card failure stack">
      <Told problem={problem} />
      <div class="row">
        {remedies.map((remedy) => (
          <RemedyButton key={remedy} remedy={remedy} task={task} onFiles={onFiles} />
        ))}
      </div>
    </div>
  );
}

/** The message itself, which other places show too. */
export function Told({ problem }: { problem: Problem }) {
  const { title, advice, says } = adviceFor(problem);
  const left = standing(problem);
  return (
    <div role="alert" class="told">
      <h2>{title}</h2>
      {says && <p>{problem.detail}</p>}
      {left && <p>{left}</p>}
      {advice && <p>{advice}</p>}
    </div>
  );
}

function RemedyButton({ remedy, task, onFiles }: { remedy: Remedy; task: Task; onFiles: Props["onFiles"] }) {
  switch (remedy) {
    case "again":
      return (
        <button type="button" class="primary" onClick={() => again(task.id)}>
          Try again
        </button>
      );
    case "other-file":
      return <Choose class="primary" label="Choose a file" onFiles={onFiles} />;
    case "fast-tier":
      return (
        <button type="button" class="primary" onClick={() => again(task.id, { tier: "cpu", tool: null, translateTo: null })}>
          Read it on the fast tier
        </button>
      );
    case "sign-out":
      return (
        <button type="button" onClick={() => void signOut().then(() => again(task.id))}>
          Go on without an account
        </button>
      );
    case "forget":
      return (
        <button type="button" onClick={() => void dismiss(task.id)}>
          Remove from the list
        </button>
      );
    case "account":
      return (
        <a class="button" href="/account">
          Go to your account
        </a>
      );
    case "pricing":
      return (
        <a class="button" href="/pricing">
          See the prices
        </a>
      );
  }
}
