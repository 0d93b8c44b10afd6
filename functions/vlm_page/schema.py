"""The JSON Schema that an answer follows. Every member is required and none may be added, as structured outputs want
it; what a page has not is null or empty."""

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
    cell = _object(
        {"text": _TEXT, "row_span": {"type": "integer"}, "column_span": {"type": "integer"},
         "is_header": {"type": "boolean"}, **translation}
    )  # fmt: skip
    block = _object(
        {
            "type": {"type": "string", "enum": list(get_args(BlockType))},
            "level": _nullable({"type": "integer"}),
            "lines": _NUMBERS,
            "box": _nullable(_NUMBERS),
            "text": _TEXT,
            "rows": _nullable({"type": "array", "items": {"type": "array", "items": cell}}),
            **translation,
        }
    )
    members = {"language": _nullable(_TEXT), "blocks": {"type": "array", "items": block}}
    if fields:
        name = _TEXT if fields == ANY_FIELDS else {"type": "string", "enum": list(fields)}
        field = _object({"name": name, "value": _TEXT, "lines": _NUMBERS})
        members["fields"] = {"type": "array", "items": field}
    return _object(members)


def _object(members: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}


def _nullable(kind: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [kind, {"type": "null"}]}
