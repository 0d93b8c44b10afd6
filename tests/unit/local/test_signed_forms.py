"""Presigned forms: which pass the front, and what of them."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.signed_forms import FIELDS_BYTES, FormRefused, SignedForm, boundary_of, is_upload

FIELDS = {
    "Content-Type": "application/pdf",
    "key": "incoming/0123456789abcdef0123456789abcdef",
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": "ASIA1/20261121/us-east-1/s3/aws4_request",
    "x-amz-date": "20261121T112600Z",
    "x-amz-security-token": "abc/+=",
    "policy": "eyJ9XX0=",
    "x-amz-signature": "0123456789abcdef" * 4,
}
BOUNDARY = "b0undary"


def part(name: str, value: bytes, disposition: str = 'form-data; name="{}"', more: str = "") -> bytes:
    head = f"Content-Disposition: {disposition.format(name)}\r\n{more}\r\n"
    return b"\r\n--" + BOUNDARY.encode() + b"\r\n" + head.encode() + value


def form(fields: dict[str, str], file: bytes, after: bytes = b"", closing: bytes = b"--\r\n") -> bytes:
    parts = [part(name, value.encode()) for name, value in fields.items()]
    last = part("file", file, 'form-data; name="{}"; filename="a \\"b\\".pdf"', "Content-Type: application/pdf\r\n")
    whole = b"".join([*parts, last, after, b"\r\n--" + BOUNDARY.encode(), closing])
    return whole.removeprefix(b"\r\n")


def first(name: str, value: str) -> bytes:
    """A field ahead of a form."""
    return part(name, value.encode()).removeprefix(b"\r\n") + b"\r\n"


def passed(body: bytes, step: int = 1 << 20) -> tuple[str, bytes]:
    """(boundary, body) of the form that goes on to S3, the body given in chunks of `step` bytes."""

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), step):
            yield body[start : start + step]

    async def run() -> tuple[str, bytes]:
        signed = SignedForm(BOUNDARY.encode(), chunks())
        await signed.read_fields()
        return signed.content_type.decode().partition("boundary=")[2], b"".join(
            [chunk async for chunk in signed.content()]
        )

    return asyncio.run(run())


def expected(boundary: str, fields: dict[str, str], file: bytes) -> bytes:
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name.lower()}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    opening = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'
    return (head + opening).encode() + file + f"\r\n--{boundary}--\r\n".encode()


def test_a_form_is_written_anew_with_a_boundary_that_its_sender_did_not_choose() -> None:
    boundary, body = passed(form(FIELDS, b"%PDF-1.7 \r\n--b0undar"))
    assert boundary != BOUNDARY
    assert body == expected(boundary, FIELDS, b"%PDF-1.7 \r\n--b0undar")
    assert passed(form(FIELDS, b""))[0] != boundary


PIECES = [b"\r\n", b"--", b"\r\n--b0undar", b"b0undary", b"\r", b"x" * 100, b"\0"]
FILES = st.lists(st.sampled_from(PIECES)).map(b"".join).filter(lambda file: f"\r\n--{BOUNDARY}".encode() not in file)


@given(FILES, st.integers(1, 40))
def test_the_file_passes_byte_for_byte_however_it_is_cut(file: bytes, step: int) -> None:
    boundary, body = passed(form(FIELDS, file), step)
    assert body == expected(boundary, FIELDS, file)


def test_no_more_of_the_file_is_held_than_a_chunk_of_it() -> None:
    chunk, count = b"\r\n--b0undar" * 100_000, 50

    async def chunks() -> AsyncIterator[bytes]:
        head, _, end = form(FIELDS, b"|").rpartition(b"|")
        yield head
        for _ in range(count):
            yield bytes(chunk)
        yield end

    async def run() -> int:
        signed = SignedForm(BOUNDARY.encode(), chunks())
        await signed.read_fields()
        return sum([len(passed_on) async for passed_on in signed.content()])

    tracemalloc.start()
    try:
        assert asyncio.run(run()) > count * len(chunk)
        assert tracemalloc.get_traced_memory()[1] < 5 * len(chunk)
    finally:
        tracemalloc.stop()


def test_a_part_may_have_headers_and_an_unquoted_name_as_some_clients_write_them() -> None:
    key = part("key", FIELDS["key"].encode(), "form-data; name={}", "Content-Type: text/plain; charset=utf-8\r\n")
    others = {name: value for name, value in FIELDS.items() if name != "key"}
    boundary, body = passed(key.removeprefix(b"\r\n") + b"\r\n" + form(others, b"x"))
    assert body == expected(boundary, {"key": FIELDS["key"], **others}, b"x")


def test_a_body_may_end_without_a_line_break() -> None:
    assert passed(form(FIELDS, b"x", closing=b"--"))[1].endswith(b"--\r\n")


REFUSED = {
    **{f"without {name}": form({k: v for k, v in FIELDS.items() if k != name}, b"x")
       for name in FIELDS if name != "x-amz-security-token"},
    **{f"{name} twice": first(name, value) + form(FIELDS, b"x") for name, value in FIELDS.items()},
    "key twice, in capitals": first("KEY", FIELDS["key"]) + form(FIELDS, b"x"),
    "another folder": form(FIELDS | {"key": "results/0123456789abcdef0123456789abcdef"}, b"x"),
    "a folder of it": form(FIELDS | {"key": "incoming/../results/a"}, b"x"),
    "no id": form(FIELDS | {"key": "incoming/x"}, b"x"),
    "the file's own name": form(FIELDS | {"key": "incoming/${filename}"}, b"x"),
    "a line after the key": form(FIELDS | {"key": FIELDS["key"] + "\n"}, b"x"),
    "an access list": form(FIELDS | {"acl": "public-read"}, b"x"),
    "a redirect": form(FIELDS | {"success_action_redirect": "http://evil"}, b"x"),
    "metadata": form(FIELDS | {"x-amz-meta-a": "b"}, b"x"),
    "the other signature": form(FIELDS | {"AWSAccessKeyId": "a"}, b"x"),
    "another algorithm": form(FIELDS | {"x-amz-algorithm": "AWS4-ECDSA-P256-SHA256"}, b"x"),
    "another service": form(FIELDS | {"x-amz-credential": "A/20261121/us-east-1/sqs/aws4_request"}, b"x"),
    "a short signature": form(FIELDS | {"x-amz-signature": "abc"}, b"x"),
    "a policy that is none": form(FIELDS | {"policy": "{}"}, b"x"),
    "a field after the file": form(FIELDS, b"x", after=part("key", b"results/a")),
    "a field after the end": form(FIELDS, b"x") + part("key", b"results/a"),
    "text after the end": form(FIELDS, b"x", closing=b"--\r\n\r\n"),
    "a delimiter that goes on": form(FIELDS, b"x", closing=b"more--\r\n"),
    "no end": form(FIELDS, b"x", closing=b""),
    "cut in the file": form(FIELDS, b"x" * 100)[:-60],
    "cut in the fields": form(FIELDS, b"x")[:300],
    "no file": form(FIELDS, b"x").replace(b'name="file"', b'name="policy"'),
    "text ahead": b"hello\r\n" + form(FIELDS, b"x"),
    "a field with a file name": form(FIELDS, b"x").replace(b'name="key"', b'name="key"; filename="policy"'),
    "a file name ahead of the name": form(FIELDS, b"x").replace(
        b'form-data; name="key"', b'form-data; filename="key"; name="acl"'
    ),
    "two names": form(FIELDS, b"x").replace(
        b'name="key"\r\n', b'name="key"\r\nContent-Disposition: form-data; name="acl"\r\n'
    ),
    "no name": form(FIELDS, b"x").replace(b'Content-Disposition: form-data; name="key"', b"X: y"),
    "a folded header": form(FIELDS, b"x").replace(b'name="key"\r\n', b'name="key"\r\n folded\r\n'),
    "endless fields": form(FIELDS | {"policy": "A" * FIELDS_BYTES}, b"x"),
    "an endless header": form(FIELDS, b"x").replace(b'"key"\r\n', b'"key"\r\nX: ' + b"a" * FIELDS_BYTES + b"\r\n"),
    "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("step", [7, 1 << 20])
def test_whatever_else_a_form_has_or_lacks_it_is_refused(body: bytes, step: int) -> None:
    with pytest.raises(FormRefused):
        passed(body, step)


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/form-data; boundary=b0undary", b"b0undary"),
        ("Multipart/Form-Data;boundary=----WebKitFormBoundaryAbC", b"----WebKitFormBoundaryAbC"),
        ('multipart/form-data; boundary="a b"', b"a b"),
    ],
)
def test_the_boundary_is_what_the_content_type_says(content_type: str, boundary: bytes) -> None:
    assert boundary_of(content_type) == boundary


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "multipart/form-data",
        "multipart/mixed; boundary=x",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary="x',
        "multipart/form-data; boundary=x; boundary=y",
        "multipart/form-data; charset=utf-8; boundary=x",
        "multipart/form-data; boundary=x\r\nX: y",
        "multipart/form-data; boundary=" + "x" * 71,
        'multipart/form-data; boundary="x "',
        "application/x-www-form-urlencoded",
    ],
)
def test_a_content_type_that_could_be_read_in_two_ways_is_refused(content_type: str) -> None:
    with pytest.raises(FormRefused):
        boundary_of(content_type)


def test_an_upload_goes_to_the_bucket_itself_and_has_no_query() -> None:
    assert is_upload("POST", "/bucket", "", "bucket")
    assert is_upload("POST", "/bucket/", "", "bucket")
    for method, path, query in (
        ("PUT", "/bucket", ""),
        ("post", "/bucket", ""),
        ("POST", "/bucket", "delete"),
        ("POST", "/bucket/incoming/x", ""),
        ("POST", "/bucket//", ""),
        ("POST", "/other", ""),
        ("POST", "//bucket", ""),
        ("POST", "/%62ucket", ""),
    ):
        assert not is_upload(method, path, query, "bucket")
