"""Writes the document of a job page by page, so that memory does not grow with the number of pages.

Two files come out: the job object of the API, and the same with lines and words. Each is valid JSON; its `text` and
`markdown` are the pages' joined by a blank line.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import IO, Any

from ocrchat.pages import Notice, PageResult


class Document:
    """Collects pages in order into part files inside `folder`, then writes the whole with what is only known then."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts = {name: (folder / name).open("w+b") for name in ("text", "markdown", "blocks", "words")}
        self._pages = 0
        self._confidence = 0.0
        self._characters = 0
        self.unread: dict[int, Notice] = {}
        self.languages: Counter[str] = Counter()
        self.warnings: dict[str, tuple[str, list[int]]] = {}

    @property
    def mean_confidence(self) -> float | None:
        """Weighted by characters over all pages; None for a document without text."""
        return round(self._confidence / self._characters, 4) if self._characters else None

    def add(self, page: PageResult) -> None:
        if page.error:
            self.unread[page.index] = page.error
        for warning in page.warnings:
            self.warnings.setdefault(warning.code, (warning.message, []))[1].append(page.index)
        for block in page.blocks:
            self._characters += len(block.text)
            self._confidence += block.confidence * len(block.text)
        if page.language:
            self.languages[page.language] += len(page.text)
        self._text("text", page.text)
        self._text("markdown", page.markdown)
        self._object("blocks", page.as_json(words=False))
        self._object("words", page.as_json(words=True))
        self._pages += 1

    def write(self, job: dict[str, Any], *, words: bool) -> Path:
        """The job object with its text and pages, as a file; `job` is the object without them."""
        path = self._folder / ("words.json" if words else "document.json")
        with path.open("wb") as out:
            out.write(_json(job)[:-1])
            for name in ("text", "markdown"):
                out.write(b',"%s":"' % name.encode())
                self._copy(name, out)
                out.write(b'"')
            out.write(b',"pages":[')
            self._copy("words" if words else "blocks", out)
            out.write(b"]}")
        return path

    def close(self) -> None:
        for part in self._parts.values():
            part.close()

    def _text(self, name: str, text: str) -> None:
        part = self._parts[name]
        if text:
            joint = b"\\n\\n" if part.tell() else b""
            part.write(joint + _json(text)[1:-1])

    def _object(self, name: str, data: dict[str, Any]) -> None:
        self._parts[name].write((b"," if self._pages else b"") + _json(data))

    def _copy(self, name: str, out: IO[bytes]) -> None:
        part = self._parts[name]
        part.seek(0)
        shutil.copyfileobj(part, out, 1 << 20)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
