"""Of what kind the answer to a question is, as far as its question word tells, and whether a passage has such."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from .folding import folded
from .spelled import FREQUENCIES, MONTHS, spells_number

Wanted = Literal["figure", "frequency", "date", "name", "phone", "mail"]

_WHEN = (
    r"when|(?:what|which) (?:date|day|year|month)|what time|wann|quand|cuando|quando|wanneer|nar|hvornar|kiedy|"
    r"kdy|kada|mikor|milloin|ne zaman|cand|khi nao|kapan|когда|коли|кога|хэзээ|ποτε|متی|מתי|چه تاریخی|کب|कब|কবে|কখন|"
    r"(?:due|expiry|expiration|issue|signing|closing|delivery|start|end) date|date of|"
    r"(?:\w*datum|date|fecha|data) (?:der|des|vom|von|de|del|de la|du|da|do|di|della|van|av)|\w*frist|falligkeit|"
    r"date d ?['’]|fecha limite|data di scadenza|дата"
)
_WHEN_ANYWHERE = "何时|什么时候|哪年|哪天|いつ|何[年月日時]|언제|며칠|몇 ?년|เมื่อไร|เมื่อใด"
_HOW_MUCH = (
    r"how (?:much|many|old|high|long|far|fast|big|large|tall|deep|heavy|wide|late)|"
    r"(?:what|which) (?:number|percentage|share|amount|price|sum|total|size|age)|"
    r"wie ?viele?|wie (?:hoch|alt|lange?|weit|gross|schnell|teuer)|combien|cuant[oa]s?|quant[oaie]s?|hoeveel|"
    r"hur (?:manga|mycket)|hvor (?:mange|meget|mye)|kolik|koliko|hany|mennyi|kuinka (?:monta|paljon)|kac|ne kadar|"
    r"cati|cate|bao nhieu|berapa|сколько|скільки|колко|колико|хэдэн|ποσ[οαεη]\w*|کم|כמה|چند|چقدر|کتن[اےی]|"
    r"कितन[ाेी]|কত"
)
_POLISH_HOW_MUCH = r"(?:^|\b(?:za|na|w|przez|po|o|do|od|a) )ile\b(?! d[eu'’])"
"""Where a question begins with it: an île of France is folded into the same letters."""

_HOW_OFTEN = (
    r"how often|how frequently|how many times|wie oft|wie haufig|combien de fois|(?:a|avec) quelle frequence|"
    r"(?:con|com) que frecuencia|com que frequencia|cuantas veces|quantas vezes|quanto spesso|quante volte|"
    r"hoe vaak|hur ofta|hvor ofte|jak czesto|jak casto|koliko cesto|milyen gyakran|kuinka usein|ne siklikla|cat de des|"
    r"как часто|сколько раз|як часто|ποσο συχνα|كم مره|چند بار"
)
_HOW_OFTEN_ANYWHERE = "多久一次|多常|几次|幾次|何回|どのくらいの頻度|얼마나 자주|몇 번|บ่อยแค่ไหน"
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
_WHOLE = r"\b(?![-‐‑])"
"""Where a word ends, and is no part of another: "how long-term debt is paid" asks for no figure."""

_ASKS_FOR_A_DATE = re.compile(rf"\b(?:{_WHEN}){_WHOLE}|{_WHEN_ANYWHERE}")
_ASKS_HOW_OFTEN = re.compile(rf"\b(?:{_HOW_OFTEN}){_WHOLE}|{_HOW_OFTEN_ANYWHERE}")
_ASKS_FOR_A_FIGURE = re.compile(rf"\b(?:{_HOW_MUCH}){_WHOLE}|{_POLISH_HOW_MUCH}|{_HOW_MUCH_ANYWHERE}")
_ASKS_FOR_A_NAME = re.compile(
    rf"\b(?:who|whom|whose|wer|wem|wen|wessen|qui|quien|quienes|chi|quem|кто|кого|ποιος|ποιον){_WHOLE}"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FIGURE = re.compile(
    r"\d|[零〇一二两兩三四五六七八九十百千万]|하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열|스물|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ร้อย|พัน"
)
_FREQUENCY = re.compile("[每毎]|매[일주월년]|ทุก")
_DATE = re.compile(
    r"\b\d{1,4} ?[-/.] ?(?:\d{1,2}|[^\W\d_]{3,9}) ?[-/.] ?\d{2,4}\b|\d ?[年月日년월일]|"
    r"\b\d{1,2}:\d\d\b|\b\d{1,2}[.,]? [^\W\d_]{3,9}[.,]? \d{2,4}\b"
)
_DAY_AND_MONTH = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th|er|º|ª|o)?\.?[ \u00a0]+(?:of |de |d'|di )?(?P<behind>[^\W\d_]{3,12})\b|"
    r"\b(?P<before>[^\W\d_]{3,12})\.?[ \u00a0]+(?:de )?\d{1,4}\b"
)
_YEAR = r"(?:1\d|20)\d\d"
_IN_YEAR = re.compile(
    r"(?:\b(?:in|since|from|until|till|before|after|during|year|im|seit|jahre?|ab|bis|en|depuis|annee|desde|anno|nel|dal|"
    rf"em|ano|sedan|w|roku|od|v|roce|в|с|до|году?)|[(©]|[^\W\d_],) ?{_YEAR}\b(?![.,]\d| ?[%€$£])|"
    rf"\b{_YEAR}(?= ?(?:[)–]|[-/] ?\d{{2,4}}\b|г\.|год))|^\W*{_YEAR}\W*$"
)
"""A bare number is a year where years stand: behind a preposition, a place or a bracket, in a range, or alone."""
_NAME = re.compile(r"\b([^\W\d_])[\w.'’&-]*\s+(?=([^\W\d_]))")


def wanted(question: str) -> Wanted | None:
    """None where any passage may answer it."""
    question = folded(question)
    if _ASKS_FOR_A_PHONE.search(question):
        return "phone"
    if _ASKS_FOR_A_MAIL.search(question):
        return "mail"
    if _ASKS_FOR_A_DATE.search(question):
        return "date"
    if _ASKS_HOW_OFTEN.search(question):
        return "frequency"
    if _ASKS_FOR_A_FIGURE.search(question):
        return "figure"
    return "name" if _ASKS_FOR_A_NAME.search(question) else None


def has(kind: Wanted, text: str) -> bool:
    """A figure is a number, also in words; a frequency that, or a word such as "monthly"; a date also a day and
    month, a year where it is likely to be one, or a time of day; a name two words side by side that begin with
    capitals, or are of a script without them; a phone's number six digits or more."""
    if kind == "name":
        return any(not first.islower() and not second.islower() for first, second in _NAME.findall(text))
    text = folded(text)
    match kind:
        case "figure":
            return _has_figure(text)
        case "frequency":
            return _FREQUENCY.search(text) is not None or not FREQUENCIES.isdisjoint(_words(text)) or _has_figure(text)
        case "date":
            return _has_date(text)
        case "phone":
            return _PHONE.search(text) is not None
        case "mail":
            return _MAIL.search(text) is not None


def _has_figure(text: str) -> bool:
    return _FIGURE.search(text) is not None or any(map(spells_number, _words(text)))


def _has_date(text: str) -> bool:
    if _DATE.search(text) or _IN_YEAR.search(text):
        return True
    return any((found["behind"] or found["before"]) in MONTHS for found in _DAY_AND_MONTH.finditer(text))


def _words(text: str) -> Iterator[str]:
    return (found[0] for found in _WORD.finditer(text))
