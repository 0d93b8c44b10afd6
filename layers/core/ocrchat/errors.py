"""Everything that can go wrong where a user sees it.

    OcrChatError
    ├── RequestError            the caller can mend it (400)
    │   ├── FileMissing, FileEmpty, FileTypeUnsupported, FileTooLarge
    │   ├── FileCorrupt, FileEncrypted, TooManyPages, ImageTooLarge
    │   └── ParameterInvalid
    ├── SignatureInvalid                                400
    ├── TokenMissing, TokenInvalid                      401
    ├── OutOfPages                                      402
    ├── OriginNotAllowed                                403
    ├── JobNotFound, TokenNotFound, RouteNotFound,
    │   ConversationNotFound                            404
    ├── MethodNotAllowed                                405
    ├── JobNotFinished, JobFailed, IdempotencyKeyInUse  409
    ├── JobDeleted, JobExpired, OriginalDeleted         410
    ├── IdempotencyKeyReused                            422
    ├── RateLimited                                     429, with Retry-After
    ├── TierUnavailable, MailUnavailable,
    │   PurchasesUnavailable, Overloaded                503, with Retry-After
    ├── InternalError                                   500
    └── PageError               inside a result: one page, not the request
        ├── PageUnreadable      its bytes cannot be read
        ├── PageCrashed         it ended its worker every time
        ├── PageTooDense        it holds more text than a page may
        ├── PageTimedOut        it took longer than a page may
        ├── LanguageUnavailable its language cannot be read on this service
        ├── PageRefused         the model declined
        ├── PageUnverified      what the model wrote does not stand on it
        ├── PageCutOff          the model's answer broke off
        ├── ModelFailed         the model gave no usable answer
        └── PageLost            no worker ever answered for it

Each class owns its stable `code`, its HTTP `status` and `retryable`: whether the same request can succeed later.
Messages are written here or where the error is raised, never taken from another exception.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class OcrChatError(Exception):
    """Base of the tree. `detail` is the message for the user; `extra` holds more members of the problem document."""

    code = "internal_error"
    status = 500
    title = "Something went wrong on our side"
    retryable = False
    retry_after: int | None = None  # seconds, sent as the Retry-After header

    def __init__(self, detail: str | None = None, **extra: object) -> None:
        self.detail = detail or self.title
        self.extra = extra
        super().__init__(self.detail)


class RequestError(OcrChatError):
    code = "parameter_invalid"
    status = 400
    title = "The request cannot be used as it is"


class FileMissing(RequestError):
    code = "file_missing"
    title = "No file: send one as the multipart field `file`"


class FileEmpty(RequestError):
    code = "file_empty"
    title = "The file is empty: check that it was saved, and send it again"


class FileTypeUnsupported(RequestError):
    code = "file_type_unsupported"
    title = "Unsupported type: send a PNG, JPG, WEBP, GIF, BMP, TIFF or PDF file"


class FileTooLarge(RequestError):
    code = "file_too_large"
    title = "The file is too large"


class FileCorrupt(RequestError):
    code = "file_corrupt"
    title = "The file is damaged or cut off: open it in a viewer, save it again and resend it"


class FileEncrypted(RequestError):
    code = "file_encrypted"
    title = "The PDF needs a password: remove it and resend the file"


class TooManyPages(RequestError):
    code = "too_many_pages"
    title = "The file has more pages than one job may have: split it"


class ImageTooLarge(RequestError):
    code = "image_too_large"
    title = "A page has more pixels than a page may have: scale it down"


class ParameterInvalid(RequestError):
    code = "parameter_invalid"
    title = "A parameter has a value that is not allowed"


class SignatureInvalid(OcrChatError):
    code = "signature_invalid"
    status = 400
    title = "The Stripe-Signature is not of this body, or too old"


class TokenMissing(OcrChatError):
    code = "token_missing"
    status = 401
    title = "This needs an API token: send `Authorization: Bearer YOUR_API_TOKEN`"


class TokenInvalid(OcrChatError):
    code = "token_invalid"
    status = 401
    title = "The API token is not valid"


class OutOfPages(OcrChatError):
    """`extra` has `used`, `cap`, `required` and `resets_at`; `headers` tell what is left, as those of an answer do."""

    headers: Mapping[str, str] = {}

    code = "out_of_pages"
    status = 402
    title = "Not enough pages or credits are left"


class OriginNotAllowed(OcrChatError):
    code = "origin_not_allowed"
    status = 403
    title = "A browser session is taken from this service's own pages only: use an API token"


class JobNotFound(OcrChatError):
    code = "job_not_found"
    status = 404
    title = "There is no such job"


class TokenNotFound(OcrChatError):
    code = "token_not_found"
    status = 404
    title = "The account has no such token"


class ConversationNotFound(OcrChatError):
    code = "conversation_not_found"
    status = 404
    title = "There is no such conversation about this job: leave `conversation` out to begin one"


class RouteNotFound(OcrChatError):
    code = "route_not_found"
    status = 404
    title = "There is nothing at this path: see /docs"


class MethodNotAllowed(OcrChatError):
    code = "method_not_allowed"
    status = 405
    title = "This path does not take this method: see /docs"


class JobNotFinished(OcrChatError):
    code = "job_not_finished"
    status = 409
    title = "The job is not finished yet: poll it until its status is `done`"
    retryable = True
    retry_after = 2


class JobFailed(OcrChatError):
    code = "job_failed"
    status = 409
    title = "The job failed: its `error` says why"


class IdempotencyKeyInUse(OcrChatError):
    code = "idempotency_key_in_use"
    status = 409
    title = "A request with this Idempotency-Key is being answered: try again shortly"
    retryable = True
    retry_after = 2


class JobDeleted(OcrChatError):
    code = "job_deleted"
    status = 410
    title = "The job was deleted"


class JobExpired(OcrChatError):
    code = "job_expired"
    status = 410
    title = "The result has expired and was deleted: submit the file again"


class OriginalDeleted(OcrChatError):
    code = "original_deleted"
    status = 410
    title = "The file that was sent has been deleted, and this format needs it: submit the file again"


class IdempotencyKeyReused(OcrChatError):
    code = "idempotency_key_reused"
    status = 422
    title = "This Idempotency-Key was used with another request: take a new key"


class RateLimited(OcrChatError):
    """`retry_after` in seconds."""

    code = "rate_limited"
    status = 429
    title = "Too many requests"
    retryable = True
    retry_after = 60

    def __init__(self, detail: str | None = None, retry_after: int = 60) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class TierUnavailable(OcrChatError):
    code = "tier_unavailable"
    status = 503
    title = "This tier is not available on this service: use `tier=cpu`"
    retry_after = 3600


class MailUnavailable(OcrChatError):
    code = "mail_unavailable"
    status = 503
    title = "This service sends no mail: ask who runs it for a token"
    retry_after = 3600


class PurchasesUnavailable(OcrChatError):
    """`retry_after` in seconds."""

    code = "purchases_unavailable"
    status = 503
    title = "Purchases are not available on this service"
    retry_after = 3600

    def __init__(self, detail: str | None = None, retry_after: int = 3600) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Overloaded(OcrChatError):
    """`retry_after` in seconds."""

    code = "overloaded"
    status = 503
    title = "The service is busy: try again shortly"
    retryable = True
    retry_after = 5

    def __init__(self, detail: str | None = None, retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class InternalError(OcrChatError):
    code = "internal_error"
    status = 500
    retryable = True


class PageError(OcrChatError):
    """What a page carries as `error` when it could not be read. Never an HTTP answer of its own."""

    code = "page_unreadable"
    title = "This page could not be read"


class PageUnreadable(PageError):
    code = "page_unreadable"
    title = "This page is damaged: nothing could be read from it"


class PageCrashed(PageError):
    code = "page_crashed"
    title = "This page stopped its reader each time it was tried, so it was left out"


class PageTooDense(PageError):
    code = "page_too_dense"
    title = "This page holds more text than a page may"


class PageTimedOut(PageError):
    code = "page_timed_out"
    title = "This page took longer to read than a page may"


class LanguageUnavailable(PageError):
    code = "language_unavailable"
    title = "This page is in a language whose pack is not installed on this service"


class PageRefused(PageError):
    code = "page_refused"
    title = "The model declined to read this page: try `tier=cpu`"


class PageUnverified(PageError):
    code = "page_unverified"
    title = "What the model wrote could not be found on this page, so it was left out: try `tier=cpu`"


class PageCutOff(PageError):
    code = "page_cut_off"
    title = "The model's answer for this page broke off before its end, more than once: try `tier=cpu`"


class ModelFailed(PageError):
    code = "model_failed"
    title = "The model gave no usable answer for this page: try again, or `tier=cpu`"


class PageLost(PageError):
    code = "page_lost"
    title = "This page was not read: its reader failed repeatedly"


def error_classes(root: type[OcrChatError] = OcrChatError) -> Iterator[type[OcrChatError]]:
    """Every class of the tree, the root first."""
    yield root
    for child in root.__subclasses__():
        yield from error_classes(child)


def as_json(error: OcrChatError) -> dict[str, Any]:
    """An error as it travels from one function to another."""
    return {"kind": type(error).__name__, "detail": error.detail, "extra": error.extra}


def from_json(data: Mapping[str, Any], root: type[OcrChatError] = OcrChatError) -> OcrChatError:
    """The inverse of `as_json`. Raises LookupError where the error is none of that branch of the tree."""
    for kind in error_classes(root):
        if kind.__name__ == data["kind"]:
            return kind(data["detail"], **data["extra"])
    raise LookupError(data["kind"])
