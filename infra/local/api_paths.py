"""Which API requests the front lets through, judged on the bytes of the request line.

The embedded AWS decodes a path and reads credentials from a query, and the same port serves its control plane: what
could be read there in another way than here is refused here.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote_to_bytes

from ocrchat.jobs import SCHEMA_PATH

PREFIX = "/api/"
PAGES = frozenset({"/healthz", "/openapi.json", "/docs", "/docs/", SCHEMA_PATH})

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
_DECODINGS = 4  # nobody encodes an honest path more often


def is_api_path(path: str) -> bool:
    """`path` as it was sent, without the query: one of the API's own, which no decoding turns into another one."""
    if path in PAGES:
        return True
    return path.startswith(PREFIX) and _is_plain(path)


def names_aws_credentials(query: str) -> bool:
    """Whether the embedded AWS would take the caller's account or region from this query."""
    names = {name.lower() for name, _ in parse_qsl(query, keep_blank_values=True)}
    return any(name.startswith("x-amz-") or name == "awsaccesskeyid" for name in names)


def is_aws_authorization(value: str) -> bool:
    return value.lstrip().lower().startswith("aws")


def _is_plain(path: str) -> bool:
    """No empty, `.` or `..` segment, no backslash, no control character: now and after each decoding."""
    slashes = path.count("/")
    for _ in range(_DECODINGS):
        if _UNSAFE.search(path) or path.count("/") != slashes:
            return False
        first, *inner, last = path.split("/")
        if first or "" in inner or {".", ".."} & {*inner, last}:
            return False
        try:
            decoded = unquote_to_bytes(path).decode("utf-8")
        except UnicodeDecodeError:
            return False
        if decoded == path:
            return True
        path = decoded
    return False
