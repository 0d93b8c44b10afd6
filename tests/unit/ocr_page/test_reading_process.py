"""Pages are read in a process of their own: what one of them does to it is told, and the next one is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ocr_page import pdf
from ocr_page.reader import read_page
from ocr_page.reading_process import ReadingProcess
from ocrchat.errors import PageCrashed, PageTimedOut, PageUnreadable
from ocrchat.limits import LIMITS
from ocrchat.pages import PageResult, PageTask, PreparedPage
from tests.data import make_files as make
from tests.hostile.corpus import pdfs

TASK = PageTask(3, "pdf", "auto")
GOOD = make.digital_pdf(1)


SHORT_OF_MEMORY = f"""
import sys
sys.path[:] = {sys.path!r}
from dataclasses import replace
from ocr_page import reading_process
from ocrchat.errors import PageUnreadable
from tests.unit.ocr_page.test_reading_process import TASK, make, reads_on

reading_process.LIMITS = replace(reading_process.LIMITS, reader_memory_bytes=20_000_000)
process = reading_process.ReadingProcess()
try:
    process.read(make.sized_pdf(14_400, 14_400), TASK, prepare=False)
except PageUnreadable:
    print("refused, and reads on" if reads_on(process) else "refused, and reads no more")
process.close()
"""


@pytest.fixture(scope="module")
def process() -> Iterator[ReadingProcess]:
    """Its pages may take a second of CPU to be drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "LIMITS", replace(LIMITS, page_draw_cpu_s=1.0))
        made = ReadingProcess()
        yield made
        made.close()


def reads_on(process: ReadingProcess) -> bool:
    result = process.read(GOOD, TASK, prepare=False)
    return isinstance(result, PageResult) and "Page number 1" in result.text


def test_a_page_is_read_as_it_is_without_a_process_of_its_own(process: ReadingProcess) -> None:
    assert process.read(GOOD, TASK, prepare=False) == PageResult.from_json(read_page(GOOD, TASK).as_json(words=True))


def test_a_page_is_made_ready_for_a_model(process: ReadingProcess) -> None:
    prepared = process.read(GOOD, TASK, prepare=True)
    assert isinstance(prepared, PreparedPage)
    assert prepared.picture.startswith(b"\xff\xd8\xff")
    assert "Page number 1" in prepared.reading.text


def test_an_unreadable_page_is_told_as_itself(process: ReadingProcess) -> None:
    with pytest.raises(PageUnreadable):
        process.read(b"%PDF-1.7 and no more", TASK, prepare=False)
    assert reads_on(process)


def test_a_page_that_is_drawn_without_end_is_ended(process: ReadingProcess) -> None:
    with pytest.raises(PageTimedOut):
        process.read(pdfs.doubling_patterns(5), TASK, prepare=False)
    assert reads_on(process)


def test_after_so_many_pages_a_new_process_takes_over_and_reads_on(
    process: ReadingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocr_page.reading_process.PAGES", 2)
    process.restart()
    seen = []
    for _ in range(5):
        assert reads_on(process)
        seen.append(process._pid)
    assert seen[0] == seen[1] != seen[2] == seen[3] != seen[4]


def test_a_page_that_takes_too_much_memory_is_refused() -> None:
    """In a Python of its own: one that has run other tests has memory to give that is free and counted already."""
    done = subprocess.run([sys.executable, "-c", SHORT_OF_MEMORY], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("refused, and reads on\n", "")


def test_a_process_that_was_killed_between_pages_costs_none(process: ReadingProcess) -> None:
    os.kill(process._pid, signal.SIGKILL)
    assert reads_on(process)


def test_a_page_that_its_process_dies_of_twice_is_left_out(
    process: ReadingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocr_page.reader.read_page", lambda *_: os.kill(os.getpid(), signal.SIGSEGV))
    process.restart()
    with pytest.raises(PageCrashed):
        process.read(GOOD, TASK, prepare=False)
    monkeypatch.undo()
    process.restart()
    assert reads_on(process)
