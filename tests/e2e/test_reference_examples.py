"""The examples of the API documentation that this service answers to, run as they stand there.

Changed are the base URL, the token and the uuid of the download example. `tier=vlm` asks the local model server, which
answers well. Each example runs in a folder of its own that holds an `invoice.pdf`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pymupdf
import pytest

from infra.local.service import Service
from tests.integration.support import Api, new_token
from tests.model_server import ModelServer

PYTHON = """
import requests, time

API = "https://ocr.chat/api/v1/ocr/"
H = {"Authorization": "Bearer YOUR_API_TOKEN"}

# Submit
with open("invoice.pdf", "rb") as f:
    job = requests.post(API, headers=H,
        files={"file": f}, data={"tier": "vlm"}).json()

# Poll until done
while job["status"] in ("pending", "processing"):
    time.sleep(2)
    job = requests.get(API + job["uuid"] + "/", headers=H).json()

print(job["markdown"])

# Download as DOCX
r = requests.get(API + job["uuid"] + "/download/",
                 headers=H, params={"format": "docx"})
open("result.docx", "wb").write(r.content)
"""

NODE = """
import fs from "fs";

const API = "https://ocr.chat/api/v1/ocr/";
const H = { Authorization: "Bearer YOUR_API_TOKEN" };

const form = new FormData();
form.append("file", new Blob([fs.readFileSync("invoice.pdf")]), "invoice.pdf");
form.append("tier", "vlm");

let job = await (await fetch(API, { method: "POST", headers: H, body: form })).json();

while (["pending", "processing"].includes(job.status)) {
  await new Promise(r => setTimeout(r, 2000));
  job = await (await fetch(API + job.uuid + "/", { headers: H })).json();
}
console.log(job.markdown);
"""

CURL_SUBMIT = """
curl -X POST https://ocr.chat/api/v1/ocr/ \\
  -H "Authorization: Bearer YOUR_API_TOKEN" \\
  -F "file=@invoice.pdf" -F "tier=vlm"
"""

CURL_SUBMIT_WITH_LANGUAGE = """
curl -X POST https://ocr.chat/api/v1/ocr/ \\
  -H "Authorization: Bearer YOUR_API_TOKEN" \\
  -F "file=@invoice.pdf" \\
  -F "tier=vlm" \\
  -F "language=auto"
"""

CURL_POLL = """
curl https://ocr.chat/api/v1/ocr/UUID/ \\
  -H "Authorization: Bearer YOUR_API_TOKEN"
"""

CURL_DOWNLOAD = """
curl -L "https://ocr.chat/api/v1/ocr/UUID/download/?format=md" \\
  -H "Authorization: Bearer YOUR_API_TOKEN" -o result.md
"""

CURL_DOWNLOAD_DOCX = """
curl -L "https://ocr.chat/api/v1/ocr/UUID/download/?format=docx" \\
  -H "Authorization: Bearer YOUR_API_TOKEN" -o result.docx
"""

CURL_CHAT = """
curl -X POST https://ocr.chat/api/v1/chat/UUID/ \\
  -H "Authorization: Bearer YOUR_API_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"message": "What is the invoice total and due date?"}'
"""

BILL = "The invoice total is $42, due on March 3."
INVOICE = ("INVOICE", "Acme Corp", "Total: 215.00 USD")
LONG_PAGES = 7
"""More than are answered inside the POST, so that the examples have to poll."""


Here = Callable[..., str]


@pytest.fixture(scope="module")
def token(service: Service) -> str:
    return new_token(service)


@pytest.fixture
def here(service: Service, token: str, model: ModelServer) -> Here:
    """Writes an example for this service."""

    def written(example: str, uuid: str = "") -> str:
        return example.replace("https://ocr.chat", service.url).replace("YOUR_API_TOKEN", token).replace("UUID", uuid)

    return written


@pytest.fixture(params=[1, LONG_PAGES], ids=["short", "long"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Holds an invoice.pdf."""
    with pymupdf.open() as pdf:
        for _ in range(request.param):
            page = pdf.new_page()
            for number, text in enumerate(INVOICE):
                page.insert_text((72, 72 + 30 * number), text)
        pdf.save(tmp_path / "invoice.pdf")
    return tmp_path


@pytest.fixture
def account(service: Service, token: str) -> Iterator[Api]:
    with Api(service, token) as client:
        yield client


def run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def text_of(path: Path) -> str:
    """Of a saved download. Fails where an error was saved in its place."""
    if path.suffix == ".md":
        return path.read_text()
    return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def check_invoice(text: str) -> None:
    for line in INVOICE:
        assert line in text


def test_the_python_example(here: Here, folder: Path) -> None:
    printed = run([sys.executable, "-W", "ignore::ResourceWarning", "-c", here(PYTHON)], folder)
    check_invoice(printed)
    check_invoice(text_of(folder / "result.docx"))


def test_the_node_example(here: Here, folder: Path) -> None:
    (folder / "example.mjs").write_text(here(NODE))
    check_invoice(run(["node", "example.mjs"], folder))


@pytest.mark.parametrize("submit", [CURL_SUBMIT, CURL_SUBMIT_WITH_LANGUAGE])
@pytest.mark.parametrize(("download", "saved"), [(CURL_DOWNLOAD, "result.md"), (CURL_DOWNLOAD_DOCX, "result.docx")])
def test_the_curl_examples(here: Here, account: Api, folder: Path, submit: str, download: str, saved: str) -> None:
    job = json.loads(run(["bash", "-c", here(submit)], folder))
    assert job["tier"] == "vlm"
    assert job["language"] == "auto"
    job = account.finished(job)
    polled = json.loads(run(["bash", "-c", here(CURL_POLL, job["uuid"])], folder))
    assert polled["status"] == "done"
    check_invoice(polled["text"])
    run(["bash", "-c", here(download, job["uuid"])], folder)
    check_invoice(text_of(folder / saved))


def test_the_curl_example_of_the_chat(here: Here, account: Api, folder: Path) -> None:
    """About the invoice that the documentation answers it about, on the last page of the file."""
    with pymupdf.open(folder / "invoice.pdf") as pdf:
        pdf.new_page().insert_text((72, 72), BILL)
        job = account.read(pdf.tobytes(), "invoice.pdf")
    said = json.loads(run(["bash", "-c", here(CURL_CHAT, job["uuid"])], folder))
    assert said["message"]["role"] == "assistant"
    assert "$42" in said["message"]["content"]
    cited = said["message"]["citations"][0]
    assert (cited["page"], cited["snippet"]) == (job["page_count"], BILL)
    (talk,) = account.http.get(f"/api/v1/chat/{job['uuid']}/history/").json()["conversations"]
    assert talk["conversation"] == said["conversation"]
    assert [one["role"] for one in talk["messages"]] == ["user", "assistant"]


def test_a_short_file_is_done_inside_the_post(account: Api, folder: Path) -> None:
    answer = account.send((folder / "invoice.pdf").read_bytes(), "invoice.pdf")
    short = answer.json()["page_count"] == 1
    assert answer.status_code == (201 if short else 202)
    assert (answer.json()["status"] == "done") is short


def test_the_job_has_every_field_of_the_documentation(account: Api, folder: Path) -> None:
    job = account.read((folder / "invoice.pdf").read_bytes(), "invoice.pdf")
    for field in ("uuid", "status", "tier", "language", "page_count", "mean_confidence", "text", "markdown", "pages"):
        assert field in job
    page = job["pages"][0]
    assert page["index"] == 0
    check_invoice(page["text"])
    for block in page["blocks"]:
        assert set(block) >= {"text", "bbox", "confidence"}
        x0, y0, x1, y1 = block["bbox"]
        assert 0 <= x0 < x1 <= page["width"]
        assert 0 <= y0 < y1 <= page["height"]
        assert 0 <= block["confidence"] <= 1
