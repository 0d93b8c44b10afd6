"""Requests that abuse multipart and HTTP itself, sent to a running service byte by byte."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.local.service import Service
from ocrchat.errors import FileCorrupt, FileEmpty, FileMissing, FileTooLarge, ParameterInvalid
from ocrchat.limits import LIMITS
from tests.data import make_files as make
from tests.hostile.raw_http import BOUNDARY, END, FORM, Answer, chunked, form, part, request, sent
from tests.integration.support import Api

PDF = make.digital_pdf(1)
FILE = part(PDF)
FIELD = part(b"cpu", b'form-data; name="tier"')

REFUSED: dict[str, tuple[list[bytes], set[str]]] = {
    "no content type": (request(form(FILE), kind=None), {FileMissing.code}),
    "no boundary": (request(form(FILE), kind=b"multipart/form-data"), {ParameterInvalid.code}),
    "an empty boundary": (request(form(FILE), kind=b"multipart/form-data; boundary="), {ParameterInvalid.code}),
    "a boundary of 10,000 signs": (
        request(form(FILE), kind=b"multipart/form-data; boundary=" + b"b" * 10_000),
        {ParameterInvalid.code, FileMissing.code},
    ),
    "another boundary": (
        request(form(FILE), kind=b"multipart/form-data; boundary=other"),
        {ParameterInvalid.code, FileMissing.code},
    ),
    "a body that is no form": (request(b"\0" * 1_000), {ParameterInvalid.code, FileMissing.code}),
    "no body": (request(b""), {ParameterInvalid.code, FileMissing.code}),
    "an end alone": (request(END), {FileMissing.code}),
    "10,000 parts": (request(form(FILE, *[FIELD] * 10_000)), {ParameterInvalid.code}),
    "1,000 files": (request(form(*[part(b"%PDF-1.7")] * 1_000)), {ParameterInvalid.code}),
    "two files": (request(form(FILE, FILE)), {ParameterInvalid.code}),
    "a field of 3 MB": (request(form(part(b"a" * 3_000_000, b'form-data; name="tier"'), FILE)), {ParameterInvalid.code}),
    "a file that is a field": (request(form(part(PDF, b'form-data; name="file"'))), {FileMissing.code}),
    "a file of no name": (request(form(part(PDF, b'form-data; filename="a.pdf"'))), {ParameterInvalid.code}),
    "an empty file": (request(form(part(b""))), {FileEmpty.code}),
    "a part without headers": (
        request(b"--" + BOUNDARY + b"\r\n\r\n" + PDF + b"\r\n" + END),
        {ParameterInvalid.code, FileMissing.code},
    ),
    "a header of 1 MB in a part": (
        request(form(part(PDF, b'form-data; name="file"; filename="a.pdf"', b"X-Long: " + b"a" * 1_000_000))),
        {ParameterInvalid.code},
    ),
    "1,000 headers in a part": (
        request(form(part(PDF, b'form-data; name="file"; filename="a.pdf"', *[b"X-Many: a"] * 1_000))),
        {ParameterInvalid.code},
    ),
    "a form in a form": (request(form(part(form(FILE), b"form-data", b"Content-Type: " + FORM))), {ParameterInvalid.code}),
    "a form that is not urlencoded": (
        request(b"file=" + b"%" * 10_000, kind=b"application/x-www-form-urlencoded"),
        {FileMissing.code, ParameterInvalid.code},
    ),
    "a form of one million names": (
        request(b"&".join([b"a=1"] * 1_000_000), kind=b"application/x-www-form-urlencoded"),
        {FileMissing.code, ParameterInvalid.code},
    ),
    "a tier that is a path": (request(form(part(b"../../x", b'form-data; name="tier"'), FILE)), {ParameterInvalid.code}),
    "a language of NUL": (request(form(part(b"e\0n", b'form-data; name="language"'), FILE)), {ParameterInvalid.code}),
    "a language of bytes": (request(form(part(b"\xff\xfe", b'form-data; name="language"'), FILE)), {ParameterInvalid.code}),
    "a tool twice": (
        request(form(*[part(b"no-such", b'form-data; name="tool"')] * 2, FILE)),
        {ParameterInvalid.code},
    ),
    "a length that is too great": (
        request(form(FILE), b"Expect: 100-continue", length=LIMITS.direct_request_bytes + 1),
        {FileTooLarge.code},
    ),
    "chunks without end": (
        request(chunked([b"a" * 500_000] * 20), b"Transfer-Encoding: chunked"),
        {FileTooLarge.code},
    ),
    "chunks that hold no form": (
        request(chunked([b"a"] * 100), b"Transfer-Encoding: chunked"),
        {ParameterInvalid.code, FileMissing.code},
    ),
    "an upload that is a path": (
        request(form(part(b"../../uploads/x", b'form-data; name="upload_id"'))),
        {ParameterInvalid.code, FileMissing.code},
    ),
}  # fmt: skip

NAMES = {
    "path": (b"../../../etc/passwd", "passwd"),
    "path of windows": (rb"..\..\boot.ini", "boot.ini"),
    "turned around": ("invoice\u202efdp.exe".encode(), "invoicefdp.exe"),
    "nothing": (b" . ", "document"),
    "500 signs": (b"a" * 500, "a" * 200),
    "5,000 signs": (b"a" * 5_000, None),
    "markup": (b"<script>alert(1)<!--.pdf", "<script>alert(1)<!--.pdf"),
    "half a sign": (b"a\xff\xfe.pdf", None),
    "a backspace": (b"a\x08.pdf", None),
}
"""What is sent and what is kept of it; None where the request may be refused instead."""


@pytest.fixture(scope="module")
def url(service: Service) -> Iterator[str]:
    """Of a service that still reads files when all of it is over."""
    yield service.url
    with Api(service) as api:
        assert api.read(PDF)["status"] == "done"


def assert_refused(answer: Answer, codes: set[str]) -> None:
    assert answer.status == 400, answer
    assert answer.problem["code"] in codes, answer.problem


@pytest.mark.parametrize("case", REFUSED)
def test_an_abused_form_is_refused_with_a_documented_code(url: str, case: str) -> None:
    pieces, codes = REFUSED[case]
    assert_refused(sent(url, pieces), codes)


@pytest.mark.parametrize("case", NAMES)
def test_a_name_is_kept_without_what_is_dangerous_in_it(service: Service, url: str, case: str) -> None:
    given, kept = NAMES[case]
    disposition = b'form-data; name="file"; filename="' + given.replace(b"\\", b"\\\\") + b'"'
    answer = sent(url, request(form(part(PDF, disposition))))
    if kept is None and answer.status == 400:
        assert answer.problem["code"] == ParameterInvalid.code
        return
    assert answer.status == 201, answer
    assert answer.problem["filename"] == (kept or answer.problem["filename"])
    assert answer.problem["filename"].isprintable()


@pytest.mark.parametrize(
    ("headers", "statuses"),
    [
        ([b"Content-Length: 5", b"Content-Length: 500"], {400}),
        ([b"Content-Length: -1"], {400}),
        ([b"Content-Length: 1e3"], {400}),
        ([b"Content-Length: 5", b"Transfer-Encoding: chunked"], {400}),
        ([b"Transfer-Encoding: gzip"], {400, 501}),
        ([b"Transfer-Encoding: chunked, identity"], {400, 501}),
        ([b"Content-Length: 0", b"X-Bad: a\0b"], {400}),
        ([b"Content-Length: 0", b"X-Origin-Verify: guessed"], {400}),
        ([b"Content-Length: 0", b"No colon at all"], {400}),
    ],
)
def test_a_request_that_says_two_things_is_refused(url: str, headers: list[bytes], statuses: set[int]) -> None:
    """0: the connection is closed without an answer, which is what is done with what is no HTTP."""
    assert sent(url, request(b"hello", *headers), half_close=True).status in statuses | {0}


def test_a_body_that_ends_early_is_no_job(url: str) -> None:
    assert sent(url, request(form(FILE), length=len(form(FILE)) + 10_000), half_close=True).status in {0, 400}


def test_a_file_whose_end_is_missing_is_refused(url: str) -> None:
    answer = sent(url, request(FILE))
    assert_refused(answer, {FileMissing.code, ParameterInvalid.code, FileCorrupt.code})


def test_a_body_that_comes_byte_by_byte_is_read(url: str) -> None:
    head, body = request(form(part(make.sized_pdf(99, 99))))
    assert sent(url, [head, *(body[at : at + 1] for at in range(len(body)))]).status == 201


def test_a_header_cannot_be_brought_in_by_a_name(url: str) -> None:
    disposition = b'form-data; name="file"; filename="a.pdf%0d%0aSet-Cookie: a=b"'
    answer = sent(url, request(form(part(PDF, disposition))))
    assert answer.status == 201
    assert answer.problem["filename"] == "a.pdf%0d%0aSet-Cookie: a=b"
