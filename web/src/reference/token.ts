// The reader's own token in the examples: shown by the service to its owner's browser session, and never stored.

import { ApiError, json } from "../api";
import { isSignedIn, noteSignedIn } from "../session";

interface Tokens {
  data: { token?: string | null }[];
}

export function setUpToken(root: ParentNode): void {
  const button = root.querySelector<HTMLButtonElement>("button[data-token]");
  button?.addEventListener("click", () => void fill(root));
  if (isSignedIn()) void fill(root);
}

async function fill(root: ParentNode): Promise<void> {
  const token = await ownToken();
  noteSignedIn(token !== null);
  show(root, "[data-token-filled]", token !== null);
  show(root, "[data-token-missing]", token === null);
  if (token === null) return;
  for (const place of root.querySelectorAll("[data-fill=token]")) place.textContent = token;
  show(root, "button[data-token]", false);
}

function show(root: ParentNode, selector: string, shown: boolean): void {
  const element = root.querySelector<HTMLElement>(selector);
  if (element) element.hidden = !shown;
}

/** Null where nobody is signed in, or the account has no token that can be shown. */
async function ownToken(): Promise<string | null> {
  try {
    const { data } = await json<Tokens>("/api/v1/account/tokens/");
    return data.map((one) => one.token).find((token) => typeof token === "string") ?? null;
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}
