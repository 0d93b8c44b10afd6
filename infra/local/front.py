"""The only port that a browser reaches: it plays CloudFront, API Gateway's edge and S3's public endpoint.

The embedded AWS behind it answers anybody who reaches its port, so what passes is listed, and everything else is a 404:

    /api/..., /healthz, /openapi.json, /docs, /schemas/job-1.json     the HTTP API
    /{bucket}/results|exports/...                                     presigned downloads
    POST /{bucket}                                                    presigned uploads to incoming/
    whatever else is a file of the website

Errors of its own are the API's problem documents.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from infra.local import headers as pass_on
from infra.local.api_paths import is_api_path, is_aws_authorization, names_aws_credentials
from infra.local.headers import Headers
from infra.local.signed_forms import FIELDS_BYTES, FormRefused, SignedForm, boundary_of, is_upload
from infra.local.signed_paths import is_signed_download
from infra.local.site import Site
from ocrchat.errors import FileTooLarge, OcrChatError, Overloaded, ParameterInvalid, RouteNotFound, TokenInvalid
from ocrchat.http.problems import problem_response
from ocrchat.limits import LIMITS, MB, Limits

log = logging.getLogger(__name__)

TIMEOUTS = httpx.Timeout(connect=5.0, read=60.0, write=60.0, pool=10.0)
"""Seconds. API Gateway gives an answer 30 s; the API itself answers well before that."""

CONNECTIONS = httpx.Limits(max_connections=256, max_keepalive_connections=64, keepalive_expiry=30.0)
"""The embedded AWS keeps an idle connection for 75 s: the front lets go first."""

WITHOUT_SITE = {"/": "/docs", "/account": "/api/v1/account/tokens/"}
"""What of the API stands in for a page of the website, where there is no website."""

DRAIN_BYTES = 100 * MB
DRAIN_S = 10.0
"""How much of a refused body is read and thrown away, so that a client which sends first and reads then gets the
answer instead of a reset connection."""


def create_front(
    aws_url: str,
    api_id: str,
    bucket: str,
    public_url: str,
    limits: Limits = LIMITS,
    origin_secret: str | None = None,
    site: Site | None = None,
) -> Starlette:
    """The front of one API and one bucket at `aws_url`.

    `public_url` is the front's own address: S3 URLs are signed for its host and port.
    `origin_secret` goes with every API request as X-Origin-Verify, as CloudFront sends it. Without a `site`, `/` leads
    to the documentation, and `/account` to the tokens.
    """
    front = _Front(aws_url, api_id, bucket, public_url, limits, origin_secret, site)
    app = Starlette(lifespan=front.lifespan)
    app.router.default = front  # not a route: a pattern would match the decoded path, and miss some
    return app


def server_config(app: Starlette, host: str, port: int) -> uvicorn.Config:
    """uvicorn as the front needs it: the peer is whoever connected, and no query (it may hold a token) is logged."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        proxy_headers=False,
        access_log=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=5,  # seconds: a long download must not hold up Ctrl-C
    )


class _Front:
    def __init__(
        self,
        aws_url: str,
        api_id: str,
        bucket: str,
        public_url: str,
        limits: Limits,
        origin_secret: str | None,
        site: Site | None,
    ) -> None:
        self._aws_url = httpx.URL(aws_url)
        self._stage = f"/_aws/execute-api/{api_id}/$default"
        self._bucket = bucket
        self._signed_host = urlsplit(public_url).netloc
        self._limits = limits
        self._origin_secret = origin_secret
        self._site = site
        # The transport alone: a client would keep cookies, and write the URLs into the log.
        self._transport = httpx.AsyncHTTPTransport(limits=CONNECTIONS, trust_env=False)

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        async with self._transport:
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        request = Request(scope, receive)
        request.state.request_id = uuid4().hex
        try:
            await self._answer(request, scope, receive, send)
        except OcrChatError as error:
            await _refuse(error, request, scope, receive, send)
        except FormRefused as reason:
            log.info("request %s: the form is none of ours: %s", request.state.request_id, reason)
            await _refuse(RouteNotFound(), request, scope, receive, send)
        except ClientDisconnect:
            log.info("request %s: the client went away", request.state.request_id)

    async def _answer(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        path, query = _request_line(scope)
        if pass_on.ends_twice(request.headers.raw):
            raise ParameterInvalid("A request has a `Content-Length` or a `Transfer-Encoding`, and this one has both")
        is_download = is_signed_download(request.method, path, query, self._bucket)
        page = None if is_download else self._page(request, path)
        if page is not None:
            await _own(page, request)(scope, receive, send)
            return
        if is_api_path(path):
            upstream, passed = self._api_request(request, path, query), pass_on.from_api
        elif is_download:
            upstream, passed = self._s3_request(request, path, query), pass_on.from_s3
        elif is_upload(request.method, path, query, self._bucket):
            upstream, passed = await self._upload_request(request, path), pass_on.from_s3
        else:
            raise RouteNotFound
        response = await self._open(upstream)
        try:
            if pass_on.is_of_gateway(response.status_code, response.headers.raw):
                await _own(problem_response(Overloaded(), request), request)(scope, receive, send)
                return
            relay = StreamingResponse(response.stream, response.status_code)
            relay.raw_headers = _with_request_id(passed(response.headers.raw), request)
            await relay(scope, receive, send)
        finally:  # also when the client went away in the middle
            await response.aclose()

    def _page(self, request: Request, path: str) -> Response | None:
        """What the website answers; the API's own paths are never asked of it."""
        if request.method not in {"GET", "HEAD"} or is_api_path(path):
            return None
        if self._site is None:
            instead = WITHOUT_SITE.get(path)
            return RedirectResponse(instead, status_code=307) if instead else None
        found = self._site.answer(path)
        if found is None and "text/html" in request.headers.get("accept", ""):
            return self._site.missing()
        return found

    async def _open(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._transport.handle_async_request(request)
        except httpx.TransportError as error:
            log.warning("the embedded AWS did not answer: %s", type(error).__name__)
            raise Overloaded from error

    def _api_request(self, request: Request, path: str, query: str) -> httpx.Request:
        if any(is_aws_authorization(value) for value in request.headers.getlist("authorization")):
            raise TokenInvalid
        if names_aws_credentials(query):
            raise ParameterInvalid("Parameters that begin with `X-Amz-` are not allowed here")
        headers = pass_on.to_api(request.headers.raw)
        headers.append((b"X-Viewer-Address", _viewer_address(request)))
        if self._origin_secret is not None:
            headers.append((b"X-Origin-Verify", self._origin_secret.encode()))
        body = _body(request, self._limits.direct_request_bytes, _request_too_large(self._limits))
        return self._request(request.method, self._stage + path, query, headers, body)

    def _s3_request(self, request: Request, path: str, query: str) -> httpx.Request:
        headers = [(b"Host", self._signed_host.encode()), *pass_on.to_s3(request.headers.raw)]
        return self._request(request.method, path, query, headers, None)

    async def _upload_request(self, request: Request, path: str) -> httpx.Request:
        boundary = boundary_of(request.headers.get("content-type", ""))
        body = _body(request, self._limits.file_bytes + FIELDS_BYTES, _file_too_large(self._limits))
        if body is None:
            raise FormRefused("it has no body")
        form = SignedForm(boundary, body)
        await form.read_fields()
        headers = [(b"Host", self._signed_host.encode()), (b"Content-Type", form.content_type)]
        return self._request("POST", path, "", headers, form.content())

    def _request(
        self, method: str, path: str, query: str, headers: Headers, content: AsyncIterator[bytes] | None
    ) -> httpx.Request:
        target = f"{path}?{query}" if query else path
        return httpx.Request(
            method,
            self._aws_url,
            headers=headers,
            content=content,
            # As it came: httpx would write the path and the query anew, and a signature covers both.
            extensions={"target": target.encode("ascii"), "timeout": TIMEOUTS.as_dict()},
        )


def _body(request: Request, most: int, too_large: FileTooLarge) -> AsyncIterator[bytes] | None:
    """The body as it comes, None where there is none. Raises `too_large` as soon as it is known to exceed `most`."""
    length = request.headers.get("content-length")
    if length is not None and int(length) > most:
        raise too_large
    return _counted(request, most, too_large) if _has_body(request) else None


async def _counted(request: Request, most: int, too_large: FileTooLarge) -> AsyncIterator[bytes]:
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > most:
            raise too_large
        yield chunk


def _request_too_large(limits: Limits) -> FileTooLarge:
    return FileTooLarge(
        f"The whole request may hold {limits.direct_request_bytes / MB:g} MB, and this one is larger: upload the file "
        "with POST /api/v1/uploads/"
    )


def _file_too_large(limits: Limits) -> FileTooLarge:
    return FileTooLarge(f"A file may have {limits.file_bytes / MB:g} MB, and this one is larger: split it")


async def _refuse(error: OcrChatError, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers at once, and only then reads what is left of a body, so that the answer is not lost."""
    response = _own(problem_response(error, request), request)
    if not _has_body(request):
        await response(scope, receive, send)
        return
    response.headers["Connection"] = "close"
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    if request.headers.get("expect", "").lower() != "100-continue":  # such a client waits for us before it sends
        await _drain(receive)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _has_body(request: Request) -> bool:
    return "transfer-encoding" in request.headers or int(request.headers.get("content-length", 0)) > 0


async def _drain(receive: Receive) -> None:
    left = DRAIN_BYTES
    try:
        async with asyncio.timeout(DRAIN_S):
            while left > 0:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
                left -= len(message.get("body", b""))
    except TimeoutError:
        log.info("a refused body took longer than %s s", DRAIN_S)


def _request_line(scope: Scope) -> tuple[str, str]:
    """Path and query as they were sent, still escaped."""
    path: bytes = scope["raw_path"]
    query: bytes = scope["query_string"]
    if not (path + query).isascii():
        raise RouteNotFound
    return path.decode(), query.decode()


def _viewer_address(request: Request) -> bytes:
    return request.client.host.encode() if request.client else b"0.0.0.0"


def _own(response: Response, request: Request) -> Response:
    response.headers["X-Request-Id"] = request.state.request_id
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _with_request_id(headers: Headers, request: Request) -> Headers:
    if pass_on.first(headers, b"x-request-id") is not None:
        return headers
    request_id = pass_on.first(headers, b"x-amz-request-id") or request.state.request_id.encode()
    return [*headers, (b"x-request-id", request_id)]
