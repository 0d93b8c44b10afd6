"""The way of one file through all that parses it: intake, split, the reader, the renderers that open it again.

Each step runs as its function runs it, less the store. What is no documented error of the product comes out of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from export.formats import FORMATS
from export.source import Source
from ocr_page.reader import read_page
from ocrchat.errors import FileCorrupt, OcrChatError, PageError, RequestError
from ocrchat.pages import PageFormat, PageResult, PageTask
from submit.intake import FileFacts, inspect_file
from submit.splitter import split_file
from tests.unit.export.jobs_made import JOB

Step = Literal["inspect", "split", "read", "render"]
STEPS: tuple[Step, ...] = ("inspect", "split", "read", "render")

READ_PAGES = 2
"""Of a file are read: what is said of one page is said of a thousand."""

RENDERED = ("docx", "pdf")
"""The formats whose renderers open what was sent."""


@dataclass(slots=True)
class Journey:
    """`codes` are those of the errors that the file met on its way, in order; none for one that is read."""

    path: Path
    begun: Callable[[Step], None] = lambda _: None
    codes: tuple[str, ...] = ()

    def run(self) -> None:
        try:
            self.begun("inspect")
            facts = _inspected(self.path)
            self.begun("split")
            pages = self._split(facts)
            self.begun("read")
            results = [self._read(facts.page_format, index, data) for index, data in pages.items()]
            self.begun("render")
            for name in RENDERED:
                self._render(name, facts, results)
        except RequestError as error:
            self._met(error)

    def _met(self, error: OcrChatError) -> None:
        self.codes += (error.code,)

    def _split(self, facts: FileFacts) -> dict[int, bytes]:
        if facts.as_it_came:
            return {0: self.path.read_bytes()}
        kept: dict[int, bytes] = {}

        def keep(index: int, data: bytes) -> None:
            if index < READ_PAGES:
                kept[index] = data

        failed = split_file(self.path, facts.page_format, range(facts.page_count), keep)
        return kept | {index: b"" for index in failed if index < READ_PAGES}

    def _read(self, form: PageFormat, index: int, data: bytes) -> PageResult:
        try:
            return read_page(data, PageTask(index, form))
        except PageError as error:
            self._met(error)
            return PageResult.unread(index, error)

    def _render(self, name: str, facts: FileFacts, results: list[PageResult]) -> None:
        """Raises the errors of a request: what a renderer may say of a file that was read."""
        job = replace(JOB, page_format=facts.page_format, page_count=len(results), media_type=facts.media_type)
        with TemporaryDirectory() as folder, (Path(folder) / "rendered").open("w+b") as out:
            try:
                FORMATS[name].renderer()(Source(job, iter(results), self.path), out)
            except RequestError as error:
                self._met(error)


def codes_of(data: bytes) -> tuple[str, ...]:
    """The codes that the file meets."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "original"
        path.write_bytes(data)
        journey = Journey(path)
        journey.run()
        return journey.codes


def _inspected(path: Path) -> FileFacts:
    """As `submit.handler.inspect` has it."""
    try:
        return inspect_file(path)
    except MemoryError as error:
        raise FileCorrupt from error
