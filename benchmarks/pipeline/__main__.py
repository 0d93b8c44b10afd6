"""`python -m benchmarks.pipeline`: prints the tables and keeps them under benchmarks/results/."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks.pipeline import documents, memory
from benchmarks.pipeline.bare import Bare, pages_of
from infra.local.service import Service
from ocrchat.jobs import FORMATS
from ocrchat.limits import LIMITS

NULL_READER = Path(__file__).with_name("null_reader")
UNMETERED = Path(__file__).with_name("unmetered")
ROOMY = json.dumps(
    {name: {"requests_per_minute": 1_000_000, "concurrent_jobs": 1_000_000} for name in ("anonymous", "free", "paid")}
    | {"anonymous": {"pages": 1_000_000, "file_pages": 5_000, "requests_per_minute": 1_000_000}}
)
"""Plans under which no request of a benchmark meets a limit."""

RESULTS = Path(__file__).resolve().parents[1] / "results"


class Report:
    """Prints a line and keeps it."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, line: str = "") -> None:
        print(line, flush=True)
        self.lines.append(line)

    def row(self, cells: Iterable[object]) -> None:
        self("| " + " | ".join(str(cell) for cell in cells) + " |")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="pairs of bare and pipeline for each row")
    parser.add_argument("--requests", type=int, default=40, help="requests for each latency")
    parser.add_argument(
        "--only", choices=["latency", "downloads", "metering", "throughput", "memory"], help="one part alone"
    )
    arguments = parser.parse_args()
    report = Report()
    versions = ", ".join(f"{name} {version(name)}" for name in ("ministack", "pymupdf", "rapidocr", "onnxruntime"))
    report(f"# Pipeline, {datetime.now(UTC):%Y-%m-%d}")
    report()
    cores = len(os.sched_getaffinity(0))
    report(f"Python {platform.python_version()}, {cores} cores, {versions}. Times vary by ±30 %; trust the ratios.")
    parts = {
        "latency": latency,
        "downloads": downloaded,
        "metering": metered,
        "throughput": throughput,
        "memory": long_documents,
    }
    for name, part in parts.items():
        if arguments.only in (None, name):
            report()
            part(report, arguments)
    name = f"pipeline-{datetime.now(UTC):%Y-%m-%d}{f'-{arguments.only}' if arguments.only else ''}.md"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / name).write_text("\n".join(report.lines) + "\n")
    return 0


def finish(client: httpx.Client, document: bytes) -> float:
    """Seconds from POST to done."""
    started = time.perf_counter()
    job = client.post("/api/v1/ocr/", files={"file": ("a.pdf", document)}).raise_for_status().json()
    while job["status"] in ("pending", "processing"):
        job = client.get(f"/api/v1/ocr/{job['uuid']}/", params={"wait": 20}, follow_redirects=True).json()
    seconds = time.perf_counter() - started
    if job["status"] != "done" or job["cost"]["refunded"]:
        raise RuntimeError(f"the job did not end well: {job['status']}, {job['warnings']}")
    return seconds


def latency(report: Report, arguments: argparse.Namespace) -> None:
    """POST answered `done`, warm, one request at a time."""
    report("## Born-digital, answered inside the POST (ms)")
    report()
    report.row(["pages", "reader", "median", "p95", "fastest"])
    report.row(["---"] * 5)
    for reader, overlay in (("real", None), ("null", NULL_READER)):
        with TemporaryDirectory() as state, Service(0, Path(state), overlay=overlay, Plans=ROOMY) as service:
            client = httpx.Client(base_url=service.url, timeout=120)
            for pages in (1, 5):
                document = documents.born_digital(pages)
                finish(client, document)
                times = sorted(finish(client, document) * 1000 for _ in range(arguments.requests))
                p95 = times[int(len(times) * 0.95)]
                report.row([pages, reader, f"{statistics.median(times):.0f}", f"{p95:.0f}", f"{times[0]:.0f}"])
            client.close()


def downloaded(report: Report, arguments: argparse.Namespace) -> None:
    """From the request for a download to the last byte of the file, redirects included."""
    report("## Download of a born-digital page, rendered and kept (ms)")
    report()
    report.row(["format", "", "median", "p95", "fastest"])
    report.row(["---"] * 5)
    document = documents.born_digital(1)
    with TemporaryDirectory() as state, Service(0, Path(state), Plans=ROOMY) as service:
        client = httpx.Client(base_url=service.url, timeout=60, follow_redirects=True)
        for name in FORMATS:
            first, again = [], []
            for number in range(arguments.requests + 3):
                uuid, _ = _posted(client, document)
                _ended(client, uuid)
                seconds = [_timed(client, f"/api/v1/ocr/{uuid}/download/?format={name}") for _ in range(2)]
                if number >= 3:  # the first ones warm the functions up
                    first.append(seconds[0] * 1000)
                    again.append(seconds[1] * 1000)
            for which, times in (("first", sorted(first)), ("again", sorted(again))):
                p95 = times[int(len(times) * 0.95)]
                report.row([name, which, f"{statistics.median(times):.1f}", f"{p95:.1f}", f"{times[0]:.1f}"])
        client.close()


def _timed(client: httpx.Client, url: str) -> float:
    """Seconds."""
    started = time.perf_counter()
    client.get(url).raise_for_status()
    return time.perf_counter() - started


def metered(report: Report, arguments: argparse.Namespace) -> None:
    """What accounts and books add to a POST that is answered at once, in turn with the same service without them."""
    report("## POST answered before its pages are read (ms): with accounts and books, and without")
    report()
    report.row(["", "median", "p95", "fastest"])
    report.row(["---"] * 4)
    document = documents.born_digital(LIMITS.inline_pages + 1)
    with (
        TemporaryDirectory() as one,
        TemporaryDirectory() as two,
        Service(0, Path(one), overlay=NULL_READER, Plans=ROOMY) as service,
        Service(0, Path(two), overlay=UNMETERED, Plans=ROOMY) as without,
    ):
        account = service.stack.operate(do="account", plan="paid")["account"]
        service.stack.operate(do="grant", account=account, credits=1_000_000, reason="for the benchmark", key="first")
        token = service.stack.operate(do="token", account=account)["token"]
        headers = {"Authorization": f"Bearer {token}"}
        clients = [httpx.Client(base_url=one.url, timeout=60, headers=headers) for one in (service, without)]
        times: list[list[float]] = [[], []]
        for number in range(arguments.requests + 3):
            for client, its in zip(clients, times, strict=True):
                job, seconds = _posted(client, document)
                if number >= 3:  # the first ones warm the functions up
                    its.append(seconds * 1000)
                _ended(client, job)
        for name, its in zip(("with", "without"), times, strict=True):
            its.sort()
            report.row(
                [name, *(f"{value:.1f}" for value in (statistics.median(its), its[int(len(its) * 0.95)], its[0]))]
            )
        report()
        added = statistics.median(times[0]) - statistics.median(times[1])
        report(f"Accounts and books add {added:.1f} ms to the median.")
        for client in clients:
            client.close()


def _posted(client: httpx.Client, document: bytes) -> tuple[str, float]:
    started = time.perf_counter()
    answer = client.post("/api/v1/ocr/", files={"file": ("a.pdf", document)})
    seconds = time.perf_counter() - started
    return str(answer.raise_for_status().json()["uuid"]), seconds


def _ended(client: httpx.Client, uuid: str) -> None:
    """So that the reading of one request's pages does not slow the next one."""
    while client.get(f"/api/v1/ocr/{uuid}/", params={"wait": 20, "pages": "1"}).json()["status"] != "done":
        time.sleep(0.01)


def throughput(report: Report, arguments: argparse.Namespace) -> None:
    """POST to done beside the bare reading, in turn; the ratio is the median of the pairs' ratios."""
    report("## POST to done (s) beside the bare reading of the same pages")
    report()
    report.row(["document", "pages", "bare", "pipeline", "pipeline / bare", "null reader"])
    report.row(["---"] * 6)
    bare = Bare()
    with (
        TemporaryDirectory() as one,
        TemporaryDirectory() as two,
        Service(0, Path(one), Plans=ROOMY) as service,
        Service(0, Path(two), overlay=NULL_READER, Plans=ROOMY) as null,
    ):
        real_client = httpx.Client(base_url=service.url, timeout=300)
        null_client = httpx.Client(base_url=null.url, timeout=300)
        finish(real_client, documents.scanned(2))
        for kind, make in (("born-digital", documents.born_digital), ("scanned", documents.scanned)):
            for pages in (1, 5, 20, 100):
                document = make(pages)
                objects = pages_of(document)
                finish(null_client, document)
                rounds = [
                    (bare.seconds(objects), finish(real_client, document), finish(null_client, document))
                    for _ in range(arguments.rounds)
                ]
                middle = [statistics.median(column) for column in zip(*rounds, strict=True)]
                ratio = statistics.median(full / alone for alone, full, _ in rounds)
                cells = [f"{seconds:.2f}" for seconds in middle]
                report.row([kind, pages, cells[0], cells[1], f"{ratio:.2f}", cells[2]])
        real_client.close()
        null_client.close()
    bare.close()


def long_documents(report: Report, _: argparse.Namespace) -> None:
    """A long document beside a shorter one: time a page, and the peak of every process."""
    report("## 100 and 1,000 born-digital pages")
    report()
    found: dict[int, tuple[float, dict[str, float]]] = {}
    for pages in (100, 1000):  # a service each: a process keeps what it once took
        with TemporaryDirectory() as state, Service(0, Path(state), Plans=ROOMY) as service:
            client = httpx.Client(base_url=service.url, timeout=600)
            finish(client, documents.born_digital(5))
            memory.reset()
            seconds = finish(client, documents.born_digital(pages))
            found[pages] = (seconds, memory.peaks())
            client.close()
    report.row(["", "100 pages", "1,000 pages", "ratio"])
    report.row(["---"] * 4)
    short, long = found[100], found[1000]
    per_page = short[0] / 100 * 1000, long[0] / 1000 * 1000
    report.row(["ms a page", f"{per_page[0]:.1f}", f"{per_page[1]:.1f}", f"{per_page[1] / per_page[0]:.2f}"])
    for name, before in short[1].items():
        after = long[1].get(name, 0.0)
        report.row([f"{name}, peak MB", f"{before:.0f}", f"{after:.0f}", f"{after / before:.2f}"])


if __name__ == "__main__":
    sys.exit(main())
