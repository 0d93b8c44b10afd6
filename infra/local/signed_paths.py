"""Which presigned S3 requests the front lets through.

S3 refuses a request whose signature is missing or wrong. The embedded one serves objects to anyone, takes a signature
without its other parameters for a valid one, and follows `..` into other buckets: so a request passes only if it has
exactly the form that the product's own presigner gives it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

MAX_EXPIRES_S = 900
DOWNLOAD = frozenset({"GET", "HEAD"})

METHODS: Mapping[str, frozenset[str]] = {"results/": DOWNLOAD, "exports/": DOWNLOAD}
"""Key prefix -> what the product signs under it."""

_SIGNATURE: Mapping[str, re.Pattern[str]] = {
    "X-Amz-Algorithm": re.compile(r"AWS4-HMAC-SHA256"),
    "X-Amz-Credential": re.compile(r"\w+/[0-9]{8}/[a-z0-9-]+/s3/aws4_request", re.ASCII),
    "X-Amz-Date": re.compile(r"[0-9]{8}T[0-9]{6}Z"),
    "X-Amz-Expires": re.compile(r"[1-9][0-9]{0,5}"),
    "X-Amz-SignedHeaders": re.compile(r"host"),
    "X-Amz-Signature": re.compile(r"[0-9a-f]{64}"),
}
"""Each exactly once: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html"""

_OPTIONAL = frozenset({"X-Amz-Security-Token", "response-content-disposition", "response-content-type"})
_SEGMENT = re.compile(r"[A-Za-z0-9_~.-]+")  # what the product's keys are made of: nothing in them is ever escaped


def is_signed_download(method: str, path: str, query: str, bucket: str) -> bool:
    """`path` and `query` as they were sent."""
    root = f"/{bucket}/"
    return path.startswith(root) and _is_signable(method, path.removeprefix(root)) and _is_signed(query)


def _is_signable(method: str, key: str) -> bool:
    segments = key.split("/")
    return (
        method in METHODS.get(f"{segments[0]}/", frozenset())
        and len(segments) > 1
        and all(_SEGMENT.fullmatch(segment) and segment not in {".", ".."} for segment in segments)
    )


def _is_signed(query: str) -> bool:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:  # a UnicodeDecodeError is one
        return False
    values = dict(pairs)
    return (
        len(values) == len(pairs)
        and values.keys() >= _SIGNATURE.keys()
        and values.keys() <= _SIGNATURE.keys() | _OPTIONAL
        and all(pattern.fullmatch(values[name]) for name, pattern in _SIGNATURE.items())
        and int(values["X-Amz-Expires"]) <= MAX_EXPIRES_S
    )
