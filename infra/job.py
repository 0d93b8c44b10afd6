"""What there is of one job, for an operator: its row, its executions, its objects, and where its log is. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ocrchat.jobs import Job, Progress, execution_name, iso, uuid_of
from ocrchat.store.errors import code_of
from ocrchat.store.jobs_table import JobsTable

EXECUTIONS = 5
"""The last attempts that are looked at."""


class NoUuid(Exception):
    """The message says what was given instead."""


def told(clients: Any, outputs: Mapping[str, str], text: str) -> list[str]:
    """Lines for a person; no name of a file, and no text of a document. `clients(service)` gives a boto3 client,
    `outputs` are the stack's. Raises NoUuid."""
    uuid = uuid_of(text)
    if uuid is None:
        raise NoUuid(f"{text!r} is no uuid of a job")
    job, progress = JobsTable(clients("dynamodb"), outputs["JobsTableName"]).get_with_progress(uuid)
    lines = [f"There is no job {uuid}, or no more: its row goes some days after its result"]
    if job is not None:
        lines = [*_row(job, progress), *_executions(clients("stepfunctions"), outputs["StateMachineArn"], job)]
    lines += _objects(clients("s3"), outputs["BucketName"], uuid) or ["No objects"]
    return [*lines, *_log(outputs["LogGroupName"], uuid, job)]


def _row(job: Job, progress: Progress) -> Iterator[str]:
    how = f"attempt {job.attempt}" + (f", {job.stalled} before it read no page" if job.stalled else "")
    yield f"Job {job.uuid}: {job.status}, tier {job.tier}, {job.queue} line, {how}"
    yield f"Of {f'account {job.account}' if job.account else f'nobody known ({job.holder})'}, paid from {job.source}"
    unread = job.unread_pages if job.settled else progress.unread
    done = job.page_count if job.settled else progress.done
    yield f"Pages: {job.page_count}, {done} answered, {unread} of them with an error; {job.price} credits a page"
    times = {
        "accepted": job.created_at,
        "attempt began": job.attempt_at,
        "ended": job.settled_at,
        "deleted": job.deleted_at,
        "file kept until": job.upload_expires_at,
        "result kept until": job.expires_at,
    }
    yield ", ".join(f"{name} {iso(at)}" for name, at in times.items() if at)
    if job.error:
        yield f"Error: {job.error.code}"
    if job.warnings:
        yield f"Warnings: {', '.join(warning.code for warning in job.warnings)}"


def _executions(client: Any, machine: str, job: Job) -> Iterator[str]:
    for attempt in range(max(1, job.attempt - EXECUTIONS + 1), job.attempt + 1):
        name = execution_name(job.uuid, attempt)
        arn = f"{machine.replace(':stateMachine:', ':execution:', 1)}:{name}"
        try:
            found = client.describe_execution(executionArn=arn)
        except client.exceptions.ClientError as error:
            if code_of(error) != "ExecutionDoesNotExist":
                raise
            yield f"Execution {name}: never started, or older than 90 days"
        else:
            why = f" ({found['error']})" if found.get("error") else ""
            stopped = f" to {iso(found['stopDate'])}" if found.get("stopDate") else ""
            yield f"Execution {name}: {found['status']}{why}, {iso(found['startDate'])}{stopped}"


def _objects(client: Any, bucket: str, uuid: str) -> list[str]:
    """A line for each folder of the bucket that has some of this job."""
    folders = client.list_objects_v2(Bucket=bucket, Delimiter="/").get("CommonPrefixes", [])
    lines = []
    for folder in (item["Prefix"] for item in folders):
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{folder}{uuid}/")
        sizes = [item["Size"] for page in pages for item in page.get("Contents", [])]
        if sizes:
            lines.append(f"Objects under {folder}{uuid}/: {len(sizes)}, {sum(sizes):,} bytes")
    return lines


def _log(group: str, uuid: str, job: Job | None) -> Iterator[str]:
    since = f" --start-time {int(job.created_at.timestamp() * 1000)}" if job else ""
    yield f"Log: aws logs filter-log-events --log-group-name {group} --filter-pattern '\"{uuid}\"'{since}"
