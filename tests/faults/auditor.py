"""What is wrong with what a round has left behind. Pure: told of evidence and of what customers were promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from cleanup.books import Totals, differences
from ocrchat.jobs import Job
from ocrchat.metering import Entry
from tests.faults.customers import Outcome, marker
from tests.faults.evidence import Evidence

GRACE_S = 2.5
"""What may be lost of the time before AWS is killed: the pause between two snapshots of the embedded AWS, which is two
seconds, and the writing of one."""


def findings(evidence: Evidence, now: datetime) -> list[str]:
    """Of the books, the jobs and the queues, whoever they belong to."""
    return [
        *(fault for job in evidence.jobs.values() for fault in _of_job(evidence, job)),
        *_of_books(evidence, now),
        *_of_queues(evidence),
        *_of_dead_letters(evidence),
    ]


def broken_promises(
    evidence: Evidence, round_number: int, outcomes: Sequence[Outcome], cuts: Sequence[float]
) -> Iterator[str]:
    """What customers were told and does not hold. `cuts`: when AWS was killed, as `time.time()`."""
    names = Counter(job.filename for job in evidence.jobs.values() if job.filename)
    for outcome in outcomes:
        name = outcome.filename
        yield from outcome.trouble
        yield from _of_member(evidence, outcome, cuts)
        if outcome.errand.way == "drop":
            yield from _of_drop(evidence, outcome, is_cut=bool(cuts))
        if outcome.refused:
            yield f"{name}: refused as {outcome.refused}, and nothing is wrong with it"
        if len(outcome.uuids) > 1:
            yield f"{name}: one Idempotency-Key was answered with {len(outcome.uuids)} jobs"
        if names[name] > 1 and not cuts:
            yield f"{name}: {names[name]} jobs were made and paid of one request"
        for uuid in outcome.uuids:
            yield from _of_promise(evidence, round_number, outcome, uuid, cuts)
        yield from (
            f"{name}: its {kind} was answered with {status}"
            for kind, status in outcome.exports.items()
            if status != 200 and not outcome.is_lost
        )


def _of_member(evidence: Evidence, outcome: Outcome, cuts: Sequence[float]) -> Iterator[str]:
    """The account that was made for it exists once, and its token is known."""
    member = outcome.member
    if member is not None and _may_be_lost(member.at, cuts):
        return
    if outcome.unknown:
        yield f"{outcome.filename}: its token is not known: {outcome.unknown}"
    if member is not None and evidence.accounts.get(member.email) != [member.account]:
        yield f"{member.email}: was told to be {member.account}, and is {evidence.accounts.get(member.email)}"


def _may_be_lost(at: float, cuts: Sequence[float]) -> bool:
    """What was written then, as `time.time()`."""
    return any(at <= cut <= at + GRACE_S for cut in cuts)


def _of_drop(evidence: Evidence, outcome: Outcome, *, is_cut: bool) -> Iterator[str]:
    """What was dropped is done, or will be looked at once more."""
    status = evidence.drops.get(outcome.filename)
    if status == "refused":
        yield f"{outcome.filename}: was dropped and refused, and nothing is wrong with it"
    elif status is None and not is_cut:
        yield f"{outcome.filename}: was dropped, and nobody says what became of it"
    elif status in ("accepted", "processing") and not evidence.queues["DeliverQueueUrl"].delayed:
        yield f"{outcome.filename}: was dropped, is {status}, and nobody will look at it again"


def _of_promise(
    evidence: Evidence, round_number: int, outcome: Outcome, uuid: str, cuts: Sequence[float]
) -> Iterator[str]:
    name, job = outcome.filename, evidence.jobs.get(uuid)
    if job is None:
        if not _may_be_lost(outcome.accepted_at or 0.0, cuts):
            yield f"{name}: the job {uuid} was accepted, and is not there"
        return
    if outcome.is_deleted:
        if job.status != "deleted" and not cuts:
            yield f"{name}: the job {uuid} was deleted, and is {job.status}"
        return
    document = evidence.documents.get(uuid)
    if job.status == "done" and document is not None:
        for page in document["pages"]:
            wanted = marker(round_number, outcome.errand.number, page["index"])
            if page["error"] is None and page["text"].count(wanted) != 1:
                yield f"{name}: page {page['index']} of {uuid} reads {page['text'][:80]!r}"


def orphans(left: Sequence[str]) -> Iterator[str]:
    """`left`: keys that are there when everything has expired, and the cleanups have run."""
    yield from (f"{key}: is left for ever" for key in left)


def _of_job(evidence: Evidence, job: Job) -> Iterator[str]:
    if not job.settled:
        yield f"{job.uuid}: has not ended (attempt {job.attempt}, stalled {job.stalled})"
        return
    if job.uuid in evidence.unsettled:
        yield f"{job.uuid}: has ended, and the reconciler looks at it still"
    yield from _of_entries(evidence.entries.get(job.holder, []), job)
    if job.status == "done":
        yield from _of_document(evidence, job)
    if job.status == "failed" and job.unread_pages != job.page_count:
        yield f"{job.uuid}: has failed, and {job.page_count - job.unread_pages} pages are paid"


def _of_document(evidence: Evidence, job: Job) -> Iterator[str]:
    if job.uuid not in evidence.documents:  # it was judged in an earlier round, and swept
        return
    document = evidence.documents[job.uuid]
    if document is None:
        yield f"{job.uuid}: is done, and has no document"
        return
    indexes = [page["index"] for page in document["pages"]]
    if indexes != list(job.indexes):
        yield f"{job.uuid}: has the pages {indexes}, of {job.page_count}"
    unread = sum(page["error"] is not None for page in document["pages"])
    if unread != job.unread_pages:
        yield f"{job.uuid}: {unread} pages have an error, and {job.unread_pages} came back"


def _of_entries(entries: Sequence[Entry], job: Job) -> Iterator[str]:
    """Reserved once, settled once, and paid is what was delivered."""
    own = [entry for entry in entries if entry.job == job.uuid]
    taken = [entry.credits for entry in own if entry.kind == "reserve"]
    given = [entry.credits for entry in own if entry.kind == "settle"]
    if taken != [-job.cost]:
        yield f"{job.uuid}: its reservations are {taken}, its cost {job.cost}"
    if given != [job.price * job.unread_pages]:
        yield f"{job.uuid}: its settlements are {given}, for {job.unread_pages} pages at {job.price}"


def _of_books(evidence: Evidence, now: datetime) -> Iterator[str]:
    for holder in sorted(evidence.entries.keys() | evidence.wallets.keys()):
        entries = evidence.entries.get(holder, [])
        wallet = evidence.wallets.get(holder)
        if wallet is None:
            yield f"{holder}: has a ledger and no wallet"
            continue
        totals = Totals().plus(entries)
        yield from (f"{holder}: {told}" for told in (*differences(wallet, totals, now), *totals.told()))
        if wallet.running or totals.running:
            yield f"{holder}: {wallet.running} jobs are counted as running, and none runs"
        if held := evidence.holds.get(holder, 0):
            yield f"{holder}: {held} messages hold credits, and none is answered"
        repeated = [name for name, count in Counter(entry.id for entry in entries).items() if count > 1]
        yield from (f"{holder}: {name} stands in the ledger more than once" for name in repeated)
        jobs = {entry.job for entry in entries if entry.job} - evidence.jobs.keys()
        yield from (f"{holder}: has paid for {job}, which is not there" for job in sorted(jobs))
    if evidence.audited.get("wrong"):
        yield f"the service's own audit finds {evidence.audited['wrong']} accounts wrong"


def _of_queues(evidence: Evidence) -> Iterator[str]:
    """What is held back is a delivery that will be looked at once more."""
    for name, queue in evidence.queues.items():
        if queue.waiting or queue.taken:
            yield f"{name}: {queue.waiting} messages wait, {queue.taken} are worked on"
        if queue.is_dead and not queue.is_watched:
            yield f"{name}: no alarm looks at it"


def _of_dead_letters(evidence: Evidence) -> Iterator[str]:
    """Each is counted before its task is ended, and again where it had to come back. It may be counted and end no task,
    whose execution is over; and what ended before the logs begin nobody can compare."""
    ended = sum(at >= evidence.logs_begin for at in evidence.given_up)
    if ended > evidence.counted_dead:
        yield f"{ended} tasks were ended for dead letters, of which BatchesDead counts {evidence.counted_dead}"
