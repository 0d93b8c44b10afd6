"""What a model cites, where a server has citations: blocks of the documents that it was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class BlockCitation:
    """The blocks `first` up to `end`, which is not among them, of a document; all count from 0, documents over the
    whole conversation. `text` is what the server says stands there. Whether there are such blocks is not known."""

    document: int
    first: int
    end: int
    text: str


def block_citations(content: Sequence[Mapping[str, Any]]) -> Iterator[BlockCitation]:
    """Of the blocks of an answer, in its order. Citations of another kind, which what we send cannot bring about, and
    those that lack a member are passed over."""
    for block in content:
        citations = block.get("citations")
        for citation in citations if isinstance(citations, list) else ():
            found = _block_citation(citation)
            if found is not None:
                yield found


def _block_citation(citation: object) -> BlockCitation | None:
    match citation:
        case {
            "type": "content_block_location",
            "document_index": int(document),
            "start_block_index": int(first),
            "end_block_index": int(end),
            "cited_text": str(text),
        } if not any(isinstance(number, bool) for number in (document, first, end)):
            return BlockCitation(document, first, end, text)
    return None
