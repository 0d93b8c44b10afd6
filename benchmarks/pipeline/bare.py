"""The bare reading of the same pages: the same `read_page`, one single-threaded process a core, nothing else."""

from __future__ import annotations

import os
import sys
import time
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from tempfile import TemporaryDirectory

from ocrchat.pages import PageTask

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"


class Bare:
    """Worker processes that are warm before the first measurement."""

    def __init__(self) -> None:
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            os.environ[name] = "1"
        cores = len(os.sched_getaffinity(0))
        self._pool: Pool = get_context("spawn").Pool(cores, _prepare)
        self._pool.map(_warm, range(cores * 4), chunksize=1)

    def seconds(self, pages: list[bytes]) -> float:
        started = time.perf_counter()
        for _ in self._pool.imap_unordered(_read, enumerate(pages), chunksize=1):
            pass
        return time.perf_counter() - started

    def close(self) -> None:
        self._pool.terminate()
        self._pool.join()


def pages_of(document: bytes) -> list[bytes]:
    """The page objects that the pipeline's own split makes of it."""
    sys.path.insert(0, str(FUNCTIONS))
    from submit.splitter import split_file

    pages: list[bytes] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "original"
        path.write_bytes(document)
        import pymupdf

        with pymupdf.open(path, filetype="pdf") as pdf:
            count = len(pdf)
        split_file(path, "pdf", range(count), lambda _, data: pages.append(data))
    return pages


def _prepare() -> None:
    sys.path.insert(0, str(FUNCTIONS))


def _warm(_: int) -> None:
    from ocr_page.reader import preload

    preload()
    time.sleep(0.05)  # so that every process gets its turn


def _read(page: tuple[int, bytes]) -> None:
    from ocr_page.reader import read_page

    read_page(page[1], PageTask(page[0], "pdf"))
