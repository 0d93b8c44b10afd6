"""What of a document could not be searched, so that "not found" is no more than it is."""

from __future__ import annotations

from .retrieval import Index


def gaps(index: Index) -> str:
    """Sentences; empty where all of the document was."""
    found = []
    if index.coverage.unread:
        found.append(f"{index.coverage.unread} of {index.coverage.pages} pages could not be read.")
    if not index.is_whole:
        found.append("The document is too long for all of it to be searched.")
    return " ".join(found)
