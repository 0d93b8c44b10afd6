import { expect, test } from "@playwright/test";
import { readSample, signIn } from "./app.helpers";
import { expectNoViolation } from "./axe.helpers";

test.beforeEach(() => test.setTimeout(150_000));

test("who is not signed in is led to the account", async ({ page }) => {
  await readSample(page);
  await page.getByRole("button", { name: "Ask about it" }).click();
  await expect(page.getByRole("complementary").getByRole("link", { name: "Sign in" })).toHaveAttribute("href", "/account");
});

test("an answer says where it stands, and its citation is marked on the page", async ({ page }) => {
  await signIn(page);
  await readSample(page);
  await page.getByRole("button", { name: "Ask about it" }).click();
  const field = page.getByRole("textbox", { name: "Your question" });
  await field.fill("Who is the Supplier");
  await field.press("Shift+Enter");
  await field.pressSequentially("of the maintenance agreement?");
  await expect(field).toHaveValue("Who is the Supplier\nof the maintenance agreement?");
  await field.press("Enter");
  await expect(field).toHaveValue("");
  const citation = page.getByRole("list", { name: "Where it stands" }).getByRole("button").first();
  await expect(citation).toContainText("Page 2");
  await expect(page.getByText("Passages of the document")).toBeVisible();
  await citation.click();
  await expect(page.getByRole("spinbutton", { name: "Page" })).toHaveValue("2");
  await expect(page.locator(".mark")).toBeInViewport();
  await expect(page.locator(".block.active")).toContainText("Supplier");
  await expectNoViolation(page);

  await field.fill("What is the capital of Mongolia?");
  await field.press("Enter");
  await expect(page.getByText("Not found in this document")).toBeInViewport();
  await expect(field).toBeInViewport();

  await page.getByRole("button", { name: "New conversation" }).click();
  await expect(page.locator(".question")).toHaveCount(0);
  await field.fill("When is the invoice due?");
  await field.press("Enter");
  await expect(page.getByRole("list", { name: "Where it stands" })).toBeVisible();

  await page.reload();
  await page.getByRole("button", { name: "Ask about it" }).click();
  await expect(page.locator(".question")).toHaveText("When is the invoice due?");
  await page.getByRole("combobox", { name: "Conversation" }).selectOption({ index: 0 });
  await expect(page.locator(".question").last()).toHaveText("What is the capital of Mongolia?");
});

test("a question that could not be answered stays, and is asked again under the same key", async ({ page }) => {
  await signIn(page);
  await readSample(page);
  await page.getByRole("button", { name: "Ask about it" }).click();
  const keys: (string | undefined)[] = [];
  await page.route("**/api/v1/chat/*/", (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 1) return route.continue();
    const body = JSON.stringify({ code: "rate_limited", detail: "More than 50 messages in a day" });
    return route.fulfill({ status: 429, headers: { "Retry-After": "40000" }, contentType: "application/problem+json", body });
  });
  const field = page.getByRole("textbox", { name: "Your question" });
  await field.fill("When is the invoice due?");
  await field.press("Enter");
  await expect(page.getByRole("alert")).toContainText("More than 50 messages in a day");
  await expect(field).toHaveValue("When is the invoice due?");
  await field.press("Enter");
  await expect(page.getByRole("list", { name: "Where it stands" })).toBeVisible();
  await expect(page.locator(".question")).toHaveCount(1);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});
