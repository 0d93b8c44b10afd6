// Files for the tests, and the way into an account.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";

/** How long a busy machine may take to read a page, and to draw it. */
export const READING = { timeout: 45_000 };

export const SAMPLE = "../infra/local/sample.pdf";

/** A picture of some lines of text, drawn by the browser. */
export async function picture(page: Page, lines: readonly string[], width = 1000, height = 500): Promise<Buffer> {
  const url = await page.evaluate(
    ({ lines, width, height }) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height];
      const context = canvas.getContext("2d") as CanvasRenderingContext2D;
      context.fillStyle = "white";
      context.fillRect(0, 0, width, height);
      context.fillStyle = "black";
      context.font = "40px sans-serif";
      lines.forEach((line, index) => context.fillText(line, 60, 100 + index * 90));
      return canvas.toDataURL("image/png");
    },
    { lines, width, height },
  );
  return Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
}

/** Lines of text on a JPEG that is stored lying on its side, with the mark (EXIF) that says to turn it clockwise. */
export async function sidewaysPhoto(page: Page, lines: readonly string[]): Promise<Buffer> {
  const png = (await picture(page, lines)).toString("base64");
  const jpeg = await page.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
    const upright = await createImageBitmap(new Blob([bytes]));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [upright.height, upright.width];
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    context.rotate(-Math.PI / 2);
    context.drawImage(upright, -upright.width, 0);
    const url = canvas.toDataURL("image/jpeg", 0.95);
    return url.slice(url.indexOf(",") + 1);
  }, png);
  const bytes = Buffer.from(jpeg, "base64");
  const turnRight = 6;
  const exif = Buffer.from("ffe1002245786966000049492a000800000001001201030001".padEnd(72, "0"), "hex");
  exif.writeUInt16LE(turnRight, 28);
  return Buffer.concat([bytes.subarray(0, 2), exif, bytes.subarray(2)]);
}

/** The same as a BMP, which is as large as its pixels are many. */
export async function bitmap(page: Page, lines: readonly string[], width: number, height: number): Promise<Buffer> {
  const png = (await picture(page, lines, width, height)).toString("base64");
  const pixels = await page.evaluate(
    async ({ png, width, height }) => {
      const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes]));
      const context = new OffscreenCanvas(width, height).getContext("2d") as OffscreenCanvasRenderingContext2D;
      context.drawImage(image, 0, 0);
      const grey = context.getImageData(0, 0, width, height).data.filter((_, place) => place % 4 === 0);
      return btoa(Array.from(grey, (value) => (value > 127 ? "1" : "0")).join(""));
    },
    { png, width, height },
  );
  const dots = Buffer.from(pixels, "base64").toString("latin1");
  const row = width * 3;
  const file = Buffer.alloc(54 + row * height, 255);
  file.write("BM");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  file.fill(0, 6, 10);
  file.fill(0, 30, 54);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (dots[y * width + x] === "0") file.fill(0, 54 + (height - 1 - y) * row + x * 3, 57 + (height - 1 - y) * row + x * 3);
    }
  }
  return file;
}

/** Drops files on the window, as a hand does. */
export async function drop(page: Page, files: readonly { name: string; type: string; data: Buffer }[]): Promise<void> {
  const carried = files.map(({ name, type, data }) => ({ name, type, data: data.toString("base64") }));
  const transfer = await page.evaluateHandle((carried) => {
    const transfer = new DataTransfer();
    for (const { name, type, data } of carried) {
      const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    return transfer;
  }, carried);
  await page.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}

/** Drops the sample, and waits until its first page is seen and read. */
export async function readSample(page: Page): Promise<void> {
  await page.goto("/");
  await drop(page, [{ name: "sample.pdf", type: "application/pdf", data: readFileSync(SAMPLE) }]);
  await expect(page.getByText("Halvorsen & Pike Instruments Ltd").first()).toBeVisible(READING);
  await expect(page.locator("canvas[data-drawn='0']")).toBeVisible(READING);
}

/** Signs the browser in as a new account: the link of the mail leads to a page with one button. */
export async function signIn(page: Page): Promise<void> {
  const email = `reader-${Date.now()}@example.com`;
  const asked = await page.request.post("/api/v1/account/", { data: { email } });
  expect(asked.status()).toBe(202);
  await page.goto(await linkFor(email));
  const answered = page.waitForResponse((response) => response.url().includes("/account/session/"));
  await page.getByRole("button", { name: /sign in/i }).click();
  expect((await answered).ok()).toBe(true);
  await page.waitForURL("**/account"); // where signing in leads
}

/** The link that is mailed to that address, once it is. */
export async function linkFor(email: string): Promise<string> {
  const folder = process.env["MAIL"];
  if (!folder) throw new Error("MAIL is the folder that the service mails into");
  const find = () => {
    const mails = readdirSync(folder).filter((name) => name.endsWith(".eml"));
    const texts = mails.map((name) => readFileSync(join(folder, name), "utf8"));
    return texts.filter((text) => text.includes(email)).map(linkIn)[0] ?? null;
  };
  await expect.poll(find).not.toBeNull();
  return find() as string;
}

/** The first link in the plain part of a mail, which is written in base64. */
function linkIn(mail: string): string | null {
  const encoded = mail.split(/\r?\n\r?\n/)[2] ?? "";
  return /https?:\/\/\S+/.exec(Buffer.from(encoded, "base64").toString("utf8"))?.[0] ?? null;
}
