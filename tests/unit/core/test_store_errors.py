"""Which answers of AWS say that it cannot now, so that ours is a 503 and not a fault."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from ocrchat.store.errors import is_throttled


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("PutItem", "ProvisionedThroughputExceededException"),
        ("PutItem", "TransactionConflictException"),
        ("PutItem", "InternalServerError"),
        ("PutObject", "InternalError"),
        ("PutObject", "SlowDown"),
        ("Invoke", "ServiceException"),
        ("Invoke", "TooManyRequestsException"),
        ("SendEmail", "InternalFailure"),
    ],
)
def test_aws_that_cannot_now_is_told_from_aws_that_refuses(operation: str, code: str) -> None:
    assert is_throttled(ClientError({"Error": {"Code": code}}, operation))


@pytest.mark.parametrize("error", [ClientError({"Error": {"Code": "AccessDenied"}}, "PutItem"), ValueError()])
def test_a_fault_of_ours_is_none_of_those(error: Exception) -> None:
    assert not is_throttled(error)
