"""Who renders a file: the claims that requests and renderers take, renew and lose, against the embedded AWS."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import IO, Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from export import rendering
from export.download import Downloads
from export.files import Files
from export.rendering import Rendering
from export.source import Source
from ocrchat.accounts import Caller
from ocrchat.errors import InternalError, JobDeleted, Overloaded
from ocrchat.plans import Plans
from ocrchat.store.bucket import Bucket
from ocrchat.store.exports_table import BEGUN_WITHIN, ERROR_KEPT, KEPT, LEASE, OVERLOADED_KEPT, Claim, ExportsTable
from ocrchat.store.functions import Functions
from ocrchat.store.jobs_table import JobsTable
from tests.integration.support import Api
from tests.integration.test_delete import document

NOBODY = Caller("anon_1", None, Plans.parse().anonymous)
NOW = datetime.now(UTC)
FILE = "1-1.txt"


@pytest.fixture
def exports(faulty: Api) -> ExportsTable:
    stack = faulty.service.stack
    return ExportsTable(stack.client("dynamodb"), stack.outputs["JobsTableName"])


@pytest.fixture
def job() -> str:
    return uuid4().hex


@pytest.fixture
def renderer(faulty: Api, exports: ExportsTable) -> Rendering:
    stack = faulty.service.stack
    jobs = JobsTable(stack.client("dynamodb"), stack.outputs["JobsTableName"])
    return Rendering(jobs, Bucket(stack.client("s3"), stack.outputs["BucketName"]), exports)


def claimed(exports: ExportsTable, job: str, now: datetime = NOW) -> Claim:
    claim = exports.claim(job, FILE, exports.get(job, FILE, now), now)
    assert claim is not None
    return claim


def begun(exports: ExportsTable, job: str, now: datetime = NOW) -> Claim:
    own = exports.begin(claimed(exports, job, now), now)
    assert own is not None
    return own


def test_of_many_claims_at_once_one_is_good(exports: ExportsTable, job: str) -> None:
    with ThreadPoolExecutor(10) as pool:
        claims = list(pool.map(lambda _: exports.claim(job, FILE, None, NOW), range(10)))
    assert len([claim for claim in claims if claim is not None]) == 1


def test_of_many_who_saw_a_claim_end_one_takes_it_over(exports: ExportsTable, job: str) -> None:
    begun(exports, job)
    later = NOW + LEASE
    seen = exports.get(job, FILE, later)
    assert seen is not None
    with ThreadPoolExecutor(10) as pool:
        claims = list(pool.map(lambda _: exports.claim(job, FILE, seen, later), range(10)))
    assert len([claim for claim in claims if claim is not None]) == 1


def test_a_claim_that_was_renewed_since_it_was_seen_is_not_taken_over(exports: ExportsTable, job: str) -> None:
    own, later = begun(exports, job), NOW + LEASE
    seen = exports.get(job, FILE, later)
    assert exports.renew(own, later)
    assert exports.claim(job, FILE, seen, later) is None


def test_an_invocation_that_is_delivered_twice_begins_once(exports: ExportsTable, job: str) -> None:
    claim = claimed(exports, job)
    assert [exports.begin(claim, NOW) is None for _ in range(2)] == [False, True]


def test_a_renderer_that_comes_after_its_claim_has_passed_on_changes_nothing(exports: ExportsTable, job: str) -> None:
    late = claimed(exports, job)
    own = begun(exports, job, NOW + BEGUN_WITHIN)
    before = exports.get(job, FILE, NOW)
    assert before is not None
    assert exports.begin(late, NOW) is None
    assert not exports.renew(late, NOW)
    exports.fail(late, InternalError(), NOW)
    exports.end(late)
    assert exports.get(job, FILE, NOW) == before
    exports.end(own)
    assert exports.get(job, FILE, NOW) is None


def test_attempts_are_those_that_began_and_are_forgotten_in_time(exports: ExportsTable, job: str) -> None:
    claimed(exports, job)
    for number in range(3):
        begun(exports, job, NOW + BEGUN_WITHIN + number * LEASE)
    seen = exports.get(job, FILE, NOW)
    assert seen is not None
    assert seen.attempts == 3
    assert exports.get(job, FILE, NOW + KEPT) is None
    fresh = begun(exports, job, NOW + KEPT)
    seen = exports.get(job, FILE, NOW + KEPT)
    assert seen is not None
    assert (seen.attempts, seen.id) == (1, fresh.id)


def test_who_works_past_the_time_that_attempts_are_kept_for_keeps_the_claim(exports: ExportsTable, job: str) -> None:
    begun(exports, job)
    over = NOW + KEPT
    own = begun(exports, job, over - LEASE / 2)
    assert exports.get(job, FILE, over) is not None
    assert exports.claim(job, FILE, None, over) is None
    assert exports.renew(own, over)


def test_what_nobody_foresaw_counts_as_an_attempt_and_a_refusal_does_not(exports: ExportsTable, job: str) -> None:
    found = []
    for number, error in enumerate((InternalError("one"), InternalError("two"), JobDeleted())):
        now = NOW + number * ERROR_KEPT
        exports.fail(begun(exports, job, now), error, now)
        seen = exports.get(job, FILE, now)
        assert seen is not None
        assert seen.until == now + ERROR_KEPT
        found.append((type(seen.error), seen.attempts))
    assert found == [(InternalError, 1), (InternalError, 2), (JobDeleted, 0)]


def test_a_service_that_is_too_busy_is_told_for_some_seconds_and_leaves_the_attempts_as_they_were(
    exports: ExportsTable, job: str
) -> None:
    exports.fail(begun(exports, job), InternalError(), NOW)
    now = NOW + ERROR_KEPT
    for _ in range(2):
        exports.fail(begun(exports, job, now), Overloaded(), now)
        seen = exports.get(job, FILE, now)
        assert seen is not None
        now += OVERLOADED_KEPT
        assert (type(seen.error), seen.attempts, seen.until) == (Overloaded, 1, now)


@pytest.mark.parametrize("code", ["SlowDown", "ThrottlingException", "TooManyRequestsException", "503"])
def test_a_renderer_that_is_throttled_says_so_and_the_next_one_makes_the_file(
    faulty: Api, renderer: Rendering, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    job = faulty.read(document("one"))["uuid"]

    def put(*_: object) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "slower"}}, "PutObject")

    with monkeypatch.context() as patch:
        patch.setattr(Bucket, "put_export", put)
        assert renderer.run(claimed(renderer.exports, job)) == "overloaded"
    later = datetime.now(UTC) + OVERLOADED_KEPT
    seen = renderer.exports.get(job, FILE, later)
    assert seen is not None
    assert (type(seen.error), seen.attempts) == (Overloaded, 0)
    assert renderer.run(claimed(renderer.exports, job, later)) == "rendered"


def test_a_renderer_keeps_its_claim_as_long_as_it_works(
    faulty: Api, renderer: Rendering, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = faulty.read(document("one"))["uuid"]
    seen: list[datetime] = []

    def render(source: Source, out: IO[bytes]) -> None:
        deadline = time.monotonic() + 30
        while len(set(seen)) < 4:
            assert time.monotonic() < deadline
            row = renderer.exports.get(job, FILE, NOW)
            assert row is not None
            seen.append(row.until)

    monkeypatch.setattr("export.renderers.txt.render", render)
    monkeypatch.setattr(rendering, "RENEWED_EVERY_S", 0.02)
    assert renderer.run(claimed(renderer.exports, job)) == "rendered"
    assert seen == sorted(seen)
    assert renderer.exports.get(job, FILE, NOW) is None


def test_a_renderer_that_lost_its_claim_leaves_that_of_the_next_alone(
    faulty: Api, renderer: Rendering, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = faulty.read(document("one"))["uuid"]

    def render(source: Source, out: IO[bytes]) -> None:
        begun(renderer.exports, job, datetime.now(UTC) + LEASE)
        raise RuntimeError("the first one")

    monkeypatch.setattr("export.renderers.txt.render", render)
    with pytest.raises(RuntimeError):
        renderer.run(claimed(renderer.exports, job))
    row = renderer.exports.get(job, FILE, NOW)
    assert row is not None
    assert (row.error, row.attempts) == (None, 2)


def test_a_renderer_of_another_version_makes_no_file_of_this_one(faulty: Api, renderer: Rendering) -> None:
    job = faulty.read(document("one"))["uuid"]
    claim = renderer.exports.claim(job, "1-999.txt", None, NOW)
    assert claim is not None
    assert renderer.run(claim) == "overloaded"
    assert not renderer.bucket.has_export(job, "1-999.txt")


def downloads(faulty: Api, renderer: Rendering, functions: Any) -> Downloads:
    files = Files(renderer.bucket, renderer.exports, functions, "no-such-function")
    return Downloads(renderer.jobs, renderer.bucket, files)


def test_a_renderer_that_cannot_be_started_is_a_503_and_leaves_no_claim(faulty: Api, renderer: Rendering) -> None:
    job = faulty.read(document("one"))["uuid"]
    functions = Functions(faulty.service.stack.client("lambda"))
    with pytest.raises(Overloaded):
        downloads(faulty, renderer, functions).url(job, "txt", NOBODY, time.monotonic() + 5)
    assert renderer.exports.get(job, FILE, NOW) is None


class Late(Functions):
    """A renderer that is started, and never begins."""

    def start(self, name: str, payload: object) -> None:
        pass


def test_who_waits_for_a_file_is_let_go_in_time_and_the_claim_stays(faulty: Api, renderer: Rendering) -> None:
    job = faulty.read(document("one"))["uuid"]
    waiting = downloads(faulty, renderer, Late(None))
    for _ in range(2):
        assert waiting.url(job, "txt", NOBODY, time.monotonic() + 0.1) is None
    row = renderer.exports.get(job, FILE, NOW)
    assert row is not None
    assert (row.attempts, row.error) == (0, None)


class Meanwhile(ExportsTable):
    """Another request has the whole file made between the look at the row and the claim."""

    bucket: Bucket

    def claim(self, job: str, file: str, *rest: Any) -> Claim | None:
        self.bucket.put_export(job, file, b"made meanwhile", "text/plain")  # type: ignore[arg-type]
        return super().claim(job, file, *rest)


def test_a_file_that_was_made_meanwhile_is_not_made_again(faulty: Api, renderer: Rendering) -> None:
    job, stack = faulty.read(document("one"))["uuid"], faulty.service.stack
    exports = Meanwhile(stack.client("dynamodb"), stack.outputs["JobsTableName"])
    exports.bucket = renderer.bucket
    files = Files(renderer.bucket, exports, Functions(None), "never called")
    waiting = Downloads(renderer.jobs, renderer.bucket, files)
    assert waiting.url(job, "txt", NOBODY, time.monotonic() + 5) is not None
    assert exports.get(job, FILE, NOW) is None
