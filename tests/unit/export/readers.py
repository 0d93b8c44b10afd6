"""Reads files of the download formats as programs do that open them, and gives the text that is found in them."""

from __future__ import annotations

import csv
import re
import unicodedata
from html.parser import HTMLParser
from io import StringIO

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ocrchat import markers

_HIDDEN = ("Cc", "Cs", "Cf", "Cn", "Zs", "Zl", "Zp")


class _Kept(dict[int, int | None]):
    """Of each character whether it is kept: what `str.translate` takes, filled as it asks."""

    def __missing__(self, code: int) -> int | None:
        hidden = code == 0xFFFD or unicodedata.category(chr(code)) in _HIDDEN
        return self.setdefault(code, None if hidden else code)


_KEPT = _Kept()


def bare(text: str) -> str:
    """`text` without white space, and without what a format may leave out or replace: controls, lone surrogates,
    characters that are none, and those that have no look of their own."""
    return text.translate(_KEPT)


def read_txt(file: bytes) -> str:
    return file.decode()


def read_csv(file: bytes) -> str:
    """All fields, without apostrophes: one that defuses a field looks like one of the text."""
    rows = csv.reader(StringIO(file.decode("utf-8-sig"), newline=""), strict=True)
    return "\n".join(field for row in rows for field in row).replace("'", "")


def read_md(file: bytes) -> str:
    """What is shown, and what the comments say, which are all that is not."""
    return "\n".join(said for _, said in blocks_of(file.decode()))


def without_bullet(item: str) -> str:
    """An item of a list as Markdown has it, which shows bullets of its own."""
    found = markers.markers_of(item)
    return item[found[0].length :] if found and found[0].kind == "bullet" else item


def of_formula(text: str) -> str:
    """A formula without the signs around it, and without those that escape and are escaped in it."""
    text = text.strip()
    for opening, closing in (("\\[", "\\]"), ("\\(", "\\)")):
        if text.startswith(opening) and text.endswith(closing):
            text = text[2:-2]
    return re.sub(r"[\\$]", "", text)


def blocks_of(markdown: str) -> list[tuple[str, str]]:
    """(kind, text) of each block of a Markdown document, whose kind is `p`, `h1` to `h6`, `li`, `th`, `td` or `comment`,
    behind `> ` what stands in a quotation. Raises AssertionError for anything else, and for markup within a block."""
    found: list[tuple[str, str]] = []
    kinds: list[str] = []
    number: int | None = None
    for token in _PARSER.parse(markdown):
        quoted = "> " * kinds.count("blockquote")
        if token.type == "html_block":
            found += ((quoted + kind, text) for kind, text in _html(token.content))
        elif token.type == "inline":
            item = "li" in kinds
            marker = f"{number}. " if item and number is not None else ""
            found.append((quoted + ("li" if item else kinds[-1]), marker + _shown(token)))
            number = number + 1 if item and number is not None else None
        elif token.nesting == 1:
            assert token.tag in _TAGS, token
            if token.tag in ("ol", "ul"):
                number = int(token.attrs.get("start", 1)) if token.tag == "ol" else None
            kinds.append(token.tag)
        else:
            assert token.nesting == -1, token
            kinds.pop()
    return found


_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_TAGS = (
    "blockquote",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
)


def _shown(token: Token) -> str:
    """The text of a block without markup. In a formula, a reader that knows none sees emphasis and code."""
    children = token.children or []
    if re.fullmatch(r"\$\$ .* \$\$|\$[^$\s](.*[^\s\\])?\$", token.content):
        assert not {child.type for child in children} & {"html_inline", "link_open", "image"}, token
        return of_formula(token.content)
    assert {child.type for child in children} <= {"text", "softbreak"}, token
    return "".join(child.content or "\n" for child in children)


def _html(content: str) -> list[tuple[str, str]]:
    """A comment, or a table; nothing stands beside it."""
    reader = _Html()
    reader.feed(content)
    reader.close()
    return reader.found


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("table", "tr", "th", "td"), tag
        assert {name for name, _ in attrs} <= {"rowspan", "colspan"}, attrs
        self._inside = tag in ("th", "td")
        if self._inside:
            self.found.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            kind, text = self.found[-1]
            self.found[-1] = kind, text + data
        else:
            assert not data.strip(), data

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)
