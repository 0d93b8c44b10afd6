"""Between domain objects and DynamoDB items (low-level attribute values)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from ocrchat.drops import Drop
from ocrchat.jobs import Job
from ocrchat.pages import Notice

Item = dict[str, Any]
_TIMES = ("created_at", "attempt_at", "settled_at", "expires_at", "upload_expires_at", "deleted_at")


@cache
def _serializer() -> Any:
    from boto3.dynamodb.types import TypeSerializer

    return TypeSerializer()


@cache
def _deserializer() -> Any:
    from boto3.dynamodb.types import TypeDeserializer

    return TypeDeserializer()


def attribute(value: object) -> Any:
    """A plain value (str, int, float, bool, None, list, dict of such) as an attribute value."""
    return _serializer().serialize(_to_decimals(value))


def attributes(values: Mapping[str, object]) -> Item:
    return {name: attribute(value) for name, value in values.items()}


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item as plain values: whole numbers as int, others as float."""
    return {name: _from_decimals(_deserializer().deserialize(value)) for name, value in item.items()}


def _to_decimals(value: object) -> object:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {key: _to_decimals(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_to_decimals(inner) for inner in value]
    return value


def _from_decimals(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _from_decimals(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_from_decimals(inner) for inner in value]
    return value


def timestamp(moment: datetime) -> str:
    """Sorts as text in the order of time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def job_values(job: Job) -> dict[str, object]:
    """A job as plain values, without what is None."""
    values: dict[str, object] = {}
    for name in Job.__dataclass_fields__:
        value: Any = getattr(job, name)
        if name in _TIMES and value is not None:
            value = timestamp(value)
        elif name == "warnings":
            value = [warning.as_json() for warning in value]
        elif name in ("error", "drop") and value is not None:
            value = value.as_json()
        elif name == "detected_languages":
            value = list(value)
        if value is not None:
            values[name] = value
    return values


def job_from(item: Mapping[str, Any]) -> Job:
    values = plain(item)
    fields = {name: values[name] for name in Job.__dataclass_fields__ if name in values}
    for name in _TIMES:
        if name in fields:
            fields[name] = datetime.fromisoformat(fields[name])
    fields["account"] = values.get("account") or values.get("owner")
    fields["warnings"] = tuple(Notice.from_json(warning) for warning in fields.get("warnings", ()))
    fields["detected_languages"] = tuple(fields.get("detected_languages", ()))
    if "error" in fields:
        fields["error"] = Notice.from_json(fields["error"])
    if "drop" in fields:
        fields["drop"] = Drop.from_json(fields["drop"])
    return Job(**fields)
