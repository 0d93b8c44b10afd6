"""At how many pages a second each limit is reached, by what a page of the mix takes of it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.cost.dollars import JOB_INDEX_WRITES, TRANSACTED, invocations
from benchmarks.cost.durations import HOP_S, Page, Timed, timed
from benchmarks.cost.measuring import Measured
from benchmarks.cost.requests import Job
from benchmarks.cost.template import Template

from .load import MEAN_PAGES, MIX
from .simulation import READERS_SHARE, Settings, Span

LIMITS = Path(__file__).with_name("limits.json")
ARCHITECTURE = "arm64"
PAGE = Page(cpu_s=1.0)
READERS, NEW_ACCOUNT = "CpuConcurrency and CpuPriorityConcurrency", "concurrency of a new account"
WALLET_WRITES = 2  # of a job: accepted, ended


@cache
def limits() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(LIMITS.read_text())["limits"]
    return found


def value(name: str) -> float:
    return float(limits()[name]["value"])


def burst_of(name: str) -> float:
    return float(limits()[name]["burst"])


@dataclass(frozen=True, slots=True)
class Reached:
    """`at`: pages a second."""

    what: str
    at: float
    remedy: str


class Demand:
    """Of the mix: means a page."""

    def __init__(self, template: Template, measured: Measured) -> None:
        self.template = template
        self.workers = int(template.parameter("CpuConcurrency"))
        self.mappings = 2  # one for those who pay, one for the others
        self.spans: dict[int, Timed] = {
            pages: timed(Job(pages), PAGE, template, measured, architecture=ARCHITECTURE, workers=self.workers)
            for pages in MIX
        }

    def mean(self, of: Callable[[Timed], float]) -> float:
        """A page's share of what a job takes."""
        return sum(share * of(self.spans[pages]) for pages, share in MIX.items()) / MEAN_PAGES

    @property
    def page_s(self) -> float:
        return self.mean(lambda span: span.billed["OcrPage"])

    @property
    def function_s(self) -> float:
        """Of all functions, so many run at once for a page a second."""
        return self.mean(lambda span: sum(span.billed.values()) - span.billed["Sweep"])

    @property
    def batches(self) -> float:
        return self.mean(lambda span: len(span.job.batches))

    @property
    def transitions(self) -> float:
        return self.mean(lambda span: self.template.transitions("cpu", len(span.job.batches)))

    @property
    def table_writes(self) -> float:
        """Write units of the jobs table and its indexes."""
        return self.mean(lambda span: span.job.pages + 2 * TRANSACTED + JOB_INDEX_WRITES)

    @property
    def requests(self) -> float:
        return self.mean(lambda span: 1 + span.job.fetches)

    @property
    def invocations(self) -> float:
        return self.mean(lambda span: sum(invocations(span.job).values()))

    def puts(self, pages_only: bool) -> float:
        """Under `pages/`, or under `results/`."""
        return self.mean(lambda span: span.job.pages if pages_only else span.job.pages + 1)

    def span(self) -> Span:
        """Steps of a job of a mean size."""
        return Span(
            self.spans[1].accepted_s,
            MEAN_PAGES * self.mean(lambda span: span.billed["Split"]),
            self.page_s,
            MEAN_PAGES * self.mean(lambda span: span.billed["Join"]),
            HOP_S,
        )

    def reached(self) -> list[Reached]:
        """The lowest first."""
        stage, _ = self.template.throttle()
        job, page_s, mappings = 1 / MEAN_PAGES, self.page_s, self.mappings
        found = [
            Reached(READERS, self.workers * mappings / page_s, "these parameters of the template"),
            Reached("throttling of the API's stage", stage / self.requests, "`DefaultRouteSettings` in the template"),
            _of(NEW_ACCOUNT, "lambda_concurrency_new", self.function_s),
            _of("concurrency of the account", "lambda_concurrency", self.function_s),
            _of("both mappings at their most", "mapping_most", page_s / mappings),
            _of("messages in flight", "queue_in_flight", page_s / mappings),
            _of("SendTaskSuccess", "send_task_success", self.batches),
            _of("state transitions", "state_transition", self.transitions),
            _of("StartExecution", "start_execution", job),
            _of("open executions, where jobs end in a minute", "open_executions", 60 * job),
            _of("the jobs table, while it is new", "table_new", self.table_writes),
            _of("the jobs table, at its most", "table_most", self.table_writes),
            _of("the wallet row, if one account sends all", "partition", WALLET_WRITES * TRANSACTED * job),
            _of("PUTs under pages/", "prefix_puts", self.puts(pages_only=True)),
            _of("PUTs under results/", "prefix_puts", self.puts(pages_only=False)),
            _of("requests of the account's APIs", "gateway", self.requests),
            _of("PutLogEvents, one an invocation", "log_requests", self.invocations),
        ]
        return sorted(found, key=lambda one: one.at)

    def settings(self, **changed: Any) -> Settings:
        """The template as it stands, in an account with AWS's defaults."""
        stage, at_once = self.template.throttle()
        usual: dict[str, Any] = {
            "workers": self.workers,
            "mappings": self.mappings,
            "concurrency": int(value("lambda_concurrency")),
            "gateway": stage,
            "gateway_burst": at_once,
            "start": value("start_execution"),
            "start_burst": burst_of("start_execution"),
            "transition": value("state_transition"),
            "transition_burst": burst_of("state_transition"),
            "token": value("send_task_success"),
            "token_burst": burst_of("send_task_success"),
            "table": value("table_new"),
            "wallet": value("partition"),
            "prefix": value("prefix_puts"),
            "mapping_first": value("mapping_first"),
            "mapping_growth": value("mapping_growth"),
            "lambda_growth": value("lambda_growth"),
            "pages_per_batch": int(self.template.parameter("PagesPerBatch")),
            "map_at_once": self.template.map_at_once(),
        }
        return Settings(**(usual | changed))

    def new_account(self) -> Settings:
        return self.settings(concurrency=int(value("lambda_concurrency_new")))

    def raised(self, rate: float, spare: float = 1.5) -> Settings:
        """Each limit so far raised that it bears so many pages a second with something to spare; queues so many that
        no mapping has more than its most; the load has been there before, so that mappings and tables are grown."""
        need = rate * spare
        mappings = max(self.mappings, math.ceil(need * self.page_s / value("mapping_most")))
        usual = self.settings()
        workers = max(usual.workers, min(int(value("mapping_most")), math.ceil(need * self.page_s / mappings)))
        return self.settings(
            workers=workers,
            mappings=mappings,
            mapping_first=workers,
            concurrency=max(usual.concurrency, math.ceil(need * self.function_s / READERS_SHARE)),
            gateway=max(usual.gateway, need * self.requests),
            start=max(usual.start, need / MEAN_PAGES),
            transition=max(usual.transition, need * self.transitions),
            token=max(usual.token, need * self.batches),
            table=max(usual.table, need * self.table_writes),
            wallet=max(usual.wallet, need / MEAN_PAGES * WALLET_WRITES * TRANSACTED),
            prefix=max(usual.prefix, need * self.puts(pages_only=False)),
        )


def _of(what: str, limit: str, a_page: float) -> Reached:
    return Reached(what, value(limit) / a_page, limits()[limit]["remedy"])
