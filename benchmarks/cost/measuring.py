"""What the model cannot take from the code: the CPU time of each function beside the reading of pages, and sizes.

Measured on the embedded AWS with a reader that reads nothing, from the CPU clocks of the functions' own processes, so
that other work on the machine matters little. Written to `measured.json`, with the date and the machine.
"""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import machine
from benchmarks.cost.counting import CountedService
from benchmarks.cost.requests import Job
from benchmarks.pipeline import documents
from tests.integration.support import Api, served_by
from tests.model_server import ModelServer

MEASURED = Path(__file__).with_name("measured.json")
NULL_READER = Path(__file__).resolve().parents[1] / "pipeline" / "null_reader"
FUNCTION = re.compile(r"ministack-lambda-\w+?-([A-Za-z]+)Function-")
SHORT, LONG, MODEL = 1, 50, 3
SETTLES_S = 1.0
"""After the answer, for what a function still does."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`cpu_ms`: function -> [a job, a page], in ms of one core; of OcrPage and VlmPage a batch and a page.
    `prepared_ms` of OcrPage: what a page for a model takes more. Bytes: what functions log in one invocation on
    average, and of a page of some 250 words: its object, its result, and its share of the document."""

    when: str
    cpu_ms: dict[str, list[float]]
    prepared_ms: float
    log_bytes: int
    object_bytes: int
    result_bytes: int
    document_bytes: int

    @classmethod
    def kept(cls) -> Measured:
        return cls(**json.loads(MEASURED.read_text()))

    def keep(self) -> None:
        MEASURED.write_text(json.dumps(asdict(self), indent=2) + "\n")


def measure(short: int = 30, long: int = 4) -> Measured:
    """With so many jobs of one page and of LONG pages."""
    with (
        TemporaryDirectory() as folder,
        ModelServer(key=None) as server,
        CountedService(Path(folder), overlay=NULL_READER, model=served_by(server)) as service,
    ):
        with Api(service, paying(service)) as api:
            for pages in (SHORT, LONG):
                api.read(documents.born_digital(pages))
            api.read(documents.born_digital(MODEL), tier="vlm")
            a_job = _spent(service, api, short, SHORT, "cpu")
            many = _spent(service, api, long, LONG, "cpu")
            asked = _spent(service, api, short, MODEL, "vlm")
        log_bytes = _log_bytes(service)
    batches = len(Job(LONG).batches)
    cpu = {
        name: _solved(a_job[name], many[name], batches if name == "OcrPage" else 1)
        for name in ("Submit", "Inspect", "Split", "OcrPage", "Join")
    }
    cpu["VlmPage"] = [0.0, round(asked["VlmPage"] / MODEL, 1)]
    prepared = asked["OcrPage"] / MODEL - sum(cpu["OcrPage"])
    return Measured(machine.description(["ministack", "pymupdf"]), cpu, round(prepared, 1), log_bytes, *_sizes())


def paying(service: CountedService) -> str:
    """The token of an account with credits."""
    account = service.stack.operate(do="account", plan="paid")["account"]
    service.stack.operate(do="grant", account=account, credits=1_000_000, reason="for the benchmark", key="benchmark")
    token: str = service.stack.operate(do="token", account=account)["token"]
    return token


def _spent(service: CountedService, api: Api, jobs: int, pages: int, tier: str) -> dict[str, float]:
    """Function -> ms of CPU a job."""
    document = documents.born_digital(pages)
    before = _clocks(service.stack.pid)
    for _ in range(jobs):
        job = api.read(document, tier=tier)
        assert job["status"] == "done"
    time.sleep(SETTLES_S)
    after = _clocks(service.stack.pid)
    return {name: 1000 * (seconds - before.get(name, 0.0)) / jobs for name, seconds in after.items()}


def _solved(one: float, many: float, times: int) -> list[float]:
    """[a job's, a page's] of: job + page = one, times * job + LONG * page = many."""
    page = max(0.0, (many - times * one) / (LONG - times))
    return [round(max(0.0, one - page), 1), round(page, 2)]


def _clocks(parent: int) -> dict[str, float]:
    """Function -> CPU seconds of its processes, children of the embedded AWS."""
    clocks: dict[str, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            stat = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):  # it has ended since
            continue
        if (match := FUNCTION.search(command)) and int(stat[1]) == parent:
            clocks[match[1]] = clocks.get(match[1], 0.0) + (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    return clocks


def _log_bytes(service: CountedService) -> int:
    logs = service.stack.client("logs")
    messages: list[str] = [
        event["message"]
        for group in logs.describe_log_groups()["logGroups"]
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
        for event in page["events"]
    ]
    own = [message for message in messages if not message.startswith(("START ", "END ", "REPORT "))]
    invocations = [message for message in messages if message.startswith("REPORT ")]
    return round(sum(len(message) for message in own) / len(invocations))


def _sizes() -> tuple[int, int, int]:
    """Bytes of a born-digital page: its object, its result, its share of the document."""
    from benchmarks.pipeline.bare import pages_of
    from ocrchat.document import without_lines
    from ocrchat.pages import PageTask

    (data,) = pages_of(documents.born_digital(1))
    from ocr_page.reader import read_page

    page: dict[str, Any] = read_page(data, PageTask(0, "pdf")).as_json(words=True)
    texts = 2  # the job object has the text of all pages once more, plain and as Markdown
    slim = without_lines(page)
    return len(data), len(json.dumps(page)), len(json.dumps(slim)) + texts * len(page["text"])
