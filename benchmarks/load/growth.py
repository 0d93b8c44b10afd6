"""Whether processes grow with the pages that they handle: kB a page after the warm-up, by function."""

from __future__ import annotations

import os
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.load import memory
from benchmarks.load.answers import Log
from benchmarks.load.clients import Visitor, document, token_of
from benchmarks.load.planning import FORMATS, Errand
from benchmarks.pipeline.bare import pages_of
from infra.local.service import Service

WARM_UP = 0.25
"""Of the pages: what engines, caches and the allocator take once."""

JOB_PAGES = 40
SCANNED_EVERY = 100
"""Of the pages that one reader is given, whose CPU is a hundred times that of the others, which are born-digital."""

SAMPLE_EVERY = 10
"""Pages."""

Points = dict[str, list[tuple[float, float]]]
"""Name -> (pages so far, kB)."""


def of_service(service: Service, pages: int) -> Points:
    """One client, one job of JOB_PAGES after the other, each downloaded in the formats that are rendered."""
    samples: list[tuple[int, memory.Processes]] = []
    done = 0
    with Visitor(service.url, token_of(service, "paid"), Log()) as visitor:
        document(JOB_PAGES, "digital")
        while done < pages:
            visitor.carry_out(Errand(JOB_PAGES, "digital", FORMATS), "paid")
            done += JOB_PAGES
            if done > WARM_UP * pages:
                samples.append((done, memory.of_service(service)))
    return memory.points(samples)


def of_reader(pages: int) -> Points:
    """A worker's reader and the process that it reads in, both new, without a service. Raises EOFError if they die."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_read, args=(theirs, pages))
    process.start()
    theirs.close()
    found: Points = ours.recv()
    process.join()
    return found


def _read(pipe: Connection, pages: int) -> None:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # as the stack does
        os.environ[name] = "1"
    digital, scanned = pages_of(document(10, "digital")), pages_of(document(10, "scanned"))
    from ocr_page.reading_process import ReadingProcess
    from ocrchat.pages import PageTask

    found: Points = {"worker of the reader": [], memory.READING: []}
    reading = ReadingProcess()
    for number in range(pages):
        kind = scanned if number % SCANNED_EVERY == 0 else digital
        reading.read(kind[number // SCANNED_EVERY % len(kind)], PageTask(number, "pdf"), prepare=False)
        if number >= WARM_UP * pages and number % SAMPLE_EVERY == 0:
            found["worker of the reader"].append((number, memory.anonymous_kb(os.getpid())))
            found[memory.READING].append((number, memory.anonymous_kb(_only_child(os.getpid()))))
    reading.close()
    pipe.send(found)


def _only_child(pid: int) -> int:
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)
