// Finding a language among more than a hundred, by any name or code of it.

export interface Language {
  code: string;
  name: string;
  native_name: string;
  direction: "ltr" | "rtl";
  aliases: string[];
  available: boolean;
}

export const AUTOMATIC: Language = {
  code: "auto",
  name: "Detect automatically",
  native_name: "",
  direction: "ltr",
  aliases: ["automatic"],
  available: true,
};

/** Those that match, the best first, in their own order among equals; all of them where nothing is asked for. */
export function search(languages: readonly Language[], query: string): Language[] {
  const wanted = folded(query);
  if (!wanted) return [...languages];
  const ranked = languages.map((language) => ({ language, rank: rankOf(language, wanted) }));
  return ranked
    .filter(({ rank }) => rank < MISS)
    .sort((one, other) => one.rank - other.rank)
    .map(({ language }) => language);
}

const MISS = 4;

function rankOf(language: Language, wanted: string): number {
  const codes = [language.code, ...language.aliases].map(folded);
  const names = [language.name, language.native_name].map(folded);
  if (codes.includes(wanted) || names.includes(wanted)) return 0;
  if (names.some((name) => name.startsWith(wanted))) return 1;
  if (names.some((name) => name.split(/[\s,()-]+/).some((word) => word.startsWith(wanted)))) return 2;
  if (names.some((name) => name.includes(wanted)) || codes.some((code) => code.startsWith(wanted))) return 3;
  return MISS;
}

/** Without case and accents: "Türkçe" is found by "turkce". */
function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{Diacritic}/gu, "").toLowerCase().trim();
}

/** The language that the reader's browser asks for, where the service knows it; English else. */
export function readersLanguage(languages: readonly Language[], asked: readonly string[]): string {
  for (const tag of asked) {
    const base = tag.toLowerCase().split("-")[0];
    const found = languages.find((one) => one.code.toLowerCase() === tag.toLowerCase() || one.code === base);
    if (found) return found.code;
  }
  return "en";
}
