import { expect, test } from "vitest";
import { type Language, readersLanguage, search } from "../../../src/app/languages";

function language(code: string, name: string, native_name: string, aliases: string[] = []): Language {
  return { code, name, native_name, direction: "ltr", aliases, available: true };
}
const LANGUAGES = [
  language("zh", "Chinese, simplified", "简体中文", ["chi_sim", "zh-cn"]),
  language("nl", "Dutch", "Nederlands", ["nld"]),
  language("de", "German", "Deutsch", ["deu", "ger"]),
  language("id", "Indonesian", "Bahasa Indonesia", ["ind"]),
  language("fa", "Persian", "فارسی", ["fas", "per"]),
  language("tr", "Turkish", "Türkçe", ["tur"]),
];
const found = (query: string) => search(LANGUAGES, query).map((one) => one.code);

test("nothing typed shows all, in their order", () => {
  expect(found("  ")).toEqual(LANGUAGES.map((one) => one.code));
});

test("a language is found by its name, its own name, its codes and any word of them, without accents", () => {
  expect(found("german")).toEqual(["de"]);
  expect(found("DEUTSCH")).toEqual(["de"]);
  expect(found("turkce")).toEqual(["tr"]);
  expect(found("فارسی")).toEqual(["fa"]);
  expect(found("chi_sim")).toEqual(["zh"]);
  expect(found("simplified")).toEqual(["zh"]);
  expect(found("klingon")).toEqual([]);
});

test("what fits best comes first", () => {
  expect(found("de")[0]).toBe("de");
  expect(found("ind")[0]).toBe("id");
});

test("the reader's own language is the browser's, where it is known", () => {
  expect(readersLanguage(LANGUAGES, ["bs-BA", "de-AT"])).toBe("de");
  expect(readersLanguage(LANGUAGES, ["tlh"])).toBe("en");
});
