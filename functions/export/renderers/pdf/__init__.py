"""A searchable PDF: the pages as they were sent, and on those that were read from their picture the text, unseen."""

from __future__ import annotations

from typing import IO

from export.source import Source
from ocrchat.errors import OriginalDeleted

from . import existing, pictures


def render(source: Source, out: IO[bytes]) -> None:
    """Raises OriginalDeleted without the file that was sent; ParameterInvalid for a PDF that is signed and whose pages
    need text; FileCorrupt for a file that was read and yet cannot be written anew."""
    if source.original is None:
        raise OriginalDeleted
    if source.job.page_format == "pdf":
        existing.render(source.original, source.job.page_count, source.pages, out)
    else:
        pictures.render(source, source.original, out)
