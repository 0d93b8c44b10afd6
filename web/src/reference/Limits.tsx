// What each plan allows, as a table.

import { filled, type Written } from "./numbers";
import { PLAN_ROWS, type PlanRow, type Reference } from "./reference";
import tables from "../tables.json";

type Words = Reference["errors"];
type Plan = (typeof tables.pricing.plans)[number];

export function Limits({ said, written, label }: { said: Words; written: Written; label: string }) {
  const plans = tables.pricing.plans;
  return (
    <div class="scrolled" role="region" aria-label={said.limitsTitle} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{label}</th>
            {plans.map((plan) => (
              <th key={plan.name} scope="col">
                {said.plans[plan.name as keyof Words["plans"]]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {PLAN_ROWS.map((row) => (
            <tr key={row}>
              <th scope="row">{said.rows[row]}</th>
              {plans.map((plan) => (
                <td key={plan.name}>{valueOf(plan, row, said.values, written)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function valueOf(plan: Plan, row: PlanRow, values: Words["values"], written: Written): string {
  const say = (text: string, n: number) => filled(text, written, { n });
  switch (row) {
    case "pages":
      if (!plan.pages) return values.credits;
      return say(plan.period === "day" ? values.day : values.month, plan.pages);
    case "file_bytes":
      return say(values.megabytes, plan.file_bytes / 1e6);
    case "result_hours":
      return plan.result_hours < 48 ? say(values.hours, plan.result_hours) : say(values.days, plan.result_hours / 24);
    default:
      return written(plan[row]);
  }
}
