import { expect, test } from "@playwright/test";
import { expectAccessible } from "./axe.helpers";

test("prices are this service's own, and lead to an account", async ({ page, request }) => {
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  const pricing = await (await request.get("/api/v1/pricing/")).json();
  await page.goto("/pricing");
  for (const plan of pricing.plans) await expect(page.getByRole("heading", { name: plan.title })).toBeVisible();
  const cap = new Intl.NumberFormat("en").format(pricing.plans[0].pages);
  await expect(page.locator(".plan").first()).toContainText(`${cap} pages a day`);
  await expect(page.getByRole("link", { name: "Create a free account" })).toHaveAttribute("href", "/account");
  await expectAccessible(page);
  expect(errors).toEqual([]);
});

test("what the operator changed and the packs on sale are shown", async ({ page }) => {
  await page.route("**/api/v1/pricing/", async (route) => {
    const pricing = await (await route.fetch()).json();
    pricing.plans[1].pages = 4321;
    pricing.packs = [{ credits: 1000, cents: 500, currency: "usd" }];
    await route.fulfill({ json: pricing });
  });
  await page.goto("/pricing");
  await expect(page.locator(".plan").nth(1)).toContainText("4,321 pages a month");
  await expect(page.getByText("$5.00", { exact: true })).toBeVisible();
});

test("a service that does not answer leaves the usual prices, and says so", async ({ page }) => {
  await page.route("**/api/v1/pricing/", (route) => route.abort());
  await page.goto("/pricing");
  await expect(page.getByText("these are the usual ones")).toBeVisible();
  await expect(page.locator(".plan").nth(1)).toContainText("500 pages a month");
});

test("the page fits a phone", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/pricing");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
