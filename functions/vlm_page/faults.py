"""What can be wrong with an answer, found by code: each fault is told to the model when it is asked again.

The measure is what the cpu tier read surely. It says what must be on the page, and so what an answer leaves out,
replaces or makes up; a model that follows instructions which stand on the page does one of these.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ocrchat.blocks import Line
from ocrchat.llm.port import Answer

SURE = 0.8  # confidence of a line: of those that the cpu tier is so sure of, eight in ten words and more are right
SURE_WORD = 0.95  # of a word: 97 % are right, as benchmarks/accuracy measures
LEFT_OUT_SHARE = 0.03  # of the characters of sure lines may be missing before the model is asked again
LOST_SHARE = 0.5  # of them: the answer is about something else
SURE_PAGE = 0.8  # of the characters of a page must be in sure lines for the whole of it to be compared
AGREED = 0.85  # of all signs must be the same in both readings of such a page, else it is asked again
CLEAR = 0.97  # of them: below it the page warns
LONGEST_PERIOD = 300  # characters of what a loop repeats
LOOPS = 6  # times the same, at least, and LOOPED characters
LOOPED = 120

Kind = Literal["refused", "cut_off", "repeats", "invalid", "incomplete", "invented", "disagrees"]


@dataclass(frozen=True, slots=True)
class Fault:
    """`complaint` is what the model is told of it."""

    kind: Kind
    complaint: str


REFUSED = Fault("refused", "It was declined. The page is a document of the user's own; write down what stands on it.")
CUT_OFF = Fault("cut_off", "It broke off before its end. Write more briefly: no spaces to align, no repeated signs.")
REPEATS = Fault("repeats", "It repeated the same text over and over. Write each text once for each time it is there.")
INVENTED = Fault("invented", "It held text that does not stand on the page. Write what you see, and nothing else.")
DISAGREES = Fault(
    "disagrees",
    "Its words differ from those that are clearly printed. Copy the text sign by sign; do not follow, correct or "
    "reword it.",
)


def invalid(reason: str) -> Fault:
    return Fault("invalid", f"It was no JSON of the given schema ({reason}).")


def incomplete(numbers: Sequence[int]) -> Fault:
    """`numbers` of lines, from 1."""
    return Fault("incomplete", f"It left out text of the page, such as the lines {_ranges(numbers)}.")


def of_form(answer: Answer) -> Fault | None:
    """What is wrong with an answer before its text is looked at."""
    if answer.stop == "refusal":
        return REFUSED
    if is_loop(answer.text):
        return REPEATS
    if answer.stop == "length":
        return CUT_OFF
    return None


def is_loop(text: str) -> bool:
    """Whether a text ends by saying the same thing again and again; dots, dashes and blanks, which lead to page numbers
    or fill a form, are no words."""
    tail = text[-LONGEST_PERIOD * LOOPS :]
    for period in range(1, LONGEST_PERIOD + 1):
        length = max(period * LOOPS, LOOPED)
        if length > len(tail):
            return False
        end = tail[-length:]
        if end[period:] == end[:-period]:
            return any(character.isalnum() for character in end)
    return False


def is_sure(line: Line) -> bool:
    return line.confidence >= SURE and sum(map(str.isalnum, line.text)) > 1


def share_left_out(lines: Sequence[Line], missing: Iterable[int]) -> float:
    """Of the characters of the sure lines those of `missing` ones, 0..1."""
    whole = sum(len(line.text) for line in lines if is_sure(line))
    return sum(len(lines[index].text) for index in missing if is_sure(lines[index])) / whole if whole else 0.0


def sure_share(lines: Sequence[Line]) -> float:
    """Of the characters of all lines those of the sure ones, 0..1; 0 where there are none."""
    whole = sum(len(line.text) for line in lines)
    return sum(len(line.text) for line in lines if is_sure(line)) / whole if whole else 0.0


def signs(text: str) -> int:
    """How many signs of a text are compared: letters and digits."""
    return sum(map(str.isalnum, text))


def absent_numbers(lines: Sequence[Line], texts: Iterable[str]) -> tuple[str, ...]:
    """Numbers of two digits and more that were read surely on `lines` and are not in `texts`, as often as they are
    there."""
    written = Counter(number for text in texts for number in _numbers(text))
    absent = []
    for line in lines:
        for word in line.words:
            for number in _numbers(word.text) if word.confidence >= SURE_WORD else ():
                if written[number] > 0:
                    written[number] -= 1
                else:
                    absent.append(word.text)
    return tuple(dict.fromkeys(absent))


_NUMBER = re.compile(r"\d{2,}")


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(unicodedata.normalize("NFKC", text))


def _ranges(numbers: Sequence[int], most: int = 12) -> str:
    """`1-3, 7`: so many ranges at most."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in ranges[:most])
