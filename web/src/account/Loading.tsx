import { adviceFor } from "../app/failures";
import type { Problem } from "../app/task";

export function Loading() {
  return (
    <p class="muted" role="status">
      Loading…
    </p>
  );
}

/** What went wrong in one part of the page. */
export function Trouble({ problem, onAgain }: { problem: Problem; onAgain?: () => void }) {
  const { title, advice, says } = adviceFor(problem);
  return (
    <div class="notice bad trouble" role="alert">
      <p>
        <b>{title}.</b> {says ? problem.detail : ""} {advice}
      </p>
      {onAgain && (
        <button type="button" onClick={onAgain}>
          Try again
        </button>
      )}
    </div>
  );
}
