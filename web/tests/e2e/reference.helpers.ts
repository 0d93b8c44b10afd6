import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";

const MAIL = process.env.MAIL ?? "";

/** Signs a new reader in by the link that the service writes into the folder of mails. */
export async function signIn(page: Page): Promise<void> {
  const email = `reader-${Date.now()}-${Math.floor(Math.random() * 1e6)}@example.com`;
  const asked = await page.request.post("/api/v1/account/", { data: { email } });
  expect(asked.status()).toBe(202);
  let code = "";
  await expect.poll(() => (code = codeFor(email))).not.toBe("");
  const started = await page.request.post("/api/v1/account/session/", { data: { code } });
  expect(started.status()).toBe(200);
}

/** Of the link in the mail's plain text, its first part; empty while there is none. */
function codeFor(email: string): string {
  const mails = readdirSync(MAIL).map((name) => readFileSync(join(MAIL, name), "utf8"));
  const [, , encoded = ""] = mails.find((mail) => mail.includes(`To: ${email}`))?.split(/\r?\n\r?\n/) ?? [];
  const text = Buffer.from(encoded.split("--")[0] ?? "", "base64").toString("utf8");
  return /[?&]code=([\w-]+)/.exec(text)?.[1] ?? "";
}
