"""Brings every fault of a model about, over HTTP, on the running service with the local model server:

    python -m benchmarks.recovery [--out FILE.md]

Each row is a job of three pages, on the first of which the fault happens, beside jobs without one in the same run. A
page is delivered or refunded, and nothing else: a row where that is not so, or whose job does not end, ends the run.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pymupdf

from benchmarks import machine
from infra.local.service import Service
from ocrchat.tiers import MODEL_TIER, TIERS
from tests.integration.support import Api, new_token, served_by
from tests.model_server import Asked, ModelServer, Reply
from tests.model_server import behaviours as model

PAGES = 3
FAULTY = "This page is the one on which it happens"
LINES = ("INVOICE 4711", "Acme Corporation of Springfield", "Please pay within 30 days", "Total 215.00 USD")
VISIBILITY_S = 20
"""Of the model's queue while this runs, in place of 330: a worker that died is missed so soon."""

WITHIN_S = 300.0

Behaviour = Callable[[Asked], Reply]


@dataclass(frozen=True, slots=True)
class Fault:
    """`times` is how often it happens on the page before the model answers well; None is always. `kills`: the worker
    that asks dies."""

    name: str
    behaviour: Behaviour
    times: int | None = 1
    kills: bool = False


FAULTS = (
    Fault("429, retry-after 2 s", model.status(429, retry_after=2)),
    Fault("429 three times", model.status(429), 3),
    Fault("500", model.status(500)),
    Fault("529 three times", model.status(529), 3),
    Fault("529, retry-after 201 s (its message comes back meanwhile)", model.status(529, retry_after=201)),
    Fault("connection closed in the answer", model.hangs_up()),
    Fault("an HTML page for an answer", model.garbage()),
    Fault("empty answer", model.empty()),
    Fault("no JSON", model.babbles()),
    Fault("JSON in a code fence", model.ignores_schema("fence"), None),
    Fault("JSON of another form", model.ignores_schema("other")),
    Fault("refused once", model.refused()),
    Fault("refused always", model.refused(), None),
    Fault("cut off once", model.truncated()),
    Fault("cut off always", model.truncated(), None),
    Fault("a loop once", model.repeats()),
    Fault("a loop always", model.repeats(), None),
    Fault("text made up once", model.invents()),
    Fault("text made up always", model.invents(), None),
    Fault("half of the lines left out once", model.leaves_out(0.5)),
    Fault("a quarter of the lines left out always", model.leaves_out(0.25), None),
    Fault("reworded always", model.paraphrases(), None),
    Fault("10 % of the letters wrong", model.noisy(0.1), None),
    Fault("400 always", model.status(400), None),
    Fault("401 always", model.status(401), None),
    Fault("slow, 10 s", model.slow(10)),
    Fault("worker killed while it waits", model.slow(60), 1, kills=True),
)


class Faulty:
    """A model that answers well but on pages that say FAULTY, and there after the fault has happened so often."""

    def __init__(self, fault: Fault | None) -> None:
        self.fault = fault
        self.met = 0
        self.begun = threading.Event()
        self._well = model.well()
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Reply:
        if self.fault is None or not any(FAULTY in line.text for line in asked.page.lines):
            return self._well(asked)
        with self._lock:
            self.met += 1
            happens = self.fault.times is None or self.met <= self.fault.times
        if not happens:
            return self._well(asked)
        self.begun.set()
        return self.fault.behaviour(asked)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recovery", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, help="a Markdown file")
    arguments = parser.parse_args()
    lines = ["# Faults of a model", "", machine.description(["ministack", "anthropic"]), ""]
    lines += [HOW, "", "| fault on one of three pages | pages | charged | refunded | warnings | asked | s | more s |"]
    lines += ["|---|--:|--:|--:|---|--:|--:|--:|"]
    print("\n".join(lines), flush=True)
    with running() as (service, server):
        job(service, server, None)  # the first one is slower
        usual = statistics.median(job(service, server, None).seconds for _ in range(3))
        for fault in (None, *FAULTS):
            found = job(service, server, fault)
            lines.append(row(fault, found, usual))
            print(lines[-1], flush=True)
    if arguments.out:
        arguments.out.write_text("\n".join(lines) + "\n")
    return 0


HOW = f"""\
`s`: from the submission to the end of the job; `more s`: than the median of three jobs without a fault. `asked`: how
often the model was asked about the three pages. Credits are those of three pages at {TIERS[MODEL_TIER].credits}. The
model is a local server that keeps the rules of the Messages API; no real one was asked."""


@contextmanager
def running() -> Iterator[tuple[Service, ModelServer]]:
    with (
        TemporaryDirectory() as folder,
        ModelServer(key=None) as server,
        Service(0, Path(folder), model=served_by(server)) as service,
    ):
        service.stack.client("sqs").set_queue_attributes(
            QueueUrl=service.stack.outputs["VlmQueueUrl"], Attributes={"VisibilityTimeout": str(VISIBILITY_S)}
        )
        yield service, server


@dataclass(frozen=True, slots=True)
class Ended:
    job: dict[str, Any]
    charged: int
    asked: int
    seconds: float


def job(service: Service, server: ModelServer, fault: Fault | None) -> Ended:
    """Raises AssertionError where a page is neither delivered nor refunded, or the job does not end."""
    faulty = Faulty(fault)
    server.behave(faulty)
    before = len(server.requests)
    with Api(service, new_token(service)) as account:
        started = time.monotonic()
        sent = account.send(document(), tier=MODEL_TIER).json()
        if fault is not None and fault.kills:
            assert faulty.begun.wait(WITHIN_S)
            kill_workers(service)
        ended = account.finished(sent, WITHIN_S)
        seconds = time.monotonic() - started
        entries = account.http.get("/api/v1/account/usage/").json()["data"]
    charged = -sum(entry["credits"] for entry in entries)
    delivered = [page for page in ended["pages"] if page["error"] is None]
    assert all(page["text"] for page in delivered), "a page was delivered without text"
    assert charged == len(delivered) * TIERS[MODEL_TIER].credits, "what was charged is not what was delivered"
    return Ended(ended, charged, len(server.requests) - before, seconds)


def document() -> bytes:
    with pymupdf.open() as pdf:
        for number in range(PAGES):
            sheet = pdf.new_page()
            for place, line in enumerate((FAULTY if number == 0 else f"Page {number + 1} of the document", *LINES)):
                sheet.insert_text((72, 72 + 40 * place), line)
        data: bytes = pdf.tobytes()
    return data


def kill_workers(service: Service) -> None:
    """The processes of the function that asks the model, children of the embedded AWS."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            is_worker = b"POWERTOOLS_SERVICE_NAME=vlm_page" in (process / "environ").read_bytes()
            parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:  # it has ended
            continue
        if is_worker and parent == service.stack.pid:
            os.kill(int(process.name), signal.SIGKILL)


def row(fault: Fault | None, found: Ended, usual: float) -> str:
    pages = found.job["pages"]
    delivered = sum(page["error"] is None for page in pages)
    said = {notice["code"] for page in pages for notice in (*page["warnings"], *filter(None, [page["error"]]))}
    cells = (
        fault.name if fault else "none",
        f"{delivered} of {PAGES}",
        found.charged,
        found.job["cost"]["refunded"],
        " ".join(sorted(said)),
        found.asked,
        f"{found.seconds:.1f}",
        f"{found.seconds - usual:+.1f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main())
