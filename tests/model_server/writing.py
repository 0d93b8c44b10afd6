"""What a good model would write about a page, from the lines that it was given: it reads them right and loses none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from tests.model_server.pages import PageLine, PageRequest, resolved

Block = dict[str, Any]

GAP = 0.9
"""Times the height of a line: a larger gap below it begins another block."""
HEADING = 1.35
"""Times the usual height of a line."""
ITEM = re.compile(r"\s*(?:[-•*–]|\d{1,2}[.)])\s+\S")
AMOUNT = re.compile(r"[\d.,:/-]*\d[\d.,:/-]*")
CODE = re.compile(r"[-\w]+")


def written(page: PageRequest, blocks: Sequence[Block] | None = None) -> dict[str, Any]:
    """The answer: of `blocks` where the truth is known, else of those that the lines make; with what else the schema
    asks for, and nothing that it has no place for."""
    found = [dict(block) for block in (blocks_of(page.lines) if blocks is None else blocks)]
    if page.translate_to is not None:
        for block in found:
            _translate(block, page.translate_to)
    answer = {"language": "en" if page.lines else None, "blocks": found, "fields": list(_fields(page))}
    if page.schema is None:
        return answer
    fitting: dict[str, Any] = fit(answer, page.schema, page.schema)
    return fitting


def fit(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """`value` without the members that `schema` does not know, and with null for those that it requires."""
    schema = resolved(root, schema)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        kept = {name: fit(part, properties[name], root) for name, part in value.items() if name in properties}
        return dict.fromkeys(schema.get("required", ())) | kept
    if isinstance(value, list):
        return [fit(part, schema.get("items", {}), root) for part in value]
    return value


def blocks_of(lines: Sequence[PageLine]) -> list[Block]:
    """Typed blocks, in the order of their lines."""
    if not lines:
        return []
    usual = median(_height(line) for line in lines)
    blocks: list[Block] = []
    for rows in _runs(_rows(lines)):
        members = [line for row in rows for line in row]
        numbers = [line.number for line in members]
        if len(rows) > 1 and len(rows[0]) > 1:
            blocks.append(_block("table", "", numbers, rows=_table(rows)))
        elif all(ITEM.match(line.text) for line in members):
            blocks.append(_block("list", "\n".join(line.text for line in members), numbers))
        elif len(members) == 1 and _height(members[0]) >= HEADING * usual:
            blocks.append(_block("heading", members[0].text, numbers, level=1))
        else:
            blocks.append(_block("text", joined(members), numbers))
    return blocks


def joined(lines: Sequence[PageLine]) -> str:
    """A paragraph of its lines, hyphenation undone."""
    text = ""
    for line in lines:
        if text.endswith("-") and line.text[:1].islower():
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}".strip()
    return text


def _block(kind: str, text: str, lines: list[int], *, level: int | None = None, rows: Any = None) -> Block:
    return {"type": kind, "level": level, "lines": lines, "text": text, "rows": rows}


def _height(line: PageLine) -> int:
    return max(1, line.bbox[3] - line.bbox[1])


def _rows(lines: Sequence[PageLine]) -> Iterator[list[PageLine]]:
    """Lines that follow one another at the same height, from left to right."""
    row: list[PageLine] = []
    for line in lines:
        if row and not _beside(row[-1], line):
            yield row
            row = []
        row.append(line)
    yield row


def _beside(left: PageLine, right: PageLine) -> bool:
    overlap = min(left.bbox[3], right.bbox[3]) - max(left.bbox[1], right.bbox[1])
    return right.bbox[0] >= left.bbox[2] and overlap > 0.5 * min(_height(left), _height(right))


def _runs(rows: Iterator[list[PageLine]]) -> Iterator[list[list[PageLine]]]:
    """Rows that belong together: close below one another, of as many lines, of about the same height."""
    run: list[list[PageLine]] = []
    for row in rows:
        if run and not _continues(run[-1], row):
            yield run
            run = []
        run.append(row)
    yield run


def _continues(above: list[PageLine], below: list[PageLine]) -> bool:
    first, second = above[0], below[0]
    height = min(_height(first), _height(second))
    gap = second.bbox[1] - first.bbox[3]
    same = max(_height(first), _height(second)) < HEADING * height and len(above) == len(below)
    across = min(first.bbox[2], second.bbox[2]) > max(first.bbox[0], second.bbox[0])
    listed = bool(ITEM.match(first.text)) == bool(ITEM.match(second.text))
    return same and across and listed and -height < gap < GAP * height


def _table(rows: Sequence[Sequence[PageLine]]) -> list[list[Block]]:
    return [
        [{"text": line.text, "row_span": 1, "column_span": 1, "is_header": number == 0} for line in row]
        for number, row in enumerate(rows)
    ]


def translated(text: str, language: str) -> str:
    """Nobody's language, but plainly which text it is of: `[fr] text`, line by line."""
    return "\n".join(f"[{language}] {line}" for line in text.split("\n")) if text else ""


def _translate(block: Block, language: str) -> None:
    block.setdefault("translation", translated(block["text"], language))
    for row in block.get("rows") or ():
        for cell in row:
            cell.setdefault("translation", translated(cell["text"], language))


def _fields(page: PageRequest) -> Iterator[Block]:
    """Of each name the first line that has all its words: what stands behind the colon, else its last number or
    code."""
    for name in page.field_names:
        words = name.lower().split("_")
        for line in page.lines:
            if all(word in line.text.lower() for word in words) and (value := _value(line.text)):
                yield {"name": name, "value": value, "lines": [line.number]}
                break


def _value(text: str) -> str:
    _, colon, behind = text.partition(":")
    if colon and behind.strip():
        return behind.strip()
    found = AMOUNT.findall(text) or [word for word in CODE.findall(text)[1:] if word.isupper()]
    return found[-1] if found else ""
