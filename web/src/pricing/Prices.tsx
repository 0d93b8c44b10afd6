// Plans, credits, packs and limits: rendered at build from the tables, and in the browser from what the service says.

import { allowance, counted, hours, megabytes, money, number, pagesOf, ROWS, type Plan, type Pricing } from "./prices";

const PITCH: Record<string, { text: string; label: string; href: string }> = {
  anonymous: { text: "No sign-up. Drop a file and read it.", label: "Read a document", href: "/" },
  free: { text: "An API token, the chat, and your jobs in one place.", label: "Create a free account", href: "/account" },
  paid: {
    text: "Beyond the free pages: for large documents and many of them, ahead of the others. Credits do not expire.",
    label: "Buy credits",
    href: "/account",
  },
};

export function Prices({ pricing }: { pricing: Pricing }) {
  return (
    <>
      <div class="plans">
        {pricing.plans.map((plan) => (
          <PlanCard key={plan.name} plan={plan} />
        ))}
      </div>
      <section aria-labelledby="credits">
        <h2 id="credits">What a page costs</h2>
        <Tiers pricing={pricing} />
      </section>
      {pricing.packs?.length ? (
        <section aria-labelledby="packs">
          <h2 id="packs">Packs of credits</h2>
          <Packs pricing={pricing} />
        </section>
      ) : null}
      <section aria-labelledby="limits">
        <h2 id="limits">Limits</h2>
        <Limits plans={pricing.plans} />
      </section>
    </>
  );
}

function PlanCard({ plan }: { plan: Plan }) {
  const pitch = PITCH[plan.name];
  const { much, per } = allowance(plan);
  return (
    <section class="card plan" aria-labelledby={`plan-${plan.name}`}>
      <h2 id={`plan-${plan.name}`}>{plan.title}</h2>
      <p class="much">
        <b>{much}</b> {per}
      </p>
      <p class="muted">{pitch?.text}</p>
      <ul>
        <li>
          Files of up to {number(plan.file_pages)} pages and {megabytes(plan.file_bytes)}
        </li>
        <li>Results kept for {hours(plan.result_hours)}</li>
        {plan.chat_messages_per_day ? <li>{counted(plan.chat_messages_per_day, "chat message")} a day</li> : null}
        {plan.queue === "priority" ? <li>Priority queue</li> : null}
      </ul>
      {pitch ? (
        <a class={plan.name === "free" ? "button primary" : "button"} href={pitch.href}>
          {pitch.label}
        </a>
      ) : null}
    </section>
  );
}

function Tiers({ pricing }: { pricing: Pricing }) {
  const free = pricing.plans.find((plan) => plan.name === "free");
  return (
    <>
      <div class="tiers">
        {pricing.tiers.map((tier) => {
          const pages = free ? pagesOf(free.pages, tier.credits_per_page) : null;
          return (
            <div key={tier.name} class="card">
              <p class="much">
                <b>{number(tier.credits_per_page)}</b> {tier.credits_per_page === 1 ? "credit" : "credits"} a page
              </p>
              <p>
                <code>{tier.name}</code> {tier.title}
              </p>
              {free && pages !== null ? (
                <p class="muted">
                  A free account reads {number(pages)} of these pages a {free.period}.
                </p>
              ) : null}
            </div>
          );
        })}
      </div>
      <p>
        {pricing.chat.credits_per_message
          ? `A message in the chat costs ${counted(pricing.chat.credits_per_message, "credit")} when it is answered.`
          : "Questions in the chat cost nothing."}
      </p>
    </>
  );
}

function Packs({ pricing }: { pricing: Pricing }) {
  return (
    <ul class="packs">
      {pricing.packs?.map((pack) => (
        <li key={pack.credits} class="card">
          <p class="much">
            <b>{money(pack.cents, pack.currency)}</b>
          </p>
          <p>{counted(pack.credits, "credit")}</p>
          <p class="muted">{money((pack.cents * 1000) / pack.credits, pack.currency)} per 1,000 credits</p>
        </li>
      ))}
    </ul>
  );
}

function Limits({ plans }: { plans: readonly Plan[] }) {
  return (
    <div class="scrolled" role="region" aria-label="Limits of each plan" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">Limit</span>
            </th>
            {plans.map((plan) => (
              <th key={plan.name} scope="col">
                {plan.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([title, value]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {plans.map((plan) => (
                <td key={plan.name}>{value(plan)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
