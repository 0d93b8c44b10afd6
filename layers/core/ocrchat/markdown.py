"""A page's blocks as GitHub's Markdown. Text stays text: nothing that stands on a page is taken for markup, HTML or
mathematics, but for formulas, which are set as `$$ … $$`. A translation is a quotation behind its block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ocrchat import markers, script
from ocrchat.blocks import Block, Field
from ocrchat.table_rows import table_of_fields

HEADING_LEVEL = 2  # of a heading whose level is not known
LEFT_OUT = ("header", "footer")
NEXT_LIST = "<!-- -->"  # between two lists, which would be one without it

_ANYWHERE = re.compile(
    r"[\\`|~]"
    r"|\*(?!(?<=\s\*)\s)"  # not where it stands alone, as in 2 * 3
    r"|_(?!(?<=[^\W_]_)[^\W_])"  # not within a word
    r"|<(?=[A-Za-z/!?])"  # HTML, or an address
    r"|&(?=#?\w+;)"
)
_BRACKET = re.compile(r"\[")
_LINK = re.compile(r"\][(:\[]|\[\^|\[[ xX]\]")  # link, its definition, footnote, box to tick
_AT_THE_START = re.compile(r"[#>]|[*+-](?=\s|$)|(?:=+|:?-[-\s]*:?)$")
"""A heading, a quotation, a list; what underlines a heading or a table of one column, or is a rule."""
_NUMBER_AT_THE_START = re.compile(r"(\d{1,9})([.)])(?=\s|$)")  # numbered list
_CLOSING = re.compile(r"(?<=\s)#+$")  # of a heading

_OPENS = re.compile(r"\$(?=\S)")
_CLOSES = re.compile(r"(?<=\S)\$")
"""Between two such signs GitHub sees mathematics. It does not where a digit follows the second one; others do."""

_INLINE = re.compile(r"\$(?!\s)((?:\\.|[^\\$])+)(?<!\s)\$")
_DISPLAYED = re.compile(r"\$\$(.*)\$\$|\\\[(.*)\\\]|\\\((.*)\\\)")
_SIGNS = re.compile(r"(\\.)|[$%]")
_MARKUP_IN_A_FORMULA = re.compile(r"<(?=[A-Za-z/!?])|\](?=[(:\[])|\[(?=\^)|&(?=#?\w+;)|!(?=\[)")


def of_blocks(blocks: Sequence[Block], fields: Sequence[Field] = ()) -> str:
    """A page: a table of its fields, then its blocks, each with its translation, divided by blank lines. Running
    headers and footers, which would stand in the midst of the text where pages are put together, are left out."""
    parts: list[str] = []
    if fields:
        from ocrchat import table_markdown

        parts.append(table_markdown.of_table(table_of_fields(fields)))
    before = None
    for block in blocks:
        if block.type in LEFT_OUT:
            continue
        if text := _block(block):
            if before == block.type == "list":
                parts.append(NEXT_LIST)
            parts.append(text)
            before = block.type
        if (translated := block.translated) and (text := _block(translated)):
            parts.append(quoted(text))
            before = None
    return "\n\n".join(parts)


def quoted(text: str) -> str:
    """Lines as a quotation, in which a block of several lines, and blank ones in it, stay one."""
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def escape(line: str, *, dollars: bool = False) -> str:
    """One line of text such that a Markdown reader shows just that; white space around it, which could make it a block
    of code, is left out. `dollars`: those are escaped, too."""
    line = _ANYWHERE.sub(r"\\\g<0>", line.strip())
    if _LINK.search(line) or not _is_balanced(line):
        line = _BRACKET.sub(r"\\[", line)
    if dollars:
        line = line.replace("$", "\\$")
    if _AT_THE_START.match(line):
        return "\\" + line
    if number := _NUMBER_AT_THE_START.match(line):
        return f"{number[1]}\\{line[number.end(1) :]}"
    return line


def may_be_mathematics(text: str) -> bool:
    """Whether dollar signs in a text could be taken for those around a formula: not in `$5 and $6`."""
    opening = _OPENS.search(text)
    return opening is not None and ("$$" in text or _CLOSES.search(text, opening.end()) is not None)


def comment(text: str) -> str:
    """A comment, which is not shown; no text ends it early."""
    return f"<!-- {re.sub(r'-(?=[->])', '- ', ' '.join(text.split()))} -->"


def _is_balanced(line: str) -> bool:
    """Whether the line closes the brackets that it opens, and no other: then no link can reach over its end."""
    if "[" not in line and "]" not in line:
        return True
    depth = 0
    for character in line:
        depth += (character == "[") - (character == "]")
        if depth < 0:
            return False
    return depth == 0


def _block(block: Block) -> str:
    if block.type == "table":
        from ocrchat import table_markdown

        return table_markdown.of_block(block)
    lines = [line for line in script.legible(block.text).split("\n") if line.strip()]
    if not lines:
        return ""
    if block.type == "formula":
        return _formula(" ".join(line.strip() for line in lines))
    if block.type == "list":
        return "".join(_items(lines))
    dollars = may_be_mathematics("\n".join(lines))
    if block.type == "heading":
        line = escape(" ".join(lines), dollars=dollars)
        return "#" * (block.level or HEADING_LEVEL) + " " + _CLOSING.sub(r"\\\g<0>", line)
    return "\n".join(escape(line, dollars=dollars) for line in lines)


def _items(lines: Sequence[str]) -> Iterator[str]:
    """The items of a list, and what stands between each two of them. A Markdown reader counts on from the first number
    by itself: where the count is another one, or bullets follow numbers, the next list begins."""
    items = [_item(line) for line in lines]
    yield items[0][1]
    for (before, _), (after, item) in pairwise(items):
        if before is None or after is None:
            yield "\n" if before is after else "\n\n"
        else:
            yield "\n" if after == before + 1 else f"\n\n{NEXT_LIST}\n\n"
        yield item


def _item(line: str) -> tuple[int | None, str]:
    """(its number, Markdown) of an item: all bullets become dashes, numbers stay; what is counted otherwise keeps its
    sign."""
    found = markers.markers_of(line)
    if found:
        marker = found[0]
        rest = line[marker.length :]
        dollars = may_be_mathematics(rest)
        if marker.kind == "bullet":
            return None, "- " + escape(rest, dollars=dollars)
        sign = f"{marker.value}. "
        if marker.kind == "number" and line.lstrip().startswith(sign[:-1]) and marker.sign == ".":
            return marker.value, sign + escape(rest, dollars=dollars)
    return None, "- " + escape(line, dollars=may_be_mathematics(line))


def _formula(text: str) -> str:
    """A formula on a line of its own; one that comes between single dollar signs stays so. Its own signs of the dollar
    cannot end it, and a reader that knows no mathematics finds no link and no HTML in it: a blank, which says nothing
    in LaTeX, takes them apart."""
    if inline := _INLINE.fullmatch(text):
        return f"${_defused(inline[1])}$"
    if displayed := _DISPLAYED.fullmatch(text):
        text = (displayed[1] or displayed[2] or displayed[3] or "").strip()
    return f"$$ {_defused(text)} $$"


def _defused(formula: str) -> str:
    escaped = _SIGNS.sub(lambda sign: sign[0] if sign[1] else "\\" + sign[0], formula)
    return _MARKUP_IN_A_FORMULA.sub(r"\g<0> ", escaped)
