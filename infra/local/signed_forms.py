"""Which signed forms the front lets through to S3, and how: a file sent to `incoming/` by a presigned POST.

The embedded AWS checks policy and signature. But it divides a form wherever the boundary's text stands, takes fields
from behind the file, of two of a name the last, and finds a name anywhere in a part's header. So the fields are read
here, strictly, and the form is written anew around the file, with a boundary that its sender cannot know: what the
embedded AWS reads is what was judged here. The file itself is passed on as it comes.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from secrets import token_hex

FIELDS_BYTES = 64 * 1024
"""What may stand ahead of the file: policy, signature and the parts' headers come to some 3 KB."""

_SIGNED: Mapping[str, re.Pattern[str]] = {
    "key": re.compile(r"incoming/[0-9a-f]{32}"),
    "content-type": re.compile(r"[a-z]+/[a-z0-9.+-]+"),
    "policy": re.compile(r"[A-Za-z0-9+/]+={0,2}"),
    "x-amz-algorithm": re.compile(r"AWS4-HMAC-SHA256"),
    "x-amz-credential": re.compile(r"\w+/[0-9]{8}/[a-z0-9-]+/s3/aws4_request", re.ASCII),
    "x-amz-date": re.compile(r"[0-9]{8}T[0-9]{6}Z"),
    "x-amz-signature": re.compile(r"[0-9a-f]{64}"),
}
"""The fields that the product signs, by their names in lower case: each exactly once."""

_OPTIONAL = {"x-amz-security-token": re.compile(r"[A-Za-z0-9+/=_.-]+")}
_PATTERNS = {**_SIGNED, **_OPTIONAL}

_BOUNDARY = re.compile(r"multipart/form-data; ?boundary=(\"?)([A-Za-z0-9'()+_,./:=? -]{1,70})\1", re.IGNORECASE)
"""RFC 2046, section 5.1.1; nothing beside it."""

_DISPOSITION = re.compile(r'form-data; ?name=("?)([A-Za-z0-9-]+)\1(;.*)?', re.IGNORECASE)
_HEADER = re.compile(r"([A-Za-z-]+):[ \t]*(.*)")


class FormRefused(Exception):
    """It is no form that the product has signed."""


def is_upload(method: str, path: str, query: str, bucket: str) -> bool:
    """`path` and `query` as they were sent."""
    return method == "POST" and not query and path in {f"/{bucket}", f"/{bucket}/"}


def boundary_of(content_type: str) -> bytes:
    """Raises FormRefused."""
    match = _BOUNDARY.fullmatch(content_type)
    if match is None or match[2].endswith(" "):
        raise FormRefused("no boundary")
    return match[2].encode()


class SignedForm:
    """Of a body that comes in chunks: `await read_fields()` first, then send `content()` as `content_type`."""

    def __init__(self, boundary: bytes, body: AsyncIterator[bytes]) -> None:
        self._delimiter = b"\r\n--" + boundary
        self._body = body
        self._ahead = b"\r\n"  # the first delimiter is like the others then
        self._fields: dict[str, str] = {}
        self._fields_left = FIELDS_BYTES
        self._own_boundary = token_hex(20)
        self.content_type = f"multipart/form-data; boundary={self._own_boundary}".encode()

    async def read_fields(self) -> None:
        """Reads up to the beginning of the file. Raises FormRefused."""
        if await self._until(self._delimiter):
            raise FormRefused("something stands before the first part")
        while True:
            name = _part_name(await self._until(b"\r\n\r\n"))
            if name == "file":
                break
            if name in self._fields or name not in _PATTERNS:
                raise FormRefused(f"the field {name} is twice, or none of ours")
            value = (await self._until(self._delimiter)).decode("ascii", "replace")
            if not _PATTERNS[name].fullmatch(value):
                raise FormRefused(f"the field {name} has another form")
            self._fields[name] = value
        if missing := _SIGNED.keys() - self._fields.keys():
            raise FormRefused(f"fields are missing: {', '.join(sorted(missing))}")

    async def content(self) -> AsyncIterator[bytes]:
        """The form as it is written anew. Raises FormRefused, before its last bytes, for what follows the file."""
        boundary = self._own_boundary
        for name, value in self._fields.items():
            yield f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        yield f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'.encode()
        async for chunk in self._file():
            yield chunk
        rest = self._ahead
        async for chunk in self._body:
            rest += chunk
            if len(rest) > len(b"--\r\n"):
                break
        if rest not in {b"--", b"--\r\n"}:
            raise FormRefused("something follows the file")
        yield f"\r\n--{boundary}--\r\n".encode()

    async def _file(self) -> AsyncIterator[bytes]:
        """The bytes up to the next delimiter, of which a part may be in a chunk's end."""
        held, self._ahead = self._ahead, b""
        keep = len(self._delimiter) - 1
        while (end := held.find(self._delimiter)) < 0:
            if len(held) > keep:
                yield held[:-keep]
                held = held[-keep:]
            held += await self._next()
        yield held[:end]
        self._ahead = held[end + len(self._delimiter) :]

    async def _until(self, mark: bytes) -> bytes:
        """What stands before `mark`, which is passed over."""
        while (end := self._ahead.find(mark)) < 0 and len(self._ahead) <= self._fields_left:
            self._ahead += await self._next()
        self._fields_left -= end + len(mark)
        if end < 0 or self._fields_left < 0:
            raise FormRefused("the fields are too long")
        found, self._ahead = self._ahead[:end], self._ahead[end + len(mark) :]
        return found

    async def _next(self) -> bytes:
        async for chunk in self._body:
            if chunk:
                return chunk
        raise FormRefused("it breaks off")


def _part_name(head: bytes) -> str:
    """Of a part's headers, the first line break included. Other headers than the name's say nothing here."""
    if not head.startswith(b"\r\n"):
        raise FormRefused("a delimiter goes on")
    names: list[str] = []
    for line in head[2:].decode("utf-8", "replace").split("\r\n"):
        header = _HEADER.fullmatch(line)
        if header is None:
            raise FormRefused("a header has another form")
        if header[1].lower() == "content-disposition":
            match = _DISPOSITION.fullmatch(header[2])
            if match is None or (match[3] is not None and match[2].lower() != "file"):
                raise FormRefused("a part's name has another form")
            names.append(match[2].lower())
    if len(names) != 1:
        raise FormRefused("a part has no name, or two")
    return names[0]
