"""What starting a job's execution comes to, where AWS does not do it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from ocrchat.store.workflow import NotStarted, Workflow
from tests.unit.core.test_jobs import JOB


class StepFunctions:
    """One whose every answer is this error."""

    exceptions = SimpleNamespace(ClientError=ClientError)

    def __init__(self, error: Exception) -> None:
        self._error = error

    def start_execution(self, **_: Any) -> None:
        raise self._error


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "StartExecution")


def start(error: Exception) -> None:
    Workflow(StepFunctions(error), "arn:aws:states:::stateMachine:pages").start(JOB)


@pytest.mark.parametrize(
    "error",
    [
        refusal("ThrottlingException"),
        refusal("ExecutionLimitExceeded"),
        refusal("StateMachineDoesNotExist"),
        ReadTimeoutError(endpoint_url="https://states"),
        ConnectTimeoutError(endpoint_url="https://states"),
    ],
)
def test_whatever_keeps_it_from_starting_is_left_to_the_reconciler(error: Exception) -> None:
    with pytest.raises(NotStarted):
        start(error)


def test_what_runs_already_was_started() -> None:
    start(refusal("ExecutionAlreadyExists"))


def test_a_mistake_of_our_own_is_not_taken_for_aws_s() -> None:
    with pytest.raises(TypeError):
        start(TypeError())
