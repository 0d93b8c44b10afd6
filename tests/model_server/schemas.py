"""Which JSON Schemas the API can hold a model to: those that `transform_schema` of the SDK writes."""

from __future__ import annotations

from typing import Any

from tests.model_server.errors import Refused

TYPES = {"object", "array", "string", "integer", "number", "boolean", "null"}
FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
ANYWHERE = {"description", "title", "$defs"}
KEYWORDS = {
    "object": {"properties", "additionalProperties", "required"},
    "array": {"items", "minItems"},
    "string": {"format"},
}


def check_schema(schema: Any) -> None:
    """Raises Refused."""
    if not isinstance(schema, dict):
        raise Refused("output_config.format.schema: an object is required")
    _check(schema, "output_config.format.schema", schema.get("$defs", {}), ())


def _check(schema: Any, where: str, definitions: dict[str, Any], inside: tuple[str, ...]) -> None:
    """`inside`: the definitions that this one stands in."""
    if not isinstance(schema, dict):
        raise Refused(f"{where}: an object is required")
    for name, definition in schema.get("$defs", {}).items():
        _check(definition, f"{where}.$defs.{name}", definitions, (*inside, name))
    if "$ref" in schema:
        _check_reference(schema, where, definitions, inside)
    elif "anyOf" in schema or "allOf" in schema:
        word = "anyOf" if "anyOf" in schema else "allOf"
        _allow(schema, where, {word})
        if not isinstance(schema[word], list) or not schema[word]:
            raise Refused(f"{where}.{word}: a list of schemas is required")
        for number, part in enumerate(schema[word]):
            _check(part, f"{where}.{word}.{number}", definitions, inside)
    elif "enum" in schema or "const" in schema:
        _allow(schema, where, {"enum", "const"})
        values = schema.get("enum", [schema.get("const")])
        if not isinstance(values, list) or not values or any(isinstance(value, (dict, list)) for value in values):
            raise Refused(f"{where}: enum and const hold strings, numbers, booleans and null")
    else:
        _check_type(schema, where, definitions, inside)


def _check_reference(schema: dict[str, Any], where: str, definitions: dict[str, Any], inside: tuple[str, ...]) -> None:
    _allow(schema, where, {"$ref"})
    name = str(schema["$ref"]).removeprefix("#/$defs/")
    if name not in definitions or not str(schema["$ref"]).startswith("#/$defs/"):
        raise Refused(f"{where}.$ref: {schema['$ref']} is not among $defs")
    if name in inside:
        raise Refused(f"{where}.$ref: recursive schemas are not supported")
    _check(definitions[name], where, definitions, (*inside, name))


def _check_type(schema: dict[str, Any], where: str, definitions: dict[str, Any], inside: tuple[str, ...]) -> None:
    kind = schema.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise Refused(f"{where}.type: one of {', '.join(sorted(TYPES))} is required")
    _allow(schema, where, {"type"} | KEYWORDS.get(kind, set()))
    if kind == "object":
        _check_object(schema, where, definitions, inside)
    elif kind == "array":
        if schema.get("minItems", 0) not in (0, 1):
            raise Refused(f"{where}.minItems: only 0 and 1 are supported")
        if "items" in schema:
            _check(schema["items"], f"{where}.items", definitions, inside)
    elif kind == "string" and schema.get("format", "date") not in FORMATS:
        raise Refused(f"{where}.format: {schema['format']} is not supported")


def _check_object(schema: dict[str, Any], where: str, definitions: dict[str, Any], inside: tuple[str, ...]) -> None:
    if schema.get("additionalProperties") is not False:
        raise Refused(f"{where}: for 'object' type, 'additionalProperties' must be explicitly set to false")
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        raise Refused(f"{where}.properties: an object is required")
    if not set(schema.get("required", [])) <= set(properties):
        raise Refused(f"{where}.required: names what is not among the properties")
    for name, part in properties.items():
        _check(part, f"{where}.properties.{name}", definitions, inside)


def _allow(schema: dict[str, Any], where: str, keywords: set[str]) -> None:
    if unknown := sorted(set(schema) - keywords - ANYWHERE):
        raise Refused(f"{where}: {', '.join(unknown)} is not supported")
