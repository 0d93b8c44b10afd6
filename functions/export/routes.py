"""The download route."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import WithJsonSchema
from starlette.responses import RedirectResponse

from ocrchat import errors, wiring
from ocrchat.accounts import Caller
from ocrchat.errors import JobNotFound, Overloaded, RateLimited
from ocrchat.http.auth import Counted, may_hold
from ocrchat.http.parameters import whole_number
from ocrchat.http.problems import documented
from ocrchat.jobs import FORMATS, uuid_of
from ocrchat.limits import LIMITS

from .download import Downloads
from .files import rendered_files

router = APIRouter()

Format = Annotated[
    str | None,
    WithJsonSchema({"type": "string", "enum": list(FORMATS)}),
    Query(alias="format", description="Without it that of the job's tool, else `txt`"),
]
Hop = Annotated[str | None, Query(alias="hop", include_in_schema=False)]

NOT_YET = "The file is still being made: ask for it again later"
NOT_YET_S = 30

UNCOUNTED_WAIT_S = 3.0
"""Every request may be held for so long, many times what the file of a page takes (ADR 0011). How many are is bounded
by the requests of a minute, 120 to 1200: six to sixty at a time."""

TOO_MANY_HELD = f"More than {LIMITS.long_polls} requests that wait: this file is being made, ask for it again later"


def downloads() -> Downloads:
    return Downloads(wiring.jobs_table(), wiring.bucket(), rendered_files())


@router.get(
    "/api/v1/ocr/{uuid}/download/",
    status_code=302,
    summary="The finished job as a file",
    description="A file that takes long to make is sent for by redirects to this same path, until it is there.",
    response_description="A presigned URL, good for fifteen minutes",
    responses=documented(
        errors.ParameterInvalid,
        errors.FileCorrupt,
        errors.TokenInvalid,
        errors.JobNotFound,
        errors.JobNotFinished,
        errors.JobFailed,
        errors.JobDeleted,
        errors.JobExpired,
        errors.OriginalDeleted,
        errors.RateLimited,
        errors.Overloaded,
        errors.InternalError,
    ),
)
def download(uuid: str, caller: Counted, request: Request, name: Format = None, hop: Hop = None) -> RedirectResponse:
    hops = whole_number("hop", hop, 0, LIMITS.export_hops, 0)
    known = uuid_of(uuid)
    if known is None:
        raise JobNotFound
    url = _url_in_time(known, name, caller, request.state.arrived)
    if url is None:
        if hops == LIMITS.export_hops:
            raise Overloaded(NOT_YET, NOT_YET_S)
        url = _once_more(name, hops + 1, request)
    return RedirectResponse(url, status_code=302, headers={"Cache-Control": "no-store"})


def _url_in_time(uuid: str, name: str | None, caller: Caller, arrived: float) -> str | None:
    """None where the file is not there when the request can be held no longer. Raises RateLimited for a caller of whom
    too many are held already, though not for a file that is there, or soon."""
    files = downloads()
    url = files.url(uuid, name, caller, arrived + UNCOUNTED_WAIT_S)
    if url is not None:
        return url
    if not may_hold(caller):
        raise RateLimited(TOO_MANY_HELD, int(LIMITS.long_poll_s))
    return files.url(uuid, name, caller, arrived + LIMITS.export_wait_s)


def _once_more(name: str | None, hop: int, request: Request) -> str:
    """This request's own URL, relative to itself, so that it does not matter behind which host and path it is."""
    query = ({"format": name} if name else {}) | {"hop": str(hop)}
    if "api_token" in request.query_params:
        query["api_token"] = request.query_params["api_token"]
    return f"?{urlencode(query)}"
