"""The documents of the question set, read once: their page results are kept as JSON, so that a second run needs no
engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.accuracy.reading import tell
from benchmarks.peers.ours import FORMATS as SUFFIXES
from ocrchat.errors import PageError
from ocrchat.pages import PageResult, PageTask

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Document:
    """`pages` as the service stores them: `PageResult.as_json(words=True)`, their indices in the document's order."""

    id: str
    pages: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """`pages`, from 1, are those on each of which the answer stands; none where the document does not say it. `earlier`
    are the questions that it goes on from."""

    document: str
    question: str
    language: str
    pages: frozenset[int]
    answer: str | None
    kind: str
    held_out: bool
    earlier: tuple[str, ...] = ()

    @property
    def is_answerable(self) -> bool:
        return bool(self.pages)


def questions() -> list[Question]:
    listed = json.loads((HERE / "questions.json").read_text())
    return [
        Question(**{**asked, "pages": frozenset(asked["pages"]), "earlier": tuple(asked.get("earlier", ()))})
        for asked in listed
    ]


def documents(data: Path, kept: Path) -> list[Document]:
    """What was read is kept in the folder `kept`, a file for each file of `data`."""
    kept.mkdir(parents=True, exist_ok=True)
    listed = json.loads((HERE / "documents.json").read_text())
    return [Document(document["id"], _composed(data, kept, document["parts"])) for document in listed]


def _composed(data: Path, kept: Path, parts: list[str]) -> tuple[dict[str, Any], ...]:
    pages: list[dict[str, Any]] = []
    for part in parts:
        name, _, number = part.partition("#")
        read = _read(data / name, kept)
        pages += read[int(number) - 1 : int(number)] if number else read
    return tuple({**page, "index": index} for index, page in enumerate(pages))


@cache
def _read(path: Path, kept: Path) -> list[dict[str, Any]]:
    reading = kept / f"{path.parent.name}__{path.name}.json"
    if not reading.exists():
        tell(f"reading {path.parent.name} {path.name}")
        reading.write_text(json.dumps([page.as_json(words=True) for page in _pages(path)]))
    pages: list[dict[str, Any]] = json.loads(reading.read_text())
    return pages


def _pages(path: Path) -> Iterator[PageResult]:
    from ocr_page.reader import read_page

    page_format = SUFFIXES[path.suffix.lower()]
    for index, data in enumerate(_parts(path)):
        try:
            yield read_page(data, PageTask(index, page_format))
        except PageError as error:  # the service's own answer for such a page
            yield PageResult.unread(index, error)


def _parts(path: Path) -> Iterator[bytes]:
    """Page by page, as the service cuts a file up; of an image its first frame."""
    import pymupdf

    if path.suffix.lower() != ".pdf":
        yield path.read_bytes()
        return
    with pymupdf.open(path) as document:
        for index in range(document.page_count):
            with pymupdf.open() as single:
                single.insert_pdf(document, from_page=index, to_page=index)
                yield bytes(single.tobytes())
