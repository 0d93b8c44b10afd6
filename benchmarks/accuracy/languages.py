"""Which answers to "what language is this page in?" are right.

The pages of the set `languages` are named after translations of the Declaration of Human Rights (`deu_1996`, `por_PT`);
`PageResult.language` is a short code (`de`, `zh-Hant`). Where ISO 639 has several codes for what is one written
language (a macrolanguage and its standard form, Norwegian and Bokmål), each is right; so is the code with the script
that is meant anyway. A near relative is not: Slovak for Czech is wrong.
"""

from __future__ import annotations

ACCEPTED = {
    "afr": "af", "als": "sq als", "amh": "am", "arb": "ar arb", "azj_latn": "az azj az-Latn", "bel": "be",
    "ben": "bn", "bod": "bo", "bul": "bg", "cat": "ca", "ces": "cs", "chr_cased": "chr",
    "cmn_hans": "zh zh-Hans zh-CN ch", "cmn_hant": "zh-Hant zh-TW", "cym": "cy", "dan": "da", "deu_1996": "de",
    "div": "dv", "ell_monotonic": "el", "eng": "en", "est": "et", "eus": "eu", "fin": "fi", "fra": "fr", "gle": "ga",
    "glg": "gl", "guj": "gu", "heb": "he iw", "hin": "hi", "hrv": "hr", "hun": "hu", "hye": "hy", "ind": "id",
    "isl": "is", "ita": "it", "jpn": "ja", "kan": "kn", "kat": "ka", "kaz": "kk", "khk": "mn khk", "khm": "km",
    "kir": "ky", "kor": "ko", "lao": "lo", "lav": "lv", "lit": "lt", "mal": "ml", "mar": "mr", "mkd": "mk",
    "mlt": "mt", "mya": "my", "nep": "ne", "nld": "nl", "nob": "no nb", "pan": "pa", "pbu": "ps pbu",
    "pes_1": "fa pes", "pol": "pl", "por_PT": "pt pt-PT", "ron_2006": "ro", "rus": "ru", "san": "sa", "sin": "si",
    "slk": "sk", "slv": "sl", "spa": "es", "srp_cyrl": "sr sr-Cyrl", "swe": "sv", "swh": "sw swh", "tam": "ta",
    "tel": "te", "tgk": "tg", "tgl": "tl fil", "tha": "th", "tir": "ti", "tur": "tr", "uig_arab": "ug",
    "ukr": "uk", "urd": "ur", "uzn_latn": "uz uzn uz-Latn", "vie": "vi", "ydd": "yi ydd",
}  # fmt: skip
"""Right answers by the name of a page, with spaces between, the usual one first."""


def accepted(page: str) -> frozenset[str]:
    """The right answers for a page of that name; none where the table does not know it. An answer in three letters is
    right, too, where it is the name itself (`deu` for `deu_1996`)."""
    known = ACCEPTED.get(page)
    return frozenset() if known is None else frozenset({*known.split(), page.partition("_")[0]})


def is_right(page: str, answer: str | None) -> bool | None:
    """None where there is no answer, or where the right one is not known."""
    right = accepted(page)
    return answer in right if answer is not None and right else None
