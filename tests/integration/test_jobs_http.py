"""The job routes over real HTTP, front and gateway included."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pymupdf
import pytest

from infra.local.service import Service
from ocrchat.jobs import FORMATS
from ocrchat.limits import LIMITS
from tests.data import make_files
from tests.integration.support import ROOMY, Api, new_token


@pytest.fixture
def account(service: Service) -> Iterator[Api]:
    """A client of a new account."""
    with Api(service, new_token(service)) as client:
        yield client


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document, checked for what every one has."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    found: dict[str, Any] = answer.json()
    assert found["code"] == code
    assert found["status"] == status
    assert found["error"] == found["detail"]
    assert found["title"]
    assert found["type"]
    assert found["request_id"] == answer.headers["x-request-id"]
    return found


# ---- submitting ---------------------------------------------------------------------------------------------------


def test_a_scanned_page_among_born_digital_ones_is_read_by_its_own_means(api: Api) -> None:
    job = api.read(make_files.mixed_pdf())
    assert [page["source"] for page in job["pages"]].count("cpu") >= 1
    assert [page["source"] for page in job["pages"]].count("text_layer") >= 1
    assert all(page["text"] for page in job["pages"])
    assert all(page["unit"] == "pt" for page in job["pages"])


def test_an_image_is_read_in_its_own_pixels(api: Api) -> None:
    job = api.read(make_files.png(), "scan.png")
    page = job["pages"][0]
    assert (page["source"], page["unit"]) == ("cpu", "px")
    assert page["text"]
    assert job["page_count"] == 1


def test_every_page_of_a_tiff_is_read(api: Api) -> None:
    job = api.read(make_files.tiff(pages=3, dpi=150), "fax.tif")
    assert job["page_count"] == 3
    assert all(page["text"] for page in job["pages"])


def test_an_animated_gif_is_read_at_its_first_frame_and_says_so(api: Api) -> None:
    job = api.read(make_files.gif(frames=3), "a.gif")
    assert job["status"] == "done"
    assert "first_frame_only" in {warning["code"] for warning in job["warnings"]}


REFUSED = [
    ("empty", b"", "file_empty"),
    ("text", b"just words " * 50, "file_type_unsupported"),
    ("html named pdf", make_files.html(), "file_type_unsupported"),
    ("zip", make_files.archive("word/document.xml"), "file_type_unsupported"),
    ("truncated image", make_files.png()[:-200], "file_corrupt"),
    ("encrypted", make_files.encrypted_pdf(user="secret"), "file_encrypted"),
    ("too many pixels", make_files.png_header_only(), "image_too_large"),
]


@pytest.mark.parametrize(("data", "code"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_file_that_cannot_be_read_is_refused_with_its_code_and_leaves_nothing(
    api: Api, data: bytes, code: str
) -> None:
    before = uploads(api)
    found = problem(api.send(data, "file.pdf"), 400, code)
    assert len(found["detail"]) > 20
    assert uploads(api) == before


def uploads(api: Api) -> set[str]:
    stack = api.service.stack
    pages = (
        stack.client("s3")
        .get_paginator("list_objects_v2")
        .paginate(Bucket=stack.outputs["BucketName"], Prefix="uploads/")
    )
    return {item["Key"] for page in pages for item in page.get("Contents", [])}


def test_a_pdf_with_too_many_pages_is_refused_with_both_numbers(api: Api) -> None:
    with pymupdf.open() as pdf:
        for _ in range(LIMITS.file_pages + 1):
            pdf.new_page()
        data = pdf.tobytes()
    found = problem(api.send(data), 400, "too_many_pages")
    assert f"{LIMITS.file_pages:,}" in found["detail"] or str(LIMITS.file_pages) in found["detail"]


@pytest.mark.parametrize(
    ("content", "files"),
    [
        (b"", None),
        (b'{"file": "x"}', None),
        (None, {"other": ("a.pdf", b"x")}),
    ],
)
def test_a_request_without_a_file_says_how_to_send_one(api: Api, content: bytes | None, files: Any) -> None:
    answer = api.http.post("/api/v1/ocr/", content=content, files=files)
    assert "file" in problem(answer, 400, "file_missing")["detail"]


def test_a_file_sent_as_text_says_how_to_send_one(api: Api) -> None:
    answer = api.http.post("/api/v1/ocr/", files={"tier": (None, "cpu")}, data={"file": "x"})
    assert "-F file=@" in problem(answer, 400, "file_missing")["detail"]


def test_a_body_that_is_no_form_is_a_clear_400(api: Api) -> None:
    answer = api.http.post(
        "/api/v1/ocr/", content=b"garbage", headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code == 400
    assert answer.json()["code"] in {"parameter_invalid", "file_missing"}


@pytest.mark.parametrize(
    ("field", "value", "status", "code"),
    [
        ("tier", "gpu", 400, "parameter_invalid"),
        ("language", "klingon", 400, "parameter_invalid"),
        ("tool", "extract-table", 400, "parameter_invalid"),
        ("tool", "translate", 400, "parameter_invalid"),
        ("translate_to", "de", 400, "parameter_invalid"),
        ("pages", "3-1", 400, "parameter_invalid"),
    ],
)
def test_a_field_that_is_not_allowed_is_refused_by_name(
    api: Api, field: str, value: str, status: int, code: str
) -> None:
    answer = api.send(make_files.digital_pdf(1), **{field: value})
    found = problem(answer, status, code)
    assert f"`{field}" in found["detail"] or field in found["detail"]
    assert "retry-after" not in answer.headers


@pytest.mark.parametrize(
    "fields", [{"tier": "vlm"}, {"tool": "handwriting-to-text"}, {"tool": "receipt", "tier": "vlm"}]
)
def test_a_service_without_a_model_says_what_to_set(faulty: Api, fields: dict[str, str]) -> None:
    answer = faulty.send(make_files.digital_pdf(1), **fields)
    detail = problem(answer, 503, "tier_unavailable")["detail"]
    assert "ModelName" in detail
    assert "docs/vlm.md" in detail
    assert int(answer.headers["retry-after"]) > 0
    assert faulty.http.get("/healthz").json()["tiers"] == {"cpu": "live", "vlm": "off"}
    listed = faulty.http.get("/api/v1/tools/").json()
    assert {tier["name"]: tier["available"] for tier in listed["tiers"]} == {"cpu": True, "vlm": False}
    assert not {tool["slug"]: tool for tool in listed["tools"]}["translate"]["available"]


def test_a_tool_stands_in_the_job_and_chooses_the_format_of_a_download(api: Api) -> None:
    job = api.read(make_files.digital_pdf(1), "letter.pdf", tool="pdf_to_word")
    assert (job["tool"], job["tier"]) == ("pdf-to-word", "cpu")
    path = f"/api/v1/ocr/{job['uuid']}/download/"
    answer = api.http.get(path, follow_redirects=True)
    assert answer.headers["content-type"].endswith("wordprocessingml.document")
    assert 'filename="letter.docx"' in answer.headers["content-disposition"]
    assert (
        api.http.get(path, params={"format": "txt"}, follow_redirects=True).headers["content-type"].startswith("text/")
    )


def test_a_picture_becomes_a_searchable_pdf(api: Api) -> None:
    job = api.read(make_files.png("SEARCHED AND FOUND"), "scan.png", tool="searchable-pdf")
    assert job["pages"][0]["source"] == "cpu"
    answer = api.http.get(f"/api/v1/ocr/{job['uuid']}/download/", follow_redirects=True)
    assert answer.headers["content-type"] == "application/pdf", answer.text
    with pymupdf.open("pdf", answer.content) as document:
        assert document[0].get_text().strip() == job["text"]


def test_the_tools_and_the_tiers_that_are_live(api: Api) -> None:
    answer = api.http.get("/api/v1/tools/")
    assert "max-age" in answer.headers["cache-control"]
    found = {tool["slug"]: tool for tool in answer.json()["tools"]}
    assert found["extract-tables"]["available"]
    assert found["translate"]["available"]
    assert found["translate"]["parameters"] == ["translate_to"]
    assert "total" in found["receipt"]["fields"]
    assert {tier["name"]: tier["available"] for tier in answer.json()["tiers"]} == {"cpu": True, "vlm": True}
    assert api.http.get("/healthz").json()["tiers"] == {"cpu": "live", "vlm": "live"}


def test_a_tool_that_needs_a_model_says_so_on_the_cpu_tier(api: Api) -> None:
    answer = api.send(make_files.digital_pdf(1), tool="translate", translate_to="de", tier="cpu")
    assert "tier=vlm" in problem(answer, 400, "parameter_invalid")["detail"]


def test_a_body_beyond_the_direct_limit_is_refused_at_the_edge(api: Api) -> None:
    answer = api.http.post("/api/v1/ocr/", files={"file": ("a.pdf", b"%PDF-1.7" + b"\0" * LIMITS.direct_request_bytes)})
    problem(answer, 400, "file_too_large")


# ---- looking ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def finished(service: Service) -> dict[str, Any]:
    """An anonymous job of seven pages that is done."""
    with Api(service) as client:
        return client.read(make_files.digital_pdf(7), "seven.pdf")


@pytest.mark.parametrize("slash", ["", "/"])
def test_both_the_path_with_and_without_the_slash_answer(api: Api, finished: dict[str, Any], slash: str) -> None:
    assert api.http.get(f"/api/v1/ocr/{finished['uuid']}{slash}").json()["status"] == "done"
    assert api.http.get(f"/api/v1/ocr/{finished['uuid']}/download{slash}").status_code == 302
    answer = api.http.post(f"/api/v1/ocr{slash}", files={"file": ("a.pdf", make_files.digital_pdf(1))})
    assert answer.status_code == 201
    assert api.http.get(f"/api/v1/ocr{slash}").status_code == 401


def test_the_answer_is_compressed_for_who_accepts_it_and_the_same_for_who_does_not(
    api: Api, finished: dict[str, Any]
) -> None:
    path = f"/api/v1/ocr/{finished['uuid']}/"
    packed = api.http.get(path, headers={"Accept-Encoding": "gzip"})
    plain = api.http.get(path, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json() == finished


def test_text_and_markdown_are_those_of_the_pages_in_order(finished: dict[str, Any]) -> None:
    assert [page["index"] for page in finished["pages"]] == list(range(7))
    assert finished["text"] == "\n\n".join(page["text"] for page in finished["pages"])
    assert finished["markdown"] == "\n\n".join(page["markdown"] for page in finished["pages"])


def test_words_are_there_on_request(api: Api, finished: dict[str, Any]) -> None:
    path = f"/api/v1/ocr/{finished['uuid']}/"
    assert "lines" not in finished["pages"][0]["blocks"][0]
    detailed = api.http.get(path, params={"detail": "words"}).json()
    line = detailed["pages"][0]["blocks"][0]["lines"][0]
    assert line["words"][0]["text"] in line["text"]
    problem(api.http.get(path, params={"detail": "letters"}), 400, "parameter_invalid")


def test_some_pages_are_answered_alone(api: Api, finished: dict[str, Any]) -> None:
    path = f"/api/v1/ocr/{finished['uuid']}/"
    some = api.http.get(path, params={"pages": "2-3"}).json()
    assert some["pages"] == finished["pages"][1:3]
    assert "text" not in some
    problem(api.http.get(path, params={"pages": "8-9"}), 400, "parameter_invalid")


def test_a_running_job_tells_its_progress_and_its_finished_pages(faulty: Api) -> None:
    with pymupdf.open() as pdf:
        for number in range(8):
            pdf.new_page().insert_text((72, 72), f"SLOW {number}")
        answer = faulty.send(pdf.tobytes())
    assert answer.status_code == 202
    assert answer.headers["retry-after"] == "2"
    path = f"/api/v1/ocr/{answer.json()['uuid']}/"
    seen: list[dict[str, Any]] = []
    while (job := faulty.http.get(path, params={"wait": 1, "pages": "1-8"}).json())["status"] in (
        "pending",
        "processing",
    ):
        seen.append(job)
    running = [poll for poll in seen if poll["status"] == "processing"]
    assert running, "no poll fell between the first page and the last"
    for poll in running:
        assert 0 < poll["progress"]["done"] <= poll["progress"]["total"] == 8
        assert poll["eta_seconds"] >= 0
        assert all(re.fullmatch(r"SLOW \d", page["text"]) for page in poll["pages"])
    assert len(job["pages"]) == 8


def test_a_download_before_the_end_is_a_409(faulty: Api) -> None:
    with pymupdf.open() as pdf:
        for number in range(6):
            pdf.new_page().insert_text((72, 72), f"SLOW {number}")
        answer = faulty.send(pdf.tobytes())
    early = faulty.http.get(f"/api/v1/ocr/{answer.json()['uuid']}/download/")
    problem(early, 409, "job_not_finished")
    faulty.finished(answer.json())


@pytest.mark.parametrize("wait", ["-1", "21", "x"])
def test_a_wait_out_of_bounds_is_refused(api: Api, finished: dict[str, Any], wait: str) -> None:
    found = problem(api.http.get(f"/api/v1/ocr/{finished['uuid']}/", params={"wait": wait}), 400, "parameter_invalid")
    assert found["parameter"] == "wait"


@pytest.mark.parametrize("uuid", ["0" * 32, "nonsense", "%00", "a" * 500, "job%23" + "0" * 32])
def test_a_job_that_never_was_is_a_404(api: Api, uuid: str) -> None:
    answer = api.http.get(f"/api/v1/ocr/{uuid}/")
    assert answer.status_code == 404
    assert answer.json()["code"] in {"job_not_found", "route_not_found"}


# ---- whose job ----------------------------------------------------------------------------------------------------


def test_a_stranger_gets_the_same_404_as_for_a_job_that_never_was(service: Service, account: Api, api: Api) -> None:
    uuid = account.read(make_files.digital_pdf(1))["uuid"]
    stranger = Api(service, new_token(service))
    for path in (f"/api/v1/ocr/{uuid}/", f"/api/v1/ocr/{uuid}/download/"):
        never = path.replace(uuid, "0" * 32)
        assert account.http.get(path).status_code in (200, 302)
        for client in (stranger, api):
            answers = [client.http.get(path), client.http.get(never)]
            found = [problem(answer, 404, "job_not_found") for answer in answers]
            for body in found:
                del body["request_id"]
            assert found[0] == found[1]
    stranger.http.close()


def test_an_anonymous_job_is_read_by_whoever_knows_its_uuid(account: Api, finished: dict[str, Any]) -> None:
    assert account.http.get(f"/api/v1/ocr/{finished['uuid']}/").status_code == 200


def test_the_list_is_the_account_s_own_newest_first_in_pages(account: Api) -> None:
    uuids = [account.read(make_files.digital_pdf(1), f"{number}.pdf")["uuid"] for number in range(5)]
    first = account.http.get("/api/v1/ocr/", params={"limit": 3}).json()
    assert [job["uuid"] for job in first["data"]] == uuids[:1:-1]
    assert first["has_more"] is True
    second = account.http.get("/api/v1/ocr/", params={"limit": 3, "after": first["after"]}).json()
    assert [job["uuid"] for job in second["data"]] == uuids[1::-1]
    assert second["has_more"] is False
    assert "text" not in first["data"][0]
    assert first["data"][0]["status"] == "done"


def test_the_list_needs_a_token_and_a_cursor_of_one_s_own(account: Api, api: Api, finished: dict[str, Any]) -> None:
    assert problem(api.http.get("/api/v1/ocr/"), 401, "token_missing")
    problem(account.http.get("/api/v1/ocr/", params={"after": finished["uuid"]}), 400, "parameter_invalid")
    problem(account.http.get("/api/v1/ocr/", params={"limit": 1000}), 400, "parameter_invalid")


def test_a_token_in_the_query_is_the_same_as_in_the_header(account: Api, api: Api) -> None:
    uuid = account.read(make_files.digital_pdf(1))["uuid"]
    token = account.http.headers["authorization"].split()[1]
    assert api.http.get(f"/api/v1/ocr/{uuid}/", params={"api_token": token}).status_code == 200


@pytest.mark.parametrize("header", ["Basic YWJj", "Bearer", "token"])
def test_a_malformed_token_is_401_and_never_anonymous(api: Api, finished: dict[str, Any], header: str) -> None:
    answer = api.http.get(f"/api/v1/ocr/{finished['uuid']}/", headers={"Authorization": header})
    problem(answer, 401, "token_invalid")
    assert answer.headers["www-authenticate"].startswith("Bearer")


# ---- downloads ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "name", "kind"),
    [
        ("", "seven.txt", "text/plain; charset=utf-8"),
        ("?format=txt", "seven.txt", "text/plain; charset=utf-8"),
        ("?format=md", "seven.md", "text/markdown; charset=utf-8"),
        ("?format=json", "seven.json", "application/json"),
    ],
)
def test_a_download_follows_one_redirect_to_a_named_file(
    api: Api, finished: dict[str, Any], query: str, name: str, kind: str
) -> None:
    for _ in range(2):  # the second is the rendered file itself
        answer = api.http.get(f"/api/v1/ocr/{finished['uuid']}/download/{query}", follow_redirects=True)
        assert answer.status_code == 200
        assert len(answer.history) == 1
        assert answer.headers["content-type"] == kind
        assert f'filename="{name}"' in answer.headers["content-disposition"]
        if name.endswith("json"):
            assert json.loads(answer.content) == finished
        else:
            places = [answer.text.find(page["text"].splitlines()[0]) for page in finished["pages"]]
            assert -1 not in places
            assert places == sorted(places)


def test_a_presigned_url_is_good_for_its_object_alone_and_a_quarter_of_an_hour(
    api: Api, finished: dict[str, Any]
) -> None:
    location = api.http.get(f"/api/v1/ocr/{finished['uuid']}/download/").headers["location"]
    assert location.startswith(api.service.url)
    assert "X-Amz-Expires=900" in location
    other = location.replace(".txt?", ".md?")
    assert httpx.get(other).status_code == 403
    assert httpx.get(location, headers={"Authorization": "Bearer x", "Origin": "http://evil"}).status_code == 200


def test_the_links_of_a_finished_job_answer(api: Api, finished: dict[str, Any]) -> None:
    links = finished["links"]
    assert list(links["download"]) == list(FORMATS)
    for url in (links["self"], links["result"], *links["download"].values()):
        assert api.http.get(url, follow_redirects=True).status_code == 200


# ---- what is left behind ------------------------------------------------------------------------------------------


def test_a_settled_job_keeps_its_original_and_has_no_page_objects(api: Api, finished: dict[str, Any]) -> None:
    stack = api.service.stack
    keys = {
        item["Key"]
        for prefix in ("uploads", "pages", "results")
        for item in stack.client("s3")
        .list_objects_v2(Bucket=stack.outputs["BucketName"], Prefix=f"{prefix}/{finished['uuid']}/")
        .get("Contents", [])
    }
    assert f"uploads/{finished['uuid']}/original" in keys
    assert not any(key.startswith("pages/") for key in keys)
    assert f"results/{finished['uuid']}/document.json" in keys
    row = stack.client("dynamodb").get_item(
        TableName=stack.outputs["JobsTableName"], Key={"pk": {"S": f"job#{finished['uuid']}"}}
    )["Item"]
    assert "expires" in row
    assert "shard" not in row


def test_an_expired_result_is_a_410_even_before_the_table_deletes_it(api: Api) -> None:
    job = api.read(make_files.digital_pdf(1))
    stack = api.service.stack
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["JobsTableName"],
        Key={"pk": {"S": f"job#{job['uuid']}"}},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"S": "2020-01-01T00:00:00.000000+00:00"}},
    )
    problem(api.http.get(f"/api/v1/ocr/{job['uuid']}/"), 410, "job_expired")
    problem(api.http.get(f"/api/v1/ocr/{job['uuid']}/download/"), 410, "job_expired")


def test_a_large_result_is_a_redirect_to_the_same_json(api: Api) -> None:
    with pymupdf.open() as pdf:
        for number in range(60):
            page = pdf.new_page(width=2000, height=2000)
            text = "\n".join(f"{number} {line} " + "lorem ipsum dolor " * 14 for line in range(180))
            page.insert_text((10, 12), text, fontsize=8)
        data = pdf.tobytes(deflate=True, garbage=3)
    job = api.finished(api.send(data).json())
    path = f"/api/v1/ocr/{job['uuid']}/"
    answer = api.http.get(path, headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 302
    own = answer.json()
    assert own["links"]["result"] == answer.headers["location"]
    assert "pages" not in own
    followed = api.http.get(path, headers={"Accept-Encoding": "identity"}, follow_redirects=True).json()
    assert followed["uuid"] == job["uuid"]
    assert len(followed["pages"]) == 60


# ---- the service itself -------------------------------------------------------------------------------------------


def test_the_languages_are_listed_with_what_this_service_can_read(api: Api) -> None:
    answer = api.http.get("/api/v1/languages/")
    assert answer.status_code == 200
    assert "max-age" in answer.headers["cache-control"]
    listed = {language["code"]: language for language in answer.json()["languages"]}
    assert len(listed) > 100
    assert listed["ar"]["direction"] == "rtl"
    assert listed["zh"]["native_name"]
    assert listed["de"]["available"] is True


def test_a_language_is_refused_exactly_where_the_list_says_so(api: Api) -> None:
    """Whichever packs the machine has."""
    listed = {language["code"]: language for language in api.http.get("/api/v1/languages").json()["languages"]}
    for code in ("de", "ar", "es-old"):
        answer = api.send(make_files.png(), "a.png", language=code)
        if listed[code]["available"]:
            assert answer.status_code in (201, 202), answer.text
            assert answer.json()["language"] == code
        else:
            assert "tesseract-ocr-" in problem(answer, 400, "parameter_invalid")["detail"]


def test_a_missing_pack_is_named_where_the_file_is_submitted(tmp_path: Path) -> None:
    with Service(0, tmp_path, LanguagePacks="none", Plans=ROOMY) as running, Api(running) as client:
        found = problem(client.send(make_files.png(), "a.png", language="Ara"), 400, "parameter_invalid")
        assert "Arabic" in found["detail"]
        assert "tesseract-ocr-ara" in found["detail"]
        assert client.send(make_files.png(), "a.png", language="de-AT").json()["language"] == "de"


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/docs", "/schemas/job-1.json"])
def test_the_service_describes_itself(api: Api, path: str) -> None:
    answer = api.http.get(path)
    assert answer.status_code == 200
    assert answer.headers["x-request-id"]


def test_an_unknown_path_and_method_are_problems_too(api: Api) -> None:
    problem(api.http.get("/api/v1/nothing/"), 404, "route_not_found")
    problem(api.http.put("/api/v1/ocr/"), 405, "method_not_allowed")


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/_ministack/reset", {}),
        ("GET", "/_ministack/config", {}),
        ("GET", "/_ministack/health", {"Origin": "http://localhost:8000"}),
        ("GET", "/", {"Origin": "null"}),
    ],
)
def test_the_aws_port_refuses_its_administration_and_browsers(
    service: Service, method: str, path: str, headers: dict[str, str]
) -> None:
    assert httpx.request(method, service.stack.aws_url + path, headers=headers).status_code == 403


def test_the_aws_port_listens_on_loopback_alone(service: Service) -> None:
    port = int(service.stack.aws_url.rsplit(":", 1)[1])
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"]
    addresses = {row[1].split(":")[0] for row in listening if int(row[1].split(":")[1], 16) == port}
    assert addresses == {"0100007F"}
