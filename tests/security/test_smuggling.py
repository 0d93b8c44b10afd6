"""Requests that say in two ways where they end: the front and what is behind it see the same ones, or none."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

import pytest

from tests.integration.front_client import Front, serve
from tests.integration.front_upstream import Upstream, upstream

HIDDEN = b"GET /api/hidden HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
"""Answered with a 404 by the front itself."""

CHUNKED = b"0\r\n\r\n" + HIDDEN


@pytest.fixture(scope="module")
def aws() -> Iterator[Upstream]:
    with upstream() as state:
        yield state


@pytest.fixture(scope="module")
def running(aws: Upstream) -> Iterator[int]:
    yield from serve(aws.url)


@pytest.fixture
def front(running: int, aws: Upstream) -> Front:
    aws.requests.clear()
    return Front(running, aws)


def statuses(front: Front, *headers: bytes, body: bytes = b"") -> list[int]:
    """Of all answers to what is sent on one connection, which LAST has closed, or its refusal."""
    head = b"\r\n".join([b"POST /api/seen HTTP/1.1", b"Host: x", *headers])
    with socket.create_connection(("127.0.0.1", front.port), timeout=10) as connection:
        connection.sendall(head + b"\r\n\r\n" + body + LAST)
        answers = b"".join(iter(lambda: connection.recv(65_536), b""))
    return [int(status) for status in re.findall(rb"HTTP/1\.1 ([2-5][0-9]{2}) ", answers)]


AMBIGUOUS: dict[str, tuple[bytes, ...]] = {
    "a length and chunks": (b"Content-Length: 4", b"Transfer-Encoding: chunked"),
    "chunks and a length": (b"Transfer-Encoding: chunked", b"Content-Length: 4"),
    "the length of what is hidden, too": (b"Content-Length: %d" % len(CHUNKED), b"Transfer-Encoding: chunked"),
    "two lengths": (b"Content-Length: 0", b"Content-Length: %d" % len(CHUNKED)),
    "two lengths in one": (b"Content-Length: 0, %d" % len(CHUNKED),),
    "a length with a sign": (b"Content-Length: +%d" % len(CHUNKED),),
    "a negative length": (b"Content-Length: -1",),
    "a length that is no decimal": (b"Content-Length: 0x5",),
    "an unknown coding": (b"Transfer-Encoding: xchunked",),
    "another coding after chunks": (b"Transfer-Encoding: chunked, identity",),
    "chunks twice": (b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
    "a vertical tab before the coding": (b"Transfer-Encoding: \x0bchunked",),
    "a blank before the colon": (b"Transfer-Encoding : chunked",),
    "a line of no header": (b"Content-Length: 0", b"nonsense"),
    "two hosts": (b"Host: y", b"Content-Length: 0"),
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_a_request_whose_end_is_in_doubt_is_refused_and_nothing_after_it_is_read(front: Front, name: str) -> None:
    found = statuses(front, *AMBIGUOUS[name], body=CHUNKED)
    assert len(found) == 1, found
    assert found[0] in {400, 501}, "the caller's fault, not the service's"
    assert not front.aws.requests


HARMLESS: dict[str, tuple[tuple[bytes, ...], bytes]] = {
    "a folded line": ((b"X-A: b", b" Transfer-Encoding: chunked", b"Content-Length: 3"), b"abc"),
    "an underscore for a dash": ((b"Transfer_Encoding: chunked", b"Content-Length: 3"), b"abc"),
    "the same length twice": ((b"Content-Length: 3", b"Content-Length: 3"), b"abc"),
    "the extension of a chunk": ((b"Transfer-Encoding: chunked",), b"3;a=b\r\nabc\r\n0\r\n\r\n"),
    "what follows the chunks": ((b"Transfer-Encoding: chunked",), b"3\r\nabc\r\n0\r\nX-Origin-Verify: forged\r\n\r\n"),
    "a header that Connection takes away": ((b"Connection: Content-Length", b"Content-Length: 3"), b"abc"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_sent_oddly_arrives_plainly(front: Front, name: str) -> None:
    headers, body = HARMLESS[name]
    assert statuses(front, *headers, body=body) == [200, 404]
    (seen,) = front.aws.requests
    assert (seen.target.rpartition("/")[2], seen.body) == ("seen", b"abc")
    assert len(seen.header("Content-Length") + seen.header("Transfer-Encoding")) == 1
    assert "forged" not in {value for _, value in seen.headers}


def test_a_request_behind_another_is_judged_by_itself(front: Front) -> None:
    behind = b"POST /_ministack/reset HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    assert statuses(front, b"Content-Length: 0", body=behind) == [200, 404, 404]
    assert [seen.target.rpartition("/")[2] for seen in front.aws.requests] == ["seen"]
