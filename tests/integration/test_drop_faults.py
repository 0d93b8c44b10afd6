"""What is dropped is read once and its results are brought, whoever dies or is overtaken between two lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from cleanup.sweep import Sweeper
from export import delivery
from export.delivery import LONGEST_WAIT_S, Courier, NotYet
from export.files import Files
from infra.local.service import Service
from ocrchat.drops import Drop, Event, status_key
from ocrchat.errors import IdempotencyKeyInUse, InternalError, OcrChatError, OriginalDeleted, Overloaded, RateLimited
from ocrchat.jobs import Job
from ocrchat.packs import Packs
from ocrchat.plans import Plans
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.bucket import Bucket
from ocrchat.store.chats_table import ChatsTable
from ocrchat.store.deliveries import LATER_S, Deliveries, Delivery
from ocrchat.store.drop_folder import DropFolder
from ocrchat.store.due_index import DueIndex, due_values
from ocrchat.store.exports_table import ExportsTable
from ocrchat.store.functions import Functions
from ocrchat.store.idempotency import Idempotency
from ocrchat.store.items import timestamp
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.metering import Metering
from ocrchat.store.workflow import Workflow
from submit.accept import Acceptance
from submit.drop import DroppedFile, Drops
from tests.integration.dropping import Customer, document, settle


@pytest.fixture
def drops(service: Service, customer: Customer) -> Drops:
    """With all rights, and a queue whose messages nobody waits for."""
    stack = service.stack
    dynamodb, jobs_table, balances_table = (
        stack.client("dynamodb"), stack.outputs["JobsTableName"], stack.outputs["BalancesTableName"],
    )  # fmt: skip
    jobs, balances = JobsTable(dynamodb, jobs_table), BalancesTable(dynamodb, balances_table)
    inspect = next(
        one["FunctionName"]
        for one in stack.client("lambda").list_functions()["Functions"]
        if "InspectFunction" in one["FunctionName"]
    )
    desk = Acceptance(
        Metering(dynamodb, jobs, balances),
        Idempotency(dynamodb, jobs_table),
        Bucket(stack.client("s3"), stack.outputs["BucketName"]),
        Workflow(stack.client("stepfunctions"), stack.outputs["StateMachineArn"]),
        Functions(stack.client("lambda")),
        inspect,
        service.url,
        Packs.parse("all"),
        {"cpu"},
        Plans.parse(),
    )
    folder = DropFolder(stack.client("s3"), stack.outputs["BucketName"])
    deliveries = Deliveries(stack.client("sqs"), stack.outputs["DeliverQueueUrl"])
    accounts = AccountsTable(dynamodb, balances_table)
    return Drops(desk, folder, accounts, balances, jobs, deliveries, Plans.parse())


@pytest.fixture
def quiet(customer: Customer) -> Iterator[Callable[[str, bytes], Event]]:
    """Puts an object of which S3 tells nobody: the test does."""
    s3, bucket = customer.s3, customer.bucket
    told = s3.get_bucket_notification_configuration(Bucket=bucket)
    told.pop("ResponseMetadata")
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})

    def put(name: str, data: bytes) -> Event:
        key = customer.drop(name, data, formats="txt")
        return Event(key, s3.head_object(Bucket=bucket, Key=key)["ETag"].strip('"'))

    yield put
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=told)


def test_an_event_that_is_told_five_times_at_once_is_one_job(
    customer: Customer, drops: Drops, quiet: Callable[[str, bytes], Event]
) -> None:
    event, ready = quiet("a.pdf", document("one", "two")), Barrier(5)

    def take(_: int) -> str:
        ready.wait()
        try:
            return drops.take(event, is_last=False)
        except Overloaded:  # another one is at it: the queue brings this one later
            return "later"

    with ThreadPoolExecutor(5) as pool:
        outcomes = list(pool.map(take, range(5)))
    assert outcomes.count("accepted") == 1, outcomes
    assert set(outcomes) <= {"accepted", "known", "gone", "later"}
    assert [drops.take(event, is_last=False) for _ in range(2)] == ["gone", "gone"]
    assert customer.ended(event.key)["status"] == "done"
    assert customer.entries() == [("reserve", -2), ("settle", 0)]
    assert len(customer.jobs()) == 1


@pytest.mark.parametrize("dies_at", ["put_status", "later", "consume"])
def test_who_dies_after_the_job_was_accepted_leaves_all_that_the_next_one_needs(
    customer: Customer,
    drops: Drops,
    quiet: Callable[[str, bytes], Event],
    monkeypatch: pytest.MonkeyPatch,
    dies_at: str,
) -> None:
    class Died(BaseException):
        pass

    def die(*_: object) -> None:
        raise Died

    event = quiet("a.pdf", document("one"))
    with monkeypatch.context() as patched:
        patched.setattr(Deliveries if dies_at == "later" else DropFolder, dies_at, die)
        with pytest.raises(Died):
            drops.take(event, is_last=False)
    assert customer.body(event.key) is not None
    assert drops.take(event, is_last=False) == "known"
    assert customer.body(event.key) is None
    assert customer.ended(event.key)["status"] == "done"
    assert customer.entries() == [("reserve", -1), ("settle", 0)]


def test_an_object_that_is_overwritten_before_it_is_copied_is_left_to_its_own_event(
    customer: Customer,
    drops: Drops,
    quiet: Callable[[str, bytes], Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, store = quiet("a.pdf", document("one")), DroppedFile.store

    def overwritten(self: DroppedFile, *rest: Any) -> Any:
        quiet("a.pdf", document("two"))
        return store(self, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(DroppedFile, "store", overwritten)
        assert drops.take(first, is_last=False) == "gone"
    assert (customer.status(first.key), customer.jobs()) == (None, [])
    assert drops.take(first, is_last=False) == "gone"
    second = quiet("a.pdf", document("two"))
    assert drops.take(second, is_last=False) == "accepted"
    status = customer.ended(second.key)
    assert b"two" in (customer.body(status["formats"]["txt"]) or b"")


def test_what_is_put_over_an_object_while_it_is_accepted_is_not_deleted_with_it(
    customer: Customer,
    drops: Drops,
    quiet: Callable[[str, bytes], Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, later = quiet("a.pdf", document("one")), Deliveries.later

    def overwritten(self: Deliveries, *rest: Any) -> None:
        later(self, *rest)
        quiet("a.pdf", document("two"))

    with monkeypatch.context() as patched:
        patched.setattr(Deliveries, "later", overwritten)
        assert drops.take(first, is_last=False) == "accepted"
    assert customer.body(first.key) == document("two")
    assert customer.ended(first.key)["status"] == "done"


def test_what_meets_a_limit_of_its_account_waits_and_is_refused_in_the_end(
    customer: Customer, drops: Drops, quiet: Callable[[str, bytes], Event]
) -> None:
    narrow = replace(drops, plans=Plans.parse('{"free": {"requests_per_minute": 1}}'))
    for _ in range(2):  # a minute may end between them
        customer.api.http.get("/api/v1/ocr/")
    event = quiet("a.pdf", document("one"))
    with pytest.raises(RateLimited):
        narrow.take(event, is_last=False)
    assert customer.status(event.key) is None
    assert narrow.take(event, is_last=True) == "refused"
    status = customer.ended(event.key)
    assert (status["status"], status["code"]) == ("refused", "rate_limited")
    assert status["options"]["formats"] == ["txt"]
    assert customer.body(event.key) is not None


def test_one_that_is_being_accepted_by_another_is_tried_later(
    drops: Drops, quiet: Callable[[str, bytes], Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_use(*_: object) -> None:
        raise IdempotencyKeyInUse

    monkeypatch.setattr(Idempotency, "begin", in_use)
    with pytest.raises(Overloaded):
        drops.take(quiet("a.pdf", document("one")), is_last=False)


# ---- What is brought, and what is not


def test_a_job_that_runs_is_looked_at_again_and_said_to_run(
    customer: Customer, drops: Drops, quiet: Callable[[str, bytes], Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    event = quiet("a.pdf", document("one"))
    with monkeypatch.context() as patched:
        patched.setattr(Workflow, "start", lambda *_: None)  # left to the reconciler
        assert drops.take(event, is_last=False) == "accepted"
    status = customer.status(event.key) or {}
    assert (status["status"], status["finished_at"]) == ("accepted", None)
    folder = drops.folder
    files = Files(drops.desk.bucket, ExportsTable(None, ""), Functions(None), "never called")
    courier = Courier(drops.jobs, folder, files)
    with pytest.raises(NotYet) as later:
        courier.bring(Delivery(status["uuid"]))
    assert (later.value.first_s, later.value.longest_s) == (LATER_S, LONGEST_WAIT_S)
    assert (customer.status(event.key) or {})["status"] == "processing"
    assert customer.service.stack.reconcile(0)["started"] >= 1
    assert customer.ended(event.key)["status"] == "done"


def test_a_job_that_is_deleted_while_it_runs_ends_in_its_status(
    customer: Customer, drops: Drops, quiet: Callable[[str, bytes], Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    event = quiet("a.pdf", document("one", "two"))
    with monkeypatch.context() as patched:
        patched.setattr(Workflow, "start", lambda *_: None)
        drops.take(event, is_last=False)
    uuid = (customer.status(event.key) or {})["uuid"]
    assert customer.api.http.delete(f"/api/v1/ocr/{uuid}/").status_code == 204
    status = customer.ended(event.key)
    assert (status["status"], status["code"]) == ("failed", "job_deleted")
    assert status["cost"] == {"credits": 2, "refunded": 2}


@dataclass(frozen=True)
class Broken:
    """Files of which one is not made, for this reason or, for None, in no time."""

    real: Files
    name: str
    why: OcrChatError | None

    def key(self, job: Job, name: str, until: float) -> str | None:
        if name != self.name:
            return self.real.key(job, name, until)
        if self.why is not None:
            raise self.why
        return None


def rendering(service: Service, drops: Drops) -> Files:
    stack = service.stack
    render = next(
        one["FunctionName"]
        for one in stack.client("lambda").list_functions()["Functions"]
        if "RenderFunction" in one["FunctionName"]
    )
    exports = ExportsTable(stack.client("dynamodb"), stack.outputs["JobsTableName"])
    return Files(drops.desk.bucket, exports, Functions(stack.client("lambda")), render)


def test_a_format_that_cannot_be_made_is_a_warning_and_the_others_are_there(
    customer: Customer, service: Service, drops: Drops
) -> None:
    key = customer.drop("a.pdf", document("one"), formats="txt,pdf")
    done = customer.ended(key)
    for one in (*done["formats"].values(), status_key(key)):
        customer.s3.delete_object(Bucket=customer.bucket, Key=one)
    files: Any = Broken(rendering(service, drops), "pdf", OriginalDeleted())
    assert Courier(drops.jobs, drops.folder, files).bring(Delivery(done["uuid"])) == "done"
    status = customer.status(key) or {}
    assert list(status["formats"]) == ["txt"]
    assert [warning["code"] for warning in status["warnings"]] == ["original_deleted"]


@pytest.mark.parametrize("why", [None, InternalError(), Overloaded()])
def test_a_file_that_may_still_be_made_is_waited_for_an_hour(
    customer: Customer, service: Service, drops: Drops, monkeypatch: pytest.MonkeyPatch, why: OcrChatError | None
) -> None:
    key = customer.drop("a.pdf", document("one"), formats="txt,md")
    done = customer.ended(key)
    customer.s3.delete_object(Bucket=customer.bucket, Key=status_key(key))
    files: Any = Broken(rendering(service, drops), "md", why)
    courier = Courier(drops.jobs, drops.folder, files)
    with pytest.raises(NotYet):
        courier.bring(Delivery(done["uuid"]))
    assert customer.status(key) is None
    monkeypatch.setattr(delivery, "GIVEN_UP_AFTER", timedelta(0))
    assert courier.bring(Delivery(done["uuid"])) == "done"
    status = customer.status(key) or {}
    assert list(status["formats"]) == ["txt"]
    assert len(status["warnings"]) == 1


def test_results_of_a_job_that_is_deleted_while_they_are_brought_are_taken_back(
    customer: Customer, service: Service, drops: Drops, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = customer.drop("a.pdf", document("one"), formats="txt")
    done = customer.ended(key)
    customer.s3.delete_object(Bucket=customer.bucket, Key=status_key(key))
    deliver = DropFolder.deliver

    def deleted(self: DropFolder, *rest: Any) -> str:
        customer.api.http.delete(f"/api/v1/ocr/{done['uuid']}/")
        return deliver(self, *rest)

    # what was rendered goes with the job: another object stands for it
    elsewhere = f"drop-results/{customer.account}/elsewhere"
    customer.s3.put_object(Bucket=customer.bucket, Key=elsewhere, Body=b"one")
    monkeypatch.setattr(DropFolder, "deliver", deleted)
    monkeypatch.setattr(Files, "key", lambda *_: elsewhere)
    courier = Courier(drops.jobs, drops.folder, rendering(service, drops))
    with pytest.raises(NotYet):
        courier.bring(Delivery(done["uuid"]))
    assert customer.body(done["formats"]["txt"]) is None
    # as one who died before it could take back
    drop = Drop(key, "", 0, datetime.now(UTC))
    deliver(drops.folder, elsewhere, drop, "txt", done["uuid"], "text/plain")
    assert courier.bring(Delivery(done["uuid"])) == "known"
    assert customer.body(done["formats"]["txt"]) is None
    assert (customer.status(key) or {})["code"] == "job_deleted"


def test_results_that_come_over_those_of_a_later_object_make_way_for_them(
    customer: Customer, service: Service, drops: Drops, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = customer.ended(customer.drop("a.pdf", document("one"), formats="txt"))
    time.sleep(1)
    key, deliver = customer.key("a.pdf"), DropFolder.deliver
    calls = 0

    def overtaken(self: DropFolder, *rest: Any) -> str:
        nonlocal calls
        calls += 1
        if calls == 1:
            customer.drop("a.pdf", document("two"), formats="txt")
            customer.ended(key, lambda status: status["uuid"] != first["uuid"])
        return deliver(self, *rest)

    customer.s3.delete_object(Bucket=customer.bucket, Key=status_key(key))
    monkeypatch.setattr(DropFolder, "deliver", overtaken)
    courier = Courier(drops.jobs, drops.folder, rendering(service, drops))
    assert courier.bring(Delivery(first["uuid"])) == "done"
    status = customer.status(key) or {}
    assert status["uuid"] != first["uuid"]
    assert b"two" in (customer.body(status["formats"]["txt"]) or b"")


def expired(customer: Customer, drops: Drops, uuid: str) -> Job:
    """The job as it was before it expired and was swept."""
    settle(customer)
    stack = customer.service.stack
    sweeper = Sweeper(
        DueIndex(stack.client("dynamodb"), stack.outputs["JobsTableName"]),
        drops.desk.bucket,
        ChatsTable(stack.client("dynamodb"), stack.outputs["ChatsTableName"]),
        drops.folder,
    )
    job = drops.jobs.get(uuid)
    assert job is not None
    yesterday = job.created_at - timedelta(days=1)
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["JobsTableName"],
        Key={"pk": {"S": f"job#{uuid}"}},
        UpdateExpression="SET expires_at = :then, due = :due",
        ExpressionAttributeValues={
            ":then": {"S": timestamp(yesterday)},
            ":due": {"S": str(due_values(job.uuid, yesterday)["due"])},
        },
    )
    assert sweeper.run(datetime.now(UTC))["result"] >= 1
    return job


def test_what_has_expired_is_swept_and_what_lies_beside_it_is_not(customer: Customer, drops: Drops) -> None:
    keys = [customer.drop(f"{name}.pdf", document(name), formats="txt") for name in ("one", "two")]
    one, two = (customer.ended(key) for key in keys)
    expired(customer, drops, one["uuid"])
    assert customer.body(one["formats"]["txt"]) is None
    assert customer.status(keys[0]) is None
    assert customer.status(keys[1]) == two
    assert customer.body(two["formats"]["txt"]) is not None
    swept = drops.jobs.get(one["uuid"])
    assert swept is not None
    assert swept.drop is None, "the customer's own words go with the file"


def test_the_same_file_dropped_just_before_its_job_expires_is_told_of(
    service: Service, customer: Customer, drops: Drops
) -> None:
    """Its job was found when it was dropped, and is swept when the results are to be brought."""
    done = customer.ended(customer.drop("a.pdf", document("one"), formats="txt"))
    first = expired(customer, drops, done["uuid"]).drop
    assert first is not None
    again = replace(first, key=customer.key("b.pdf"), dropped_at=datetime.now(UTC))
    courier = Courier(drops.jobs, drops.folder, rendering(service, drops))
    assert courier.bring(Delivery(done["uuid"], again)) == "failed"
    status = customer.status(again.key) or {}
    assert (status["status"], status["code"], status["uuid"]) == ("failed", "job_expired", done["uuid"])
    assert courier.bring(Delivery(done["uuid"])) == "gone"


def test_a_drop_that_nobody_could_work_off_is_told_to_be_dropped_again(
    customer: Customer, quiet: Callable[[str, bytes], Event]
) -> None:
    event = quiet("a b.pdf", document("one"))
    encoded = event.key.replace(" ", "+")
    record = {"s3": {"object": {"key": encoded, "eTag": event.etag}}}
    customer.send("DropDeadLettersUrl", {"Records": [record]})
    status = customer.ended(event.key)
    assert (status["status"], status["code"]) == ("refused", "internal_error")
    assert "drop it again" in status["detail"]
    assert customer.body(event.key) is not None
