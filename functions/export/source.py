"""What a renderer is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ocrchat.jobs import Job
from ocrchat.pages import PageResult


@dataclass(frozen=True, slots=True)
class Source:
    """A job that is done. `pages` come one after the other, once, in order and without a gap, with lines and words; one
    that could not be read has an `error` and no blocks. `original` is the file that was sent; None where it has been
    deleted, or is not needed."""

    job: Job
    pages: Iterable[PageResult]
    original: Path | None = None


Renderer = Callable[[Source, IO[bytes]], None]
"""Writes the whole file, from its beginning, into a binary file that can seek. May raise a RequestError."""
