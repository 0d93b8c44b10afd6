"""The table of languages, one a line. `ocrchat.languages` looks things up in it.

A language is read by PP-OCRv6 (`ppocr`) when its alphabet is within what that model reads without a fault: Chinese,
Japanese, and those languages of the Latin script that its authors name, or whose alphabet holds no other letters than
theirs. Rendered lines of Breton, Faroese, Frisian, Scottish Gaelic, Haitian, Tongan, Cebuano and Javanese came back
exact from it; Esperanto (3 % of the characters wrong), Vietnamese and Yoruba did not, and are Tesseract's. A language
without a pack of its own is here only when the pack of its script knows every letter of its alphabet: that of the
Cyrillic script, say, lacks letters of Chuvash and Ossetian.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ocrchat.packs import SCRIPT, Packs

Engine = Literal["ppocr", "tesseract"]
ENGINES: dict[str, Engine] = {"ppocr": "ppocr", "tesseract": "tesseract"}
Direction = Literal["ltr", "rtl"]

RIGHT_TO_LEFT = frozenset({"Arab", "Hebr", "Syrc", "Thaa"})


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is what answers say: ISO 639-1 where there is one, else 639-3, with a script or a word behind it for a
    variant (`uz-Cyrl`, `ja-vert`). `script` is ISO 15924. `pack` is Tesseract's, also where `engine` is another.
    `aliases` are the other codes that `language` takes."""

    code: str
    name: str
    native_name: str
    script: str
    engine: Engine
    pack: str
    aliases: tuple[str, ...]

    @property
    def direction(self) -> Direction:
        return "rtl" if self.script in RIGHT_TO_LEFT else "ltr"

    @property
    def needs_pack(self) -> bool:
        return self.engine == "tesseract"

    def is_available(self, packs: Packs) -> bool:
        """Whether a service that has `packs` can read it."""
        return not self.needs_pack or self.pack in packs

    def as_json(self, packs: Packs) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": self.name,
            "native_name": self.native_name,
            "script": self.script,
            "direction": self.direction,
            "aliases": list(self.aliases),
            "engine": self.engine,
            "available": self.is_available(packs),
        }


def parse(table: str) -> dict[str, Language]:
    """Rows of `code | name | native name | script | engine | pack | other codes`, by code. A pack's own name is one of
    the other codes, unless it is that of a whole script, which stands for many languages."""
    languages: dict[str, Language] = {}
    for row in table.strip().splitlines():
        code, name, native_name, script, engine, pack, others = (cell.strip() for cell in row.split("|"))
        named = [] if pack.startswith(SCRIPT) else [pack]
        aliases = tuple(alias for alias in (*named, *others.split()) if alias != code)
        languages[code] = Language(code, name, native_name, script, ENGINES[engine], pack, aliases)
    return languages


TABLE = """
af | Afrikaans | Afrikaans | Latn | ppocr | afr |
sq | Albanian | Shqip | Latn | ppocr | sqi | alb als
am | Amharic | አማርኛ | Ethi | tesseract | amh |
ar | Arabic | العربية | Arab | tesseract | ara | arb
hy | Armenian | Հայերեն | Armn | tesseract | hye | arm
as | Assamese | অসমীয়া | Beng | tesseract | asm |
az | Azerbaijani | Azərbaycanca | Latn | ppocr | aze | azj
az-Cyrl | Azerbaijani, Cyrillic | Азәрбајҹанҹа | Cyrl | tesseract | aze_cyrl |
eu | Basque | Euskara | Latn | ppocr | eus | baq
be | Belarusian | Беларуская | Cyrl | tesseract | bel |
bn | Bengali | বাংলা | Beng | tesseract | ben |
bho | Bhojpuri | भोजपुरी | Deva | tesseract | script/Devanagari | bh bih
bi | Bislama | Bislama | Latn | ppocr | script/Latin | bis
bs | Bosnian | Bosanski | Latn | ppocr | bos |
br | Breton | Brezhoneg | Latn | ppocr | bre |
bg | Bulgarian | Български | Cyrl | tesseract | bul |
my | Burmese | မြန်မာ | Mymr | tesseract | mya | bur
ca | Catalan | Català | Latn | ppocr | cat | val
ceb | Cebuano | Cebuano | Latn | ppocr | ceb |
chr | Cherokee | ᏣᎳᎩ | Cher | tesseract | chr |
zh | Chinese, simplified | 简体中文 | Hans | ppocr | chi_sim | zho chi ch cmn zh-hans zh-cn zh-sg
zh-vert | Chinese, simplified, set vertically | 简体中文 (直排) | Hans | tesseract | chi_sim_vert |
zh-Hant | Chinese, traditional | 繁體中文 | Hant | ppocr | chi_tra | zh-tw zh-hk zh-mo yue zh-yue
zh-Hant-vert | Chinese, traditional, set vertically | 繁體中文 (直排) | Hant | tesseract | chi_tra_vert |
co | Corsican | Corsu | Latn | ppocr | cos |
hr | Croatian | Hrvatski | Latn | ppocr | hrv |
cs | Czech | Čeština | Latn | ppocr | ces | cze
da | Danish | Dansk | Latn | ppocr | dan |
dv | Dhivehi | ދިވެހި | Thaa | tesseract | div |
nl | Dutch | Nederlands | Latn | ppocr | nld | dut
dz | Dzongkha | རྫོང་ཁ | Tibt | tesseract | dzo |
en | English | English | Latn | ppocr | eng |
enm | English, Middle (1100-1500) | Englisch | Latn | tesseract | enm |
eo | Esperanto | Esperanto | Latn | tesseract | epo |
et | Estonian | Eesti | Latn | ppocr | est | ekk
fo | Faroese | Føroyskt | Latn | ppocr | fao |
fj | Fijian | Vosa Vakaviti | Latn | ppocr | script/Latin | fij
fi | Finnish | Suomi | Latn | ppocr | fin |
fr | French | Français | Latn | ppocr | fra | fre
frm | French, Middle (1400-1600) | Françoys | Latn | tesseract | frm |
fy | Frisian | Frysk | Latn | ppocr | fry |
gl | Galician | Galego | Latn | ppocr | glg |
lg | Ganda | Luganda | Latn | ppocr | script/Latin | lug
ka | Georgian | ქართული | Geor | tesseract | kat | geo
ka-old | Georgian, Old | ძველი ქართული | Geor | tesseract | kat_old | oge
de | German | Deutsch | Latn | ppocr | deu | ger
de-Latf | German, in Fraktur | Deutsch (Fraktur) | Latf | tesseract | frk | deu-latf deu-frak
el | Greek | Ελληνικά | Grek | tesseract | ell | gre
grc | Greek, Ancient | Ἑλληνική | Grek | tesseract | grc |
kl | Greenlandic | Kalaallisut | Latn | ppocr | script/Latin | kal
gu | Gujarati | ગુજરાતી | Gujr | tesseract | guj |
ht | Haitian Creole | Kreyòl ayisyen | Latn | ppocr | hat |
haw | Hawaiian | ʻŌlelo Hawaiʻi | Latn | tesseract | script/Latin |
he | Hebrew | עברית | Hebr | tesseract | heb | iw
hi | Hindi | हिन्दी | Deva | tesseract | hin |
hu | Hungarian | Magyar | Latn | ppocr | hun |
is | Icelandic | Íslenska | Latn | ppocr | isl | ice
id | Indonesian | Bahasa Indonesia | Latn | ppocr | ind | in
ia | Interlingua | Interlingua | Latn | ppocr | script/Latin | ina
iu | Inuktitut | ᐃᓄᒃᑎᑐᑦ | Cans | tesseract | iku | ike
ga | Irish | Gaeilge | Latn | ppocr | gle |
it | Italian | Italiano | Latn | ppocr | ita |
it-old | Italian, Old | Italiano antico | Latn | tesseract | ita_old |
ja | Japanese | 日本語 | Jpan | ppocr | jpn |
ja-vert | Japanese, set vertically | 日本語 (縦書き) | Jpan | tesseract | jpn_vert |
jv | Javanese | Basa Jawa | Latn | ppocr | jav | jw
kn | Kannada | ಕನ್ನಡ | Knda | tesseract | kan |
kk | Kazakh | Қазақша | Cyrl | tesseract | kaz |
km | Khmer | ខ្មែរ | Khmr | tesseract | khm |
rw | Kinyarwanda | Ikinyarwanda | Latn | ppocr | script/Latin | kin
rn | Kirundi | Ikirundi | Latn | ppocr | script/Latin | run
ko | Korean | 한국어 | Kore | tesseract | kor |
ko-vert | Korean, set vertically | 한국어 (세로쓰기) | Kore | tesseract | kor_vert |
ku | Kurdish, Kurmanji | Kurmancî | Latn | ppocr | kmr | kur
ky | Kyrgyz | Кыргызча | Cyrl | tesseract | kir |
lo | Lao | ລາວ | Laoo | tesseract | lao |
la | Latin | Latina | Latn | ppocr | lat |
lv | Latvian | Latviešu | Latn | ppocr | lav | lvs
lt | Lithuanian | Lietuvių | Latn | ppocr | lit |
lb | Luxembourgish | Lëtzebuergesch | Latn | ppocr | ltz |
mk | Macedonian | Македонски | Cyrl | tesseract | mkd | mac
mai | Maithili | मैथिली | Deva | tesseract | script/Devanagari |
mg | Malagasy | Malagasy | Latn | ppocr | script/Latin | mlg plt
ms | Malay | Bahasa Melayu | Latn | ppocr | msa | may zsm
ml | Malayalam | മലയാളം | Mlym | tesseract | mal |
mt | Maltese | Malti | Latn | ppocr | mlt |
gv | Manx | Gaelg | Latn | ppocr | script/Latin | glv
mi | Maori | Māori | Latn | ppocr | mri | mao
mr | Marathi | मराठी | Deva | tesseract | mar |
mn | Mongolian | Монгол | Cyrl | tesseract | mon | khk
nd | Ndebele, North | isiNdebele | Latn | ppocr | script/Latin | nde
nr | Ndebele, South | isiNdebele | Latn | ppocr | script/Latin | nbl
ne | Nepali | नेपाली | Deva | tesseract | nep | npi
new | Newar | नेपाल भाषा | Deva | tesseract | script/Devanagari |
no | Norwegian | Norsk | Latn | ppocr | nor | nb nob nn nno
ny | Nyanja | Chinyanja | Latn | ppocr | script/Latin | nya
oc | Occitan | Occitan | Latn | ppocr | oci |
or | Odia | ଓଡ଼ିଆ | Orya | tesseract | ori | ory
om | Oromo | Oromoo | Latn | ppocr | script/Latin | orm
ps | Pashto | پښتو | Arab | tesseract | pus | pbu pbt pst
fa | Persian | فارسی | Arab | tesseract | fas | per pes prs
pl | Polish | Polski | Latn | ppocr | pol |
pt | Portuguese | Português | Latn | ppocr | por |
pa | Punjabi | ਪੰਜਾਬੀ | Guru | tesseract | pan |
qu | Quechua | Runa Simi | Latn | ppocr | que | quy quz
ro | Romanian | Română | Latn | ppocr | ron | rum mo
rm | Romansh | Rumantsch | Latn | ppocr | script/Latin | roh
ru | Russian | Русский | Cyrl | tesseract | rus |
sm | Samoan | Gagana Samoa | Latn | ppocr | script/Latin | smo
sa | Sanskrit | संस्कृतम् | Deva | tesseract | san |
sco | Scots | Scots | Latn | ppocr | script/Latin |
gd | Scottish Gaelic | Gàidhlig | Latn | ppocr | gla |
sr | Serbian | Српски | Cyrl | tesseract | srp | rs-cyrillic
sr-Latn | Serbian, Latin | Srpski | Latn | ppocr | srp_latn | sh hbs cnr sr-me sr-latin rs-latin
sn | Shona | chiShona | Latn | ppocr | script/Latin | sna
sd | Sindhi | سنڌي | Arab | tesseract | snd |
si | Sinhala | සිංහල | Sinh | tesseract | sin |
sk | Slovak | Slovenčina | Latn | ppocr | slk | slo
sl | Slovenian | Slovenščina | Latn | ppocr | slv |
so | Somali | Soomaali | Latn | ppocr | script/Latin | som
nso | Sotho, Northern | Sesotho sa Leboa | Latn | ppocr | script/Latin |
st | Sotho, Southern | Sesotho | Latn | ppocr | script/Latin | sot
es | Spanish | Español | Latn | ppocr | spa |
es-old | Spanish, Old | Castellano antiguo | Latn | tesseract | spa_old | osp
su | Sundanese | Basa Sunda | Latn | ppocr | sun |
sw | Swahili | Kiswahili | Latn | ppocr | swa | swh
ss | Swati | siSwati | Latn | ppocr | script/Latin | ssw
sv | Swedish | Svenska | Latn | ppocr | swe |
syr | Syriac | ܣܘܪܝܝܐ | Syrc | tesseract | syr | syc aii
tl | Tagalog (Filipino) | Tagalog | Latn | ppocr | fil | tgl
tg | Tajik | Тоҷикӣ | Cyrl | tesseract | tgk |
ta | Tamil | தமிழ் | Taml | tesseract | tam |
tt | Tatar | Татарча | Cyrl | tesseract | tat |
te | Telugu | తెలుగు | Telu | tesseract | tel |
th | Thai | ไทย | Thai | tesseract | tha |
bo | Tibetan | བོད་ཡིག | Tibt | tesseract | bod | tib
ti | Tigrinya | ትግርኛ | Ethi | tesseract | tir |
to | Tongan | Lea faka-Tonga | Latn | ppocr | ton |
ts | Tsonga | Xitsonga | Latn | ppocr | script/Latin | tso
tn | Tswana | Setswana | Latn | ppocr | script/Latin | tsn
tr | Turkish | Türkçe | Latn | ppocr | tur |
tk | Turkmen | Türkmençe | Latn | ppocr | script/Latin | tuk
uk | Ukrainian | Українська | Cyrl | tesseract | ukr |
ur | Urdu | اردو | Arab | tesseract | urd |
ug | Uyghur | ئۇيغۇرچە | Arab | tesseract | uig |
uz | Uzbek | Oʻzbekcha | Latn | ppocr | uzb | uzn
uz-Cyrl | Uzbek, Cyrillic | Ўзбекча | Cyrl | tesseract | uzb_cyrl |
vi | Vietnamese | Tiếng Việt | Latn | tesseract | vie |
war | Waray | Winaray | Latn | ppocr | script/Latin |
cy | Welsh | Cymraeg | Latn | ppocr | cym | wel
xh | Xhosa | isiXhosa | Latn | ppocr | script/Latin | xho
yi | Yiddish | ייִדיש | Hebr | tesseract | yid | ji ydd
yo | Yoruba | Yorùbá | Latn | tesseract | yor |
zu | Zulu | isiZulu | Latn | ppocr | script/Latin | zul
"""
