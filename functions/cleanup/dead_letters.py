"""Messages that no worker could finish: their batch is reported as failed, so that the job goes on without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ocrchat import observe
from ocrchat.page_worker import PageMessage
from ocrchat.store.workflow import Workflow


def report(event: Mapping[str, Any], workflow: Workflow) -> int:
    """Answers the task token of each record; returns how many answers were in time."""
    in_time = 0
    for record in event["Records"]:
        observe.count("BatchesDead")
        try:
            message = PageMessage.parse(record["body"])
        except ValueError:
            # Nobody waits for what is no message of ours, and keeping it would block the queue: log it whole.
            observe.logger().exception("a dead letter that is no page message", extra={"body": record["body"][:1000]})
            continue
        observe.logger().error("batch dead", extra={"job": message.job, "first": message.first, "last": message.last})
        in_time += workflow.fail(message.token, "BatchFailed", f"pages {message.first} to {message.last}")
    return in_time
