"""The JSON Schema that an answer follows. No member may be added, as structured outputs want it, and those that most
pages have are required; what a page has not is null or empty. Cells, of which there are many, say their spans only
where they have any: a table of 600 cells takes 5,000 tokens and not 15,000."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from ocrchat.blocks import BlockType
from ocrchat.tools import ANY_FIELDS

_TEXT = {"type": "string"}
_NUMBERS = {"type": "array", "items": {"type": "integer"}}


def schema(*, translates: bool, fields: Sequence[str]) -> dict[str, Any]:
    """`fields` are the names that a tool asks for, or ANY_FIELDS, or none."""
    translation = {"translation": _TEXT} if translates else {}
    cell = _object({"text": _TEXT, **translation}, row_span={"type": "integer"}, column_span={"type": "integer"})
    block = _object(
        {
            "type": {"type": "string", "enum": list(get_args(BlockType))},
            "level": _nullable({"type": "integer"}),
            "lines": _NUMBERS,
            "box": _nullable(_NUMBERS),
            "text": _TEXT,
            "rows": _nullable({"type": "array", "items": {"type": "array", "items": cell}}),
            **translation,
        },
        header_rows={"type": "integer"},
    )
    members = {"language": _nullable(_TEXT), "blocks": {"type": "array", "items": block}}
    if fields:
        name = _TEXT if fields == ANY_FIELDS else {"type": "string", "enum": list(fields)}
        field = _object({"name": name, "value": _TEXT, "lines": _NUMBERS})
        members["fields"] = {"type": "array", "items": field}
    return _object(members)


def _object(members: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": members | optional,
        "required": list(members),
        "additionalProperties": False,
    }


def _nullable(kind: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [kind, {"type": "null"}]}
