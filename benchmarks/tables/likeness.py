"""How like two tables are, whatever places their cells have: the neighbours that they share."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from html.parser import HTMLParser

from ocrchat.blocks import Table

Places = dict[tuple[int, int], str]
"""The text at each row and column; that of a cell which spans several stands at all of them."""

_LATEX = {"\\pm": "±", "\\sim": "~", "\\%": "%"}


def f1(one: Places, other: Places) -> float:
    """F1 of the pairs of neighbours, side by side and one below the other, with their texts."""
    mine, theirs = _neighbours(one), _neighbours(other)
    both = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / both if both else 1.0


def of_table(table: Table) -> Places:
    return {
        (cell.row + row, cell.column + column): _plain(cell.text)
        for cell in table.cells
        for row in range(cell.row_span)
        for column in range(cell.column_span)
    }


def of_html(text: str) -> Places:
    reader = _Reader()
    reader.feed(text)
    return {place: _plain(said) for place, said in reader.places.items()}


def _neighbours(places: Places) -> Counter[tuple[str, str, str]]:
    pairs: Counter[tuple[str, str, str]] = Counter()
    for (row, column), text in places.items():
        for name, place in (("beside", (row, column + 1)), ("below", (row + 1, column))):
            other = places.get(place, text)
            if other != text:  # nor are the places of one cell neighbours
                pairs[text, name, other] += 1
    return pairs


def _plain(text: str) -> str:
    for name, sign in _LATEX.items():
        text = text.replace(name, sign)
    return re.sub(r"[\s\\^{}$]", "", unicodedata.normalize("NFKC", text)).lower()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.places: Places = {}
        self._row = -1
        self._cell: list[tuple[int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._row += 1
        elif tag in ("td", "th"):
            spans = {name: int(value or 1) for name, value in attrs if name in ("rowspan", "colspan")}
            column = 0
            while (self._row, column) in self.places:
                column += 1
            self._cell = [
                (self._row + row, column + more)
                for row in range(spans.get("rowspan", 1))
                for more in range(spans.get("colspan", 1))
            ]
            self.places.update(dict.fromkeys(self._cell, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = []

    def handle_data(self, data: str) -> None:
        for place in self._cell:
            self.places[place] += data
