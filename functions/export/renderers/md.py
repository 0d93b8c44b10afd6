"""Markdown, UTF-8."""

from __future__ import annotations

from typing import IO

from export.source import Source


def render(source: Source, out: IO[bytes]) -> None:
    """A comment stands between pages."""
    for number, page in enumerate(source.pages):
        joint = f"\n<!-- page {page.index + 1} -->\n\n" if number else ""
        out.write(joint.encode() + page.markdown.encode("utf-8", "replace") + b"\n")
