import { render } from "preact-render-to-string";
import { expect, test } from "vitest";
import { Prices } from "../../src/pricing/Prices";
import { hours, money, pagesOf, type Pricing } from "../../src/pricing/prices";
import tables from "../../src/tables.json";

function text(pricing: Pricing): string {
  const page = new DOMParser().parseFromString(render(<Prices pricing={pricing} />), "text/html");
  return page.body.textContent ?? "";
}

test("the page tells the plans and prices of the tables", () => {
  const told = text(tables.pricing);
  for (const plan of tables.pricing.plans) expect(told).toContain(plan.title);
  expect(told).toContain("500 pages a month");
  expect(told).toContain("Questions in the chat cost nothing");
  for (const pack of tables.pricing.packs) expect(told).toContain(money(pack.cents, pack.currency));
});

test("a service that sells nothing lists no packs", () => {
  expect(text({ ...tables.pricing, packs: [] })).not.toContain("Packs");
});

test("what the operator changed is told, and packs where there are any", () => {
  const plans = tables.pricing.plans.map((plan) => (plan.name === "free" ? { ...plan, pages: 1234, period: "day" } : plan));
  const told = text({
    ...tables.pricing,
    plans,
    chat: { credits_per_message: 2 },
    packs: [{ credits: 2000, cents: 1000, currency: "eur" }],
  });
  expect(told).toContain("1,234 pages a day");
  expect(told).toContain("costs 2 credits");
  expect(told).toContain("€10.00");
  expect(told).toContain("€5.00 per 1,000 credits");
});

test("a tier that is free is not divided by", () => {
  expect(pagesOf(500, 5)).toBe(100);
  expect(pagesOf(500, 0)).toBeNull();
});

test("hours become days where they are whole ones", () => {
  expect([1, 24, 36, 50, 168].map(hours)).toEqual(["1 hour", "24 hours", "36 hours", "50 hours", "7 days"]);
});

test("money is written as its currency is", () => {
  expect([money(1050, "usd"), money(500, "jpy")]).toEqual(["$10.50", "¥500"]);
});
