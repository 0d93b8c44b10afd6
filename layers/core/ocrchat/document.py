"""Writes the job object with its text and pages, page by page, so that memory does not grow with the number of pages.

The file is JSON; its `text` and `markdown` are the pages' joined by a blank line. Pages come in as the JSON of their
PageResult (`as_json(words=True)`), which is what the store holds, and are not turned into objects on the way: a long
document is joined several times faster.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import IO, Any

from ocrchat.blocks import weighted_confidence
from ocrchat.pages import Notice


class Document:
    """Collects pages in order into part files inside `folder`, then writes the whole with what is only known then.

    `words` keeps the lines and words of blocks, as `?detail=words` shows them.
    """

    def __init__(self, folder: Path, *, words: bool = False) -> None:
        self._folder = folder
        self._words = words
        self._parts = {name: (folder / name).open("w+b") for name in ("text", "markdown", "pages")}
        self._confidences: list[tuple[float, int]] = []
        self.unread: dict[int, Notice] = {}
        self.languages: Counter[str] = Counter()
        self.warnings: dict[str, tuple[str, list[int]]] = {}

    @property
    def mean_confidence(self) -> float | None:
        """Weighted by characters over all pages; None for a document without text."""
        characters = sum(count for _, count in self._confidences)
        if not characters:
            return None
        return round(sum(confidence * count for confidence, count in self._confidences) / characters, 4)

    def add(self, page: dict[str, Any]) -> None:
        if page["error"]:
            self.unread[page["index"]] = Notice.from_json(page["error"])
        for warning in page["warnings"]:
            self.warnings.setdefault(warning["code"], (warning["message"], []))[1].append(page["index"])
        if page["language"]:
            self.languages[page["language"]] += len(page["text"])
        for language in page.get("languages", ()):
            self.languages[language] += 0  # known of, behind those that pages are mainly in
        blocks = page["blocks"]
        confidence = weighted_confidence((block["text"], block["confidence"]) for block in blocks)
        if confidence is not None:
            self._confidences.append((confidence, sum(len(block["text"]) for block in blocks)))
        if not self._words:
            page = without_lines(page)
        for name in ("text", "markdown"):
            if page[name]:
                self._append(name, b"\\n\\n", _json(page[name])[1:-1])
        self._append("pages", b",", _json(page))

    def write(self, job: dict[str, Any]) -> Path:
        """`job` is the object without its text and pages."""
        path = self._folder / "document.json"
        with path.open("wb") as out:
            out.write(_json(job)[:-1])
            for name in ("text", "markdown"):
                out.write(b',"%s":"' % name.encode())
                self._copy(name, out)
                out.write(b'"')
            out.write(b',"pages":[')
            self._copy("pages", out)
            out.write(b"]}")
        return path

    def close(self) -> None:
        for part in self._parts.values():
            part.close()

    def _append(self, name: str, joint: bytes, data: bytes) -> None:
        part = self._parts[name]
        part.write(joint + data if part.tell() else data)

    def _copy(self, name: str, out: IO[bytes]) -> None:
        part = self._parts[name]
        part.seek(0)
        shutil.copyfileobj(part, out, 1 << 20)


def without_lines(page: dict[str, Any]) -> dict[str, Any]:
    """A page's JSON as the API shows it unless `?detail=words` is asked for."""
    blocks = [{name: value for name, value in block.items() if name != "lines"} for block in page["blocks"]]
    return page | {"blocks": blocks}


def _json(value: object) -> bytes:
    # A lone surrogate, which JSON can carry and UTF-8 cannot, becomes a question mark.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
