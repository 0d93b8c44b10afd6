import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { current } from "../../../src/reference/sections";
import { setUpTabs } from "../../../src/reference/tabs";
import { setUpToken } from "../../../src/reference/token";
import { isSignedIn, noteSignedIn } from "../../../src/session";

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal("scrollBy", () => {});
});
afterEach(() => vi.unstubAllGlobals());

test("the current section is the last one that begins in the upper third", () => {
  const tops = [["a", -900], ["b", 100], ["c", 500]] as const;
  expect(current(tops, 900)).toBe("b");
  expect(current(tops, 1800)).toBe("c");
  expect(current([["a", 700]], 900)).toBeUndefined();
});

function samples(): HTMLElement {
  const root = document.createElement("div");
  const sample = ["python", "node"]
    .map((kind) => `<button role="tab" data-kind="${kind}"></button><div role="tabpanel" data-kind="${kind}"></div>`)
    .join("");
  root.innerHTML = `<div data-sample>${sample}</div><div data-sample>${sample}</div>`;
  document.body.replaceChildren(root);
  return root;
}

const shown = (root: Element) =>
  [...root.querySelectorAll<HTMLElement>("[role=tabpanel]")].filter((panel) => !panel.hidden).map((panel) => panel.dataset["kind"]);

test("a language that is chosen is shown by all examples, and on the next visit", () => {
  const root = samples();
  setUpTabs(root);
  expect(shown(root)).toEqual(["python", "python"]);
  root.querySelector<HTMLElement>("[data-kind=node]")?.click();
  expect(shown(root)).toEqual(["node", "node"]);
  const again = samples();
  setUpTabs(again);
  expect(shown(again)).toEqual(["node", "node"]);
});

test("a remembered language that is gone is not shown", () => {
  localStorage.setItem("example-language", "perl");
  const root = samples();
  setUpTabs(root);
  expect(shown(root)).toEqual(["python", "python"]);
});

function tokenPlaces(): HTMLElement {
  const root = document.createElement("div");
  root.innerHTML =
    '<button data-token></button><span hidden data-token-filled></span><span hidden data-token-missing></span><i data-fill="token">YOUR_API_TOKEN</i>';
  return root;
}

const answers = (status: number, body: unknown) =>
  vi.stubGlobal("fetch", vi.fn(async () => new Response(JSON.stringify(body), { status })));

test("without a sign of a session nothing is asked of the service", () => {
  answers(401, {});
  setUpToken(tokenPlaces());
  expect(fetch).not.toHaveBeenCalled();
});

test("the reader's own token is filled in, and kept nowhere", async () => {
  answers(200, { data: [{ token: null }, { token: "tok_mine" }] });
  const root = tokenPlaces();
  noteSignedIn(true);
  setUpToken(root);
  await vi.waitFor(() => expect(root.querySelector("i")?.textContent).toBe("tok_mine"));
  expect(root.querySelector<HTMLElement>("[data-token-filled]")?.hidden).toBe(false);
  expect(root.querySelector<HTMLElement>("button")?.hidden).toBe(true);
  expect(JSON.stringify({ ...localStorage })).not.toContain("tok_mine");
});

test("who is not signed in is told so, and not asked for again", async () => {
  answers(401, { code: "token_missing", detail: "Send a token" });
  const root = tokenPlaces();
  noteSignedIn(true);
  setUpToken(root);
  await vi.waitFor(() => expect(root.querySelector<HTMLElement>("[data-token-missing]")?.hidden).toBe(false));
  expect(root.querySelector("i")?.textContent).toBe("YOUR_API_TOKEN");
  expect(isSignedIn()).toBe(false);
});
