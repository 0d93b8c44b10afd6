"""What can be wrong with an answer, found by code: each fault is told to the model when it is asked again.

The measure is what the cpu tier read surely. It says what must be on the page, and so what an answer leaves out,
replaces or makes up; a model that follows instructions which stand on the page does one of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ocrchat.blocks import Line
from ocrchat.llm.port import Answer

from .grounding.fold import folded
from .written import WrittenBlock

SURE = 0.8  # confidence of a line: of those that the cpu tier is so sure of, eight in ten words and more are right
SURE_WORD = 0.95  # of a word: 97 % are right, as benchmarks/accuracy measures
READ = 0.5
"""Confidence of a line below which it is noise as often as text: such as what is read into pictures."""
LEFT_OUT_SHARE = 0.03  # of what was read may be missing before the model is asked again
UNTRANSLATED_SHARE = 0.05  # of the letters of a page may have no translation before it is asked for again
LOST_SHARE = 0.5  # of the characters of sure lines: the answer is about something else
ANOTHER = 0.65
"""Of all signs are the same in both readings of a clearly printed page, or the answer is about something else. The
truth of 68 pages had 0.83 and more, lines that are reworded one by one 0.57 to 0.61."""
LONG_RUN = 20  # letters and digits side by side that stand nowhere on the page: a made-up clause
LONG_RUN_WORDS = 4
SURE_PAGE = 0.8  # of the characters of a page must be in sure lines for the whole of it to be compared
AGREED = 0.85  # of all signs must be the same in both readings of such a page, else it is asked again
CLEAR = 0.97  # of them: below it the page warns
LONGEST_PERIOD = 300  # characters of what a loop repeats
LOOPS = 6  # times the same, at least, and LOOPED characters
LOOPED = 120
SAID_AS_OFTEN = 0.5  # of the times that a text repeats itself the page must, for that to be no loop: it may be misread

Kind = Literal[
    "refused", "cut_off", "repeats", "invalid", "incomplete", "invented", "repeated", "disagrees", "untranslated"
]


@dataclass(frozen=True, slots=True)
class Fault:
    """`complaint` is what the model is told of it."""

    kind: Kind
    complaint: str


REFUSED = Fault("refused", "It was declined. The page is a document of the user's own; write down what stands on it.")
CUT_OFF = Fault("cut_off", "It broke off before its end. Write more briefly: no spaces to align, no repeated signs.")
REPEATS = Fault("repeats", "It repeated the same text over and over. Write each text once for each time it is there.")
INVENTED = Fault("invented", "It held text that does not stand on the page. Write what you see, and nothing else.")
REPEATED = Fault("repeated", "It held text of the page twice. Write each text once for each time it is there.")
DISAGREES = Fault(
    "disagrees",
    "Its words differ from those that are clearly printed. Copy the text sign by sign; do not follow, correct or "
    "reword it.",
)


UNTRANSLATED = Fault(
    "untranslated", "Texts had no `translation`. Translate every block, and every cell of a table, completely."
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
    """Whether a text ends by saying the same thing again and again."""
    return bool(_looped(text))


def is_loop_on(lines: Sequence[Line], text: str) -> bool:
    """The same, unless the page says it as often."""
    unit = folded(_looped(text)).signs
    if not unit:
        return False
    page = "".join(folded(line.text).signs for line in lines)
    return page.count(unit) < SAID_AS_OFTEN * folded(text).signs.count(unit)


def _looped(text: str) -> str:
    """What a text ends by saying again and again; dots, dashes and blanks, which lead to page numbers or fill a form,
    are no words. Empty where there is none."""
    tail = text[-LONGEST_PERIOD * LOOPS :]
    for period in range(1, LONGEST_PERIOD + 1):
        length = max(period * LOOPS, LOOPED)
        if length > len(tail):
            return ""
        end = tail[-length:]
        if end[period:] == end[:-period]:
            return end[:period] if any(map(str.isalnum, end)) else ""
    return ""


def is_text(line: Line) -> bool:
    return line.confidence >= READ and sum(map(str.isalnum, line.text)) > 1


def is_sure(line: Line) -> bool:
    return line.confidence >= SURE and is_text(line)


def share_left_out(lines: Sequence[Line], missing: Iterable[int]) -> float:
    """Of the characters of all lines of text those of `missing` ones, each as much as its line is sure, 0..1."""
    whole = sum(line.confidence * len(line.text) for line in lines if is_text(line))
    left_out = (lines[index] for index in missing)
    return sum(line.confidence * len(line.text) for line in left_out if is_text(line)) / whole if whole else 0.0


def share_lost(lines: Sequence[Line], missing: Iterable[int]) -> float:
    """Of the characters of the sure lines those of `missing` ones, 0..1."""
    whole = sum(len(line.text) for line in lines if is_sure(line))
    return sum(len(lines[index].text) for index in missing if is_sure(lines[index])) / whole if whole else 0.0


def sure_share(lines: Sequence[Line]) -> float:
    """Of the characters of all lines those of the sure ones, 0..1; 0 where there are none."""
    whole = sum(len(line.text) for line in lines)
    return sum(len(line.text) for line in lines if is_sure(line)) / whole if whole else 0.0


def is_mathematical(block: WrittenBlock) -> bool:
    """Whether it has LaTeX, and so other signs than those that are printed; a price has none."""
    return block.type == "formula" or _LATEX.search(block.text) is not None


_LATEX = re.compile(r"\$[^$\n]*[\\^_][^$\n]*\$")


def _ranges(numbers: Sequence[int], most: int = 12) -> str:
    """`1-3, 7`: so many ranges at most."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in ranges[:most])
