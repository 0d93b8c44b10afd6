"""Which headers pass the front. Pairs of bytes, as ASGI and httpx hold them."""

from __future__ import annotations

from collections.abc import Iterable

Headers = list[tuple[bytes, bytes]]

_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
     "transfer-encoding", "upgrade"}
)  # fmt: skip
"""RFC 9110, section 7.6.1, and what older clients still send."""

_NOT_THE_CALLERS = frozenset({"host", "expect", "origin", "forwarded", "x-real-ip", "true-client-ip"})
"""Said by the front itself, or by nobody."""

_NOT_THE_CALLERS_PREFIXES = (
    "x-forwarded-",
    "cloudfront-",
    "x-amz",
    "x-ministack-",
    "x-origin-",
    "x-viewer-",
    "access-control-",
)

_ORIGIN = b"X-Viewer-Origin"
"""What a browser's Origin becomes: under its own name it makes the embedded AWS answer for CORS in the API's place."""

_OF_GATEWAY = frozenset({429, 502, 503, 504})

_FOR_S3 = frozenset({"accept", "range", "user-agent"})
_FROM_UPSTREAM = frozenset({"date", "server"})  # the front's own server writes them


def to_api(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    headers = list(headers)
    dropped = _HOP_BY_HOP | _NOT_THE_CALLERS | _named_by_connection(headers)
    passed = [
        (name, value)
        for name, value in headers
        if _plain(name) not in dropped and not _plain(name).startswith(_NOT_THE_CALLERS_PREFIXES)
    ]
    return passed + [(_ORIGIN, value) for name, value in headers if name.lower() == b"origin"]


def ends_twice(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether they say in two ways where the request ends: by one of them it may be two (RFC 9112, section 6.3)."""
    return {b"content-length", b"transfer-encoding"} <= {name.lower() for name, _ in headers}


def to_s3(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """A presigned request says everything in its query: only Range, If-* and harmless ones go along."""
    return [(name, value) for name, value in headers if _plain(name) in _FOR_S3 or _plain(name).startswith("if-")]


def from_api(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    headers = list(headers)
    dropped = _HOP_BY_HOP | _FROM_UPSTREAM | _named_by_connection(headers)
    return [(name.lower(), value) for name, value in headers if _plain(name) not in dropped]


def from_s3(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The embedded S3 opens every object to every site, though the bucket has no CORS rules. Objects share the API's
    origin here, so no browser may guess that one of them is a page."""
    kept = [(name, value) for name, value in from_api(headers) if not name.startswith(b"access-control-")]
    return [*kept, (b"x-content-type-options", b"nosniff")]


def is_of_gateway(status: int, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """The embedded gateway answers in the place of the API, whose function was not run, or did not end well or in time.
    Every answer of the API has an id."""
    return status in _OF_GATEWAY and first(headers, b"x-request-id") is None


def first(headers: Iterable[tuple[bytes, bytes]], *names: bytes) -> bytes | None:
    """The value of the first of `names` (in lower case) that is there."""
    values = {name.lower(): value for name, value in headers}
    return next((values[name] for name in names if name in values), None)


def _plain(name: bytes) -> str:
    """Gateways read `X_Forwarded_For` as `X-Forwarded-For`, so both are one name here."""
    return name.decode("latin-1").lower().replace("_", "-")


def _named_by_connection(headers: Headers) -> set[str]:
    values = b",".join(value for name, value in headers if name.lower() == b"connection")
    return {_plain(token.strip()) for token in values.split(b",")}
