import { expect, test } from "@playwright/test";
import { expectNoViolation } from "./axe.helpers";

for (const path of ["/", "/account"]) {
  test(`${path} has no error on the console and nothing that axe finds`, async ({ page }) => {
    const errors: string[] = [];
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(path);
    await expect(page.locator("h1")).toBeVisible();
    await expectNoViolation(page);
    expect(errors).toEqual([]);
  });
}
