import { expect, test, type Page } from "@playwright/test";
import { expectAccessible } from "./axe.helpers";
import { signIn } from "./reference.helpers";

const PATHS = { en: "/api", bs: "/bs/api", ja: "/ja/api", fa: "/fa/api", ml: "/ml/api" } as const;

function consoleErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  return errors;
}

const chosen = (page: Page, sample: string) => page.locator(`[data-sample=${sample}] [role=tab][aria-selected=true]`);

for (const [language, path] of Object.entries(PATHS)) {
  test(`${path} is whole: language, links to its translations, no error, nothing that axe finds`, async ({ page }) => {
    const errors = consoleErrors(page);
    await page.goto(path);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.locator("html")).toHaveAttribute("dir", language === "fa" ? "rtl" : "ltr");
    for (const [other, there] of [...Object.entries(PATHS), ["x-default", "/api"]]) {
      await expect(page.locator(`link[hreflang="${other}"]`)).toHaveAttribute("href", there ?? "");
    }
    await expect(page.locator("link[rel=canonical]")).toHaveAttribute("href", path);
    await expectAccessible(page);
    expect(errors).toEqual([]);
  });

  test(`${path} fits a phone`, async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(path);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBe(360);
  });
}

test("another language keeps the section, and mirrors the page", async ({ page }) => {
  await page.goto("/api#chat");
  const brand = async () => (await page.locator(".brand").boundingBox())?.x ?? -1;
  const width = page.viewportSize()?.width ?? 0;
  expect(await brand()).toBeLessThan(width / 2);
  await page.getByRole("link", { name: "فارسی" }).click();
  await expect(page).toHaveURL(/\/fa\/api#chat$/);
  expect(await brand()).toBeGreaterThan(width / 2);
  const contents = await page.locator(".contents").boundingBox();
  expect(contents?.x).toBeGreaterThan(width / 2);
  await expect(page.locator("#chat-title")).toBeInViewport();
});

test("the table of contents leads to a section and marks it", async ({ page }) => {
  await page.goto("/api");
  const link = page.getByRole("navigation", { name: "On this page" }).getByRole("link", { name: "Large files" });
  await link.click();
  await expect(page.locator("#uploads-title")).toBeInViewport();
  await expect(link).toHaveAttribute("aria-current", "true");
});

test("tabs are chosen by keyboard, for all examples at once", async ({ page }) => {
  await page.goto("/api");
  await chosen(page, "submit").focus();
  await page.keyboard.press("ArrowRight");
  await expect(chosen(page, "submit")).toHaveText("Node.js");
  await expect(chosen(page, "submit")).toBeFocused();
  await expect(chosen(page, "whole")).toHaveText("Node.js");
  await expect(page.locator("#submit-node")).toBeVisible();
  await expect(page.locator("#submit-python")).toBeHidden();
  await page.keyboard.press("End");
  await expect(chosen(page, "submit")).toHaveText("curl");
  await page.keyboard.press("ArrowRight");
  await expect(chosen(page, "submit")).toHaveText("Python");
  await page.reload();
  await expect(chosen(page, "submit")).toHaveText("Python");
});

test("from the right, the left arrow goes on", async ({ page }) => {
  await page.goto("/fa/api");
  await chosen(page, "submit").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(chosen(page, "submit")).toHaveText("Node.js");
});

test("an example is copied as it is shown, with the address of this service", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/api");
  await page.locator("[data-sample=submit] [data-kind=curl][role=tab]").click();
  await page.locator("[data-sample=submit] .copy").click();
  await expect(page.locator("[data-sample=submit] .copy")).toHaveText("Copied");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain(`curl -X POST ${new URL(baseURL ?? "").origin}/api/v1/ocr/`);
  expect(copied).toContain("YOUR_API_TOKEN");
  await expect(page.locator("#overview code[data-fill=base]")).toHaveText(new URL(baseURL ?? "").origin);
});

test("who is not signed in is led to the account", async ({ page }) => {
  await page.goto("/api");
  await page.getByRole("button", { name: "Fill in my token" }).click();
  const said = page.locator("[data-token-said]");
  await expect(said).toContainText("Sign in first");
  await expect(said.getByRole("link")).toHaveAttribute("href", "/account");
});

test("who is signed in finds their own token in the examples, now and on the next visit", async ({ page, request }) => {
  await signIn(page);
  await page.goto("/api");
  await page.getByRole("button", { name: "Fill in my token" }).click();
  const place = page.locator("#submit-python [data-fill=token]");
  await expect(place).not.toHaveText("YOUR_API_TOKEN");
  const token = (await place.textContent()) ?? "";
  const answer = await request.get("/api/v1/account/", { headers: { Authorization: `Bearer ${token}` } });
  expect(answer.status()).toBe(200);
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }));
  expect(kept).not.toContain(token);
  await page.goto("/ja/api");
  await expect(page.locator("#submit-python [data-fill=token]")).toHaveText(token);
});

test("without scripts all three programs stand one below the other", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${baseURL}/bs/api`);
  for (const kind of ["python", "node", "curl"]) await expect(page.locator(`#submit-${kind} pre`)).toBeVisible();
  await expect(page.locator(".copy").first()).toBeHidden();
  await expect(page.getByRole("tab")).toHaveCount(0);
  await context.close();
});

test("programs find llms.txt, robots.txt and the sitemap", async ({ request }) => {
  for (const [path, type, words] of [
    ["/llms.txt", "text/plain", "# OCR.chat API"],
    ["/robots.txt", "text/plain", "Sitemap: "],
    ["/sitemap.xml", "xml", "/fa/api"],
  ] as const) {
    const answer = await request.get(path);
    expect(answer.status()).toBe(200);
    expect(answer.headers()["content-type"]).toContain(type);
    expect(await answer.text()).toContain(words);
  }
});
