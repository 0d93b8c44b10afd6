"""Translates the AWS error codes that the store understands; everything else rises as it is."""

from __future__ import annotations

from typing import Any


def code_of(error: Any) -> str:
    """The error code of a botocore ClientError."""
    return str(error.response.get("Error", {}).get("Code", ""))


THROTTLED = frozenset(
    {
        "503",  # S3's answer to HEAD, which has no body to name the code in
        "InternalError",  # S3's
        "InternalFailure",  # SES's
        "InternalServerError",  # DynamoDB's
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceException",  # Lambda's
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",  # of a write by itself, whose row is in somebody's transaction
    }
)


def is_throttled(error: Exception) -> bool:
    """Whether AWS said, after all retries of the client, that it cannot now."""
    return hasattr(error, "response") and code_of(error) in THROTTLED


def is_condition_failure(error: Any) -> bool:
    """The row or the object is not as the condition wants it. Not S3's ConditionalRequestConflict, which says that two
    writes met and neither may have won: the caller has to try again."""
    return code_of(error) in {"ConditionalCheckFailedException", "PreconditionFailed"}


def is_missing_object(error: Any) -> bool:
    return code_of(error) in {"NoSuchKey", "404", "NotFound"}
