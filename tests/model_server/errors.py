"""What the API answers to a request that it does not take, in its own shapes."""

from __future__ import annotations

import json
from collections.abc import Mapping

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
AWS_TYPES = {
    400: "ValidationException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}


class Refused(Exception):
    """The request breaks a rule; answered with `status`."""

    def __init__(self, message: str, status: int = 400, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})


def body_of(refused: Refused, request_id: str) -> bytes:
    kind = TYPES.get(refused.status, "api_error" if refused.status >= 500 else "invalid_request_error")
    error = {"type": kind, "message": str(refused)}
    return json.dumps({"type": "error", "error": error, "request_id": request_id}).encode()


def aws_body_of(refused: Refused) -> tuple[bytes, str]:
    """And the value of `x-amzn-errortype`."""
    kind = AWS_TYPES.get(refused.status, "InternalServerException")
    return json.dumps({"message": str(refused)}).encode(), f"{kind}:http://internal.amazon.com/coral/"
