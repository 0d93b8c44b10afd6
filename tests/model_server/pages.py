"""Understands a request that asks about a page: its lines, the size of its picture, and what the answer may hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.model_server.pictures import size_of

ROW = re.compile(r"(\d+)\t(-?\d+),(-?\d+),(-?\d+),(-?\d+)\t(\".*\")")
LANGUAGE = re.compile(r"translat\w*[^.\n]*?(?:\(|`|\bcode )([a-z]{2,3}(?:-[A-Za-z]{2,4})?)\b", re.IGNORECASE)
"""The code of the language to translate into, wherever the request says it: "Translate into French (fr)"."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """`bbox` in px of the picture as it was sent."""

    number: int
    bbox: tuple[int, int, int, int]
    text: str


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`schema` is None where the request has none. `translate_to` is None where none is asked for, `xx` where the
    request does not say into what."""

    lines: tuple[PageLine, ...]
    width: int
    height: int
    schema: Mapping[str, Any] | None
    field_names: tuple[str, ...] = ()
    translate_to: str | None = None


class NoPage(ValueError):
    """The request does not ask about a page in the form that is known here."""


def page_of(body: Mapping[str, Any]) -> PageRequest:
    """Raises NoPage."""
    content = body["messages"][0]["content"]
    blocks = content if isinstance(content, list) else [{"type": "text", "text": content}]
    said = "\n".join(block["text"] for block in blocks if block["type"] == "text")
    pictures = [block for block in blocks if block["type"] == "image"]
    parts = re.split(r"^<lines>\n|^</lines>$", said, flags=re.MULTILINE)
    if len(parts) != 3 or len(pictures) != 1:
        raise NoPage("one image and one text with rows between <lines> and </lines> are expected")
    before, rows, after = parts
    width, height = size_of(pictures[0]["source"], "image")
    told = f"{_system(body)}\n{before}\n{after}"
    schema = _schema_of(body, told)
    properties = _properties(schema, schema or {})
    wants_translation = schema is not None and "translation" in _properties(
        schema, _items(schema, properties, "blocks")
    )
    language = LANGUAGE.search(told)
    return PageRequest(
        tuple(_lines(rows)),
        width,
        height,
        schema,
        _field_names(schema, properties),
        (language[1] if language else "xx") if wants_translation else None,
    )


def _system(body: Mapping[str, Any]) -> str:
    system = body.get("system", "")
    return system if isinstance(system, str) else "\n".join(block["text"] for block in system)


def _lines(rows: str) -> Iterator[PageLine]:
    for row in rows.splitlines():
        match = ROW.fullmatch(row)
        if match is None:
            raise NoPage(f"a row of lines is number, box and JSON string with tabs between them, not {row!r}")
        x0, y0, x1, y1 = (int(value) for value in match.groups()[1:5])
        yield PageLine(int(match[1]), (x0, y0, x1, y1), json.loads(match[6]))


def _schema_of(body: Mapping[str, Any], told: str) -> Mapping[str, Any] | None:
    """Of `output_config`, else the first JSON object with `properties` in the text."""
    if "output_config" in body:
        schema: Mapping[str, Any] = body["output_config"]["format"]["schema"]
        return schema
    decoder = json.JSONDecoder()
    for start in (match.start() for match in re.finditer(r"\{", told)):
        try:
            found, _ = decoder.raw_decode(told, start)
        except ValueError:
            continue
        if isinstance(found, dict) and "properties" in found:
            return found
    return None


def resolved(root: Mapping[str, Any] | None, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """`schema` itself, or what it refers to; of alternatives the one that is not null."""
    if "$ref" in schema and root is not None:
        return resolved(root, root["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    for part in schema.get("anyOf", ()):
        if part.get("type") != "null":
            return resolved(root, part)
    return schema


def _properties(root: Mapping[str, Any] | None, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    properties: Mapping[str, Any] = resolved(root, schema).get("properties", {})
    return properties


def _items(root: Mapping[str, Any] | None, properties: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    items: Mapping[str, Any] = resolved(root, properties.get(name, {})).get("items", {})
    return items


def _field_names(root: Mapping[str, Any] | None, properties: Mapping[str, Any]) -> tuple[str, ...]:
    if "fields" not in properties:
        return ()
    name = resolved(root, _properties(root, _items(root, properties, "fields")).get("name", {}))
    return tuple(name.get("enum", ())) or tuple(filter(None, [name.get("const")]))
