"""The download route."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import WithJsonSchema
from starlette.responses import RedirectResponse

from ocrchat import errors, wiring
from ocrchat.errors import JobNotFound
from ocrchat.http.auth import Counted
from ocrchat.http.problems import documented
from ocrchat.jobs import FORMATS, uuid_of

from .download import Downloads

router = APIRouter()

Format = Annotated[
    str, WithJsonSchema({"type": "string", "enum": list(FORMATS), "default": "txt"}), Query(alias="format")
]


def downloads() -> Downloads:
    return Downloads(wiring.jobs_table(), wiring.bucket())


@router.get(
    "/api/v1/ocr/{uuid}/download/",
    status_code=302,
    summary="The finished job as a file",
    response_description="A presigned URL, good for fifteen minutes",
    responses=documented(
        errors.ParameterInvalid,
        errors.TokenInvalid,
        errors.JobNotFound,
        errors.JobNotFinished,
        errors.JobFailed,
        errors.JobDeleted,
        errors.JobExpired,
        errors.RateLimited,
    ),
)
def download(uuid: str, caller: Counted, name: Format = "txt") -> RedirectResponse:
    known = uuid_of(uuid)
    if known is None:
        raise JobNotFound
    url = downloads().url(known, name, caller)
    return RedirectResponse(url, status_code=302, headers={"Cache-Control": "no-store"})
