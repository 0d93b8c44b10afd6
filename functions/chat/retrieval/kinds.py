"""Of what kind the answer to a question is, as far as its question word tells, and whether a passage has such."""

from __future__ import annotations

import re
from typing import Literal

from .folding import folded

Wanted = Literal["figure", "date", "name", "phone", "mail"]

_WHEN = (
    r"when|(?:what|which) (?:date|day|year|month)|what time|wann|quand|cuando|quando|wanneer|nar|hvornar|kiedy|"
    r"kdy|kada|mikor|milloin|ne zaman|cand|khi nao|kapan|когда|коли|кога|хэзээ|ποτε|متی|מתי|چه تاریخی|کب|कब|কবে|কখন"
)
_WHEN_ANYWHERE = "何时|什么时候|哪年|哪天|いつ|何[年月日時]|언제|며칠|몇 ?년|เมื่อไร|เมื่อใด"
_HOW_MUCH = (
    r"how (?:much|many|old|high|long|far|fast|big|large|often|tall|deep|heavy|wide|late)|"
    r"(?:what|which) (?:number|percentage|share|amount|price|sum|total|size|age)|"
    r"wie ?viele?|wie (?:hoch|alt|lange?|weit|gross|oft|schnell|teuer)|combien|cuant[oa]s?|quant[oaie]s?|hoeveel|"
    r"hur (?:manga|mycket)|hvor (?:mange|meget|mye)|ile|kolik|koliko|hany|mennyi|kuinka (?:monta|paljon)|kac|ne kadar|"
    r"cati|cate|bao nhieu|berapa|сколько|скільки|колко|колико|хэдэн|ποσ[οαεη]\w*|کم|כמה|چند|چقدر|کتن[اےی]|"
    r"कितन[ाेी]|কত"
)
_HOW_MUCH_ANYWHERE = "多少|几|幾|多大|多长|多高|いくつ|いくら|何[人本個回歳]|どのくらい|얼마|몇|เท่าไร|เท่าใด|กี่"
"""Of scripts that set no spaces, or write particles to the word."""

_ASKS_FOR_A_PHONE = re.compile(
    r"\b(?:phone|telephone|mobile|fax) (?:and fax )?(?:number|no)\b|\btelefon(?:nummer|szam|ni broj)\b|"
    r"\bnumero (?:de|di) (?:tele|fax)|\bnumer telefonu|номер телефону?|电话号码|電話番号|전화번호|เบอร์โทร"
)
_ASKS_FOR_A_MAIL = re.compile(
    r"\be-? ?mail (?:address|of)\b|\bmail address\b|['’]s e-? ?mail\b|邮箱|电子邮件|電子メール|이메일|อีเมล|"
    r"эл\w*\.? почт"
)
_PHONE = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){5,}")
_MAIL = re.compile(r"\S@\S")
_ASKS_FOR_A_DATE = re.compile(rf"\b(?:{_WHEN})\b|{_WHEN_ANYWHERE}")
_ASKS_FOR_A_FIGURE = re.compile(rf"\b(?:{_HOW_MUCH})\b|{_HOW_MUCH_ANYWHERE}")
_ASKS_FOR_A_NAME = re.compile(
    r"\b(?:who|whom|whose|wer|wem|wen|wessen|qui|quien|quienes|chi|quem|кто|кого|ποιος|ποιον)\b"
)
_NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|half|"
    "zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|deux|trois|quatre|cinq|sept|huit|neuf|dix|dos|tres|cuatro|cinco|seis"
)
_FIGURE = re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b|[一二三四五六七八九十百千万]")
_DATE = re.compile(
    r"\b\d{1,4} ?[-/.] ?(?:\d{1,2}|[^\W\d_]{3,9}) ?[-/.] ?\d{2,4}\b|\b(?:1\d|20)\d\d(?!\d)|\d ?[年月日년월일]|"
    r"\b\d{1,2}:\d\d\b|\b\d{1,2}[.,]? [^\W\d_]{3,9}[.,]? \d{2,4}\b"
)
_NAME = re.compile(r"\b([^\W\d_])[\w.'’&-]*\s+(?=([^\W\d_]))")
_PATTERNS = {"figure": _FIGURE, "date": _DATE, "phone": _PHONE, "mail": _MAIL}


def wanted(question: str) -> Wanted | None:
    """None where any passage may answer it."""
    question = folded(question)
    if _ASKS_FOR_A_PHONE.search(question):
        return "phone"
    if _ASKS_FOR_A_MAIL.search(question):
        return "mail"
    if _ASKS_FOR_A_DATE.search(question):
        return "date"
    if _ASKS_FOR_A_FIGURE.search(question):
        return "figure"
    return "name" if _ASKS_FOR_A_NAME.search(question) else None


def has(kind: Wanted, text: str) -> bool:
    """A figure is a number; a date also a year or a time of day; a name two words side by side that begin with
    capitals, or are of a script without them; a phone's number six digits or more."""
    if kind == "name":
        return any(not first.islower() and not second.islower() for first, second in _NAME.findall(text))
    return _PATTERNS[kind].search(folded(text)) is not None
