// The languages that pages of the site are written in.

export const LANGUAGES = ["en", "bs", "ja", "fa", "ml"] as const;
export type Language = (typeof LANGUAGES)[number];

export const DIRECTION: Record<Language, "ltr" | "rtl"> = { en: "ltr", bs: "ltr", ja: "ltr", fa: "rtl", ml: "ltr" };

/** As their readers call them. */
export const NAMES: Record<Language, string> = {
  en: "English",
  bs: "Bosanski",
  ja: "日本語",
  fa: "فارسی",
  ml: "മലയാളം",
};
