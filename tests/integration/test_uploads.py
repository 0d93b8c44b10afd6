"""Files too big for a direct request, over the whole service: asked for, sent by a presigned form, submitted once."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import httpx
import pytest
import requests
from botocore.config import Config

from infra.local.service import Service
from infra.local.stack import ACCESS_KEY, REGION
from ocrchat.limits import LIMITS, MB
from ocrchat.plans import Plans
from tests.data import make_files
from tests.integration.support import Api, new_token

PATH = "/api/v1/uploads/"


def ask(api: Api, data: bytes, name: str = "scan.pdf") -> dict[str, Any]:
    """The upload that a file of these bytes is sent by."""
    answer = api.http.post(PATH, json={"filename": name, "size": len(data)})
    assert answer.status_code == 201, answer.text
    upload: dict[str, Any] = answer.json()
    return upload


def put(upload: dict[str, Any], data: bytes, **changes: str | None) -> httpx.Response:
    """Sends the file by the upload's form, some of whose fields are changed, or left out for None."""
    fields = {name: value for name, value in (upload["fields"] | changes).items() if value is not None}
    return httpx.post(upload["url"], data=fields, files={"file": ("scan.pdf", data)}, timeout=60)


def uploaded(api: Api, data: bytes, name: str = "scan.pdf") -> str:
    """The upload_id of a file that has been sent."""
    upload = ask(api, data, name)
    assert put(upload, data).status_code == 204
    upload_id: str = upload["upload_id"]
    return upload_id


def submit(api: Api, upload_id: str, **fields: str) -> httpx.Response:
    return api.http.post("/api/v1/ocr/", data={"upload_id": upload_id, **fields})


def keys(api: Api, prefix: str) -> set[str]:
    stack = api.service.stack
    pages = (
        stack.client("s3").get_paginator("list_objects_v2").paginate(Bucket=stack.outputs["BucketName"], Prefix=prefix)
    )
    return {item["Key"] for page in pages for item in page.get("Contents", [])}


def refused(answer: httpx.Response, code: str) -> str:
    """What it says."""
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text
    detail: str = answer.json()["detail"]
    return detail


def test_an_uploaded_file_is_read_as_one_that_was_sent_directly(api: Api) -> None:
    data = make_files.digital_pdf(2)
    upload_id = uploaded(api, data, "C:\\scans\\Größe.pdf")
    answer = submit(api, upload_id, language="en")
    assert answer.status_code == 201, answer.text
    job, direct = answer.json(), api.read(data, "Größe.pdf", language="en")
    for name in ("filename", "language", "page_count", "text", "pages", "status", "cost"):
        assert job[name] == direct[name]
    assert f"uploads/{job['uuid']}/original" in keys(api, "uploads/")
    assert not keys(api, f"incoming/{upload_id}")


def test_a_file_of_a_hundred_megabytes_is_read_whole(api: Api) -> None:
    pages = 250
    data = make_files.heavy_pdf(pages, side=356)
    assert LIMITS.file_bytes * 0.95 < len(data) <= LIMITS.file_bytes
    answer = submit(api, uploaded(api, data))
    assert answer.status_code == 202, answer.text
    deadline = 240
    job = api.finished(answer.json(), within_s=deadline)
    if "pages" not in job:  # beyond what one answer holds
        job = api.http.get(job["links"]["result"]).json()
    assert [page["error"] for page in job["pages"]] == [None] * pages
    for index in (0, pages // 2, pages - 1):
        assert f"Page number {index + 1} of the test document" in job["pages"][index]["text"]


def by_requests(upload: dict[str, Any], file: Path) -> None:
    with file.open("rb") as opened:
        requests.post(upload["url"], data=upload["fields"], files={"file": opened}, timeout=30).raise_for_status()


def by_curl(upload: dict[str, Any], file: Path) -> None:
    fields = [part for name, value in upload["fields"].items() for part in ("-F", f"{name}={value}")]
    subprocess.run(["curl", "-fsS", *fields, "-F", f"file=@{file}", upload["url"]], check=True, timeout=30)


def by_node(upload: dict[str, Any], file: Path) -> None:
    """As a browser does it."""
    script = """
    import fs from "fs";
    const [upload, file] = [JSON.parse(process.argv[2]), process.argv[3]];
    const form = new FormData();
    for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
    form.append("file", new Blob([fs.readFileSync(file)]), "ein \\"Name\\".pdf");
    const answer = await fetch(upload.url, { method: "POST", body: form });
    if (!answer.ok) throw new Error(await answer.text());
    """
    module = file.with_suffix(".mjs")
    module.write_text(script)
    subprocess.run(["node", str(module), json.dumps(upload), str(file)], check=True, timeout=30)


@pytest.mark.parametrize("send", [by_requests, by_curl, by_node])
def test_every_usual_client_can_send_the_form(
    api: Api, tmp_path: Path, send: Callable[[dict[str, Any], Path], None]
) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(make_files.digital_pdf(1))
    upload = ask(api, file.read_bytes())
    send(upload, file)
    answer = api.http.post("/api/v1/ocr/", files={"upload_id": (None, upload["upload_id"])})
    assert answer.status_code == 201, answer.text


def test_the_form_says_what_it_is_good_for(api: Api) -> None:
    upload = ask(api, b"x" * 1234, "Fax.TIFF")
    assert upload.keys() == {"upload_id", "url", "fields", "expires_at", "max_bytes"}
    assert upload["url"].startswith(api.service.url)
    assert upload["max_bytes"] == LIMITS.file_bytes
    assert upload["fields"]["Content-Type"] == "image/tiff"
    conditions = json.loads(base64.b64decode(upload["fields"]["policy"]))["conditions"]
    assert ["content-length-range", 1234, 1234] in conditions
    assert {"key": f"incoming/{upload['upload_id']}"} in conditions


# ---- what is refused when it is asked for --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", "JSON"),
        (b"filename=a.pdf&size=1", "JSON"),
        (b"\xff", "JSON"),
        (b"[" * 60_000, "JSON"),
        (b'["a.pdf", 1]', "JSON"),
        (b"{}", "`filename`"),
        (b'{"filename": 7, "size": 1}', "`filename`"),
        (b'{"filename": " ", "size": 1}', "`filename`"),
        (b'{"filename": "a.pdf"}', "`size`"),
        (b'{"filename": "a.pdf", "size": 0}', "`size`"),
        (b'{"filename": "a.pdf", "size": -1}', "`size`"),
        (b'{"filename": "a.pdf", "size": 1.5}', "`size`"),
        (b'{"filename": "a.pdf", "size": "1"}', "`size`"),
        (b'{"filename": "a.pdf", "size": true}', "`size`"),
        (b'{"filename": "' + b"a" * 70_000 + b'", "size": 1}', "`url`"),
    ],
)
def test_a_request_for_an_upload_says_what_it_lacks(api: Api, body: bytes, named: str) -> None:
    assert named in refused(api.http.post(PATH, content=body), "parameter_invalid")


def test_a_file_over_the_limit_is_refused_before_it_is_sent(api: Api) -> None:
    answer = api.http.post(PATH, json={"filename": "a.pdf", "size": LIMITS.file_bytes + 1})
    assert "may have 100" in refused(answer, "file_too_large")


def test_a_direct_request_that_is_too_large_is_told_of_the_other_way(api: Api) -> None:
    answer = api.send(b"%PDF-1.7" + b"\0" * LIMITS.direct_request_bytes)
    assert PATH in refused(answer, "file_too_large")


# ---- what is refused when it is sent -------------------------------------------------------------------------------


def wider(upload: dict[str, Any]) -> str:
    """Its policy, for any key and any length."""
    policy = json.loads(base64.b64decode(upload["fields"]["policy"]))
    policy["conditions"] = [condition for condition in policy["conditions"] if "key" not in condition]
    policy["conditions"] += [["starts-with", "$key", ""]]
    policy["conditions"][1] = ["content-length-range", 0, 10**9]
    return base64.b64encode(json.dumps(policy).encode()).decode()


FILE = b"%PDF-1.7 " + b"x" * 1000


@pytest.mark.parametrize(
    ("change", "data", "status"),
    [
        (lambda upload: {"policy": wider(upload)}, FILE, 403),
        (lambda upload: {"policy": wider(upload), "key": f"incoming/{uuid4().hex}"}, FILE + b"x", 403),
        (lambda upload: {"key": f"incoming/{uuid4().hex}"}, FILE, 403),
        (lambda upload: {"key": f"results/{upload['upload_id']}"}, FILE, 404),
        (lambda upload: {"x-amz-signature": "0" * 64}, FILE, 403),
        (lambda upload: {"x-amz-date": "20200101T000000Z"}, FILE, 400),
        (lambda upload: {"x-amz-credential": "test/20261121/us-east-1/s3/aws4_request"}, FILE, 400),
        (lambda upload: {"x-amz-security-token": "0" * 64}, FILE, 400),
        (lambda upload: {"Content-Type": "text/html"}, FILE, 403),
        (lambda upload: {"acl": "public-read"}, FILE, 404),
        (lambda upload: {}, FILE + b"x", 400),
        (lambda upload: {}, FILE[:-1], 400),
        (lambda upload: {}, b"", 400),
        *[
            (lambda upload, name=name: {name: None}, FILE, 404)
            for name in (
                "key",
                "policy",
                "Content-Type",
                "x-amz-algorithm",
                "x-amz-credential",
                "x-amz-date",
                "x-amz-signature",
            )
        ],
    ],
)
def test_a_form_that_is_not_as_it_was_signed_writes_nothing(
    api: Api, change: Callable[[dict[str, Any]], dict[str, str | None]], data: bytes, status: int
) -> None:
    upload = ask(api, FILE)
    before = keys(api, "")
    answer = put(upload, data, **change(upload))
    assert 400 <= answer.status_code < 500
    assert answer.status_code == status, answer.text
    assert keys(api, "") == before
    assert "url" in refused(submit(api, upload["upload_id"]), "file_missing")


def test_a_form_that_has_expired_writes_nothing(api: Api) -> None:
    """Signed with a key that may do anything."""
    stack = api.service.stack
    key = f"incoming/{uuid4().hex}"
    signer = boto3.client(
        "s3",
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=(stack.state / "secret").read_text(),
        config=Config(signature_version="s3v4"),
    )
    form = signer.generate_presigned_post(
        stack.outputs["BucketName"], key, {"Content-Type": "a/b"}, [{"Content-Type": "a/b"}], ExpiresIn=-1
    )
    upload = {"url": f"{api.service.url}/{stack.outputs['BucketName']}", "fields": form["fields"]}
    answer = put(upload, b"x")
    assert (answer.status_code, "expired" in answer.text) == (403, True), answer.text
    assert not keys(api, key)


def test_a_form_without_any_signature_writes_nothing(api: Api) -> None:
    url = f"{api.service.url}/{api.service.stack.outputs['BucketName']}"
    key = f"incoming/{uuid4().hex}"
    answer = httpx.post(url, data={"key": key}, files={"file": ("a", b"x")})
    assert answer.status_code == 404
    assert not keys(api, key)


# ---- what is refused when it is submitted --------------------------------------------------------------------------


def test_an_upload_is_submitted_once(api: Api) -> None:
    upload_id = uploaded(api, make_files.digital_pdf(1))
    assert submit(api, upload_id).status_code == 201
    assert "already" in refused(submit(api, upload_id), "parameter_invalid")


def test_a_submission_with_its_idempotency_key_is_the_same_job_again(api: Api) -> None:
    upload_id, other = uploaded(api, make_files.digital_pdf(1)), uploaded(api, make_files.digital_pdf(1))
    key = {"Idempotency-Key": uuid4().hex}
    first, again, reused = (
        api.http.post("/api/v1/ocr/", data={"upload_id": one}, headers=key) for one in (upload_id, upload_id, other)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["uuid"] == first.json()["uuid"]
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    refused(submit(api, upload_id), "parameter_invalid")
    assert submit(api, other).status_code == 201


def test_a_key_whose_submission_was_refused_can_be_used_again(api: Api) -> None:
    data = make_files.digital_pdf(1)
    upload = ask(api, data)
    key = {"Idempotency-Key": uuid4().hex}
    order = {"upload_id": upload["upload_id"]}
    refused(api.http.post("/api/v1/ocr/", data=order, headers=key), "file_missing")
    assert put(upload, data).status_code == 204
    assert api.http.post("/api/v1/ocr/", data=order, headers=key).status_code == 201


def test_a_file_over_the_plan_s_limit_is_refused_before_it_is_sent(service: Service) -> None:
    most = Plans.parse().free.file_bytes
    with Api(service, new_token(service)) as account:
        answer = account.http.post(PATH, json={"filename": "a.pdf", "size": most + 1})
        assert f"may have {most / MB:g}" in refused(answer, "file_too_large")
        assert account.http.post(PATH, json={"filename": "a.pdf", "size": most}).json()["max_bytes"] == most


def test_of_two_submissions_at_once_one_becomes_a_job(api: Api) -> None:
    for _ in range(5):
        upload_id = uploaded(api, make_files.digital_pdf(1))
        before = keys(api, "uploads/")
        won, lost = sorted(submit_twice(api, upload_id), key=lambda answer: answer.status_code)
        assert won.status_code in (201, 202)
        refused(lost, "parameter_invalid")
        assert keys(api, "uploads/") - before == {f"uploads/{won.json()['uuid']}/original"}
        assert not keys(api, f"incoming/{upload_id}")


def submit_twice(api: Api, upload_id: str) -> list[httpx.Response]:
    """At the same time."""
    gate = threading.Barrier(2)

    def once(_: int) -> httpx.Response:
        with Api(api.service) as client:
            gate.wait()
            return submit(client, upload_id)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(once, range(2)))


def test_somebody_else_s_upload_an_expired_one_and_one_that_never_was_are_the_same(api: Api, service: Service) -> None:
    data = make_files.digital_pdf(1)
    with Api(service, new_token(service)) as owner, Api(service, new_token(service)) as stranger:
        upload_id = uploaded(owner, data)
        expect = refused(submit(stranger, uuid4().hex), "parameter_invalid")
        assert PATH in expect
        for client in (stranger, api):
            assert refused(submit(client, upload_id), "parameter_invalid") == expect
        assert refused(submit(stranger, "nonsense#"), "parameter_invalid") == expect
        expire(api, upload_id)
        assert refused(submit(owner, upload_id), "parameter_invalid") == expect
    assert keys(api, f"incoming/{upload_id}"), "who may not submit it may not take it away either"


def expire(api: Api, upload_id: str) -> None:
    stack = api.service.stack
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["JobsTableName"],
        Key={"pk": {"S": f"upload#{upload_id}"}},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"S": "2020-01-01T00:00:00.000000+00:00"}},
    )


def test_an_upload_that_cannot_be_read_is_refused_and_leaves_nothing_but_itself(api: Api) -> None:
    before = keys(api, "uploads/")
    upload_id = uploaded(api, b"just words " * 50, "words.pdf")
    for _ in range(2):
        refused(submit(api, upload_id), "file_type_unsupported")
    assert keys(api, "uploads/") == before


def test_a_file_and_an_upload_in_one_request_are_refused(api: Api) -> None:
    answer = api.send(make_files.digital_pdf(1), upload_id=uuid4().hex)
    assert "`upload_id`" in refused(answer, "parameter_invalid")
