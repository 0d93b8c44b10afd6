"""The front over real HTTP, before a stand-in for the embedded AWS that notes what it receives."""

from __future__ import annotations

import http.client
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from infra.local.site import Site
from tests.integration.front_client import PUBLIC, Answer, Front, assert_problem, serve
from tests.integration.front_upstream import BIG, Upstream, upstream

API = "/_aws/execute-api/api123/$default"
SIGNED = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "test%2F20261120%2Fus-east-1%2Fs3%2Faws4_request",
    "X-Amz-Date": "20261120T101112Z",
    "X-Amz-Expires": "300",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": "0123456789abcdef" * 4,
}


def query(**changes: str | None) -> str:
    """A presigned query; `X_Amz_Date=None` leaves that parameter out."""
    values = {**SIGNED, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return "&".join(f"{name}={value}" for name, value in values.items() if value is not None)


RESULT = f"/ocrchat/results/3f0c/document.json?{query()}"


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
    aws.broken_off.clear()
    return Front(running, aws)


# --- what passes to the API -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/ocr/",
        "/api/v1/ocr",
        "/api/v1/ocr/3f0c/download/?format=docx",
        "/api/v1/ocr/?after=a%2Fb&limit=2&&x='%27",
        "/api/v1/ocr/%7Buuid%7D/",
        "/api/v1/ocr/a%20b/",
        "/api/v1/ocr/a..b/...",
        "/api/v1/?next=../../x",
        "/healthz",
        "/openapi.json",
        "/schemas/job-1.json",
        "/docs",
        "/docs/",
    ],
)
def test_api_requests_pass_byte_for_byte(front: Front, target: str) -> None:
    assert front.send("GET", target).status == 200
    assert [seen.target for seen in front.aws.requests] == [API + target]


def test_a_body_its_type_and_its_token_pass(front: Front) -> None:
    headers = [("Authorization", "Bearer t"), ("Content-Type", "application/json"), ("Idempotency-Key", "k")]
    front.send("POST", "/api/v1/ocr/", headers, b"{}")
    (seen,) = front.aws.requests
    assert (seen.method, seen.body) == ("POST", b"{}")
    assert [seen.header(name) for name, _ in headers] == [[value] for _, value in headers]


def test_a_chunked_body_passes(front: Front) -> None:
    answer = requests.post(f"{front.url}/api/v1/ocr/", data=iter([b"a" * 70_000, b"b"]), timeout=10)
    assert answer.status_code == 200
    assert front.aws.requests[0].body == b"a" * 70_000 + b"b"


def test_headers_that_only_the_edge_may_write_are_the_edges_own(front: Front) -> None:
    forged = [
        "X-Forwarded-For", "x_forwarded_for", "X-Forwarded-Proto", "Forwarded", "X-Real-IP",
        "CloudFront-Viewer-Country",
        "CloudFront-Viewer-Address", "CLOUDFRONT_VIEWER_ADDRESS", "X-Amz-Security-Token", "X-Amzn-Trace-Id",
        "X-Ministack-Account", "X-Origin-Secret", "X-Origin-Verify", "X-Viewer-Origin", "X_VIEWER_ORIGIN",
        "X-Viewer-Address", "X_VIEWER_ADDRESS",
        "Access-Control-Request-Method", "TE",
        "Keep-Alive", "Proxy-Authorization", "X-Mine",
    ]  # fmt: skip
    front.send("GET", "/api/v1/ocr/", [("Connection", "X-Mine"), *((name, "forged") for name in forged)])
    (seen,) = front.aws.requests
    assert "forged" not in {value for _, value in seen.headers}
    assert seen.header("X-Viewer-Address") == ["127.0.0.1"]
    assert seen.header("X-Origin-Verify") == ["s3cret"]
    assert seen.header("Host") == [front.aws.url.removeprefix("http://")]


def test_a_browsers_origin_passes_under_another_name(front: Front) -> None:
    front.send("POST", "/api/v1/ocr/", [("Origin", "https://other.example"), ("X-Viewer-Origin", PUBLIC)])
    (seen,) = front.aws.requests
    assert seen.header("X-Viewer-Origin") == ["https://other.example"]
    assert seen.header("Origin") == []


def test_the_apis_answer_comes_back_whole(front: Front) -> None:
    answer = front.send("GET", "/api/v1/ocr/")
    assert answer.body == b"0123456789"
    assert answer.headers["X-Request-Id"] == "from-the-api"
    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert len(answer.headers.get_all("Date") or []) == 1
    assert "Server" not in answer.headers


def test_a_redirect_is_the_clients_to_follow(front: Front) -> None:
    answer = front.send("GET", "/api/redirect")
    assert (answer.status, len(front.aws.requests)) == (302, 1)
    assert answer.headers["Location"] == "http://127.0.0.1:8000/ocrchat/results/x?X-Amz-Date=1"
    assert answer.headers["X-Request-Id"]


# --- what never reaches the embedded AWS ----------------------------------------------------------------------------

ATTACKS = [
    "/api",
    "/apix/v1",
    "/API/v1/ocr/",
    "//api/v1/ocr/",
    "/api//v1",
    "/api/v1//",
    "/api/../_ministack/reset",
    "/api/..",
    "/api/.",
    "/api/./v1",
    "/api/%2e%2e/_ministack/reset",
    "/api/%2E./x",
    "/api/.%2e/x",
    "/api/%252e%252e/x",
    "/api/%25252e%25252e/x",
    "/api/%2525252525252e%2525252525252e/x",
    "/api/v1%2F..%2F..%2F_ministack%2Freset",
    "/api/v1%2focr",
    "/api%2Fv1/ocr/",
    "/%61pi/v1/ocr/",
    "/api/..%5c_ministack",
    "/api/v1\\..\\x",
    "/api/%00",
    "/api/v1/%0d%0aX-Evil:1",
    "/api/%250a",
    "/api/%c0%ae%c0%ae/x",
    "/api/%ff",
    "/_aws/execute-api/api123/$default/api/v1/ocr/",
    "/_ministack/reset",
    "/_ministack/health",
    "/_localstack/health",
    "/restapis/api123/$default/_user_request_/api/v1/",
    "/healthz/",
    "/docs/../_ministack/reset",
    "/oauth2/token",
    "/.well-known/jwks.json",
    "/v2/email/outbound-emails",
    "/ocrchat",
    "/ocrchat/",
    "*",
    "http://127.0.0.1/api/v1/ocr/",
    "/health",
    "/favicon.ico",
]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("target", ATTACKS)
def test_every_other_path_is_a_404(front: Front, method: str, target: str) -> None:
    answer = front.send(method, target)
    assert_problem(answer, 404, "route_not_found")
    assert not front.aws.requests


def test_control_characters_in_the_request_line_get_no_further(front: Front) -> None:
    for byte in (b"\x00", b"\x0b", b"\x7f", b"\xff"):
        with socket.create_connection(("127.0.0.1", front.port), timeout=5) as connection:
            connection.sendall(b"GET /api/" + byte + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            status = connection.recv(4096).split(b" ")[1]
        assert status in {b"400", b"404"}
    assert not front.aws.requests


@pytest.mark.parametrize(
    "parameters", ["X-Amz-Credential=000000000001/20261120/eu-west-1/s3/aws4_request", "x%2Damz-date=1",
                   "a=1&AWSAccessKeyId=000000000001"]
)  # fmt: skip
def test_an_api_request_cannot_choose_the_account_by_its_query(front: Front, parameters: str) -> None:
    assert_problem(front.send("GET", f"/api/v1/ocr/?{parameters}"), 400, "parameter_invalid")
    assert not front.aws.requests


def test_an_api_request_cannot_choose_the_account_by_its_authorization(front: Front) -> None:
    for scheme in ("AWS4-HMAC-SHA256 Credential=000000000001/x", "AWS 000000000001:x", " aws4-ecdsa-p256-sha256 x"):
        headers = [("Authorization", "Bearer t"), ("Authorization", scheme)]
        assert_problem(front.send("GET", "/api/v1/ocr/", headers), 401, "token_invalid")
    assert not front.aws.requests


def test_the_root_leads_to_the_docs(front: Front) -> None:
    answer = front.send("GET", "/")
    assert (answer.status, answer.headers["Location"]) == (307, "/docs")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Request-Id"]


def test_without_a_website_the_account_page_leads_to_the_tokens(front: Front) -> None:
    answer = front.send("GET", "/account")
    assert (answer.status, answer.headers["Location"]) == (307, "/api/v1/account/tokens/")


def test_websockets_are_refused(front: Front) -> None:
    headers = [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
               ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")]  # fmt: skip
    assert front.send("GET", "/_aws/execute-api/api123/x", headers).status in {403, 404}
    assert not front.aws.requests


# --- bodies that are too large --------------------------------------------------------------------------------------


def test_a_body_over_the_limit_is_refused_by_its_length_alone(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.port), timeout=5) as connection:
        connection.sendall(b"POST /api/v1/ocr/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000001\r\n\r\n")
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        document = assert_problem(Answer(answer.status, answer.headers, answer.read()), 400, "file_too_large")
    assert "1 MB" in document["detail"]
    assert "/api/v1/uploads/" in document["detail"]
    assert not front.aws.requests


def test_a_client_that_sends_everything_first_still_gets_the_answer(front: Front) -> None:
    answer = requests.post(f"{front.url}/api/v1/ocr/", files={"file": ("a.pdf", b"x" * 20_000_000)}, timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (400, "file_too_large")
    assert not front.aws.requests


def test_a_body_sent_to_a_wrong_path_does_not_hide_the_answer(front: Front) -> None:
    answer = requests.post(f"{front.url}/ocr/", data=b"x" * 20_000_000, timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (404, "route_not_found")


def test_a_client_that_asks_first_is_told_at_once(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.port), timeout=5) as connection:
        connection.sendall(b"POST /api/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9000000\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 400 ")


def test_a_chunked_body_is_counted_and_cut(front: Front) -> None:
    answer = requests.post(f"{front.url}/api/v1/ocr/", data=(b"x" * 60_000 for _ in range(100)), timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (400, "file_too_large")
    assert all(seen.body is None for seen in front.aws.requests)


def test_a_body_at_the_limit_passes(front: Front) -> None:
    assert front.send("POST", "/api/v1/ocr/", body=b"x" * 1_000_000).status == 200
    assert requests.post(f"{front.url}/api/", data=iter([b"x" * 1_000_000]), timeout=10).status_code == 200
    # one that broke off in an earlier test may be noted late, without a body
    whole = [seen.body for seen in front.aws.requests if seen.body is not None]
    assert [len(body) for body in whole] == [1_000_000, 1_000_000]


# --- presigned downloads --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "target",
    [
        RESULT,
        f"/ocrchat/exports/3f0c/docx?{query()}",
        f"/ocrchat/results/a?{query()}&X-Amz-Security-Token=abc%2F%3D",
        f"/ocrchat/results/a?response-content-disposition=attachment%3B%20filename%3D%22a.txt%22&{query()}",
        f"/ocrchat/results/a?response-content-type=text%2Fplain&{query(X_Amz_Expires='900')}",
    ],
)
def test_presigned_downloads_pass_byte_for_byte(front: Front, method: str, target: str) -> None:
    answer = front.send(method, target)
    assert (answer.status, answer.headers["Content-Length"]) == (200, "10")
    assert answer.body == (b"0123456789" if method == "GET" else b"")
    (seen,) = front.aws.requests
    assert (seen.method, seen.target) == (method, target)
    assert seen.header("Host") == ["ocr.example:8000"]


def test_a_presigned_download_carries_nobodys_credentials(front: Front) -> None:
    headers = [("Authorization", "Bearer t"), ("Cookie", "a=b"), ("Origin", "http://evil"), ("X-Forwarded-For", "1"),
               ("Range", "bytes=2-4"), ("If-None-Match", '"x"'), ("X-Amz-Copy-Source", "/x")]  # fmt: skip
    answer = front.send("GET", RESULT, headers, body=b"a body")
    (seen,) = front.aws.requests
    assert {name.lower() for name, _ in seen.headers} == {"host", "range", "if-none-match"}
    assert seen.body == b""
    assert (answer.status, answer.body, answer.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Request-Id"]


def test_a_browser_gets_its_download_where_there_is_a_website(aws: Upstream, tmp_path: Path) -> None:
    for name in ("index.html", "404.html"):
        (tmp_path / name).write_text("a page")
    for port in serve(aws.url, Site(tmp_path)):
        browser = [("Accept", "text/html,*/*;q=0.8")]
        assert Front(port, aws).send("GET", RESULT, browser).body == b"0123456789"
        unsigned = Front(port, aws).send("GET", "/ocrchat/results/3f0c/document.json", browser)
        assert (unsigned.status, unsigned.body) == (404, b"a page")


def test_s3s_own_errors_pass(front: Front) -> None:
    answer = front.send("GET", f"/ocrchat/results/missing?{query()}")
    assert (answer.status, answer.headers["Content-Type"]) == (403, "application/xml")
    assert b"AccessDenied" in answer.body


FORGED = [
    "/ocrchat/results/a",
    "/ocrchat/results/a?X-Amz-Signature=x",
    *(f"/ocrchat/results/a?{query(**{name.replace('-', '_'): None})}" for name in SIGNED),
    *(f"/ocrchat/results/a?{query(**{name.replace('-', '_'): ''})}" for name in SIGNED),
    *(f"/ocrchat/results/a?{query()}&{name}={value}" for name, value in SIGNED.items()),
    f"/ocrchat/results/a?{query()}&X%2DAmz-Date=20261120T101112Z",
    f"/ocrchat/results/a?{query()}&x-amz-date=20261120T101112Z",
    f"/ocrchat/results/a?{query()}&X-Amz-Security-Token=a&X-Amz-Security-Token=b",
    f"/ocrchat/results/a?{query()}&acl",
    f"/ocrchat/results/a?{query()}&acl=",
    f"/ocrchat/results/a?{query()}&uploadId=1",
    f"/ocrchat/results/a?{query()}&versionId=1",
    f"/ocrchat/results/a?{query()}&response-cache-control=x",
    f"/ocrchat/results/a?{query()}&x=%ff",
    f"/ocrchat/results/a?{query()}&",
    f"/ocrchat/results/a?{query(X_Amz_Expires='901')}",
    f"/ocrchat/results/a?{query(X_Amz_Expires='604800')}",
    f"/ocrchat/results/a?{query(X_Amz_Expires='0')}",
    f"/ocrchat/results/a?{query(X_Amz_Expires='-1')}",
    f"/ocrchat/results/a?{query(X_Amz_Expires='%D9%A3')}",
    f"/ocrchat/results/a?{query(X_Amz_Algorithm='AWS4-ECDSA-P256-SHA256')}",
    f"/ocrchat/results/a?{query(X_Amz_SignedHeaders='host%3Bx-amz-acl')}",
    f"/ocrchat/results/a?{query(X_Amz_Credential='t%2F20261120%2Fus-east-1%2Fdynamodb%2Faws4_request')}",
    f"/ocrchat/results/a?{query(X_Amz_Signature='xyz')}",
    f"/ocrchat/?{query()}",
    f"/ocrchat?{query()}",
    f"/ocrchat/results?{query()}",
    f"/ocrchat/results/?{query()}",
    f"/ocrchat/uploads/3f0c/original?{query()}",
    f"/ocrchat/pages/3f0c/00000.pdf?{query()}",
    f"/ocrchat/incoming/x?{query()}",
    f"/ocrchat/resultsx/a?{query()}",
    f"/other/results/a?{query()}",
    f"/ocrchat2/results/a?{query()}",
    f"/OCRCHAT/results/a?{query()}",
    f"/ocrchat/results/../uploads/a?{query()}",
    f"/ocrchat/results/%2e%2e/uploads/a?{query()}",
    f"/ocrchat/results/%252e%252e/uploads/a?{query()}",
    f"/ocrchat/results/..%2f..%2fother/a?{query()}",
    f"/ocrchat/results/./a?{query()}",
    f"/ocrchat/results//a?{query()}",
    f"/ocrchat/results/a/?{query()}",
    f"//ocrchat/results/a?{query()}",
    f"/ocrchat/results/a%2Fb?{query()}",
    f"/ocrchat/results/a%00?{query()}",
    f"/ocrchat/results/a%5c..%5cb?{query()}",
    f"/ocrchat/results/a\\..\\b?{query()}",
    f"/ocrchat%2Fresults%2Fa?{query()}",
    f"/./ocrchat/results/a?{query()}",
    f"/other/../ocrchat/results/a?{query()}",
]


@pytest.mark.parametrize("target", FORGED)
def test_what_the_product_would_not_sign_is_a_404(front: Front, target: str) -> None:
    assert_problem(front.send("GET", target), 404, "route_not_found")
    assert not front.aws.requests


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH", "OPTIONS", "get"])
def test_a_signed_path_takes_no_other_method(front: Front, method: str) -> None:
    assert_problem(front.send(method, RESULT), 404, "route_not_found")
    assert not front.aws.requests


# --- streaming and failures -----------------------------------------------------------------------------------------


def test_a_large_answer_streams_without_being_held(front: Front) -> None:
    tracemalloc.start()
    try:
        with requests.get(f"{front.url}/api/big", stream=True, timeout=20) as answer:
            time.sleep(0.3)  # a reader slower than the sender: what piles up would pile up in the front
            assert sum(len(chunk) for chunk in answer.iter_content(65_536)) == BIG
        assert tracemalloc.get_traced_memory()[1] < BIG / 5
    finally:
        tracemalloc.stop()


def test_the_first_bytes_come_before_the_last_ones_exist(front: Front) -> None:
    with requests.get(f"{front.url}/api/endless", stream=True, timeout=5) as answer:
        assert next(answer.iter_content(10)) == b"x" * 10


def test_when_the_client_goes_away_the_upstream_request_ends(front: Front) -> None:
    answer = requests.get(f"{front.url}/api/endless", stream=True, timeout=5)
    next(answer.iter_content(10))
    answer.close()
    assert front.aws.broken_off.wait(5)


def test_a_client_that_breaks_off_its_upload_harms_nobody(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.port), timeout=5) as connection:
        connection.sendall(b"POST /api/v1/ocr/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
    assert front.send("GET", "/api/v1/ocr/").status == 200


def test_a_waiting_request_does_not_hold_up_others(front: Front) -> None:
    slow = [threading.Thread(target=front.send, args=("GET", "/api/slow")) for _ in range(30)]
    started = time.monotonic()
    for thread in slow:
        thread.start()
    assert front.send("GET", "/api/v1/ocr/").status == 200
    for thread in slow:
        thread.join()
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("target", ["/api/throttled/", "/api/timed-out/"])
@pytest.mark.parametrize("body", [None, b"x" * 100_000])
def test_what_the_gateway_says_in_place_of_the_api_is_told_as_overloaded(
    front: Front, target: str, body: bytes | None
) -> None:
    answer = front.send("POST", target, body=body)
    assert_problem(answer, 503, "overloaded")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_429_of_the_api_itself_passes_as_it_is(front: Front) -> None:
    answer = front.send("GET", "/api/limited/")
    assert (answer.status, answer.headers["Retry-After"], answer.body) == (429, "7", b"from the API")


def test_without_an_upstream_the_answer_is_503(front: Front) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        down = serve(f"http://127.0.0.1:{unused.getsockname()[1]}")
        alone = Front(next(down), front.aws)
        answer = alone.send("GET", "/api/v1/ocr/")
        assert_problem(answer, 503, "overloaded")
        assert int(answer.headers["Retry-After"]) > 0
        assert_problem(alone.send("GET", RESULT), 503, "overloaded")
        assert next(down, None) is None
