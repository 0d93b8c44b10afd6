// What the bar and the foot of every page say. A language that lacks a string does not compile.

import type { Language } from "./languages";

interface Site {
  read: string;
  api: string;
  pricing: string;
  account: string;
  navigation: string;
  skip: string;
  promise: string;
}

export const STRINGS: Record<Language, Site> = {
  en: {
    read: "Read a document",
    api: "API",
    pricing: "Pricing",
    account: "Account",
    navigation: "Site",
    skip: "Skip to content",
    promise: "Your files are read and then deleted automatically. They are never sold, shared or trained on.",
  },
  bs: {
    read: "Pročitaj dokument",
    api: "API",
    pricing: "Cijene",
    account: "Račun",
    navigation: "Stranica",
    skip: "Preskoči na sadržaj",
    promise: "Vaše datoteke se pročitaju i zatim automatski brišu. Nikada se ne prodaju, ne dijele niti koriste za treniranje.",
  },
  ja: {
    read: "文書を読み取る",
    api: "API",
    pricing: "料金",
    account: "アカウント",
    navigation: "サイト",
    skip: "本文へ移動",
    promise: "ファイルは読み取り後に自動で削除されます。販売、共有、学習に使うことはありません。",
  },
  fa: {
    read: "خواندن سند",
    api: "API",
    pricing: "قیمت‌ها",
    account: "حساب",
    navigation: "سایت",
    skip: "رفتن به محتوا",
    promise: "فایل‌های شما خوانده و سپس خودکار حذف می‌شوند. هرگز فروخته، به اشتراک گذاشته یا برای آموزش استفاده نمی‌شوند.",
  },
  ml: {
    read: "പ്രമാണം വായിക്കുക",
    api: "API",
    pricing: "നിരക്കുകൾ",
    account: "അക്കൗണ്ട്",
    navigation: "സൈറ്റ്",
    skip: "ഉള്ളടക്കത്തിലേക്ക് പോകുക",
    promise:
      "നിങ്ങളുടെ ഫയലുകൾ വായിച്ച ശേഷം സ്വയമേവ ഇല്ലാതാക്കുന്നു. അവ ഒരിക്കലും വിൽക്കുകയോ പങ്കിടുകയോ പരിശീലനത്തിന് ഉപയോഗിക്കുകയോ ചെയ്യുന്നില്ല.",
  },
};
