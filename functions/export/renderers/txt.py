"""Plain text, UTF-8."""

from __future__ import annotations

from typing import IO

from export.source import Source


def render(source: Source, out: IO[bytes]) -> None:
    """A form feed stands between pages."""
    for number, page in enumerate(source.pages):
        out.write((b"\f" if number else b"") + page.text.encode("utf-8", "replace") + b"\n")
