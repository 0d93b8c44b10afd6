"""What a model says, made fit to be shown: it names no page without proof, leads nowhere and loads nothing.

The document may hold instructions that the model follows against ours. A picture that it is made to write would be
loaded by whoever shows the answer, from an address that tells what was asked; so there are no pictures, no links and no
HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection

from ocrchat.script import legible

REMOVED = "(link removed)"
"""Stands where an address stood that is on none of the pages cited."""

_MOST_PASSES = 20  # what is nested deeper is no prose; the signs that are left of it are parted

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>")
_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_JOINT = re.compile(r"\](?=[(:])|!(?=\[)|<(?=[A-Za-z/!?])")
"""Where Markdown and HTML begin what loads or leads: `](`, `]:`, `![`, `<a`."""

_PATH = r"[^\s<>\"'`|]*"
_LABEL = r"(?=[\d_-]*[^\W\d_])[\w-]{1,63}"  # of the name of a host, with a letter
_ADDRESS = re.compile(
    rf"(?:\b[A-Za-z][A-Za-z0-9+.-]{{1,31}}:)?//{_PATH}"
    rf"|\b(?i:data:|javascript:|mailto:|vbscript:|www\.){_PATH}"
    rf"|(?<![\w.@+-])(?:[\w.+-]{{1,64}}@)?(?:[\w-]{{1,63}}\.){{0,8}}{_LABEL}\.(?:[a-z]{{2,24}}|[A-Z]{{2,24}})(?![\w-])"
    rf"(?:[:/?#]{_PATH})?"
)
"""With a scheme, or the name of a host alone, which many a program makes a link of."""
_AFTER_ADDRESS = ".,:;!?()[]{}*_~\u3002\uff0c\u3001\uff1b\uff1a\uff01\uff1f\uff09\u3011\u300d"

_MARKER = re.compile(
    r"([ \t]*)[(\[\uff08]\s*(?:pp?\.?|pages?)\s*(\d{1,6}(?:[\s,;&\u2013-]+\d{1,6}){0,50})\s*[)\]\uff09]", re.IGNORECASE
)
_PAGES = re.compile(r"(\d+)(?:\s*[\u2013-]\s*(\d+))?")


def presentable(text: str, pages: Collection[int], is_quoted: Callable[[str], bool]) -> str:
    """Plain text, or Markdown without links, pictures and HTML. `pages` are those with a citation, from 1: others are
    not named in markers such as "(p. 3)". Of addresses those stay that are quoted from the document."""
    text = _unlinked(legible(text))
    text = _MARKER.sub(lambda marker: _of_pages(marker, pages), text)
    text = _ADDRESS.sub(lambda address: _quoted(address[0], is_quoted), text)
    return _JOINT.sub(r"\g<0> ", text).strip()


def _unlinked(text: str) -> str:
    """Without what loads or leads, however it is nested and disguised."""
    for _ in range(_MOST_PASSES):
        before = text
        text = _ESCAPE.sub(r"\1", html.unescape(text))
        text = _TAG.sub("", _AUTOLINK.sub(r"\1", _LINK.sub(r"\1", text)))
        if text == before:
            break
    return text


def _quoted(address: str, is_quoted: Callable[[str], bool]) -> str:
    bare = address.rstrip(_AFTER_ADDRESS)
    return address if is_quoted(bare) else REMOVED + address[len(bare) :]


def _of_pages(marker: re.Match[str], pages: Collection[int]) -> str:
    """The marker with those of its pages that are cited; nothing where there are none."""
    ranges = [(int(first), int(last or first)) for first, last in _PAGES.findall(marker[2])]
    kept = [page for page in sorted(pages) if any(first <= page <= last for first, last in ranges)]
    return f"{marker[1]}(p. {', '.join(map(str, kept))})" if kept else ""
