import { render } from "preact-render-to-string";
import { expect, test } from "vitest";
import { Api, apiPath } from "../../../src/pages/api";
import { llms, robots, sitemap } from "../../../src/pages/machines";
import { EXAMPLES, KINDS } from "../../../src/reference/examples";
import { SECTIONS } from "../../../src/reference/reference";
import { DIRECTION, LANGUAGES } from "../../../src/strings/languages";

const pages = Object.fromEntries(
  LANGUAGES.map((language) => [
    language,
    new DOMParser().parseFromString(`<!doctype html>${render(<Api language={language} />)}`, "text/html"),
  ]),
);

function page(language: string): Document {
  const found = pages[language];
  if (!found) throw new Error(language);
  return found;
}

const ids = (root: Document) => [...root.querySelectorAll("[id]")].map((element) => element.id);

test.each(LANGUAGES)("the anchors of %s are unique, and those of all languages", (language) => {
  const found = ids(page(language));
  expect(new Set(found).size).toBe(found.length);
  expect(found).toEqual(ids(page("en")));
  expect(found).toEqual(expect.arrayContaining([...SECTIONS]));
});

test.each(LANGUAGES)("every link within %s leads to an anchor", (language) => {
  const root = page(language);
  const links = [...root.querySelectorAll<HTMLAnchorElement>("a[href^='#']")];
  const broken = links.map((link) => link.getAttribute("href") ?? "").filter((href) => !root.getElementById(href.slice(1)));
  expect(broken).toEqual([]);
});

test.each(LANGUAGES)("%s says its language and direction, and where the others are", (language) => {
  const root = page(language);
  expect(root.documentElement.lang).toBe(language);
  expect(root.documentElement.dir).toBe(DIRECTION[language]);
  expect(root.querySelector("link[rel=canonical]")?.getAttribute("href")).toBe(apiPath(language));
  const alternates = [...root.querySelectorAll("link[rel=alternate]")].map((link) => [link.getAttribute("hreflang"), link.getAttribute("href")]);
  expect(alternates).toEqual([...LANGUAGES.map((one) => [one, apiPath(one)]), ["x-default", "/api"]]);
});

test.each(LANGUAGES)("%s holds every example whole, from the left", (language) => {
  const root = page(language);
  for (const [id, example] of Object.entries(EXAMPLES)) {
    for (const kind of KINDS) {
      const pre = root.querySelector(`#${id}-${kind} pre`);
      expect(pre?.textContent).toBe(example[kind]);
      expect(pre?.getAttribute("dir")).toBe("ltr");
    }
  }
});

test("digits are the reader's in text, and the program's in code", () => {
  const text = page("fa").querySelector("#overview")?.textContent ?? "";
  expect(text).toContain("۱۵۴");
  const codes = [...page("fa").querySelectorAll("code")].map((code) => code.textContent ?? "");
  expect(codes.filter((code) => /[۰-۹]/.test(code))).toEqual([]);
  expect(codes).toContain("?wait=20");
});

test("the sitemap names every page of every language, with its translations", () => {
  const root = new DOMParser().parseFromString(sitemap(), "application/xml");
  const places = [...root.querySelectorAll("loc")].map((place) => new URL(place.textContent ?? "").pathname);
  expect(places).toEqual(["/", "/pricing", ...LANGUAGES.map(apiPath)]);
  expect(root.getElementsByTagName("xhtml:link")).toHaveLength(LANGUAGES.length * (LANGUAGES.length + 1));
});

test("robots.txt leads to the sitemap and away from the API", () => {
  expect(robots()).toMatch(/^Sitemap: https:\/\/[^/]+\/sitemap\.xml$/m);
  expect(robots()).toMatch(/^Disallow: \/api\/v1\/$/m);
});

test("llms.txt is Markdown with a title, a summary, each route and absolute links", () => {
  const text = llms();
  expect(text).toMatch(/^# .+\n\n> .+\n/);
  for (const route of ["POST /api/v1/ocr/", "GET /api/v1/ocr/<uuid>/", "POST /api/v1/uploads/", "POST /api/v1/chat/<uuid>/"]) {
    expect(text).toContain(route);
  }
  const outside = text.replace(/```[\s\S]*?```/g, "");
  expect([...outside.matchAll(/\]\(([^)]+)\)/g)].filter(([, href]) => !href?.startsWith("https://"))).toEqual([]);
  expect(outside).not.toMatch(/\{\w+\}/);
});
