"""The text fields of a small body, JSON or a form."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Depends, Request

from ocrchat.errors import ParameterInvalid

MOST_BYTES = 10_000
MOST_DIGITS = 10


async def fields_of(request: Request) -> dict[str, str]:
    """Raises ParameterInvalid."""
    if len(await request.body()) > MOST_BYTES:
        raise ParameterInvalid(f"The body may have {MOST_BYTES} bytes")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        form = await request.form(max_files=0, max_fields=16, max_part_size=MOST_BYTES)
        return {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        document = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError) as error:
        raise ParameterInvalid("The body is a JSON object or a form") from error
    if not isinstance(document, dict) or not all(type(value) in (str, int) for value in document.values()):
        raise ParameterInvalid("The body is a JSON object whose values are text or whole numbers")
    return {name: str(value) for name, value in document.items()}


def whole(fields: dict[str, str], name: str) -> int:
    """Raises ParameterInvalid."""
    text = required(fields, name)
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise ParameterInvalid(f"`{name}` is a whole number", parameter=name)
    return int(text)


def required(fields: dict[str, str], name: str) -> str:
    """Raises ParameterInvalid."""
    if not fields.get(name):
        raise ParameterInvalid(f"`{name}` is missing", parameter=name)
    return fields[name]


Fields = Annotated[dict[str, str], Depends(fields_of)]
