"""`make fuzz`: all files of the corpus, then mutations of the small ones, guided by coverage; prints a report.

    python -m tests.hostile.fuzz --seconds 600 --seed 1 --keep FOLDER

A target that ends is started again until its time is up; what ended it is kept in FOLDER.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile.corpus.files import FILES
from tests.hostile.workers import Outcome, load, outcome_of

TARGETS = ("intake", "split", "page", "exports")
SEED_BYTES = 16_000
"""Longer files are not mutated: a change seldom meets what matters in them."""

SEED_CPU_S, SEED_MEMORY = 1.0, 100_000_000

UNIT_S = 30
"""Of one input; the machine may be busy. The product's own limit of CPU is shorter."""

MEMORY_MB = 2_048
LISTED = 8


@dataclass(slots=True)
class Fuzzed:
    """What became of a target. `ends`: why its processes ended, other than by time."""

    target: str
    runs: int = 0
    features: int = 0
    peak_mb: int = 0
    slowest_s: int = 0
    ends: Counter[str] = field(default_factory=Counter)


def seeds(outcomes: Sequence[Outcome]) -> list[bytes]:
    """Small files that cost little: a target is run without the product's limits, and each process of it reads all
    seeds first."""
    cheap = {one.name for one in outcomes if one.cpu_s < SEED_CPU_S and one.memory < SEED_MEMORY and not one.signal}
    return [data for name, make in FILES.items() if name in cheap and len(data := make()) <= SEED_BYTES]


def fuzz(target: str, files: Sequence[bytes], seconds: int, seed: int, keep: Path) -> Fuzzed:
    found = Fuzzed(target)
    with TemporaryDirectory() as folder:
        for number, data in enumerate(files):
            (Path(folder) / str(number)).write_bytes(data)
        deadline = time.monotonic() + seconds
        while (left := int(deadline - time.monotonic())) > 0:
            _add(found, _run(target, folder, left, seed, keep))
            seed += 1
    return found


def _run(target: str, folder: str, seconds: int, seed: int, keep: Path) -> str:
    """What one process prints."""
    options = [f"-max_total_time={seconds}", f"-seed={seed}", f"-timeout={UNIT_S}", f"-rss_limit_mb={MEMORY_MB}"]
    options += [f"-artifact_prefix={keep}/{target}-", "-print_final_stats=1", "-reduce_inputs=0", folder]
    command = [sys.executable, "-W", "ignore", "-m", "tests.hostile.fuzz_target", target, *options]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    return done.stdout + done.stderr


def _add(found: Fuzzed, log: str) -> None:
    numbers = dict(re.findall(r"stat::(\w+):\s+(\d+)", log))
    executed = [int(run) for run in re.findall(r"^#(\d+)", log, re.MULTILINE)]
    found.runs += int(numbers.get("number_of_executed_units", max(executed, default=0)))
    found.features = max([found.features, *map(int, re.findall(r"ft: (\d+)", log))])
    found.peak_mb = max([found.peak_mb, *map(int, re.findall(r"rss: (\d+)Mb", log))])
    found.slowest_s = max(found.slowest_s, int(numbers.get("slowest_unit_time_sec", 0)))
    if ended := re.search(r"(?:Uncaught Python exception: ===\n|ERROR: libFuzzer: )(.{0,100})", log):
        found.ends[ended[1].strip()] += 1
    elif "stat::" not in log:
        found.ends["ended by a signal"] += 1


def corpus() -> list[Outcome]:
    load()
    return [outcome_of(name, make) for name, make in FILES.items()]


def report_of_corpus(outcomes: Sequence[Outcome]) -> str:
    met = Counter(" ".join(dict.fromkeys(outcome.codes)) or "read" for outcome in outcomes)
    lines = [f"{len(outcomes)} files, {sum(outcome.cpu_s for outcome in outcomes):.0f} s of CPU.", ""]
    lines += ["| met | files |", "|---|--:|", *(f"| {codes} | {count} |" for codes, count in met.most_common())]
    lines += ["", "| slowest | reached | CPU s | MB more |", "|---|---|--:|--:|"]
    by_time = sorted(outcomes, key=lambda outcome: -outcome.cpu_s)
    by_memory = sorted(outcomes, key=lambda outcome: -outcome.memory)
    for outcome in dict.fromkeys([*by_time[:LISTED], *by_memory[:LISTED]]):
        lines.append(f"| {outcome.name} | {outcome.step} | {outcome.cpu_s:.1f} | {outcome.memory / 1e6:.0f} |")
    wrong = [outcome for outcome in outcomes if outcome.fault or outcome.signal]
    lines += ["", f"Ended by a signal or by what nobody foresaw: {len(wrong)}."]
    for outcome in wrong:
        last = (outcome.fault or "").strip().splitlines()[-1:]
        lines.append(f"- {outcome.name}: {outcome.step}, signal {outcome.signal}, {' '.join(last)}")
    return "\n".join(lines)


def report_of_fuzzing(found: Sequence[Fuzzed]) -> str:
    lines = ["| target | inputs | features | slowest, s | peak, MB | ended by |", "|---|--:|--:|--:|--:|---|"]
    for one in found:
        ends = "; ".join(f"{why} ({count})" for why, count in one.ends.items()) or "nothing"
        lines.append(f"| {one.target} | {one.runs:,} | {one.features:,} | {one.slowest_s} | {one.peak_mb} | {ends} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="of mutation, all targets together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, required=True, help="folder for inputs that ended a target")
    parser.add_argument("--only-mutate", action="store_true", help="tell nothing of the corpus itself")
    asked = parser.parse_args()
    asked.keep.mkdir(parents=True, exist_ok=True)
    print(f"# Hostile input\n\n`--seconds {asked.seconds} --seed {asked.seed}`, Python {sys.version.split()[0]}\n")
    outcomes = corpus()
    if not asked.only_mutate:
        print(f"## The corpus\n\n{report_of_corpus(outcomes)}\n", flush=True)
    share = asked.seconds // len(TARGETS)
    files = seeds(outcomes)
    found = [fuzz(target, files, share, asked.seed, asked.keep) for target in TARGETS]
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"## Mutations\n\n{report_of_fuzzing(found)}\n")
    print(f"{spent.ru_utime + spent.ru_stime:.0f} s of CPU in all. Inputs that ended a target: {asked.keep}")


if __name__ == "__main__":
    main()
