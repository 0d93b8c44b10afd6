import { expect, test } from "vitest";
import { REFERENCES } from "../../../src/reference";
import { filled, writtenIn } from "../../../src/reference/numbers";
import { BLOCK_FIELDS, JOB_FIELDS, PAGE_FIELDS, SECTIONS } from "../../../src/reference/reference";
import { codesIn } from "../../../src/reference/rich";
import { LANGUAGES, type Language } from "../../../src/strings/languages";
import tables from "../../../src/tables.json";

const TRANSLATED = LANGUAGES.filter((one) => one !== "en");

/** Names, which stay as they are, and words that a language shares with English. */
const SAME: Partial<Record<Language, readonly string[]>> = {
  bs: ["heading", "errors.values.megabytes"],
  ja: ["heading", "errors.values.megabytes"],
  ml: ["heading", "errors.values.megabytes"],
};

/** Every string of a reference by its place, such as `faq.token.question`. */
function strings(said: object, place = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(said)) {
    const here = place ? `${place}.${name}` : name;
    if (typeof value === "string") found.set(here, value);
    else for (const [inner, text] of strings(value as object, here)) found.set(inner, text);
  }
  return found;
}

const english = strings(REFERENCES.en);

test.each(TRANSLATED)("%s says everything in its own words", (language) => {
  const said = strings(REFERENCES[language]);
  expect([...said.keys()].sort()).toEqual([...english.keys()].sort());
  const same = [...said].filter(([place, text]) => text === english.get(place)).map(([place]) => place);
  expect(same).toEqual([...(SAME[language] ?? [])]);
});

test.each(LANGUAGES)("%s leaves nothing empty", (language) => {
  const empty = [...strings(REFERENCES[language])].filter(([, text]) => !text.trim());
  expect(empty).toEqual([]);
});

test.each(TRANSLATED)("%s quotes the same code, links and numbers as English", (language) => {
  const links = (text: string) => [...text.matchAll(/\]\(([^)]+)\)/g)].map((found) => found[1]);
  const numbers = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
  const marks = (text: string) => [codesIn(text).sort(), links(text).sort(), numbers(text).sort()];
  const said = strings(REFERENCES[language]);
  const found = Object.fromEntries([...said].map(([place, text]) => [place, marks(text)]));
  const wanted = Object.fromEntries([...english].map(([place, text]) => [place, marks(text)]));
  expect(found).toEqual(wanted);
});

const SCRIPT: Partial<Record<Language, RegExp>> = {
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  fa: /\p{Script=Arabic}/u,
  ml: /\p{Script=Malayalam}/u,
};

test.each(["ja", "fa", "ml"] as const)("%s is written in its script", (language) => {
  const prose = [...strings(REFERENCES[language])].filter(([, text]) => text.replace(/`[^`]*`|\{\w+\}/g, "").match(/\p{L}{2}/u));
  const foreign = prose.filter(([place, text]) => !SCRIPT[language]?.test(text) && !SAME[language]?.includes(place));
  // Lists of codes have no word of any language.
  expect(foreign.map(([place]) => place)).toEqual([]);
});

test("Persian has its own letters, not those of Arabic", () => {
  const arabic = [...strings(REFERENCES.fa)].filter(([, text]) => /[يك]/.test(text));
  expect(arabic).toEqual([]);
});

test("Malayalam has chillu letters, not the sequences of before Unicode 5.1", () => {
  const old = [...strings(REFERENCES.ml)].filter(([, text]) => /[നണലളര]്\u200d/.test(text));
  expect(old).toEqual([]);
});

test("Bosnian has no Cyrillic", () => {
  expect([...strings(REFERENCES.bs)].filter(([, text]) => /\p{Script=Cyrillic}/u.test(text))).toEqual([]);
});

test.each(LANGUAGES)("in %s all numbers are known", (language) => {
  for (const [place, text] of strings(REFERENCES[language])) {
    if (place.startsWith("errors.values.")) continue; // filled in for each plan
    expect(filled(text, writtenIn(language))).not.toMatch(/[{}]/);
  }
});

test("a number that is none is an error", () => {
  expect(() => filled("{pagse} pages", String)).toThrow("{pagse}");
});

test("every field of a job that the page describes is in its schema", () => {
  expect(tables.schema.job).toEqual(expect.arrayContaining([...JOB_FIELDS]));
  expect(tables.schema.page).toEqual(expect.arrayContaining([...PAGE_FIELDS]));
  expect(tables.schema.block).toEqual(expect.arrayContaining([...BLOCK_FIELDS]));
});

test("links lead to a section that is there, or to a page of the site", () => {
  const pages = ["/account", "/pricing", "/schemas/job-1.json"];
  for (const [place, text] of english) {
    for (const [, href = ""] of text.matchAll(/\]\(([^)]+)\)/g)) {
      const known = href.startsWith("#") ? SECTIONS.some((id) => `#${id}` === href) : pages.includes(href);
      expect([place, href, known]).toEqual([place, href, true]);
    }
  }
});
