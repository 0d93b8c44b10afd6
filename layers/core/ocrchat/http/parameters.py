"""Parameters that several functions take, checked. Each function raises ParameterInvalid, saying what is allowed."""

from __future__ import annotations

import re

from ocrchat.errors import ParameterInvalid


def whole_number(name: str, text: str | None, lowest: int, highest: int, default: int) -> int:
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,6}", text) or not lowest <= int(text) <= highest:
        raise ParameterInvalid(f"`{name}` is a whole number from {lowest} to {highest}", parameter=name)
    return int(text)


def idempotency_key(text: str | None) -> str | None:
    """1 to 255 printable ASCII characters, as the IETF draft and its users have it."""
    if text is None:
        return None
    if not re.fullmatch(r"[!-~]{1,255}", text):
        raise ParameterInvalid(
            "`Idempotency-Key` has 1 to 255 printable ASCII characters, without spaces: a UUID, say",
            parameter="Idempotency-Key",
        )
    return text
