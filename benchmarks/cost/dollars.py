"""What the requests and seconds of a job cost, by service."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .durations import Timed
from .measuring import Measured
from .requests import MEMBERS, Job, by_function
from .template import FREE_STORAGE_MB, Template

PRICES = Path(__file__).with_name("prices.json")
PAGES = 1000

GATEWAY_BYTES = 512 * 1024
"""A request of the HTTP API is metered in such steps."""

TRANSACTED = 2
"""Write units of a member of a transaction, of up to 1 kB: the rows of jobs, wallets and entries are smaller."""

JOB_INDEX_WRITES = 2 + 3 + 3 + 2
"""Of a job's row in the three indexes: created (by_account, unsettled), ended (by_account, out of unsettled, into due),
swept once for its original (by_account, moved within due) and once for its results (by_account, out of due)."""

BATCH_GET_ROWS = 2  # wallet and bucket, or job and progress; read consistently, a unit each
SQS_REQUESTS = 3  # of a message: sent, received, deleted
PLATFORM_LOG_BYTES = 900
"""What Lambda itself logs of an invocation in JSON, start, runtimeDone and report. Assumed."""

RESULT_HOURS, ORIGINAL_HOURS, MONTH_HOURS = 720, 24, 730
"""What is kept how long: the plan `paid`."""

ROW_BYTES, INDEX_BYTES, ROW_HOURS = 800 + 500 + 110, 2 * 800, RESULT_HOURS + 7 * 24
"""A job's row, two entries of the ledger, its progress; its row in two indexes at a time; until TTL takes the row. The
ledger stays longer: a thousand entries are half a megabyte."""

ENTRY_BYTES, READ_UNIT_BYTES = 2 * 250, 4096
WALKED_UNITS = (ORIGINAL_HOURS + RESULT_HOURS * (1 + ENTRY_BYTES / READ_UNIT_BYTES)) / 24
"""Read units of the daily walks, while a job has results: the one for orphans reads its row for each folder in which it
has objects, the audit its two entries of the ledger. What the audit reads later, for as long as there is a ledger, is
left out, and so are the lists, a thousandth of one for a job."""

TRACED = 0.05
"""The share of requests that X-Ray samples by default, beside one a second."""


@cache
def _price_list() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PRICES.read_text())
    return found


def price(name: str) -> float:
    """US dollars for one."""
    entry = _price_list()["prices"][name]
    return float(entry["usd"]) / float(entry["per"])


def peers() -> dict[str, float]:
    """What others ask for a thousand pages, US dollars."""
    return {name: entry["usd"] / entry["per"] * PAGES for name, entry in _price_list()["peers"].items()}


@dataclass(frozen=True, slots=True)
class Bill:
    """US dollars for one job, by service."""

    job: Job
    by_service: dict[str, float]

    @property
    def total(self) -> float:
        return sum(self.by_service.values())

    @property
    def per_thousand(self) -> float:
        """For a thousand pages."""
        return self.total / self.job.pages * PAGES

    def share(self, service: str) -> float:
        """For a thousand pages."""
        return self.by_service.get(service, 0.0) / self.job.pages * PAGES


def bill(timed: Timed, template: Template, measured: Measured, *, architecture: str, model_usd: float = 0.0) -> Bill:
    """`model_usd`: what a model takes for a page."""
    job = timed.job
    requests = sum(by_function(job).values(), Counter[str]())
    calls = invocations(job)
    messages = calls["OcrPage"] + calls.get("VlmPage", 0)
    sent = job.pages * measured.document_bytes / 1e9
    edge = "cloudfront.gb_out" if template.count("AWS::CloudFront::Distribution") else "internet.gb_out"
    services = {
        "Lambda": compute(timed.billed, calls, template, architecture),
        "Step Functions": template.transitions(job.tier, len(job.batches)) * price("states.transition"),
        "S3": _s3(requests) + _stored(job, measured),
        "DynamoDB": _dynamodb(requests) + _rows_stored(),
        "SQS": messages * SQS_REQUESTS * (price("sqs.request") + price("sqs.fair_request")),
        "HTTP": _http(job, measured, template) + sent * price(edge),
        "logs": _logs(calls, measured, template),
        "model": model_usd * job.pages,
    }
    return Bill(job, {name: usd for name, usd in services.items() if usd})


def invocations(job: Job) -> dict[str, int]:
    batches = len(job.batches)
    made = {"Submit": 1 + job.fetches, "Inspect": 1, "Split": 1, "OcrPage": batches, "Join": 1}
    return made | ({"VlmPage": job.pages} if job.has_model else {})


def compute(billed: Mapping[str, float], calls: Mapping[str, int], template: Template, architecture: str) -> float:
    """US dollars for so many seconds and invocations of these functions. The sweep is a part of a run that is
    there anyway."""
    usd = sum(calls.values()) * price("lambda.request")
    for name, seconds in billed.items():
        function = template.functions[name]
        storage = max(0, function.storage - FREE_STORAGE_MB) / 1024
        usd += seconds * function.memory / 1024 * price(f"lambda.gb_s.{architecture}")
        usd += seconds * storage * price("lambda.storage_gb_s")
    return usd


def _s3(requests: Mapping[str, int]) -> float:
    """Deleting costs nothing."""
    writes = sum(requests[name] for name in ("s3.PutObject", "s3.CopyObject", "s3.ListObjectsV2"))
    reads = sum(requests[name] for name in ("s3.GetObject", "s3.HeadObject"))
    return writes * price("s3.write") + reads * price("s3.read")


def _stored(job: Job, measured: Measured) -> float:
    """The original, and page results and document."""
    kept = measured.object_bytes * ORIGINAL_HOURS + (measured.result_bytes + measured.document_bytes) * RESULT_HOURS
    return job.pages * kept / 1e9 / MONTH_HOURS * price("s3.gb_month")


def _dynamodb(requests: Mapping[str, int]) -> float:
    """All reads are consistent; rows have up to 1 kB."""
    reads = requests["dynamodb.GetItem"] + requests["dynamodb.Query"] + WALKED_UNITS
    reads += BATCH_GET_ROWS * requests["dynamodb.BatchGetItem"]
    writes = requests["dynamodb.UpdateItem"] + TRANSACTED * requests[MEMBERS] + JOB_INDEX_WRITES
    return reads * price("dynamodb.read_unit") + writes * price("dynamodb.write_unit")


def _rows_stored() -> float:
    """With the backups that point-in-time recovery keeps, of tables and not of indexes."""
    stored = (ROW_BYTES + INDEX_BYTES) * price("dynamodb.gb_month") + ROW_BYTES * price("dynamodb.backup_gb_month")
    return stored / 1e9 * ROW_HOURS / MONTH_HOURS


def _http(job: Job, measured: Measured, template: Template) -> float:
    steps = math.ceil(job.pages * measured.object_bytes / GATEWAY_BYTES) + job.fetches
    usd = steps * price("http.request")
    if template.count("AWS::CloudFront::Distribution"):
        usd += (1 + job.fetches) * (price("cloudfront.request") + price("cloudfront.function"))
        usd += job.pages * measured.object_bytes / 1e9 * price("cloudfront.gb_to_origin")
    return usd


def _logs(calls: Mapping[str, int], measured: Measured, template: Template) -> float:
    """And traces."""
    number = sum(calls.values())
    size = number * (measured.log_bytes + PLATFORM_LOG_BYTES)
    traces = number * TRACED * price("xray.trace") if template.is_traced else 0.0
    return size / 1e9 * (price("logs.gb") + price("logs.gb_month")) + traces
