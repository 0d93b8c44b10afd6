"""Every request that a job makes, by the function that makes it: `tests/integration/test_cost_counts.py` holds these
formulas against requests that were counted.

A job of an account that pays by its credits, by its token, without an Idempotency-Key; nothing fails and nothing is
delivered twice. What a process asks once (secrets; the last use of a token, every ten minutes) is left out, and so are
the walks over everything, which look at a thousand jobs with one request (`dollars.WALKED_UNITS`).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from ocrchat.jobs import batches
from ocrchat.limits import LIMITS
from ocrchat.store.bucket import DELETED_AT_ONCE, JOB_FOLDERS
from ocrchat.tiers import MODEL_TIER

MEMBERS = "dynamodb.TransactWriteItems.members"


@dataclass(frozen=True, slots=True)
class Job:
    """`as_it_came`: a single image, which is copied and not cut apart. `looks`: how often the state of the job is read
    while a request waits for its end; `fetches`: GETs of the finished job."""

    pages: int
    tier: str = "cpu"
    pages_per_batch: int = 4
    as_it_came: bool = False
    looks: int = 0
    fetches: int = 0

    @property
    def batches(self) -> list[int]:
        """Pages of each."""
        some = batches(range(self.pages), 1 if self.tier == MODEL_TIER else self.pages_per_batch)
        return [batch.last - batch.first + 1 for batch in some]

    @property
    def is_inline(self) -> bool:
        return self.pages <= LIMITS.inline_pages

    @property
    def has_model(self) -> bool:
        return self.tier == MODEL_TIER


def by_function(job: Job) -> dict[str, Counter[str]]:
    """Function -> operation -> requests. `Sweep`'s are made later, when the job's objects are due."""
    made = {
        "Submit": _submit(job),
        "Inspect": Counter({"s3.GetObject": 1}),
        "Split": _split(job),
        "OcrPage": _ocr_page(job),
        "Join": _join(job),
        "Sweep": _sweep(job),
    }
    return made | ({"VlmPage": _vlm_page(job)} if job.has_model else {})


def until_done(job: Job) -> Counter[str]:
    """All of them but the sweep."""
    return sum((some for name, some in by_function(job).items() if name != "Sweep"), Counter())


def _submit(job: Job) -> Counter[str]:
    posted = Counter(
        {
            "dynamodb.GetItem": 2,  # token, account
            "dynamodb.UpdateItem": 1,  # requests of this minute
            "dynamodb.BatchGetItem": 1 + job.looks,  # wallet and bucket; job and progress
            "s3.PutObject": 1,
            "lambda.Invoke": 1,
            "dynamodb.TransactWriteItems": 1,
            MEMBERS: 3,  # job, wallet, ledger
            "states.StartExecution": 1,
            "s3.GetObject": int(job.is_inline),
        }
    )
    fetched = {"dynamodb.GetItem": 2, "dynamodb.BatchGetItem": 1, "s3.GetObject": 1}
    return posted + Counter({name: number * job.fetches for name, number in fetched.items()})


def _split(job: Job) -> Counter[str]:
    if job.as_it_came:
        return Counter({"dynamodb.GetItem": 2, "s3.CopyObject": 1})
    return Counter({"dynamodb.GetItem": 2, "s3.GetObject": 1, "s3.PutObject": job.pages})


def _ocr_page(job: Job) -> Counter[str]:
    number = len(job.batches)
    return Counter(
        {
            "dynamodb.GetItem": 2 * number,
            "s3.GetObject": job.pages,
            "s3.PutObject": (2 if job.has_model else 1) * job.pages,
            "dynamodb.UpdateItem": 0 if job.has_model else job.pages,
            "states.SendTaskSuccess": number,
        }
    )


def _vlm_page(job: Job) -> Counter[str]:
    once = ("s3.HeadObject", "s3.PutObject", "dynamodb.UpdateItem", "states.SendTaskSuccess")
    twice = ("dynamodb.GetItem", "s3.GetObject")
    return Counter(dict.fromkeys(once, job.pages) | dict.fromkeys(twice, 2 * job.pages))


def _join(job: Job) -> Counter[str]:
    return Counter(
        {
            "dynamodb.GetItem": 1,
            "s3.GetObject": job.pages,
            "s3.PutObject": 1,
            "dynamodb.TransactWriteItems": 1,
            MEMBERS: 3,
            "s3.DeleteObjects": _page_deletions(job),
        }
    )


def _sweep(job: Job) -> Counter[str]:
    """The original is deleted, with the pages that a join might have left; then the results. A list has no more than
    DELETED_AT_ONCE keys."""
    results = math.ceil((job.pages + 1) / DELETED_AT_ONCE)
    return Counter(
        {
            "s3.DeleteObject": 1,
            "s3.ListObjectsV2": len(JOB_FOLDERS) - 1 + results,
            "s3.DeleteObjects": _page_deletions(job) + results,
            "dynamodb.Query": 1,  # the conversations about it
            "dynamodb.UpdateItem": 2,
        }
    )


def _page_deletions(job: Job) -> int:
    """What lies between the steps: pages, and for a model their readings and pictures."""
    return (3 if job.has_model else 1) * math.ceil(job.pages / DELETED_AT_ONCE)
