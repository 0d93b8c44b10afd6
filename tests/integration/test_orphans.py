"""Objects that nobody owns are found, however many there are, and no other is touched."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from cleanup.orphans import FOLDERS, SAFE_AGE, Orphans
from cleanup.walk import BEGINS_EVERY, Walk
from infra.local.service import Service
from ocrchat.store.bucket import JOB_FOLDERS
from ocrchat.store.uploads_table import PendingUpload
from tests.integration.cleanup_parts import NOW, Parts, Through, counted, made_like
from tests.integration.support import Api

LATER = NOW + 2 * SAFE_AGE
"""When everything that is written here is old."""


@pytest.fixture
def own(service: Service) -> Parts:
    return made_like(service)


def orphans(own: Parts) -> Orphans:
    return Orphans(own.jobs, own.uploads, own.bucket, Walk(own.cursors, "orphans"))


def test_what_a_request_that_died_has_left_is_found(own: Parts) -> None:
    uuid = uuid4().hex
    own.put(f"uploads/{uuid}/original")
    assert orphans(own).run(LATER) == {"owners": 1, "orphans": 1, "objects": 1}
    assert own.objects() == []


def test_what_a_worker_wrote_for_a_job_that_was_deleted_is_found(own: Parts) -> None:
    job = own.done()
    assert own.metering.cancel(job, 0, NOW)
    found = orphans(own).run(LATER)
    assert found["orphans"] == len(JOB_FOLDERS)
    assert own.objects() == []


def test_what_was_written_for_a_job_that_had_expired_is_found(own: Parts) -> None:
    job = own.done(own.plans.anonymous)
    assert own.sweeper.run(NOW + timedelta(hours=25)) == {"result": 1}
    own.put(f"exports/{job.uuid}/1-1.txt")
    assert orphans(own).run(NOW + timedelta(hours=25))["objects"] == 1
    assert own.objects() == []


def test_what_somebody_owns_stays_and_what_is_none_of_ours(own: Parts) -> None:
    running, done = own.accepted(), own.done()
    own.uploads.create(PendingUpload("b" * 32, "acct_1", "a.pdf", 1, NOW, NOW + timedelta(hours=1)))
    own.put(f"incoming/{'b' * 32}", "results/notes/x", "results/x", "other/x", f"drop-results/acct_1/{uuid4().hex}")
    before = own.objects()
    assert orphans(own).run(LATER).get("orphans", 0) == 0
    assert own.objects() == before
    assert own.objects(running.uuid)
    assert own.objects(done.uuid)


def test_a_young_one_is_left_beside_an_old_one_even_of_one_job(own: Parts) -> None:
    old, young = uuid4().hex, uuid4().hex
    own.put(f"results/{old}/pages/00000.json", f"results/{old}/pages/00001.json")
    time.sleep(1.1)  # the bucket's clock counts seconds
    between = datetime.now(UTC)
    time.sleep(1.1)
    own.put(f"results/{old}/pages/00002.json", f"uploads/{young}/original", f"incoming/{young}")
    looking = orphans(own)
    assert looking.run(between + SAFE_AGE)["objects"] == 2
    assert own.objects() == [f"incoming/{young}", f"results/{old}/pages/00002.json", f"uploads/{young}/original"]
    assert looking.run(LATER, anew=True)["objects"] == 3
    assert own.objects() == []


def test_what_was_sent_by_a_form_after_its_upload_was_forgotten_is_found(own: Parts) -> None:
    own.put(f"incoming/{'c' * 32}")
    assert orphans(own).run(LATER)["objects"] == 1
    assert own.objects() == []


def test_an_orphan_of_fifteen_hundred_objects_is_deleted_whole(own: Parts) -> None:
    done, uuid = own.done(), uuid4().hex
    before = own.objects(done.uuid)
    own.put(*(f"results/{uuid}/pages/{page:05}.json" for page in range(1500)))
    assert orphans(own).run(LATER)["objects"] == 1500
    assert own.objects() == before


# ---- the walk -------------------------------------------------------------------------------------------------------


def two_a_list(own: Parts) -> None:
    own.s3 = Through(own.s3, list_objects_v2=lambda call, **request: call(**request, MaxKeys=2))


def test_a_walk_goes_on_where_the_run_before_has_ended(own: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    owned = [own.accepted() for _ in range(3)]
    lost = [uuid4().hex for _ in range(5)]
    own.put(*(f"{folder}/{uuid}/x" for folder in ("uploads", "exports") for uuid in lost))
    two_a_list(own)
    monkeypatch.setattr("cleanup.orphans.RUN_S", 0.0)
    runs: list[dict[str, int]] = []
    while not runs or runs[-1]:
        runs.append(orphans(own).run(LATER))
        assert len(runs) < 50
    assert max(run.get("owners", 0) for run in runs) == 2
    assert sum(run.get("owners", 0) for run in runs) == 5 + 5 + 3 + 3  # uploads and pages of those that are owned
    assert sum(run.get("objects", 0) for run in runs) == 10
    assert {key.split("/")[1] for key in own.objects()} == {job.uuid for job in owned}


def test_a_run_that_dies_is_repeated_from_the_place_that_was_saved(own: Parts) -> None:
    lost = sorted(uuid4().hex for _ in range(6))
    own.put(*(f"uploads/{uuid}/original" for uuid in lost))
    two_a_list(own)
    s3, calls = own.s3, 0

    def delete(call: Any, **request: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return call(**request)

    own.s3 = Through(s3, delete_objects=delete)
    with pytest.raises(KeyboardInterrupt):
        orphans(own).run(LATER)
    assert len(own.objects()) == 3
    own.s3 = s3
    assert orphans(own).run(LATER)["owners"] == 3, "the list in which it died is looked at again, and what is behind it"
    assert own.objects() == []


def test_a_walk_that_is_through_begins_anew_on_the_next_day(own: Parts) -> None:
    looking = orphans(own)
    assert looking.run(LATER)["owners"] == 0
    own.put(f"uploads/{uuid4().hex}/original")
    assert looking.run(LATER + BEGINS_EVERY - timedelta(minutes=1)) == {}
    assert looking.run(LATER + BEGINS_EVERY + timedelta(minutes=1))["orphans"] == 1


def test_of_two_runs_that_meet_one_goes_on(own: Parts) -> None:
    first, second = Walk(own.cursors, "orphans"), Walk(own.cursors, "orphans")
    assert first.place(NOW) == second.place(NOW) == {}
    assert second.save({"folder": "pages"})
    assert not first.save({"folder": "uploads"})
    assert Walk(own.cursors, "orphans").place(NOW) == {"folder": "pages"}


def test_where_most_jobs_have_no_row_the_table_is_doubted_and_nothing_deleted(
    own: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a table was restored without its last days."""
    owned = own.accepted()
    own.put(*(f"results/{uuid4().hex}/document.json" for _ in range(120)), f"uploads/{uuid4().hex}/original")
    metrics = counted(monkeypatch)
    assert orphans(own).run(LATER)["orphans"] == 1, "the one among the files that were sent"
    assert metrics["OrphansDoubted"] == 120
    assert len([key for key in own.objects() if key.startswith("results/")]) == 120
    assert own.objects(owned.uuid)


def test_the_function_goes_through_the_whole_bucket_with_its_role(api: Api) -> None:
    stack = api.service.stack
    uuid = uuid4().hex
    young = {f"{folder}/{uuid}" + ("" if folder == "incoming" else "/x") for folder in FOLDERS}
    for key in young:
        stack.client("s3").put_object(Bucket=stack.outputs["BucketName"], Key=key, Body=b"x")
    found = stack.look_for_orphans()
    assert found["owners"] >= len(FOLDERS)
    assert found.get("orphans", 0) == 0
    for key in young:
        stack.client("s3").delete_object(Bucket=stack.outputs["BucketName"], Key=key)
