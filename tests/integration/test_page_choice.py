"""A job of some of a file's pages: these are read, paid for and answered under their numbers, and no others are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pymupdf
import pytest

from infra.local.service import Service
from tests.data import make_files
from tests.integration.support import Api, new_token
from tests.model_server import ModelServer


@pytest.fixture(scope="module")
def owner(service: Service) -> Iterator[Api]:
    with Api(service, new_token(service)) as client:
        yield client


@pytest.fixture(scope="module")
def job(owner: Api) -> dict[str, Any]:
    """Pages 2, 3 and 7 of twelve."""
    answer = owner.send(make_files.digital_pdf(12), pages=" 7, 2-3")
    assert answer.status_code == 201, "three pages are waited for"
    made: dict[str, Any] = answer.json()
    return made


def file_of(owner: Api, job: dict[str, Any], name: str) -> bytes:
    answer = owner.http.get(job["links"]["download"][name], follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.content


def test_the_chosen_pages_are_read_and_paid_for(owner: Api, job: dict[str, Any]) -> None:
    whole = owner.read(make_files.digital_pdf(12))
    assert (job["status"], job["page_count"], job["pages_chosen"]) == ("done", 3, "2-3,7")
    assert (job["cost"], job["progress"]) == ({"credits": 3, "refunded": 0}, {"done": 3, "total": 3})
    assert job["pages"] == [whole["pages"][index] for index in (1, 2, 6)]
    assert job["text"] == "\n\n".join(whole["pages"][index]["text"] for index in (1, 2, 6))
    assert (whole["pages_chosen"], whole["cost"]["credits"]) == (None, 12)


def test_its_pages_are_asked_for_by_their_numbers(owner: Api, job: dict[str, Any]) -> None:
    path = f"/api/v1/ocr/{job['uuid']}/"
    assert owner.http.get(path, params={"pages": "3-9"}).json()["pages"] == job["pages"][1:]
    assert owner.http.get(path, params={"pages": "4-6"}).json()["pages"] == []
    detailed = owner.http.get(path, params={"detail": "words"}).json()
    assert [page["index"] for page in detailed["pages"]] == [1, 2, 6]


def test_its_pdf_is_the_whole_file_and_its_text_that_of_the_pages(owner: Api, job: dict[str, Any]) -> None:
    with pymupdf.open(stream=file_of(owner, job, "pdf"), filetype="pdf") as pdf:
        assert pdf.page_count == 12
    assert make_files.page_text(6).splitlines()[0] in file_of(owner, job, "txt").decode()
    assert make_files.page_text(4).splitlines()[0] not in file_of(owner, job, "txt").decode()
    assert file_of(owner, job, "docx").startswith(b"PK")


def test_a_frame_of_a_tiff_is_a_page(owner: Api) -> None:
    job = owner.read(make_files.tiff(3), "fax.tif", pages="2")
    assert [page["index"] for page in job["pages"]] == [1]
    assert job["pages"] == [owner.read(make_files.tiff(3), "fax.tif")["pages"][1]]
    with pymupdf.open(stream=file_of(owner, job, "pdf"), filetype="pdf") as pdf:
        assert pdf.page_count == 1


def test_a_choice_of_all_pages_is_none(owner: Api) -> None:
    job = owner.read(make_files.digital_pdf(2), pages="1-5")
    assert (job["page_count"], job["pages_chosen"]) == (2, None)


def test_the_chat_cites_pages_by_their_numbers(owner: Api, job: dict[str, Any]) -> None:
    words = job["pages"][2]["text"].splitlines()[0]
    answer = owner.http.post(f"/api/v1/chat/{job['uuid']}/", json={"message": words})
    assert answer.status_code == 200, answer.text
    assert answer.json()["message"]["citations"]
    assert {citation["page"] for citation in answer.json()["message"]["citations"]} <= {2, 3, 7}


def test_a_model_is_asked_about_the_chosen_pages_alone(owner: Api, model: ModelServer) -> None:
    job = owner.read(make_files.scanned_pdf(4), tier="vlm", pages="1,4")
    assert job["status"] == "done", job
    assert [page["index"] for page in job["pages"]] == [0, 3]
    assert len(model.requests) == 2
    assert job["cost"] == {"credits": 10, "refunded": 0}


def refused(answer: httpx.Response) -> str:
    assert (answer.status_code, answer.json()["code"], answer.json()["parameter"]) == (
        400,
        "parameter_invalid",
        "pages",
    )
    detail: str = answer.json()["detail"]
    return detail


def test_pages_that_the_file_does_not_have_are_refused_and_cost_nothing(owner: Api) -> None:
    before = owner.http.get("/api/v1/account/").json()["used"]
    assert "the file has 2 pages" in refused(owner.send(make_files.digital_pdf(2), pages="1,3"))
    assert "`1-3,7`" in refused(owner.send(make_files.digital_pdf(2), pages="2-1"))
    assert owner.http.get("/api/v1/account/").json()["used"] == before


def test_the_cap_of_a_plan_counts_the_chosen_pages(service: Service, owner: Api) -> None:
    cap = next(
        plan["file_pages"] for plan in owner.http.get("/api/v1/pricing/").json()["plans"] if plan["name"] == "free"
    )
    file = make_files.digital_pdf(cap + 1)
    assert owner.send(file).json()["code"] == "too_many_pages"
    assert owner.read(file, pages=f"{cap + 1}")["pages"][0]["index"] == cap


def test_the_same_key_with_other_pages_is_another_request(owner: Api) -> None:
    file = {"file": ("file.pdf", make_files.digital_pdf(3))}
    key = {"Idempotency-Key": "some-pages"}
    first = owner.http.post("/api/v1/ocr/", files=file, data={"pages": "1,2"}, headers=key)
    again = owner.http.post("/api/v1/ocr/", files=file, data={"pages": "2 1"}, headers=key)
    assert (first.json()["uuid"], again.headers["idempotent-replayed"]) == (again.json()["uuid"], "true")
    other = owner.http.post("/api/v1/ocr/", files=file, data={"pages": "1"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
