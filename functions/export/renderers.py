"""Which formats there are and who writes them. Each renderer turns pages, as they come, into pieces of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Page = dict[str, Any]
"""The JSON of a PageResult."""

Renderer = Callable[[Iterable[Page]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """`render` is None where the file is the stored document itself."""

    media_type: str
    render: Renderer | None


def text(pages: Iterable[Page]) -> Iterator[bytes]:
    """Plain text, UTF-8; a form feed ends every page but the last, so that pages can be told apart and counted."""
    for number, page in enumerate(pages):
        yield (b"\f" if number else b"") + page["text"].encode("utf-8", "replace") + b"\n"


def markdown(pages: Iterable[Page]) -> Iterator[bytes]:
    """Markdown, UTF-8; a comment stands between pages."""
    for number, page in enumerate(pages):
        joint = f"\n<!-- page {page['index'] + 1} -->\n\n" if number else ""
        yield joint.encode() + page["markdown"].encode("utf-8", "replace") + b"\n"


RENDERERS = {
    "txt": Format("text/plain; charset=utf-8", text),
    "md": Format("text/markdown; charset=utf-8", markdown),
    "json": Format("application/json", None),
}
