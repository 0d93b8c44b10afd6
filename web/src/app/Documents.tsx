// The documents of this visit, and those of earlier ones that this browser remembers, with how far they are.

import { dismiss, show } from "./desk";
import { stateOf, type Task } from "./task";

interface Props {
  tasks: readonly Task[];
  shown: string | null;
}

export function Documents({ tasks, shown }: Props) {
  return (
    <nav class="documents" aria-label="Documents">
      <ul>
        {tasks.map((task) => (
          <li key={task.id} class={task.phase}>
            <button
              type="button"
              class="plain"
              aria-current={task.id === shown ? "true" : undefined}
              onClick={() => show(task.id)}
            >
              <span class="name" dir="auto">
                {task.name}
              </span>
              <small>{stateOf(task)}</small>
            </button>
            {(task.phase === "failed" || task.phase === "kept") && (
              <button
                type="button"
                class="plain remove"
                aria-label={`Remove ${task.name} from the list`}
                onClick={() => void dismiss(task.id)}
              >
                <span aria-hidden="true">×</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}
