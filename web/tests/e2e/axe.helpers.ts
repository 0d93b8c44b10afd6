import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** The rules of axe that look at colours: all that may differ between a light and a dark page. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** axe finds nothing as the page is now. */
export async function expectNoViolation(page: Page): Promise<void> {
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
}

/** axe finds nothing, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  await expectNoViolation(page);
  await page.emulateMedia({ colorScheme: "dark" });
  expect((await new AxeBuilder({ page }).withRules(OF_COLOURS).analyze()).violations).toEqual([]);
}
