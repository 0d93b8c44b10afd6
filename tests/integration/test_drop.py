"""Files that are dropped into the bucket: each becomes a job once, and every one ends in a status beside its results."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from email.header import Header
from threading import Barrier
from typing import Any

import pytest

from infra.local.service import Service
from ocrchat.drops import Event, status_key
from ocrchat.errors import IdempotencyKeyInUse, Overloaded, RateLimited
from ocrchat.packs import Packs
from ocrchat.plans import Plans
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.bucket import Bucket
from ocrchat.store.deliveries import Deliveries
from ocrchat.store.drop_folder import DropFolder
from ocrchat.store.functions import Functions
from ocrchat.store.idempotency import Idempotency
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.metering import Metering
from ocrchat.store.workflow import Workflow
from submit.accept import Acceptance
from submit.drop import DroppedFile, Drops
from tests.data import make_files
from tests.integration.support import Api
from tests.integration.test_delete import document as new_document

WITHIN_S = 60

document = functools.cache(new_document)
"""The same bytes each time."""


@dataclass
class Customer:
    """An account with a token, and the bucket as its owner's role sees it."""

    service: Service
    account: str
    api: Api

    @property
    def s3(self) -> Any:
        return self.service.stack.client("s3")

    @property
    def bucket(self) -> str:
        return self.service.stack.outputs["BucketName"]

    def key(self, name: str) -> str:
        return f"drop/{self.account}/{name}"

    def drop(self, name: str, data: bytes, **metadata: str) -> str:
        """The key that it lies under."""
        named = {key.replace("_", "-"): value for key, value in metadata.items()}
        self.s3.put_object(Bucket=self.bucket, Key=self.key(name), Body=data, Metadata=named)
        return self.key(name)

    def body(self, key: str) -> bytes | None:
        try:
            data: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except self.s3.exceptions.NoSuchKey:
            return None
        return data

    def status(self, key: str) -> dict[str, Any] | None:
        body = self.body(status_key(key))
        return None if body is None else json.loads(body)

    def ended(self, key: str, when: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The status of what was dropped under the key, once it says how that ended."""
        deadline = time.monotonic() + WITHIN_S
        while True:
            status = self.status(key)
            if status is not None and status["status"] not in ("accepted", "processing") and when(status):
                return status
            assert time.monotonic() < deadline, f"{key}: {status}"
            time.sleep(0.05)

    def jobs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.http.get("/api/v1/ocr/").json()["data"]
        return found

    def entries(self) -> list[tuple[str, int]]:
        """Of the ledger, oldest first, without what was granted."""
        data = self.api.http.get("/api/v1/account/usage/").json()["data"]
        return [(entry["kind"], entry["credits"]) for entry in reversed(data) if entry["kind"] != "grant"]

    def send(self, queue: str, message: object) -> None:
        """To the queue that this output of the stack names."""
        body = message if isinstance(message, str) else json.dumps(message)
        url = self.service.stack.outputs[queue]
        self.service.stack.client("sqs").send_message(QueueUrl=url, MessageBody=body)


@pytest.fixture
def customer(service: Service) -> Iterator[Customer]:
    yield from customer_of(service, "free")


@pytest.fixture
def penniless(service: Service) -> Iterator[Customer]:
    yield from customer_of(service, "paid")


def customer_of(service: Service, plan: str) -> Iterator[Customer]:
    account = service.stack.operate(do="account", plan=plan)["account"]
    token: str = service.stack.operate(do="token", account=account)["token"]
    with Api(service, token) as api:
        yield Customer(service, account, api)


def test_a_dropped_pdf_becomes_a_job_and_its_results_lie_beside_it(customer: Customer) -> None:
    data = make_files.digital_pdf(2)
    key = customer.drop("scans/red flower+1 ü%20.pdf", data, formats="pdf, txt,md", language="en")
    status = customer.ended(key)
    assert status["status"] == "done", status
    assert set(status["formats"]) == {"txt", "md", "pdf"}
    assert status["options"] == {
        "tier": "cpu", "language": "en", "tool": None, "translate_to": None, "formats": ["txt", "md", "pdf"],
    }  # fmt: skip
    assert (status["page_count"], status["cost"]) == (2, {"credits": 2, "refunded": 0})
    assert status["source"]["key"] == key
    (job,) = customer.jobs()
    assert (job["uuid"], job["filename"]) == (status["uuid"], "red flower+1 ü%20.pdf")
    direct = customer.api.read(data, language="en")
    assert job["page_count"] == direct["page_count"]
    for name, result in status["formats"].items():
        assert result == f"drop-results/{customer.account}/scans/red flower+1 ü%20.pdf.{name}"
        download = customer.api.http.get(job["links"]["download"][name], follow_redirects=True)
        assert customer.body(result) == download.content
    head = customer.s3.head_object(Bucket=customer.bucket, Key=status["formats"]["pdf"])
    assert (head["ContentType"], head["Metadata"]) == ("application/pdf", {"job": job["uuid"]})
    assert customer.body(key) is None, "what has become a job is consumed"


def test_where_no_format_is_asked_for_there_are_the_text_and_the_job(customer: Customer) -> None:
    status = customer.ended(customer.drop("a.png", make_files.png("Hello there")))
    assert list(status["formats"]) == ["txt", "json"]
    job = json.loads(customer.body(status["formats"]["json"]) or b"")
    assert (job["uuid"], job["status"]) == (status["uuid"], "done")
    assert "Hello" in (customer.body(status["formats"]["txt"]) or b"").decode()


def test_the_tool_says_what_is_put_beside_the_job(customer: Customer) -> None:
    status = customer.ended(customer.drop("a.pdf", document("one"), tool="pdf-to-word"))
    assert set(status["formats"]) == {"docx", "json"}


def test_what_is_sent_in_parts_is_dropped_when_it_is_whole(customer: Customer) -> None:
    key = customer.key("parts.pdf")
    place = {"Bucket": customer.bucket, "Key": key}
    upload = customer.s3.create_multipart_upload(**place, Metadata={"formats": "txt"})["UploadId"]
    part = customer.s3.upload_part(**place, UploadId=upload, PartNumber=1, Body=document("one"))
    parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
    assert customer.status(key) is None
    customer.s3.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": parts})
    assert customer.ended(key)["status"] == "done"


def test_the_same_bytes_are_not_read_twice_and_their_results_are_put_there_again(customer: Customer) -> None:
    first = customer.ended(customer.drop("a.pdf", document("one"), formats="txt"))
    customer.s3.delete_object(Bucket=customer.bucket, Key=first["formats"]["txt"])
    time.sleep(1)  # S3 tells the time of an object to the second
    key = customer.drop("a.pdf", document("one"), formats="md, txt")
    again = customer.ended(key, lambda status: "md" in status["formats"])
    assert again["uuid"] == first["uuid"]
    assert set(again["formats"]) == {"txt", "md"}
    assert all(customer.body(result) for result in again["formats"].values())
    assert customer.entries() == [("reserve", -1), ("settle", 0)]
    assert customer.body(key) is None


def test_another_order_for_the_same_bytes_is_another_job(customer: Customer) -> None:
    first = customer.ended(customer.drop("a.pdf", document("one"), language="en"))
    time.sleep(1)
    key = customer.drop("a.pdf", document("one"), language="de")
    second = customer.ended(key, lambda status: status["uuid"] != first["uuid"])
    assert second["options"]["language"] == "de"
    assert len(customer.jobs()) == 2


def test_what_is_put_over_it_is_a_new_job_and_its_results_take_the_place(customer: Customer) -> None:
    first = customer.ended(customer.drop("a.pdf", document("one"), formats="txt"))
    time.sleep(1)
    key = customer.drop("a.pdf", document("two", "three"), formats="txt")
    second = customer.ended(key, lambda status: status["uuid"] != first["uuid"])
    assert second["page_count"] == 2
    assert b"two" in (customer.body(second["formats"]["txt"]) or b"")
    assert len(customer.jobs()) == 2
    # what is late of the first changes nothing
    customer.send("DeliverQueueUrl", {"job": first["uuid"]})
    customer.send("DeliverQueueUrl", {"job": second["uuid"]})
    settle(customer)
    assert customer.status(key) == second
    assert b"two" in (customer.body(second["formats"]["txt"]) or b"")


def settle(customer: Customer, *queues: str) -> None:
    """Waits until nothing is visible, or worked on, in these queues; messages that are held back are not waited for."""
    names = queues or ("DropQueueUrl", "DeliverQueueUrl")
    wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    deadline = time.monotonic() + WITHIN_S
    while True:
        left = [
            customer.service.stack.client("sqs").get_queue_attributes(
                QueueUrl=customer.service.stack.outputs[name], AttributeNames=wanted
            )["Attributes"]
            for name in names
        ]
        if all(value == "0" for one in left for value in one.values()):
            return
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


ENCRYPTED = make_files.encrypted_pdf(user="secret")


@pytest.mark.parametrize(
    ("data", "metadata", "code", "member"),
    [
        (b"", {}, "file_empty", None),
        (b"PK\x03\x04 no document", {}, "file_type_unsupported", None),
        (make_files.truncated(make_files.png("x"), 0.3), {}, "file_corrupt", None),
        (ENCRYPTED, {}, "file_encrypted", None),
        (make_files.digital_pdf(101), {}, "too_many_pages", ("limit", 100)),
        (document("one"), {"tier": "turbo"}, "parameter_invalid", ("parameter", "tier")),
        (document("one"), {"language": "klingon"}, "parameter_invalid", ("parameter", "language")),
        (document("one"), {"language": Header("клингон", "utf-8").encode()}, "parameter_invalid", ("parameter", "language")),
        (document("one"), {"tool": "pdf-to-gold"}, "parameter_invalid", ("parameter", "tool")),
        (document("one"), {"tool": "translate"}, "parameter_invalid", ("parameter", "translate_to")),
        (document("one"), {"pages": "1-2"}, "parameter_invalid", ("parameter", "pages")),
        (document("one"), {"formats": "xml"}, "parameter_invalid", ("parameter", "formats")),
        (document("one"), {"formats": "=?no-such?q?txt?="}, "parameter_invalid", ("parameter", "formats")),
    ],
)  # fmt: skip
def test_what_a_post_would_refuse_is_refused_with_its_code_and_stays(
    customer: Customer, data: bytes, metadata: dict[str, str], code: str, member: tuple[str, object] | None
) -> None:
    key = customer.drop("a.pdf", data, **metadata)
    status = customer.ended(key)
    assert (status["status"], status["code"], status["uuid"]) == ("refused", code, None), status
    assert member is None or status[member[0]] == member[1]
    assert status["detail"]
    assert "Error" not in status["detail"]
    assert (customer.jobs(), customer.entries()) == ([], [])
    assert customer.body(key) == data
    assert status["formats"] == {}
    settle(customer, "DropQueueUrl")


def test_without_pages_it_is_refused_and_taken_when_it_is_dropped_again(penniless: Customer) -> None:
    key = penniless.drop("a.pdf", document("one"))
    status = penniless.ended(key)
    assert (status["status"], status["code"], status["required"]) == ("refused", "out_of_pages", 1)
    assert "drop the file again" in status["detail"]
    order = {"account": penniless.account, "credits": 5, "reason": "test", "key": penniless.account}
    grant = penniless.service.stack.operate(do="grant", **order)
    assert "error" not in grant
    penniless.drop("a.pdf", document("one"))
    assert penniless.ended(key, lambda status: status["uuid"] is not None)["status"] == "done"
    assert penniless.entries() == [("reserve", -1), ("settle", 0)]


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("drop/acct_nobody/a.pdf", "no such account"),
        ("drop/a.pdf", "id of an account"),
        ("drop/{account}/x\x07y.pdf", "control"),
        ("drop/{account}/\u202efdp.exe", "control"),
        ("drop/{account}/a.status", ".status"),
        ("drop/{account}/" + "a" * 980, "bytes"),
        ("drop/{account}/a//b.pdf", "empty part"),
        ("drop/{account}/../acct_other/b.pdf", "empty part"),
    ],
)
def test_a_key_that_nothing_can_be_put_beside_is_refused_where_it_can_be_told(
    customer: Customer, key: str, told: str
) -> None:
    key = key.format(account=customer.account)
    customer.s3.put_object(Bucket=customer.bucket, Key=key, Body=document("one"))
    status = customer.ended(key)
    assert (status["status"], status["code"], status["parameter"]) == ("refused", "parameter_invalid", "key")
    assert told in status["detail"]
    assert status["source"]["key"] == key
    assert customer.jobs() == []
    customer.s3.delete_object(Bucket=customer.bucket, Key=key)


def test_a_folder_is_no_file(customer: Customer) -> None:
    customer.drop("scans/", b"")
    status = customer.ended(customer.drop("scans/a.pdf", document("one")))
    assert status["status"] == "done"
    settle(customer, "DropQueueUrl")
    assert customer.status(customer.key("scans/")) is None
    assert customer.body(customer.key("scans/")) == b""


def test_a_job_that_cannot_be_read_fails_in_its_status(customer: Customer) -> None:
    key = customer.drop("a.tif", make_files.tiff_with_a_damaged_frame(1, 0))
    status = customer.ended(key)
    assert status["status"] in ("failed", "refused")
    assert status["code"]


def test_what_is_deleted_takes_its_results_with_it(customer: Customer) -> None:
    keys = [customer.drop(f"{name}.pdf", document(name), formats="txt") for name in ("one", "two")]
    one, two = (customer.ended(key) for key in keys)
    assert customer.api.http.delete(f"/api/v1/ocr/{one['uuid']}/").status_code == 204
    status = customer.status(keys[0]) or {}
    assert (status["status"], status["code"], status["formats"]) == ("failed", "job_deleted", {})
    assert customer.body(one["formats"]["txt"]) is None
    assert customer.body(two["formats"]["txt"]) is not None
    assert customer.status(keys[1]) == two
    # a delivery that comes late brings nothing back
    customer.send("DeliverQueueUrl", {"job": one["uuid"]})
    settle(customer, "DeliverQueueUrl")
    assert customer.body(one["formats"]["txt"]) is None
    assert (customer.status(keys[0]) or {})["code"] == "job_deleted"


def test_a_deleted_file_that_is_dropped_again_is_read_again(customer: Customer) -> None:
    key = customer.drop("a.pdf", document("one"), formats="txt")
    first = customer.ended(key)
    customer.api.http.delete(f"/api/v1/ocr/{first['uuid']}/")
    time.sleep(1.1)
    customer.drop("a.pdf", document("one"), formats="txt")
    second = customer.ended(key, lambda status: status["status"] == "done")
    assert second["uuid"] != first["uuid"]
    assert customer.body(second["formats"]["txt"])


def test_a_job_of_which_join_could_not_tell_is_delivered_later(customer: Customer) -> None:
    key = customer.drop("a.pdf", document("one"), formats="txt")
    status = customer.ended(key)
    for one in (status["formats"]["txt"], status_key(key)):
        customer.s3.delete_object(Bucket=customer.bucket, Key=one)
    customer.send("DeliverQueueUrl", {"job": status["uuid"]})  # as the one that was sent when it was accepted
    assert customer.ended(key) == status
    assert customer.body(status["formats"]["txt"])


def test_results_are_no_drops(customer: Customer) -> None:
    key = f"drop-results/{customer.account}/a.pdf"
    customer.s3.put_object(Bucket=customer.bucket, Key=key, Body=document("one"))
    status = customer.ended(customer.drop("b.pdf", document("one")))  # which is told of after it
    assert status["status"] == "done"
    assert len(customer.jobs()) == 1


# ---- What can go wrong between two lines


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


# ---- Dead letters


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


def test_results_that_nobody_could_bring_are_told_where_to_find(customer: Customer) -> None:
    key = customer.drop("a.pdf", document("one"))
    done = customer.ended(key)
    customer.send("DeliverDeadLettersUrl", {"job": done["uuid"]})
    settle(customer, "DeliverDeadLettersUrl")
    assert customer.status(key) == done, "they were brought after all"
    customer.s3.delete_object(Bucket=customer.bucket, Key=status_key(key))
    customer.send("DeliverDeadLettersUrl", {"job": done["uuid"]})
    status = customer.ended(key)
    assert (status["status"], status["code"], status["uuid"]) == ("failed", "internal_error", done["uuid"])
    assert done["uuid"] in status["detail"]
    customer.send("DeliverQueueUrl", {"job": done["uuid"]})
    assert customer.ended(key, lambda status: status["status"] == "done")["formats"] == done["formats"]


def test_a_dead_letter_that_is_none_of_ours_leaves_the_queue(customer: Customer) -> None:
    for body in ("{", "[]", '{"job": "' + "0" * 32 + '"}'):
        customer.send("DropDeadLettersUrl", body)
    settle(customer, "DropDeadLettersUrl")
