import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { bitmap, drop, picture, READING, readSample, SAMPLE, sidewaysPhoto } from "./app.helpers";
import { expectNoViolation } from "./axe.helpers";

let errors: string[];

test.beforeEach(({ page }) => {
  test.setTimeout(150_000); // a test reads up to three documents
  errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
});

/** The box of the block has ink in it, and none in the strip above. */
async function expectInk(page: Page, text: string): Promise<void> {
  const number = await page.locator(".block", { hasText: text }).first().getAttribute("data-block");
  const ink = await page.locator(`.box[data-block="${number}"]`).evaluate((box) => {
    const canvas = document.querySelector("canvas") as HTMLCanvasElement;
    const [at, sheet] = [box.getBoundingClientRect(), canvas.getBoundingClientRect()];
    const scale = canvas.width / sheet.width;
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    const share = (top: number, height: number) => {
      const { data } = context.getImageData((at.left - sheet.left) * scale, (top - sheet.top) * scale, at.width * scale, height * scale);
      let inked = 0;
      for (let place = 0; place < data.length; place += 4) if ((data[place] ?? 255) < 128) inked++;
      return inked / (data.length / 4);
    };
    return { inside: share(at.top, at.height), above: share(at.top - 12, 8) };
  });
  expect(ink.inside).toBeGreaterThan(0.05);
  expect(ink.above).toBe(0);
}

test("a dropped PDF becomes text beside its picture, and block and text point at each other", async ({ page }) => {
  await readSample(page);
  const block = page.locator(".block", { hasText: "Please pay within 30 days" });
  const number = await block.getAttribute("data-block");
  const box = page.locator(`.box[data-block="${number}"]`);
  await block.hover();
  await expect(box).toHaveClass(/hovered/);
  await box.click();
  await expect(block).toHaveClass(/active/);
  await expect(box).toHaveAttribute("aria-pressed", "true");
  await page.locator(".block", { hasText: "VAT GB" }).click();
  await expect(box).toHaveAttribute("aria-pressed", "false");
  await expectNoViolation(page);
  expect(errors).toEqual([]);
});

test("boxes lie on the words that they are around", async ({ page }) => {
  await readSample(page);
  await expectInk(page, "Invoice");
});

test("a photo that its camera turned by a mark is shown upright, its boxes on the words", async ({ page }) => {
  await page.goto("/");
  await drop(page, [{ name: "photo.jpg", type: "image/jpeg", data: await sidewaysPhoto(page, ["Held the wrong way", "but marked"]) }]);
  await expect(page.locator("canvas[data-drawn='0']")).toBeVisible(READING);
  const shape = await page.locator("canvas").evaluate((canvas: HTMLCanvasElement) => canvas.width > canvas.height);
  expect(shape).toBe(true);
  await expectInk(page, "Held the wrong way");
});

test("the text is seen in four ways, and its tables are copied for a spreadsheet", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await readSample(page);
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByText("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("Halvorsen & Pike");
  await page.getByRole("tab", { name: "Markdown" }).click();
  await expect(page.locator(".markdown").getByRole("heading", { name: "Invoice" })).toBeVisible();
  await page.getByRole("tab", { name: "Tables" }).click();
  await expect(page.getByRole("columnheader", { name: "Quantity" })).toBeVisible();
  await page.getByRole("button", { name: "Copy for a spreadsheet" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("Rotor, 24 x 1.5 ml\t2\t312.50\t625.00");
  await page.getByRole("tab", { name: "JSON" }).click();
  await expect(page.locator(".json")).toContainText('"index": 0');
  await expectNoViolation(page);
  expect(errors).toEqual([]);
});

test("the result is downloaded, survives a reload with its picture, and is deleted for good", async ({ page }) => {
  await readSample(page);
  for (const format of ["txt", "md", "docx", "pdf", "csv", "json"]) {
    await expect(page.getByRole("link", { name: `(${format})` })).toHaveAttribute("href", new RegExp(`format=${format}$`));
  }
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "(txt)" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe("sample.txt");
  expect(readFileSync(await download.path(), "utf8")).toContain("Maintenance Agreement");

  await page.reload();
  await expect(page.getByRole("heading", { name: "sample.pdf" })).toBeVisible();
  await expect(page.locator(".block", { hasText: "VAT GB" })).toBeVisible();
  await expect(page.locator("canvas[data-drawn='0']")).toBeVisible(READING);

  const gone = page.waitForResponse((response) => response.request().method() === "DELETE");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expectNoViolation(page);
  await page.getByRole("button", { name: "Delete it" }).click();
  const uuid = new URL((await gone).url()).pathname.split("/").at(-2);
  await expect(page.getByText("Drop a PDF or a picture here")).toBeVisible();
  expect((await page.request.get(`/api/v1/ocr/${uuid}/`)).status()).toBe(410);
  const kept = await page.evaluate(async () => {
    const opening = indexedDB.open("ocrchat");
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const asking = opening.result.transaction("files").objectStore("files").count();
    await new Promise((resolve) => (asking.onsuccess = resolve));
    return { files: asking.result, documents: localStorage.getItem("ocrchat.documents") };
  });
  expect(kept).toEqual({ files: 0, documents: "[]" });
  await page.reload();
  await expect(page.getByText("Drop a PDF or a picture here")).toBeVisible();
  expect(errors).toEqual([]);
});

test("without its file a document is shown as text and boxes, until the file is chosen again", async ({ page }) => {
  await page.goto("/");
  const data = await picture(page, ["Kept without its picture"]);
  await drop(page, [{ name: "note.png", type: "image/png", data }]);
  await expect(page.locator(".block", { hasText: "Kept without" })).toBeVisible(READING);
  await page.evaluate(() => indexedDB.deleteDatabase("ocrchat"));
  await page.reload();
  await expect(page.locator(".block", { hasText: "Kept without" })).toBeVisible(READING);
  await expect(page.locator(".box")).not.toHaveCount(0);
  await expect(page.locator("canvas[data-drawn]")).toHaveCount(0);
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose it again to see the page" }).click();
  await (await choosing).setFiles({ name: "note.png", mimeType: "image/png", buffer: data });
  await expect(page.locator("canvas[data-drawn='0']")).toBeVisible(READING);
});

test("pages are turned one by one, and typed", async ({ page }) => {
  await readSample(page);
  await page.getByRole("button", { name: "Next page" }).click();
  await expect(page.locator(".block", { hasText: "Maintenance Agreement" }).first()).toBeVisible();
  await expect(page.locator("canvas[data-drawn='1']")).toBeVisible(READING);
  await page.getByRole("spinbutton", { name: "Page" }).fill("4");
  await page.keyboard.press("Enter");
  await expect(page.locator("canvas[data-drawn='3']")).toBeVisible(READING);
  await expect(page.getByRole("button", { name: "Next page" })).toBeDisabled();
});

test("a pasted picture is read", async ({ page }) => {
  await page.goto("/");
  const data = (await picture(page, ["Pasted from a screen"])).toString("base64");
  await page.evaluate((data) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    transfer.items.add(new File([bytes], "image.png", { type: "image/png" }));
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
  }, data);
  await expect(page.locator(".block", { hasText: "Pasted from a screen" })).toBeVisible(READING);
  await expect(page.locator("canvas[data-drawn='0']")).toBeVisible(READING);
});

test("several files are read, and each is shown by its name", async ({ page }) => {
  await page.goto("/");
  const names = ["first", "second", "third"];
  const files = await Promise.all(
    names.map(async (name) => ({ name: `${name}.png`, type: "image/png", data: await picture(page, [`This is the ${name} one`]) })),
  );
  await drop(page, files);
  const list = page.getByRole("navigation", { name: "Documents" });
  for (const name of names) {
    await expect(list.getByRole("button", { name: `${name}.png Done` })).toBeVisible(READING);
    await list.getByRole("button", { name: `${name}.png Done` }).click();
    await expect(page.locator(".block", { hasText: `This is the ${name} one` })).toBeVisible();
  }
});

test("a file too large for a request goes by a form, and nobody notices", async ({ page }) => {
  await page.goto("/");
  const data = await bitmap(page, ["Sent by a presigned form"], 1600, 1000);
  expect(data.length).toBeGreaterThan(4_500_000);
  const uploads: string[] = [];
  page.on("request", (request) => request.method() === "POST" && uploads.push(new URL(request.url()).pathname));
  await drop(page, [{ name: "large.bmp", type: "image/bmp", data }]);
  await expect(page.locator(".block", { hasText: "Sent by a presigned form" })).toBeVisible(READING);
  expect(uploads[0]).toBe("/api/v1/uploads/");
  expect(uploads.at(-1)).toBe("/api/v1/ocr/");
  expect(uploads).toHaveLength(3);
  expect(errors).toEqual([]);
});

test("a file of another kind, and one beyond the limit, are refused with what to do", async ({ page }) => {
  await page.goto("/");
  await drop(page, [{ name: "letter.docx", type: "", data: Buffer.from("PK\u0003\u0004 not a picture") }]);
  await expect(page.getByRole("alert")).toContainText("This kind of file cannot be read");
  await expect(page.getByRole("button", { name: "Choose a file" })).toBeVisible();
  await expectNoViolation(page);
  await drop(page, [{ name: "huge.pdf", type: "application/pdf", data: Buffer.alloc(25_500_000, "%") }]);
  await expect(page.getByRole("alert")).toContainText("This file is too large");
  await expect(page.getByRole("link", { name: "Go to your account" })).toHaveAttribute("href", "/account");
});

test("who is out of pages is told how many there were, and where there are more", async ({ page }) => {
  await page.route("**/api/v1/ocr/", (route) =>
    route.fulfill({
      status: 402,
      contentType: "application/problem+json",
      body: JSON.stringify({ code: "out_of_pages", detail: "", used: 100, cap: 100, required: 1, resets_at: "2030-01-01T00:00:00Z" }),
    }),
  );
  await page.goto("/");
  await drop(page, [{ name: "note.png", type: "image/png", data: Buffer.from("x") }]);
  await expect(page.getByRole("alert")).toContainText("100 of 100 pages are used");
  await expect(page.getByRole("link", { name: "See the prices" })).toHaveAttribute("href", "/pricing");
});

test("a busy service is waited for, and the file is sent once more under the same key", async ({ page }) => {
  await page.goto("/");
  const data = await picture(page, ["Worth the wait"]);
  const keys: (string | undefined)[] = [];
  await page.route("**/api/v1/ocr/", (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 1) return route.continue();
    const body = JSON.stringify({ code: "overloaded", detail: "The service is busy" });
    return route.fulfill({ status: 503, headers: { "Retry-After": "1" }, contentType: "application/problem+json", body });
  });
  await drop(page, [{ name: "note.png", type: "image/png", data }]);
  await expect(page.getByText("The service is busy. Trying again in")).toBeVisible();
  await expect(page.locator(".block", { hasText: "Worth the wait" })).toBeVisible(READING);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});

test("a document is read, walked through and copied without a mouse", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/");
  const focused = page.locator(":focus");
  while (!(await focused.filter({ hasText: "Choose files" }).count())) await page.keyboard.press("Tab");
  const choosing = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await choosing).setFiles(SAMPLE);
  await expect(page.locator("canvas[data-drawn='0']")).toBeVisible(READING);
  while (!(await focused.and(page.locator(".box")).count())) await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(page.locator(".block.active")).toHaveCount(1);
  await expect(focused).toHaveAttribute("data-block", "1");
  while (!(await focused.and(page.getByRole("tab")).count())) await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".markdown")).toBeVisible();
  while (!(await focused.and(page.getByRole("button", { name: "Copy", exact: true })).count())) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("# ");
});

test("a language is found by typing any name of it, and sent with the file", async ({ page }) => {
  await page.goto("/");
  const field = page.getByRole("combobox", { name: "Language" });
  await field.click();
  const found = page.getByRole("listbox", { name: "Language" }).getByRole("option");
  await expect(found.first()).toHaveText("Detect automatically");
  await field.fill("turkce");
  await expect(found).toHaveCount(1);
  await expectNoViolation(page);
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue("Turkish");
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await drop(page, [{ name: "note.png", type: "image/png", data: await picture(page, ["Merhaba"]) }]);
  expect(await (await answered).json()).toMatchObject({ language: "tr" });
  await expect(page.locator(".block", { hasText: "Merhaba" })).toBeVisible(READING);
});

test("what this service cannot do is off, and says why", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("radio", { name: /Premium AI/ })).toBeDisabled();
  await expect(page.getByText("this service has no model")).toBeVisible();
  await expect(page.getByRole("option", { name: "Translate (needs an AI model)" })).toBeDisabled();
});

test("a document is opened by its address, which does not stay there", async ({ page }) => {
  await page.goto("/");
  const data = await picture(page, ["Opened by a link"]);
  const made = await page.request.post("/api/v1/ocr/", { multipart: { file: { name: "link.png", mimeType: "image/png", buffer: data } } });
  const { uuid } = (await made.json()) as { uuid: string };
  await page.goto(`/?job=${uuid}`);
  await expect(page.locator(".block", { hasText: "Opened by a link" })).toBeVisible(READING);
  await expect(page.getByRole("heading", { name: "link.png" })).toBeVisible();
  expect(new URL(page.url()).search).toBe("");
});

for (const [name, use] of Object.entries({
  "in the dark": { colorScheme: "dark" },
  "on a phone": { viewport: { width: 360, height: 740 } },
} as const)) {
  test.describe(name, () => {
    test.use(use);
    test("nothing is cut off, and axe finds nothing", async ({ page }) => {
      await page.goto("/");
      await expectNoViolation(page);
      const data = await picture(page, ["Small enough for a phone"]);
      await drop(page, [{ name: "a-rather-long-name-of-a-file-that-was-scanned-yesterday.png", type: "image/png", data }]);
      await expect(page.locator("canvas[data-drawn='0']")).toBeVisible(READING);
      await page.getByRole("button", { name: "Ask about it" }).click();
      await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
      await expectNoViolation(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    });
  });
}
