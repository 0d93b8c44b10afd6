"""What a model cites, where a server has citations: blocks of the documents that it was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class BlockCitation:
    """The blocks `first` up to `end`, which is not among them, of a document; all count from 0, documents over the whole
    conversation. `text` is what the server says stands there. Whether there are such blocks, nobody has looked."""

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
            if not isinstance(citation, dict) or citation.get("type") != "content_block_location":
                continue
            numbers = [citation.get(name) for name in ("document_index", "start_block_index", "end_block_index")]
            text = citation.get("cited_text")
            if all(type(number) is int for number in numbers) and isinstance(text, str):
                yield BlockCitation(*numbers, text)
