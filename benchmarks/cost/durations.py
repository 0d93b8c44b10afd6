"""How long each function of a job is billed for, and how long the job takes.

CPU time is measured (`measured.json`, and the reading of a page by `make bench-speed`) on one core of x86-64; the rest
is assumed: nothing here ran on AWS.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ocrchat.limits import LIMITS
from ocrchat.tiers import MODEL_TIER
from submit.answers import LONGEST_POLL_S, SHORTEST_POLL_S
from submit.split import UPLOADS_AT_ONCE

from .measuring import Measured
from .requests import Job, by_function
from .template import Function, Template

ONE_VCPU_MB = 1769
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: where a function has one vCPU."""

SPEED = {"x86_64": 1.0, "arm64": 1.0}
"""Time on Lambda's vCPU over time on the core that was measured. Assumed: x86-64 like ours, and Graviton as fast as
that; `arm64` may be 1.25 before its price makes it the dearer one."""

WAITS_S = {
    "dynamodb.GetItem": 0.005,
    "dynamodb.BatchGetItem": 0.007,
    "dynamodb.UpdateItem": 0.007,
    "dynamodb.TransactWriteItems": 0.020,
    "dynamodb.Query": 0.007,
    "s3.GetObject": 0.020,
    "s3.HeadObject": 0.015,
    "s3.PutObject": 0.030,
    "s3.CopyObject": 0.040,
    "s3.DeleteObject": 0.020,
    "s3.DeleteObjects": 0.040,
    "s3.ListObjectsV2": 0.030,
    "states.StartExecution": 0.030,
    "states.SendTaskSuccess": 0.020,
    "lambda.Invoke": 0.010,
}
"""How long a function waits for an answer. Assumed, from what is usual within a region; not measured."""

HOP_S = 0.02
"""From one state to the next. Assumed."""

QUEUE_S = 0.05
"""From a message that is sent to a worker that has begun with it, where one is free. Assumed."""

COLD_S = {"OcrPage": 0.83}
COLD_ELSE_S = 0.6
"""What the first call of a process takes more: of the reader's image as measured (adr/0006); of the others assumed."""

TOKENS_A_SECOND = 67.0
"""That a model writes: the assumption of `ocrchat.limits.Limits.model_page_s`."""

LOOK_GROWTH = 1.25  # of the pauses in `submit.answers.Answers.wait`


@dataclass(frozen=True, slots=True)
class Page:
    """`cpu_s`: what reading it takes, on one core as measured. `answer_tokens`: what a model writes about it."""

    cpu_s: float
    answer_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Timed:
    """`billed`: function -> seconds in all its invocations. `accepted_s`, `done_s`: from the POST until the execution
    is started, and until the job has ended. `job` with the looks and GETs of a client that waits for it."""

    job: Job
    billed: dict[str, float]
    accepted_s: float
    done_s: float


def timed(
    job: Job, page: Page, template: Template, measured: Measured, *, architecture: str, workers: int, cold: bool = False
) -> Timed:
    """`workers`: batches that are read at once. `cold`: no process runs yet."""
    spans = _Spans(job, page, template.functions, measured, architecture, cold)
    batches = [spans.ocr_page(size) for size in job.batches]
    transitions = template.transitions(job.tier, 0)
    reading = makespan([QUEUE_S + seconds for seconds in batches], min(workers, template.map_at_once()))
    asking = [spans.vlm_page()] * job.pages if job.tier == MODEL_TIER else []
    if asking:  # each page is asked about when it is read; the model is the slower of the two
        reading = batches[0] + makespan([QUEUE_S + seconds for seconds in asking], workers)
    started = spans.submit() + spans.inspect()
    execution = transitions * HOP_S + spans.split() + reading + spans.join()
    waiting = min(execution, LIMITS.inline_wait_s) if job.is_inline else execution
    fetches = 0 if job.is_inline else max(1, math.ceil(execution / LIMITS.long_poll_s))
    billed = {
        "Submit": started + waiting,
        "Inspect": spans.inspect(),
        "Split": spans.split(),
        "OcrPage": sum(batches) + spans.starts("OcrPage", min(len(batches), workers, template.map_at_once())),
        "Join": spans.join(),
        "Sweep": spans.waits("Sweep"),
    }
    if asking:
        billed["VlmPage"] = sum(asking)
    return Timed(replace(job, looks=looks(waiting), fetches=fetches), billed, started, started + execution)


@dataclass(frozen=True, slots=True)
class _Spans:
    """Seconds of one invocation of each function."""

    job: Job
    page: Page
    functions: Mapping[str, Function]
    measured: Measured
    architecture: str
    cold: bool

    def submit(self) -> float:
        """Without what it waits for: inspect, and the end of the job."""
        return self._own("Submit", self.measured.cpu_ms["Submit"][0]) + self.starts("Submit")

    def inspect(self) -> float:
        return self._own("Inspect", self._per_page("Inspect")) + self.starts("Inspect")

    def split(self) -> float:
        return self._own("Split", self._per_page("Split"), at_once=UPLOADS_AT_ONCE) + self.starts("Split")

    def join(self) -> float:
        """Page results are fetched while others are added: what is longer counts."""
        return self._own("Join", self._per_page("Join"), at_once=self.job.pages) + self.starts("Join")

    def ocr_page(self, pages: int) -> float:
        """A batch of so many pages, warm."""
        batch, page = self.measured.cpu_ms["OcrPage"]
        prepared = self.measured.prepared_ms if self.job.has_model else 0.0
        cpu_ms = batch + pages * (page + prepared + 1000 * self.page.cpu_s)
        requests = by_function(replace(self.job, pages=1))["OcrPage"]
        by_batch = Counter({name: n for name, n in requests.items() if name.startswith(("dynamodb.Get", "states."))})
        waits = waits_of(by_batch) + pages * waits_of(requests - by_batch)
        return self._cpu("OcrPage", cpu_ms) + waits

    def vlm_page(self) -> float:
        return self._own("VlmPage", self.measured.cpu_ms["VlmPage"][1], share_of=self.job.pages) + (
            self.page.answer_tokens / TOKENS_A_SECOND
        )

    def starts(self, function: str, processes: int = 1) -> float:
        return processes * COLD_S.get(function, COLD_ELSE_S) if self.cold else 0.0

    def waits(self, function: str) -> float:
        return waits_of(by_function(self.job)[function])

    def _per_page(self, function: str) -> float:
        job, page = self.measured.cpu_ms[function]
        return job + page * self.job.pages

    def _own(self, function: str, cpu_ms: float, *, at_once: int = 1, share_of: int = 1) -> float:
        """CPU and waits of an invocation, in which so many pages are written or fetched at once."""
        requests = by_function(self.job)[function]
        pages = {name: n for name, n in requests.items() if n >= self.job.pages > 1 and at_once > 1}
        alone = Counter({name: n for name, n in requests.items() if name not in pages})
        waits = waits_of(alone) / share_of + waits_of(Counter(pages)) / at_once
        return self._cpu(function, cpu_ms) + waits

    def _cpu(self, function: str, ms: float) -> float:
        """On less than one vCPU it takes longer; a second one is not used."""
        share = min(1.0, self.functions[function].memory / ONE_VCPU_MB)
        return ms / 1000 / share * SPEED[self.architecture]


def waits_of(requests: Mapping[str, int]) -> float:
    return sum(WAITS_S.get(name, 0.0) * number for name, number in requests.items())


def makespan(spans: Iterable[float], workers: int) -> float:
    """Until the last of them ends, begun in this order as workers get free."""
    free = [0.0] * workers
    for span in spans:
        heapq.heappush(free, heapq.heappop(free) + span)
    return max(free)


def looks(seconds: float) -> int:
    """How often the state of a job is read by who waits so long for its end."""
    number, pause = 0, SHORTEST_POLL_S
    while seconds > 0:
        seconds -= pause
        pause = min(pause * LOOK_GROWTH, LONGEST_POLL_S)
        number += 1
    return number
