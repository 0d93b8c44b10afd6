"""Files that are dropped into the bucket: each becomes a job, or is refused, and every one ends in a status beside its results."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from email.header import Header

import pytest

from infra.local.service import Service
from ocrchat.drops import status_key
from tests.data import make_files
from tests.integration.dropping import Customer, customer_of, document, settle


@pytest.fixture
def penniless(service: Service) -> Iterator[Customer]:
    yield from customer_of(service, "paid")


def test_a_dropped_pdf_becomes_a_job_and_its_results_lie_beside_it(customer: Customer) -> None:
    data = make_files.digital_pdf(2)
    key = customer.drop("scans/red flower+1 ü%20.pdf", data, formats="pdf, txt,md", language="en", pages="1-9")
    status = customer.ended(key)
    assert status["status"] == "done", status
    assert set(status["formats"]) == {"txt", "md", "pdf"}
    assert status["options"] == {
        "tier": "cpu", "language": "en", "tool": None, "translate_to": None, "pages": None, "formats": ["txt", "md", "pdf"],
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
        (document("one"), {"pages": "2-1"}, "parameter_invalid", ("parameter", "pages")),
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
