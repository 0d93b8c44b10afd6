"""The languages that `language` may name: those whose script the recogniser of the cpu tier was trained on.

The list is PP-OCRv6's own (its documentation counts 50 languages in one model): Chinese, English, Japanese and the
Latin-script languages. One model reads all of them, so a code is a promise that the language can be read, and is
echoed; it does not change the reading.
"""

from __future__ import annotations

from difflib import get_close_matches

from ocrchat.errors import ParameterInvalid

AUTO = "auto"

LANGUAGES = {
    "af": "Afrikaans", "az": "Azerbaijani", "bs": "Bosnian", "ca": "Catalan", "ch": "Chinese", "cs": "Czech",
    "cy": "Welsh", "da": "Danish", "de": "German", "en": "English", "es": "Spanish", "et": "Estonian",
    "eu": "Basque", "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ku": "Kurdish",
    "la": "Latin", "lb": "Luxembourgish", "lt": "Lithuanian", "lv": "Latvian", "mi": "Maori", "ms": "Malay",
    "mt": "Maltese", "nl": "Dutch", "no": "Norwegian", "oc": "Occitan", "pl": "Polish", "pt": "Portuguese",
    "qu": "Quechua", "rm": "Romansh", "ro": "Romanian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian",
    "sv": "Swedish", "sw": "Swahili", "tl": "Tagalog", "tr": "Turkish", "uz": "Uzbek", "zh": "Chinese",
    "zh-Hant": "Chinese, traditional",
}  # fmt: skip


def language_of(code: str) -> str:
    """The code as the table spells it, or `auto`. Raises ParameterInvalid, naming the nearest codes."""
    spelled = {known.casefold(): known for known in (AUTO, *LANGUAGES)}
    if code.casefold() in spelled:
        return spelled[code.casefold()]
    names = {name.casefold(): known for known, name in LANGUAGES.items()}
    near = get_close_matches(code.casefold(), [*spelled, *names], n=3, cutoff=0.6)
    suggestions = sorted({spelled.get(match) or names[match] for match in near}) or [AUTO]
    raise ParameterInvalid(
        f"`language` {code[:40]!r} is not known: did you mean {', '.join(suggestions)}? `{AUTO}` finds it by itself",
        parameter="language",
        allowed=[AUTO, *sorted(LANGUAGES)],
    )
