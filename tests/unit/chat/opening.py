"""Indexes of documents made up for tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from chat.passages import passages_of
from chat.retrieval import Index, build

from .made import pages


@contextmanager
def opened_index(*texts: str) -> Iterator[Index]:
    """Of a document with a page of each text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        build(passages_of(pages(*texts)), path)
        with closing(Index.open(path)) as index:
            yield index
