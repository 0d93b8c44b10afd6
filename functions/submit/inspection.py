"""What travels between `inspect` and `submit`: facts or a refusal, as JSON.

A module of its own because `inspect` has neither the web framework nor anything else that acceptance needs.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from ocrchat import errors
from ocrchat.errors import OcrChatError, Overloaded

if TYPE_CHECKING:
    from .intake import FileFacts


def refusal(error: dict[str, Any]) -> OcrChatError:
    """The error that `inspect` reported, as itself."""
    try:
        return errors.from_json(error, errors.RequestError)
    except LookupError:
        return Overloaded("The file could not be examined: try again")


def as_facts(facts: FileFacts) -> dict[str, Any]:
    """FileFacts as JSON."""
    data = dataclasses.asdict(facts)
    return data | {"warnings": [warning.as_json() for warning in facts.warnings]}
