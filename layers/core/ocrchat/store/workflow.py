"""The state machine: one execution per attempt of a job, and the answers to its task tokens."""

from __future__ import annotations

import json
from typing import Any, Literal

from botocore.exceptions import BotoCoreError

from ocrchat.jobs import Job, execution_name
from ocrchat.store.errors import code_of
from ocrchat.tracing import traced

LATE = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})
"""What Step Functions answers to a token whose execution has ended or moved on: nothing is left to say to it."""

ENDED = frozenset({"ExecutionDoesNotExist", "ValidationException"})
"""What a request to stop is answered where nothing runs: it never started, or, by the embedded AWS, has ended."""


class NotStarted(Exception):
    """The execution could not be started now; the reconciler will do it."""


class Workflow:
    def __init__(self, client: Any, state_machine: str) -> None:
        self._client = client
        self._state_machine = state_machine

    def start(self, job: Job) -> None:
        """Idempotent: a second start of the same attempt is the first one. Raises NotStarted for whatever AWS answers
        instead, and where it does not answer: then it may have started all the same."""
        payload = {
            "job": job.uuid,
            "attempt": job.attempt,
            "tier": job.tier,
            "language": job.language,
            "tool": job.tool,
            "format": job.page_format,
            "group": job.holder,
            "queue": job.queue,
        }
        try:
            with traced("start", job=job.uuid, tier=job.tier):
                self._client.start_execution(
                    stateMachineArn=self._state_machine,
                    name=execution_name(job.uuid, job.attempt),
                    input=json.dumps(payload),
                )
        except self._client.exceptions.ClientError as error:
            if code_of(error) != "ExecutionAlreadyExists":
                raise NotStarted(code_of(error)) from error
        except BotoCoreError as error:
            raise NotStarted(type(error).__name__) from error

    def state(self, job: Job) -> Literal["running", "ended", "none"]:
        """Of the execution of the job's attempt; `none` where it was never started."""
        try:
            answer = self._client.describe_execution(executionArn=self._execution(job))
        except self._client.exceptions.ClientError as error:
            if code_of(error) == "ExecutionDoesNotExist":
                return "none"
            raise
        return "running" if answer["status"] == "RUNNING" else "ended"

    def stop(self, job: Job) -> None:
        """Ends the execution of the job's attempt, if it runs. Its tokens are dead from then on."""
        try:
            self._client.stop_execution(executionArn=self._execution(job), error="JobDeleted")
        except self._client.exceptions.ClientError as error:
            if code_of(error) not in ENDED:
                raise

    def succeed(self, token: str) -> bool:
        """False where the token came too late to matter."""
        return self._answer(self._client.send_task_success, taskToken=token, output="{}")

    def fail(self, token: str, error: str, cause: str) -> bool:
        return self._answer(self._client.send_task_failure, taskToken=token, error=error, cause=cause)

    def _answer(self, call: Any, **arguments: str) -> bool:
        try:
            call(**arguments)
        except self._client.exceptions.ClientError as error:
            if code_of(error) in LATE:
                return False
            raise
        return True

    def _execution(self, job: Job) -> str:
        machine = self._state_machine.replace(":stateMachine:", ":execution:", 1)
        return f"{machine}:{execution_name(job.uuid, job.attempt)}"
