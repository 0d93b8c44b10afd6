"""The HTTP routes for jobs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import WithJsonSchema
from starlette.datastructures import UploadFile
from starlette.responses import HTMLResponse, JSONResponse

from ocrchat import errors, page_choice, wiring
from ocrchat.errors import FileMissing, FileTooLarge, ParameterInvalid
from ocrchat.http.auth import AccountOnly, Anyone, Counted, count, may_hold, no_wrong_token
from ocrchat.http.documentation import docs_page, job_schema, openapi_document
from ocrchat.http.parameters import idempotency_key, whole_number
from ocrchat.http.problems import documented
from ocrchat.jobs import SCHEMA_PATH, Progress
from ocrchat.languages import AUTO, LANGUAGES
from ocrchat.limits import LIMITS
from ocrchat.metering import rate_limit_headers
from ocrchat.store.idempotency import Replayed
from ocrchat.tiers import TIERS
from ocrchat.tools import TOOLS

from . import parameters
from .accept import Fields
from .answers import Answers, accepts_gzip
from .delete import Deletion
from .desk import acceptance
from .sources import SentFile, Source
from .uploads import KEPT, MOST_BODY_BYTES, UploadedFile, Uploads, name_and_size

router = APIRouter()
JOBS = "/api/v1/ocr/"
UPLOADS = "/api/v1/uploads/"
LANGUAGES_PATH = "/api/v1/languages/"
TOOLS_PATH = "/api/v1/tools/"
TABLE_AGE_S = 3600  # it changes with a deployment only

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
"""The media types that a form comes in; one without a file may be either."""

REFUSALS = [kind for kind in errors.error_classes(errors.RequestError) if kind is not errors.RequestError]

Wait = Annotated[
    str | None,
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": int(LIMITS.long_poll_s)}),
    Query(description="Seconds to wait for the end of the job before answering"),
]
Pages = Annotated[
    str | None,
    WithJsonSchema({"type": "string", "pattern": "^[0-9]+(-[0-9]+)?$"}),
    Query(description=f"`a-b`: only these pages, 1-based, at most {LIMITS.partial_pages}"),
]
Detail = Annotated[
    str | None,
    WithJsonSchema({"type": "string", "enum": ["blocks", "words"]}),
    Query(description="`words` adds lines and words to each block"),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="The same key within 24 hours gives the same job, and nothing is charged twice",
    ),
]
After = Annotated[
    str | None, WithJsonSchema({"type": "string"}), Query(description="The uuid that the page before ended with")
]
Limit = Annotated[
    str | None,
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LIMITS.list_page}),
    Query(description="How many jobs to list"),
]


def uploads() -> Uploads:
    return Uploads(wiring.uploads_table(), wiring.bucket(), wiring.balances_table())


def deletion() -> Deletion:
    return Deletion(
        wiring.jobs_table(),
        wiring.metering(),
        wiring.bucket(),
        wiring.chats_table(),
        wiring.workflow(),
        wiring.drop_folder(),
    )


def answers() -> Answers:
    return Answers(wiring.jobs_table(), wiring.bucket(), LIMITS)


async def form_of(request: Request) -> tuple[Source, Fields]:
    """The form: one file, streamed to disk beyond 1 MB, or the `upload_id` of one; and the text fields."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > LIMITS.direct_request_bytes:
        megabytes = LIMITS.direct_request_bytes / 1e6
        raise FileTooLarge(
            f"A request may have {megabytes:g} MB in all: upload a larger file with POST {UPLOADS}, or split it",
            limit=LIMITS.direct_request_bytes,
        )
    if not request.headers.get("content-type", "").startswith(FORMS):
        raise FileMissing
    form = await request.form(max_files=1, max_fields=16, max_part_size=4096)
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    fields = Fields(**{name: texts.get(name) or None for name in Fields.__dataclass_fields__})
    file, upload_id = form.get("file"), texts.get("upload_id")
    if file is None and upload_id:
        return UploadedFile(upload_id, uploads()), fields
    if file is None:
        raise FileMissing
    if not isinstance(file, UploadFile):
        raise FileMissing("`file` came as text: send it as a file part (curl: -F file=@invoice.pdf)")
    if upload_id:
        raise ParameterInvalid("Send either `file` or `upload_id`, not both", parameter="upload_id")
    return SentFile(file, wiring.bucket()), fields


async def upload_of(request: Request) -> tuple[str, int]:
    """(name, size in bytes) of the file that an upload is asked for."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MOST_BODY_BYTES:
        raise ParameterInvalid("The body is far longer than a name and a size: the file itself is sent to the `url`")
    return name_and_size(await request.body())


@router.post(
    JOBS,
    status_code=201,
    summary="Submit a file",
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": {
        "type": "object",
        "properties": {
            "file": {"type": "string", "format": "binary", "description": "PNG, JPG, WEBP, GIF, BMP, TIFF or PDF"},
            "upload_id": {"type": "string", "description": f"In place of `file`: of `POST {UPLOADS}`"},
            "tier": {"type": "string", "enum": list(TIERS), "default": "cpu"},
            "language": {
                "type": "string",
                "default": AUTO,
                "description": "A code of `GET /api/v1/languages/`, in any of its spellings",
            },
            "tool": {
                "type": "string",
                "enum": list(TOOLS),
                "description": f"What the file is read for: `GET {TOOLS_PATH}` says more",
            },
            "translate_to": {"type": "string", "description": "The code of a language, with `tool=translate`"},
            "pages": {
                "type": "string",
                "pattern": page_choice.PATTERN,
                "description": "Which pages are read, and paid for: `1-3,7`, counted from 1. All by default",
            },
        },
    }}}}},
    responses=documented(
        *REFUSALS,
        errors.TokenInvalid,
        errors.OutOfPages,
        errors.OriginNotAllowed,
        errors.IdempotencyKeyInUse,
        errors.IdempotencyKeyReused,
        errors.RateLimited,
        errors.TierUnavailable,
        errors.Overloaded,
        errors.InternalError,
    )
    | {201: {"description": "The finished job"}, 202: {"description": "The job, not finished yet"}},
)  # fmt: skip
def submit_job(
    caller: Counted,
    form: Annotated[tuple[Source, Fields], Depends(form_of)],
    request: Request,
    key: IdempotencyKey = None,
) -> Response:
    source, fields = form
    desk = acceptance()
    accepted = desk.accept(caller, source, desk.order(fields), idempotency_key(key))
    if isinstance(accepted, Replayed):
        job, progress = answers().find(accepted.outcome, caller)
        standing = wiring.balances_table().standing(caller.holder, caller.plan, datetime.now(UTC))
    else:
        job, progress, standing = accepted.job, Progress(), accepted.standing
    if job.page_count <= LIMITS.inline_pages:
        job, progress = answers().wait(job, progress, request.state.arrived + LIMITS.inline_wait_s)
    gzip = accepts_gzip(request.headers.get("accept-encoding"))
    answer = answers().respond(job, progress, status=201 if job.settled else 202, words=False, gzip=gzip, pages=None)
    answer.headers.update(rate_limit_headers(caller.plan, standing, datetime.now(UTC)))
    if isinstance(accepted, Replayed):
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


@router.get(
    JOBS,
    summary="The account's jobs, newest first",
    responses=documented(ParameterInvalid, errors.TokenMissing, errors.TokenInvalid, errors.RateLimited),
)
def list_jobs(caller: AccountOnly, limit: Limit = None, after: After = None) -> dict[str, Any]:
    return answers().listing(caller, whole_number("limit", limit, 1, LIMITS.list_page, 20), after)


@router.get(
    JOBS + "{uuid}/",
    summary="One job",
    responses=documented(
        ParameterInvalid, errors.TokenInvalid, errors.JobNotFound, errors.JobDeleted, errors.JobExpired
    )
    | {302: {"description": "The same JSON in S3, when it is too large for one answer"}},
)
def get_job(
    uuid: str, caller: Anyone, request: Request, wait: Wait = None, pages: Pages = None, detail: Detail = None
) -> Response:
    words = parameters.detail_words(detail)
    seconds = whole_number("wait", wait, 0, int(LIMITS.long_poll_s), 0)
    job, progress = answers().find(uuid, caller)
    wanted = parameters.page_range(pages, job.indexes, LIMITS)
    if wanted is not None:
        count(caller)
    if seconds and not job.settled and may_hold(caller):
        job, progress = answers().wait(job, progress, request.state.arrived + seconds)
    gzip = accepts_gzip(request.headers.get("accept-encoding"))
    return answers().respond(job, progress, status=200, words=words, gzip=gzip, pages=wanted)


@router.delete(
    JOBS + "{uuid}/",
    status_code=204,
    summary="Delete a job, and everything of it",
    description="One that runs is stopped. Afterwards it is answered with 410; a repeated DELETE with 204.",
    responses=documented(
        errors.TokenInvalid, errors.OriginNotAllowed, errors.JobNotFound, errors.RateLimited, errors.Overloaded
    ),
)
def delete_job(uuid: str, caller: Counted) -> Response:
    deletion().delete(uuid, caller)
    return Response(status_code=204)


@router.post(
    UPLOADS,
    status_code=201,
    summary="Ask for a form by which a larger file can be sent",
    description="POST `fields`, each as a form field, and after them the file as `file`, to `url` before `expires_at`; "
    f"then submit the `upload_id`, within {KEPT.seconds // 60} minutes of this request.",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": {
        "type": "object",
        "required": ["filename", "size"],
        "properties": {
            "filename": {"type": "string", "description": "The file's name"},
            "size": {"type": "integer", "minimum": 1, "description": "The file's length in bytes, exactly"},
        },
    }}}}},
    responses=documented(
        ParameterInvalid, FileTooLarge, errors.TokenInvalid, errors.OriginNotAllowed, errors.RateLimited
    ),
)  # fmt: skip
def create_upload(caller: Counted, asked: Annotated[tuple[str, int], Depends(upload_of)]) -> dict[str, Any]:
    return uploads().offer(caller, *asked)


@router.get(
    LANGUAGES_PATH,
    dependencies=[Depends(no_wrong_token)],
    responses=documented(errors.TokenInvalid),
    summary="The languages that can be read, and the codes that `language` takes for them",
)
def list_languages(response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = f"public, max-age={TABLE_AGE_S}"
    packs = wiring.settings().language_packs
    return {"languages": [language.as_json(packs) for language in LANGUAGES.values()]}


@router.get(
    TOOLS_PATH,
    dependencies=[Depends(no_wrong_token)],
    responses=documented(errors.TokenInvalid),
    summary="The tools that a submission may name, and the tiers that are live",
)
def list_tools(response: Response) -> dict[str, Any]:
    response.headers["Cache-Control"] = f"public, max-age={TABLE_AGE_S}"
    live = wiring.settings().tiers
    return {
        "tools": [tool.as_json(live) for tool in TOOLS.values()],
        "tiers": [{"name": tier.name, "title": tier.title, "available": tier.name in live} for tier in TIERS.values()],
    }


@router.get("/healthz", summary="Whether the service answers, and which tiers are live")
def healthz() -> dict[str, Any]:
    live = wiring.settings().tiers
    return {"status": "ok", "tiers": {name: "live" if name in live else "off" for name in TIERS}}


@router.get("/openapi.json", include_in_schema=False)
def openapi() -> Response:
    return JSONResponse(openapi_document())


@router.get(SCHEMA_PATH, summary="The JSON Schema of the job object")
def schema_of_jobs() -> JSONResponse:
    return JSONResponse(job_schema())


@router.get("/docs", include_in_schema=False)
def docs() -> HTMLResponse:
    return HTMLResponse(
        docs_page(openapi_document()),
        headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"},
    )
