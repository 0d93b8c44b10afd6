"""Presigned uploads through the front over real HTTP, before a stand-in for the embedded AWS."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
import requests

from tests.integration.front_client import Front, assert_problem, serve
from tests.integration.front_upstream import upstream

KEY = "incoming/0123456789abcdef0123456789abcdef"
FIELDS = {
    "key": KEY,
    "Content-Type": "application/pdf",
    "policy": "eyJ9XX0=",
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": "ASIA1/20261121/us-east-1/s3/aws4_request",
    "x-amz-date": "20261121T112600Z",
    "x-amz-signature": "0123456789abcdef" * 4,
}
FILE_BYTES = 8_000_000
"""What a file may have at most, at this front."""


@pytest.fixture
def front() -> Iterator[Front]:
    """One for each test: what an upload that was broken off leaves behind may come late."""
    with upstream() as aws:
        running = serve(aws.url)
        yield Front(next(running), aws)
        assert next(running, None) is None


def post(
    front: Front, fields: dict[str, str], file: bytes, path: str = "/ocrchat", **headers: str
) -> requests.Response:
    """As clients send it: the fields first."""
    return requests.post(front.url + path, data=fields, files={"file": ("a.pdf", file)}, headers=headers, timeout=20)


def assert_nothing_written(front: Front) -> None:
    """Whatever was begun was broken off before its end."""
    assert all(seen.body is None for seen in front.aws.requests)


@pytest.mark.parametrize("path", ["/ocrchat", "/ocrchat/"])
def test_a_presigned_form_reaches_s3_with_its_fields_and_its_file_alone(front: Front, path: str) -> None:
    file = b"%PDF-1.7\r\n--" * 100_000
    answer = post(front, FIELDS, file, path, Authorization="Bearer t", Cookie="a=b", Origin="http://evil")
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers
    (seen,) = front.aws.requests
    assert (seen.method, seen.target) == ("POST", path)
    assert seen.header("Host") == ["ocr.example:8000"]
    assert {name.lower() for name, _ in seen.headers} == {"host", "content-type", "transfer-encoding"}
    boundary = seen.header("Content-Type")[0].partition("boundary=")[2].encode()
    assert seen.body is not None
    first, *fields, last, end = seen.body.split(b"--" + boundary)
    assert (first, end) == (b"", b"--\r\n")
    assert [field.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n").decode() for field in fields] == [*FIELDS.values()]
    assert last.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") == file


@pytest.mark.parametrize("missing", FIELDS)
def test_a_form_without_one_of_its_fields_is_a_404(front: Front, missing: str) -> None:
    answer = post(front, {name: value for name, value in FIELDS.items() if name != missing}, b"%PDF-1.7")
    assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")
    assert not front.aws.requests


@pytest.mark.parametrize(
    "change",
    [
        {"key": "results/0123456789abcdef0123456789abcdef"},
        {"key": "incoming/../uploads/a/original"},
        {"acl": "public-read"},
        {"success_action_redirect": "http://evil"},
        {"x-amz-signature": ""},
    ],
)
def test_a_form_that_the_product_would_not_sign_is_a_404(front: Front, change: dict[str, str]) -> None:
    answer = post(front, FIELDS | change, b"%PDF-1.7")
    assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")
    assert not front.aws.requests


def test_what_follows_the_file_breaks_the_upload_off(front: Front) -> None:
    """Not in front of the file, where it would be seen before anything is sent on."""
    form = requests.Request(
        "POST", front.url + "/ocrchat", files=[*((name, (None, value)) for name, value in FIELDS.items()),
                                               ("file", ("a.pdf", b"x" * 1_000_000)), ("key", (None, KEY))]
    ).prepare()  # fmt: skip
    with requests.Session() as session:
        answer = session.send(form, timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")
    assert_nothing_written(front)


@pytest.mark.parametrize("content_type", [None, "application/json", "multipart/form-data"])
def test_a_body_that_is_no_form_is_a_404(front: Front, content_type: str | None) -> None:
    headers = [("Content-Type", content_type)] if content_type else []
    assert_problem(front.send("POST", "/ocrchat", headers, b"--x\r\n"), 404, "route_not_found")
    assert not front.aws.requests


def test_a_form_without_a_body_is_a_404(front: Front) -> None:
    headers = [("Content-Type", "multipart/form-data; boundary=x")]
    assert_problem(front.send("POST", "/ocrchat", headers), 404, "route_not_found")
    assert not front.aws.requests


def test_an_upload_with_a_query_is_a_404(front: Front) -> None:
    answer = post(front, FIELDS, b"%PDF-1.7", "/ocrchat?delete")
    assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")
    assert not front.aws.requests


def test_a_file_over_the_limit_is_refused_by_its_length_alone(front: Front) -> None:
    headers = [("Content-Type", "multipart/form-data; boundary=x"), ("Content-Length", str(FILE_BYTES + 65_537))]
    found = assert_problem(front.send("POST", "/ocrchat", headers), 400, "file_too_large")
    assert "8 MB" in found["detail"]
    assert not front.aws.requests


def test_a_file_over_the_limit_whose_length_is_not_told_is_cut(front: Front) -> None:
    form = requests.Request("POST", "http://x", data=FIELDS, files={"file": b"x" * (FILE_BYTES + 70_000)}).prepare()
    body = form.body
    assert isinstance(body, bytes)
    pieces = (body[start : start + 65_536] for start in range(0, len(body), 65_536))
    answer = requests.post(
        front.url + "/ocrchat", data=pieces, headers={"Content-Type": form.headers["Content-Type"]}, timeout=20
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "file_too_large")
    assert_nothing_written(front)


def test_an_upload_that_its_client_breaks_off_is_not_written(front: Front) -> None:
    form = requests.Request("POST", front.url, data=FIELDS, files={"file": b"x" * 500_000}).prepare()
    body = form.body
    assert isinstance(body, bytes)
    head = f"Content-Type: {form.headers['Content-Type']}\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection(("127.0.0.1", front.port), timeout=5) as connection:
        connection.sendall(f"POST /ocrchat HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode() + body[:400_000])
    deadline = time.monotonic() + 5
    while not front.aws.requests and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [seen.body for seen in front.aws.requests] == [None]
