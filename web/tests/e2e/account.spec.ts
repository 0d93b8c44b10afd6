import { readFileSync } from "node:fs";
import { type APIRequestContext, expect, type Locator, type Page, test } from "@playwright/test";
import { linkFor, READING, SAMPLE } from "./app.helpers";
import { expectAccessible } from "./axe.helpers";

/** By the form of the page, and the link of the mail that it sends; the address is the answer. */
async function signUp(page: Page): Promise<string> {
  const email = `owner-${Date.now()}@example.com`;
  await page.goto("/account");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByRole("heading", { name: "Look into your mail" })).toBeFocused();
  await page.goto(await linkFor(email));
  await expectAccessible(page);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText(`Signed in as ${email}`)).toBeVisible();
  return email;
}

async function copied(page: Page, row: Locator): Promise<string> {
  await row.getByRole("button", { name: "Copy" }).click();
  await expect(row.getByRole("button", { name: "Copied" })).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
}

async function statusWith(request: APIRequestContext, token: string): Promise<number> {
  return (await request.get("/api/v1/account/", { headers: { Authorization: `Bearer ${token}` } })).status();
}

function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  return errors;
}

test("from signing up over a token's whole life to signing out", async ({ page, context, playwright, baseURL }) => {
  const errors = errorsOf(page);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const program = await playwright.request.newContext(baseURL ? { baseURL } : {}); // which has no cookie
  await signUp(page);
  await expect(page).toHaveURL(/\/account$/);
  await expect(page.getByRole("meter")).toHaveAttribute("aria-valuenow", "0");
  await expect(page.getByText("No documents yet.")).toBeVisible();
  await expect(page.getByText("Nothing yet.")).toBeVisible();

  const first = page.getByRole("group", { name: "default" });
  const token = await copied(page, first);
  await expect(page.locator("body")).not.toContainText(token);
  await first.getByRole("button", { name: "Reveal" }).click();
  await expect(first).toContainText(token);
  expect(await statusWith(program, token)).toBe(200);

  await page.getByLabel("Name of a new token").fill("nightly archive");
  await page.getByRole("button", { name: "Create a token" }).click();
  const row = page.getByRole("group", { name: "nightly archive" });
  const old = await copied(page, row);
  expect(old).not.toBe(token);
  expect(await statusWith(program, old)).toBe(200);

  await row.getByRole("button", { name: "Rotate" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Keep it" }).click();
  expect(await statusWith(program, old)).toBe(200);
  await row.getByRole("button", { name: "Rotate" }).click();
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Rotate it" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const fresh = await copied(page, row);
  expect(await statusWith(program, old)).toBe(401);
  expect(await statusWith(program, fresh)).toBe(200);

  await row.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke it" }).click();
  await expect(row).toHaveCount(0);
  expect(await statusWith(program, fresh)).toBe(401);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  for (const secret of [token, old, fresh]) expect(kept).not.toContain(secret);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("E-mail address")).toBeVisible();
  expect((await page.request.get("/api/v1/account/")).status()).toBe(401);
  expect(errors).toEqual([]);
});

test("a document that was read stands in the lists, and goes from there", async ({ page, baseURL }) => {
  await signUp(page);
  const read = await page.request.post("/api/v1/ocr/", {
    headers: { Origin: new URL(baseURL ?? "").origin },
    multipart: { file: { name: "receipt.pdf", mimeType: "application/pdf", buffer: readFileSync(SAMPLE) } },
    timeout: READING.timeout,
  });
  const { uuid, page_count: pages } = await read.json();
  await expect
    .poll(async () => (await (await page.request.get(`/api/v1/ocr/${uuid}/?wait=10`)).json()).status, READING)
    .toBe("done");
  await page.reload();
  await expect(page.getByRole("meter")).toHaveAttribute("aria-valuenow", String(pages));
  const row = page.getByRole("group", { name: "receipt.pdf" });
  await expect(row.getByRole("link", { name: "receipt.pdf" })).toHaveAttribute("href", `/?job=${uuid}`);
  await expect(page.getByRole("row", { name: /Document accepted/ })).toContainText(`-${pages}`);
  await row.getByText("Downloads").click();
  const download = page.waitForEvent("download", READING);
  await row.getByRole("link", { name: "Download Text (txt)" }).click();
  expect((await download).suggestedFilename()).toContain("receipt");

  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  const table = page.getByRole("region", { name: "Entries of the ledger" });
  expect(await table.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  const links = page.getByRole("navigation", { name: "Site" }).getByRole("link");
  const heights = await links.evaluateAll((all) => all.map((link) => link.getBoundingClientRect().top));
  expect(new Set(heights).size).toBe(1);
  await expectAccessible(page);

  await row.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete it" }).click();
  await expect(row).toHaveCount(0);
  await expect(page.getByText("No documents yet.")).toBeVisible();
  expect((await page.request.get(`/api/v1/ocr/${uuid}/`)).status()).toBe(410);
});

test("credits are bought on Stripe's page, and are there when the buyer comes back", async ({ page }) => {
  const errors = errorsOf(page);
  await signUp(page);
  await page.getByLabel("Pack").selectOption({ label: "10,000 credits, $40.00" });
  await expectAccessible(page);
  await page.getByRole("button", { name: "Buy credits" }).click();
  await expect(page.getByRole("heading", { name: "4000 usd" })).toBeVisible();
  await page.getByRole("link", { name: "Back" }).click();
  await expect(page.getByText("Nothing was bought.")).toBeVisible();

  await page.getByRole("button", { name: "Buy credits" }).click();
  await page.getByRole("button", { name: "Pay" }).click();
  await expect(page.getByText("Thank you. Your credits are here.")).toBeVisible();
  await expect(page).toHaveURL(/\/account$/);
  await expect(page.getByRole("region", { name: "Credits", exact: true })).toContainText("1,000 credits");
  await expect(page.getByRole("row", { name: /Credits bought/ })).toContainText("+1,000");
  await expect(page.getByRole("meter")).toHaveAttribute("aria-valuemax", "500");
  await expectAccessible(page);
  expect(errors).toEqual([]);
});

test("where nothing is sold the button says so, and a page to pay on that cannot be made is told", async ({ page }) => {
  await page.route("**/api/v1/pricing/", async (route) => {
    const pricing = await (await route.fetch()).json();
    await route.fulfill({ json: { ...pricing, packs: [] } });
  });
  await signUp(page);
  await expect(page.getByText("Purchases are not available on this service.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Buy credits" })).toBeDisabled();
  await expectAccessible(page);

  await page.unroute("**/api/v1/pricing/");
  await page.route("**/api/v1/account/purchases/", (route) =>
    route.fulfill({ status: 503, json: { code: "purchases_unavailable", detail: "Stripe is away" } }),
  );
  await page.reload();
  await page.getByRole("button", { name: "Buy credits" }).click();
  await expect(page.getByRole("alert")).toContainText("Stripe is away");
  await expect(page.getByRole("button", { name: "Buy credits" })).toBeEnabled();
});

test("the ledger comes some at a time, and a page of it that fails is asked for again", async ({ page }) => {
  const entry = (id: number) => ({
    id: `e${id}`,
    at: "2026-11-21T10:00:00.000Z",
    kind: "grant",
    source: "credits",
    credits: id,
    job: null,
    reason: `gift ${id}`,
  });
  let tries = 0;
  await page.route("**/api/v1/account/usage/**", (route) => {
    const after = new URL(route.request().url()).searchParams.get("after");
    if (!after) return route.fulfill({ json: { data: [entry(2)], has_more: true, after: "e2" } });
    tries++;
    if (tries === 1) return route.fulfill({ status: 503, json: { code: "overloaded", detail: "busy" } });
    return route.fulfill({ json: { data: [entry(1)], has_more: false, after: null } });
  });
  await signUp(page);
  await page.getByRole("button", { name: "Show more entries" }).click();
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Credits added: gift 1")).toBeVisible();
  await expect(page.getByText("Credits added: gift 2")).toBeVisible();
  await expect(page.getByRole("button", { name: "Show more entries" })).toHaveCount(0);
});

test("a session that has ended leads back to the form", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("signed-in", "yes"));
  await page.goto("/account");
  await expect(page.getByText("You are no longer signed in.")).toBeVisible();
  await expect(page.getByLabel("E-mail address")).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem("signed-in"))).toBeNull();
});

test("what cannot be asked for is told, and asked again", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("signed-in", "yes"));
  await page.route("**/api/v1/account/", (route) => route.abort());
  await page.goto("/account");
  await expect(page.getByRole("alert")).toContainText("The service cannot be reached");
  await page.unroute("**/api/v1/account/");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByLabel("E-mail address")).toBeVisible();
});

test("an address that is refused can be mended", async ({ page }) => {
  await page.goto("/account");
  const field = page.getByLabel("E-mail address");
  await field.fill("nobody@localhost");
  await page.getByRole("button", { name: "Send me a link" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(field).toHaveValue("nobody@localhost");
  await expectAccessible(page);
});
