r"""The unit tests of olmOCR-bench, after the description that AllenAI publishes of them; the code is our own.

A test is one line of `dataset.jsonl` and asks one thing of a page's Markdown:

- `present`, `absent`: a text stands, or does not stand, in it (or in its first `first_n` or last `last_n` characters);
- `order`: a text stands somewhere before another;
- `table`: a cell stands in a table of pipes or HTML, and its neighbours and headings are those given;
- `math`: a formula renders like the given one. It is left out here, and counted as left out: it takes a browser.

Texts are compared without Markdown's and HTML's marks of bold and italics, without differences of white space, quotes
and dashes. `max_diffs` characters may differ: at least 1 - max_diffs / length of the text must be alike. Backslashes of
Markdown are not undone, as they are not by the original: a text with `\*` in it differs by one.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .tables import Grid, TableCell, tables_of

LEFT_OUT = frozenset({"math"})
LEAST_ALIKE = 0.5  # of a cell's text, however short it is and however many differences are allowed

_EMPHASIS = (
    re.compile(r"\*\*(.*?)\*\*"),
    re.compile(r"__(.*?)__"),
    re.compile(r"\*(.*?)\*"),
    re.compile(r"_(.*?)_"),
)
_HTML_EMPHASIS = re.compile(r"</?[bi]>")
_BREAK = re.compile(r"<br\s*/?>")
_PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a", "'"),
    **dict.fromkeys("\u201c\u201d\u201e", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    "\uff3f": "_",
    "\u00b5": "\u03bc",  # the micro sign and the Greek letter
}
_TABLE = str.maketrans(_PLAIN)

SIDES = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


@dataclass(frozen=True, slots=True)
class UnitTest:
    """`fields` is the line of the data set."""

    name: str
    pdf: str
    page: int
    kind: str
    fields: Mapping[str, Any]

    @property
    def max_diffs(self) -> int:
        return int(self.fields.get("max_diffs") or 0)

    def passes(self, markdown: str) -> bool:
        """Raises ValueError for a kind that is not known or left out."""
        if self.kind in ("present", "absent"):
            return _is_present(self, markdown) == (self.kind == "present")
        if self.kind == "order":
            return _is_ordered(self, normalised(markdown))
        if self.kind == "table":
            return any(_has_cell(self, grid) for grid in tables_of(markdown))
        raise ValueError(f"{self.name}: tests of the kind {self.kind!r} are not run")


def tests_of(path: Path) -> list[UnitTest]:
    """Those of a `.jsonl` file, `math` included; `page` counts from 1."""
    rows = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    return [UnitTest(row["id"], row["pdf"], int(row.get("page", 1)), row["type"], row) for row in rows]


def normalised(text: str) -> str:
    text = _HTML_EMPHASIS.sub("", _BREAK.sub(" ", text))
    for pattern in _EMPHASIS:
        text = pattern.sub(r"\1", text)
    text = re.sub(r"\s+", " ", text)
    return unicodedata.normalize("NFC", text).translate(_TABLE)


def _is_present(test: UnitTest, markdown: str) -> bool:
    wanted, text = normalised(test.fields["text"]), normalised(markdown)
    if test.fields.get("case_sensitive") is False:
        wanted, text = wanted.lower(), text.lower()
    text = _ends(text, test.fields.get("first_n"), test.fields.get("last_n"))
    if len(text) < len(wanted) - test.max_diffs:  # the measure below would look for the text in the wanted one
        return False
    from rapidfuzz import fuzz

    alike: float = fuzz.partial_ratio(wanted, text) / 100
    return alike >= _least_alike(wanted, test.max_diffs)


def _ends(text: str, first: int | None, last: int | None) -> str:
    if first and last:
        return text[:first] + text[-last:]
    if first:
        return text[:first]
    return text[-last:] if last else text


def _least_alike(wanted: str, max_diffs: int) -> float:
    """Compared without a tolerance, as the original does: rounding may cost the last difference allowed."""
    return 1 - max_diffs / max(len(wanted), 1)


def _is_ordered(test: UnitTest, text: str) -> bool:
    before = starts(normalised(test.fields["before"]), text, test.max_diffs)
    after = starts(normalised(test.fields["after"]), text, test.max_diffs)
    return bool(before and after) and before[0] < after[-1]


def starts(wanted: str, text: str, max_diffs: int) -> list[int]:
    """Where in `text` something begins that is `wanted` but for at most so many edits, ascending.

    Sellers' algorithm from the end of both: a row a character of `wanted`, each over all of `text` at once.
    """
    import numpy as np

    if len(text) + max_diffs < len(wanted):
        return []
    places = np.arange(len(text) + 1)
    letters = np.array([ord(character) for character in reversed(text)], dtype=np.int64)
    row = np.zeros(len(text) + 1, dtype=np.int64)
    for index, character in enumerate(reversed(wanted), start=1):
        best = np.empty_like(row)
        best[0] = index
        best[1:] = np.minimum(row[1:] + 1, row[:-1] + (letters != ord(character)))
        row = np.minimum.accumulate(best - places) + places  # an insertion's cost runs along the row
    return sorted(len(text) - int(end) for end in np.flatnonzero(row <= max_diffs))


def _has_cell(test: UnitTest, grid: Grid) -> bool:
    """Whether some cell is the wanted one and all that is asked of its surroundings holds."""
    cells = (cell for cell in grid.cells if _alike(test.fields["cell"], cell, test.max_diffs))
    return any(_fits(test, grid, cell) for cell in cells)


def _fits(test: UnitTest, grid: Grid, cell: TableCell) -> bool:
    surroundings = {side: grid.neighbours(cell, *step) for side, step in SIDES.items() if test.fields.get(side)}
    if test.fields.get("top_heading"):
        surroundings["top_heading"] = grid.top_headings(cell)
    if test.fields.get("left_heading"):
        surroundings["left_heading"] = grid.left_headings(cell)
    return all(
        any(_alike(test.fields[where], other, test.max_diffs) for other in found)
        for where, found in surroundings.items()
    )


def _alike(wanted: str, cell: TableCell, max_diffs: int) -> bool:
    from rapidfuzz import fuzz

    wanted = normalised(wanted)
    alike: float = fuzz.ratio(wanted, normalised(cell.text)) / 100
    return alike >= max(LEAST_ALIKE, _least_alike(wanted, max_diffs))
