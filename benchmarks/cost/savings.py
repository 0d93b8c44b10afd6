"""What would cost less, and how much: nothing of this is done."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.accuracy.report import table
from ocrchat.store.bucket import JOB_FOLDERS

from .dollars import PAGES, Bill, price
from .durations import Timed
from .template import Template

KNOWN_FOLDERS = len(JOB_FOLDERS) - 2  # without exports and chats: the keys of the others follow from the job
SHOWN = 0.00005


def savings(timed: Timed, template: Template) -> dict[str, float]:
    """What -> US dollars a job."""
    pages, batches = timed.job.pages, len(timed.job.batches)
    transitions = template.transitions(timed.job.tier, batches) if batches == 1 else 0
    submit_gb = template.functions["Submit"].memory / 1024
    return {
        "Line, its Pass and Tier as one expression in the Map": 3 * price("states.transition"),
        "a job of one batch without the state machine": transitions * price("states.transition"),
        "half of submit's memory, which mostly waits": timed.billed["Submit"]
        * submit_gb
        / 2
        * price("lambda.gb_s.arm64"),
        "an expired job's objects by their keys, without lists": KNOWN_FOLDERS * price("s3.write"),
        "the results of a batch in one object": (pages - batches) * (price("s3.write") + price("s3.read")),
        "no object a page: readers are trusted with the original": (pages - 1) * price("s3.write"),
    }


def listed(found: Sequence[tuple[Timed, Bill]], template: Template) -> str:
    """US dollars for 1,000 pages, a column for each size of a job."""
    rows = [["now", *(f"{bill.per_thousand:.3f}" for _, bill in found)]]
    columns = [
        {name: usd / timed.job.pages * PAGES for name, usd in savings(timed, template).items()} for timed, _ in found
    ]
    rows += [
        [name, *(f"-{column[name]:.4f}" if column[name] >= SHOWN else "" for column in columns)] for name in columns[0]
    ]
    heads = "|".join(f"{timed.job.pages} >" for timed, _ in found)
    return table(f"$ for 1,000 pages of jobs of|{heads}", rows)
