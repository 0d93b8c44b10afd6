"""A searchable PDF: the pages as they were sent, on those that were read from their picture the text, unseen, and notes
of what was translated or named."""

from __future__ import annotations

from typing import IO

from export.source import Source
from ocrchat.errors import OriginalDeleted

from . import existing, pictures


def render(source: Source, out: IO[bytes]) -> None:
    """Raises OriginalDeleted without the file that was sent; ParameterInvalid for a PDF that is signed and whose pages
    need text or notes; FileCorrupt for a file that was read and yet cannot be written anew."""
    if source.original is None:
        raise OriginalDeleted
    if source.job.page_format == "pdf":
        existing.render(source, source.original, out)
    else:
        pictures.render(source, source.original, out)
