"""Pages with what truly stands on them in blocks, and what the cpu tier read there: kept as JSON, so that a second run
needs no engine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from benchmarks.accuracy.reading import tell
from benchmarks.accuracy.sets import Page, pages_of, sample
from benchmarks.peers.ours import FORMATS
from ocrchat.blocks import BBox, BlockType, union
from ocrchat.pages import PageResult, PageTask
from vlm_page.written import WrittenBlock, WrittenCell

SETS = ("receipts", "layout", "pages", "languages", "tesseract")
SAME_ROW = 0.5  # of the lower one's height: parts of a receipt that overlap so far stand in one row
NEXT_BLOCK = 0.6  # of a row's height: what is so far below is the next block
TYPES: dict[str, BlockType] = {
    "title": "heading",
    "table": "table",
    "equation_isolated": "formula",
    "header": "header",
    "footer": "footer",
    "page_number": "footer",
}


@dataclass(frozen=True, slots=True)
class TrueBlock:
    """`bbox` in px of the image; None where only the text is known."""

    written: WrittenBlock
    bbox: BBox | None


@dataclass(frozen=True, slots=True)
class TruePage:
    set: str
    path: Path
    reading: PageResult
    blocks: tuple[TrueBlock, ...]


def true_pages(data: Path, cache: Path, limit: int | None) -> list[TruePage]:
    """At most `limit` of each set, evenly taken: those that are upright and on which there is text."""
    cache.mkdir(parents=True, exist_ok=True)
    found = []
    for name in SETS:
        if not (data / name).is_dir():
            continue
        upright = [page for page in pages_of(data, name) if not page.turned]
        for page in sample(upright, limit):
            blocks = tuple(_blocks(page))
            reading = _read(page.path, cache)
            if blocks and reading.blocks and not reading.rotation:
                found.append(TruePage(name, page.path, reading, blocks))
    return found


def _read(path: Path, cache: Path) -> PageResult:
    kept = cache / f"{path.parent.name}__{path.name}.json"
    if not kept.exists():
        from ocr_page.reader import read_page

        tell(f"reading {path.parent.name} {path.name}")
        result = read_page(path.read_bytes(), PageTask(0, FORMATS[path.suffix.lower()]))
        kept.write_text(json.dumps(result.as_json(words=True)))
    return PageResult.from_json(json.loads(kept.read_text()))


def _blocks(page: Page) -> Iterator[TrueBlock]:
    truth = page.path.parent / f"{page.name}.gt.json"
    boxed: dict[str, Callable[[Any], Iterator[TrueBlock]]] = {"receipts": _of_receipt, "layout": _of_layout}
    if page.set in boxed:
        yield from boxed[page.set](json.loads(truth.read_text()))
        return
    for paragraph in re.split(r"\n\s*\n", page.truth):
        if paragraph.strip():
            yield TrueBlock(WrittenBlock("text", paragraph.strip()), None)


def _of_receipt(parts: list[dict[str, Any]]) -> Iterator[TrueBlock]:
    """Rows of what stands side by side, and blocks of rows without room between them."""
    rows: list[list[tuple[BBox, str]]] = []
    for part in sorted(parts, key=lambda part: sum(part["box"][1::2])):
        box = _around(part["box"])
        if rows and _is_beside(rows[-1][0][0], box):
            rows[-1].append((box, part["text"]))
        else:
            rows.append([(box, part["text"])])
    blocks: list[list[list[tuple[BBox, str]]]] = []
    for row in rows:
        top, height = row[0][0][1], row[0][0][3] - row[0][0][1]
        if blocks and top - blocks[-1][-1][0][0][3] < NEXT_BLOCK * height:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    for block in blocks:
        text = "\n".join(" ".join(said for _, said in sorted(row)) for row in block)
        yield TrueBlock(WrittenBlock("text", text), union(box for row in block for box, _ in row))


def _is_beside(one: BBox, other: BBox) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared >= SAME_ROW * min(one[3] - one[1], other[3] - other[1])


def _of_layout(truth: dict[str, Any]) -> Iterator[TrueBlock]:
    """Of OmniDocBench, in order, what stands in the margins last."""
    blocks = [block for block in truth["layout"] if not block.get("ignore")]
    for block in sorted(blocks, key=lambda block: block.get("order") or len(blocks)):
        kind = TYPES.get(block["category_type"], "text")
        if kind == "table":
            reader = _Rows()
            reader.feed(block["html"])
            written = WrittenBlock("table", "", rows=tuple(tuple(row) for row in reader.rows))
        else:
            text = (block.get("text") or block.get("latex") or "").strip()
            written = WrittenBlock(kind, text)
        if written.text or written.rows:
            yield TrueBlock(written, _around(block["poly"]))


def _around(corners: list[float]) -> BBox:
    return (min(corners[::2]), min(corners[1::2]), max(corners[::2]), max(corners[1::2]))


class _Rows(HTMLParser):
    """The rows of a table in HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[WrittenCell]] = []
        self._cell: WrittenCell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            spans = {name: int(value or 1) for name, value in attrs if name in ("rowspan", "colspan")}
            self._cell = WrittenCell("", spans.get("rowspan", 1), spans.get("colspan", 1), tag == "th")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.rows[-1].append(self._cell)
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            cell = self._cell
            self._cell = WrittenCell(cell.text + data.strip(), cell.row_span, cell.column_span, cell.is_header)
