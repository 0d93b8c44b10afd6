"""What became of messages that no worker could finish, as Step Functions tells it and as the functions' logs do."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from infra.local.service import Service

ERROR = "BatchFailed"
"""What the function for dead letters ends a task with, and nobody else does; a metric of the readers has the same name."""

METRIC = "BatchesDead"


class DeadLetters:
    """Of one service. `logs_begin`: the embedded AWS keeps no log when it is started again."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: dict[str, list[datetime]] = {}
        self.logs_begin = datetime.now(UTC)

    def tasks_ended(self) -> list[datetime]:
        """When, of each task that was ended for a dead letter, since the first start of the service."""
        return sorted(at for arn, status in self._executions() for at in self._ended_in(arn, status))

    def counted(self) -> int:
        """What the metric adds up to, in the logs that there are."""
        logs, group = self._service.stack.client("logs"), self._service.stack.outputs["LogGroupName"]
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, filterPattern=f'"{METRIC}"')
        written = [event["message"] for page in pages for event in page["events"]]
        return int(sum(sum(json.loads(line)[METRIC]) for line in written if line.startswith('{"_aws"')))

    def _executions(self) -> list[tuple[str, str]]:
        """(ARN, status) of all."""
        pages = self._states.get_paginator("list_executions").paginate(
            stateMachineArn=self._service.stack.outputs["StateMachineArn"]
        )
        return [(one["executionArn"], one["status"]) for page in pages for one in page["executions"]]

    def _ended_in(self, arn: str, status: str) -> list[datetime]:
        """One that has ended is asked for once: its history grows no more."""
        if arn in self._known:
            return self._known[arn]
        pages = self._states.get_paginator("get_execution_history").paginate(
            executionArn=arn, includeExecutionData=False
        )
        found = [
            event["timestamp"]
            for page in pages
            for event in page["events"]
            if event.get("taskFailedEventDetails", {}).get("error") == ERROR
        ]
        if status != "RUNNING":
            self._known[arn] = found
        return found

    @property
    def _states(self) -> Any:
        return self._service.stack.client("stepfunctions")
