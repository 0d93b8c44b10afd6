"""Running heads and feet that can become Word's own: those that all pages of a section share but for the page's
number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .paragraphs import Paragraph
from .runs import Setting
from .sheets import Piece, Sheet
from .xml import clean

Which = Literal["header", "footer"]

NUMBER = "\x01"  # stands for the page's number in a text that is clean otherwise
LONGEST = 300  # characters of a head: in one that fills the page, programs find no room for the text
LEAST_HEIGHT = 216.0  # pt of a page that has room for heads and feet beside its text
LEAST_PAGES = 2  # from which on a number that counts up is the page's
FIRST_THIRD, LAST_THIRD = 0.4, 0.6  # of the page's width: where the middle of what stands left, or right, ends

_NUMBERS = re.compile(r"(?<![\d.,])(?:0|[1-9][0-9]{0,3})(?![\d.,]*\d)")
_FIELD = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


@dataclass(frozen=True, slots=True)
class Heads:
    """The pieces of a head or a foot, with texts in which NUMBER stands for the page's number, and their translations,
    empty where there are none; `offset` is that of a page minus its index, None where there is no number.
    `first_differs`: the first page has its own, `first`."""

    pieces: tuple[Piece, ...] = ()
    texts: tuple[str, ...] = ()
    translations: tuple[str, ...] = ()
    offset: int | None = None
    first_differs: bool = False
    first: tuple[Piece, ...] = ()


def shared(sheets: Sequence[Sheet], which: Which) -> Heads | None:
    """None where pages differ in more than their number, or have no room for a head: then each keeps its own. Empty
    pages say nothing."""
    told = [sheet for sheet in sheets if sheet.pieces]
    if not told or sheets[0].height < LEAST_HEIGHT:
        return None
    pieces = [of(sheet, which) for sheet in told]
    if any(sum(map(len, (*texts_of(found), *translations_of(found)))) > LONGEST for found in pieces):
        return None
    indexes = [sheet.page.index for sheet in told]
    found = _common(pieces, indexes, sheets[0].page.index)
    if found:
        return Heads(pieces[0], *found) if pieces[0] else None
    if told[0] is sheets[0] and len(told) > LEAST_PAGES and pieces[1]:
        found = _common(pieces[1:], indexes[1:], sheets[0].page.index)
        if found:
            return Heads(pieces[1], *found, first_differs=True, first=pieces[0])
    return None


def of(sheet: Sheet, which: Which) -> tuple[Piece, ...]:
    return tuple(piece for piece in sheet.pieces if piece.block.type == which)


def texts_of(pieces: Sequence[Piece]) -> tuple[str, ...]:
    return tuple(clean(piece.block.text).strip() for piece in pieces)


def translations_of(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """Empty where there are none."""
    return tuple(clean(piece.block.translation or "").strip() for piece in pieces)


def _common(
    pieces: Sequence[Sequence[Piece]], indexes: Sequence[int], first_index: int
) -> tuple[tuple[str, ...], tuple[str, ...], int | None] | None:
    """The texts with NUMBER for the page's number, the same of their translations, and its offset."""
    found = _common_texts([texts_of(some) for some in pieces], indexes, first_index)
    other = _common_texts([translations_of(some) for some in pieces], indexes, first_index)
    if found is None or other is None or other[1] not in (None, found[1]):
        return None
    return found[0], other[0], found[1]


def _common_texts(
    texts: Sequence[tuple[str, ...]], indexes: Sequence[int], first_index: int
) -> tuple[tuple[str, ...], int | None] | None:
    """The texts with NUMBER for the page's number, and its offset; `first_index` is the index of the section's first
    page, whose number cannot be negative."""
    if all(text == texts[0] for text in texts):
        return texts[0], None
    if len(texts) < LEAST_PAGES or any(len(text) != len(texts[0]) for text in texts):
        return None
    joined = ["\x00".join(text) for text in texts]
    for number, found in enumerate(_NUMBERS.finditer(joined[0])):
        offset = int(found[0]) - indexes[0]
        if first_index + offset < 0:
            continue
        templates = {_template(text, number, index + offset) for text, index in zip(joined, indexes, strict=True)}
        if len(templates) == 1 and (template := templates.pop()) is not None:
            return tuple(template.split("\x00")), offset
    return None


def _template(text: str, number: int, value: int) -> str | None:
    """`text` with NUMBER for the number of that place in it, if it is `value`."""
    found = list(_NUMBERS.finditer(text))
    if number >= len(found) or int(found[number][0]) != value:
        return None
    return text[: found[number].start()] + NUMBER + text[found[number].end() :]


def paragraphs(
    pieces: Sequence[Piece], texts: Sequence[str], which: Which, sheet: Sheet, setting: Setting, width: int
) -> list[Paragraph]:
    """One a row of the page: what stands side by side there is divided by tabs. `width` is the text's, in twips."""
    rows: list[list[tuple[Piece, str]]] = []
    for piece, text in zip(pieces, texts, strict=True):
        if not text:
            continue
        if rows and _side_by_side(rows[-1][-1][0], piece):
            rows[-1].append((piece, text))
        else:
            rows.append([(piece, text)])
    return [_row(row, which, sheet, setting, width) for row in rows]


def _side_by_side(one: Piece, other: Piece) -> bool:
    (_, top, _, bottom), (_, low, _, end) = one.block.bbox, other.block.bbox
    return min(bottom, end) - max(top, low) > 0.5 * min(bottom - top, end - low) and "\n" not in (
        one.block.text.strip() + other.block.text.strip()
    )


def _row(row: list[tuple[Piece, str]], which: Which, sheet: Sheet, setting: Setting, width: int) -> Paragraph:
    if not sheet.from_the_right:
        row = sorted(row, key=lambda entry: entry[0].block.bbox[0])
    text = "\t".join(text for _, text in row)
    right = setting.runs_from_the_right(text.replace(NUMBER, ""))
    runs = _FIELD.join(setting.runs(part, from_the_right=right) for part in text.split(NUMBER))
    style = which.capitalize()
    places = [_third(piece, sheet) for piece, _ in row]
    if len(row) == 1:
        placing = places[0] if not sheet.from_the_right else "start"
        return Paragraph(runs, style, from_the_right=right, placing=placing)
    stops = {2: ("right",), 3: ("center", "right")}.get(len(row), ())
    return Paragraph(runs, style, from_the_right=right, tabs=tuple((stop, _at(stop, width)) for stop in stops))


def _at(stop: str, width: int) -> int:
    return width if stop == "right" else width // 2


def _third(piece: Piece, sheet: Sheet) -> Literal["start", "center", "end"]:
    middle = (piece.block.bbox[0] + piece.block.bbox[2]) / 2 * sheet.scale / sheet.width
    if middle < FIRST_THIRD:
        return "start"
    return "center" if middle < LAST_THIRD else "end"
