"""`python -m benchmarks.load`: many clients at once on the service of one machine. Called by `make load`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import machine
from benchmarks.load import books, clients, fairness, growth, memory, pressure, report
from benchmarks.load.answers import Log
from benchmarks.load.planning import FORMATS, plan
from benchmarks.pipeline.__main__ import ROOMY
from infra.local.service import Service

PARTS = ("load", "reader", "growth", "fairness", "pressure")
TURNS = 5
"""Of one page alone, and beside the crowd."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=50, help="for each client")
    parser.add_argument("--lasts", type=float, default=float("inf"), help="seconds after which no job is begun")
    parser.add_argument("--pages", type=int, default=2000, help="that memory is watched over")
    parser.add_argument("--only", choices=PARTS, action="append", help="these parts alone")
    parser.add_argument("--out", type=Path, help="a Markdown file")
    arguments = parser.parse_args()
    lines: list[str] = []
    for text in _parts(arguments):
        print(text, flush=True)
        lines.append(text)
        if arguments.out:  # after each part: what a run that is broken off has seen
            arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def _parts(arguments: argparse.Namespace) -> Iterator[str]:
    yield "# Load"
    yield f"\n{machine.description(['ministack', 'pymupdf', 'rapidocr', 'onnxruntime'])} Seed {arguments.seed}."
    parts = {"load": _load, "reader": _reader, "growth": _growth, "fairness": _fairness, "pressure": _pressure}
    for name, part in parts.items():
        if name in (arguments.only or PARTS):
            yield f"\n{_busy('before')}"
            yield from part(arguments)
            yield f"\n{_busy('after')}"


def _busy(when: str) -> str:
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"Load averages of the machine {when}: {loads} (1, 5, 15 minutes)."


def _load(arguments: argparse.Namespace) -> Iterator[str]:
    yield f"\n## {arguments.clients} clients, {arguments.jobs} jobs each\n"
    log = Log()
    planned = plan(arguments.seed, arguments.clients, arguments.jobs)
    with TemporaryDirectory() as state, Service(0, Path(state), Plans=ROOMY) as service:
        started = time.monotonic()
        with memory.Sampler(service) as sampler:
            outcomes = clients.run(service, planned, log, arguments.lasts)
        seconds = time.monotonic() - started
        if arguments.lasts < seconds:
            of = arguments.clients * arguments.jobs
            yield f"No job was begun after {arguments.lasts:.0f} s: {len(outcomes)} of {of} were.\n"
        yield report.speed(outcomes, seconds)
        yield f"\n{report.latencies(log.answers)}"
        yield f"\n{report.errors(log)}"
        yield f"\n### Memory\n\n{report.memory(memory.grown(sampler.samples))}"
        yield f"\n### Books\n\n{report.books(books.judged(service))}"


def _reader(arguments: argparse.Namespace) -> Iterator[str]:
    yield f"\n## Memory of one reader over {arguments.pages} pages, one in {growth.SCANNED_EVERY} scanned\n"
    yield report.growth(growth.of_reader(arguments.pages))


def _growth(arguments: argparse.Namespace) -> Iterator[str]:
    yield f"\n## Memory of the service over {arguments.pages} born-digital pages\n"
    yield f"Jobs of {growth.JOB_PAGES} pages, one after the other, each downloaded as {', '.join(FORMATS)}:\n"
    with TemporaryDirectory() as state, Service(0, Path(state), Plans=ROOMY) as service:
        yield report.growth(growth.of_service(service, arguments.pages))


def _fairness(_: argparse.Namespace) -> Iterator[str]:
    crowd = fairness.CROWD.pages * fairness.CROWD_JOBS
    yield f"\n## A page that is paid for, beside {crowd} scanned ones that wait\n"
    with TemporaryDirectory() as state, Service(0, Path(state), Plans=ROOMY) as service:
        yield report.fairness(fairness.measure(service, TURNS))


def _pressure(_: argparse.Namespace) -> Iterator[str]:
    yield (
        f"\n## {pressure.CLIENTS} clients, {pressure.JOBS} jobs each, with {pressure.INVOCATIONS} invocations at once "
        "and low limits\n"
    )
    yield report.pressure(pressure.measure())


if __name__ == "__main__":
    sys.exit(main())
