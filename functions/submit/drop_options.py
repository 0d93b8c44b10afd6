"""What is to be done with a dropped object, as its metadata says: the fields of a POST, and `formats`."""

from __future__ import annotations

import re
from binascii import Error as NotBase64
from collections.abc import Mapping
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from ocrchat.errors import ParameterInvalid
from ocrchat.jobs import FORMATS
from ocrchat.tools import default_format

from .accept import Fields

ALWAYS = "json"
"""A result's own form, beside the one that people read."""

LONGEST = 200
"""Characters of a value: many times what any of them needs. S3 itself takes 2 KB of metadata in all."""


def fields_of(metadata: Mapping[str, str], unreadable: int) -> tuple[Fields, tuple[str, ...] | None]:
    """(fields, formats); no formats where none are asked for. Names are in lower case, with `-` or `_`; those that are
    not ours are other programs'. `unreadable`: how many more entries there are, which S3 gives nobody. Raises
    ParameterInvalid."""
    if unreadable:
        raise ParameterInvalid(
            f"`metadata`: {unreadable}  of its entries cannot be read: write them in ASCII, or as RFC 2047 has it",
            parameter="metadata",
        )
    ours = {*Fields.__dataclass_fields__, "formats"}
    named = {name.replace("-", "_"): value for name, value in metadata.items()}
    texts = {name: _text(name, value) for name, value in named.items() if name in ours}
    formats = texts.pop("formats", None)
    return Fields(**texts), formats_of(formats) if formats else None


def formats_of(text: str) -> tuple[str, ...]:
    """`pdf, txt` -> those formats, each once, in the order of the API's. Raises ParameterInvalid."""
    asked = {part.lower() for part in re.split(r"[\s,;+]+", text) if part}
    unknown = sorted(asked - set(FORMATS))
    if unknown or not asked:
        raise ParameterInvalid(
            f"`formats` are some of {', '.join(FORMATS)}, with commas between; it was {text[:40]!r}",
            parameter="formats",
            allowed=list(FORMATS),
        )
    return tuple(name for name in FORMATS if name in asked)


def usual_formats(tool: str | None) -> tuple[str, ...]:
    """Where none are asked for."""
    return tuple(name for name in FORMATS if name in {default_format(tool), ALWAYS})


def _text(name: str, value: str) -> str | None:
    """S3 gives what is not ASCII as encoded words."""
    try:
        text = str(make_header(decode_header(value))).strip()
    except (HeaderParseError, LookupError, NotBase64, UnicodeError) as error:
        raise ParameterInvalid(f"`{name}` of the object's metadata cannot be decoded", parameter=name) from error
    if len(text) > LONGEST:
        raise ParameterInvalid(f"`{name}` of the object's metadata is longer than it can be", parameter=name)
    return text or None
