"""Measures the extractive answers of a chat with a document, on real pages:

    python -m benchmarks.chat --data DATA --out chat.md

DATA holds a folder a set. What was tuned on is told apart from what was held out: what is promised must hold on both.
A page counts as right where it is one of those on which the answer stands.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import machine
from benchmarks.accuracy.report import grouped, table
from benchmarks.exports.goals import Goal, listed

from .documents import documents, questions
from .measuring import LATENCY_PAGES, Asked, Latencies, ask_all, latencies

LEAST_FIRST, LEAST_IN_THREE, LEAST_NOT_FOUND = 0.80, 0.92, 0.80
MOST_WARM_S, MOST_FIRST_S = 0.150, 1.5
HALVES = {"tuned on": False, "held out": True}
HEADS = (
    "|answerable >|right page first % >|in three % >|refused % >|cited first % >|holds the answer % >"
    "|not in it >|not found % >"
)

SCRIPTS = {
    "Latin": "cs de en es fr hu is it pl pt sv vi tr fi nl ro lt eu tl",
    "Cyrillic, Greek": "bg el mn ru sr uk",
    "Han, kana, Hangul": "ja ko zh",
    "Arabic, Hebrew": "ar fa he ps ur yi",
}
OTHER_SCRIPT = "other scripts"


def main() -> None:
    asked = parsed()
    with tempfile.TemporaryDirectory(prefix="chat-") as name:
        folder = Path(name)
        found = documents(asked.data, asked.cache or folder / "readings")
        every = questions()
        answers = ask_all(found, every, folder)
        speed = latencies(found, every, folder)
    whole = "\n\n".join(["# Chat", machine.description(("pymupdf",)), *_parts(answers, speed)])
    if asked.out is None:
        print(whole)
    else:
        asked.out.write_text(whole + "\n")


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chat", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the sets")
    parser.add_argument("--cache", type=Path, help="a folder for what was read, so that a second run reads nothing")
    parser.add_argument("--out", type=Path, help="a Markdown file")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        parser.error(f"{asked.data} is no folder")
    return asked


def _parts(answers: Sequence[Asked], speed: Latencies) -> list[str]:
    goals: list[Goal] = []
    parts = []
    for name, is_held_out in HALVES.items():
        every = [asked for asked in answers if asked.question.held_out == is_held_out]
        half = [asked for asked in every if not asked.question.earlier]
        going_on = [asked for asked in every if asked.question.earlier]
        goals += _goals(name, half)
        parts += [f"## By kind, {name}", _by(half, lambda asked: asked.question.kind)]
        parts += [f"## By script of the question, {name}", _by(half, lambda asked: _script(asked.question.language))]
        parts += [f"## Questions that go on from another, {name}", _by(going_on, lambda asked: asked.question.kind)]
    goals += _goals_of_speed(speed)
    size = f"The index of {speed.pages} pages is {speed.index_bytes / speed.text_bytes:.1f} times their text."
    return ["## Goals", listed(goals), size, *parts]


def _goals(half: str, answers: Sequence[Asked]) -> list[Goal]:
    inside = [asked for asked in answers if asked.question.is_answerable]
    outside = [asked for asked in answers if not asked.question.is_answerable]
    return [
        _goal(f"right page first, {half}", LEAST_FIRST, [asked.is_first for asked in inside]),
        _goal(f"right page in the first three, {half}", LEAST_IN_THREE, [asked.is_in_three for asked in inside]),
        _goal(f"not found where it does not stand, {half}", LEAST_NOT_FOUND, [a.shown is None for a in outside]),
    ]


def _goal(what: str, least: float, held: Sequence[bool]) -> Goal:
    share = sum(held) / len(held)
    return Goal(what, f">= {least:.0%}", f"{share:.1%} of {len(held)}", share >= least)


def _goals_of_speed(speed: Latencies) -> list[Goal]:
    asked = [("warm", speed.warm, MOST_WARM_S), ("at the first question", speed.first, MOST_FIRST_S)]
    return [
        Goal(f"median over {LATENCY_PAGES} pages, {what}", f"<= {most * 1000:.0f} ms", f"{s * 1000:.0f} ms", s <= most)
        for what, s, most in asked
    ]


def _by(answers: Sequence[Asked], key: Callable[[Asked], str]) -> str:
    rows = [[name, *_cells(group)] for name, group in sorted(grouped(answers, key).items())]
    return table(HEADS, [*rows, ["**all**", *_cells(answers)]])


def _cells(answers: Sequence[Asked]) -> list[str]:
    inside = [asked for asked in answers if asked.question.is_answerable]
    outside = [asked for asked in answers if not asked.question.is_answerable]
    return [
        str(len(inside)),
        _percent([asked.is_first for asked in inside]),
        _percent([asked.is_in_three for asked in inside]),
        _percent([asked.shown is None for asked in inside]),
        _percent([asked.is_cited_first for asked in inside]),
        _percent([asked.holds_the_answer for asked in inside]),
        str(len(outside)),
        _percent([asked.shown is None for asked in outside]),
    ]


def _percent(held: Sequence[bool]) -> str:
    return f"{100 * sum(held) / len(held):.1f}" if held else "-"


def _script(language: str) -> str:
    return next((name for name, codes in SCRIPTS.items() if language in codes.split()), OTHER_SCRIPT)


if __name__ == "__main__":
    main()
