// What is left: the plan's pages of this period, and credits.

import { counted } from "../app/task";
import { Buy } from "./Buy";
import type { Standing } from "./service";
import { moment, number } from "./words";

export function Pages({ standing }: { standing: Standing }) {
  const { plan, used, cap, resets_at: resets, running } = standing;
  return (
    <section class="card" aria-labelledby="plan">
      <h2 id="plan">{plan.title}</h2>
      {cap > 0 ? (
        <>
          <p class="much">
            <b>{number(used)}</b> of {counted(cap, "page")} used this {plan.period}
          </p>
          <div
            class="meter"
            role="meter"
            aria-label={`Pages used this ${plan.period}`}
            aria-valuemin={0}
            aria-valuemax={cap}
            aria-valuenow={Math.min(used, cap)}
            aria-valuetext={`${number(used)} of ${number(cap)}`}
          >
            <div class={used >= cap ? "full" : ""} style={{ inlineSize: `${filled(used, cap)}%` }} />
          </div>
          {resets && <p class="muted">Starts again at 0 on {moment(resets)}.</p>}
        </>
      ) : (
        <p>Pages are paid with credits.</p>
      )}
      {running > 0 && <p class="muted">{counted(running, "document")} being read now.</p>}
    </section>
  );
}

/** Percent. What is used a little is seen, too. */
export function filled(used: number, cap: number): number {
  if (used <= 0) return 0;
  return Math.min(100, Math.max(1, (100 * used) / cap));
}

export function Balance({ standing }: { standing: Standing }) {
  return (
    <section class="card" aria-labelledby="balance">
      <h2 id="balance">Credits</h2>
      <p class="much">
        <b>{number(standing.balance)}</b> {standing.balance === 1 ? "credit" : "credits"}
      </p>
      <p class="muted">
        {standing.balance < 0 && "They were spent before their payment went back: the next purchase fills them up. "}
        They do not expire{standing.cap > 0 && ", and are used when the pages of the " + standing.plan.period + " are not enough"}. See <a href="/pricing">what a page costs</a>.
      </p>
      <Buy standing={standing} />
    </section>
  );
}
