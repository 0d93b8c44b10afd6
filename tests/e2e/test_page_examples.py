"""The examples of the website's page on the API, taken from the built page and run as they stand there.

Changed are the base URL, the token and the uuid. Each example runs in a folder of its own that holds an `invoice.pdf`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import pymupdf
import pytest

from infra.local.service import SITE, Service
from tests.integration.support import Api, new_token

PAGE = SITE / "api.html"
BASE, TOKEN = "https://ocr.chat", "YOUR_API_TOKEN"
BILL = "The invoice total is $42, due on March 3."
LINES = ("INVOICE", "Acme Corp", BILL)
SHORT, LONG = 1, 7
"""Pages: answered inside the POST, and more than are, so that the examples have to wait."""

KINDS = ("python", "node", "curl")

Run = Callable[..., str]


class _Examples(HTMLParser):
    """The text of each `pre` by the id of the tab panel that it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._panel: str | None = None
        self._is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if attributes.get("role") == "tabpanel":
            self._panel = attributes["id"]
        if tag == "pre" and self._panel:
            self._is_code = True
            self.found[self._panel] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self._panel, self._is_code = None, False

    def handle_data(self, data: str) -> None:
        if self._panel and self._is_code:
            self.found[self._panel] += data


@cache
def examples() -> dict[str, str]:
    parser = _Examples()
    parser.feed(PAGE.read_text(encoding="utf-8"))
    return parser.found


@pytest.fixture(scope="module")
def token(service: Service) -> str:
    return new_token(service)


@pytest.fixture
def account(service: Service, token: str) -> Iterator[Api]:
    with Api(service, token) as client:
        yield client


@pytest.fixture
def run(service: Service, token: str, tmp_path: Path) -> Run:
    """Runs an example in `tmp_path`; its output."""

    def ran(name: str, kind: str, uuid: str = "") -> str:
        code = examples()[f"{name}-{kind}"]
        for shown, real in ((BASE, service.url), (TOKEN, token), ("/UUID/", f"/{uuid}/")):
            code = code.replace(shown, real)
        if kind == "node":
            (tmp_path / "example.mjs").write_text(code, encoding="utf-8")
            command = ["node", "example.mjs"]
        else:
            command = [sys.executable, "-c", code] if kind == "python" else ["bash", "-euo", "pipefail", "-c", code]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return ran


def invoice(pages: int) -> bytes:
    with pymupdf.open() as pdf:
        for _ in range(pages):
            page = pdf.new_page()
            for number, text in enumerate(LINES):
                page.insert_text((72, 72 + 30 * number), text)
        data: bytes = pdf.tobytes()
    return data


def word_text(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def submitted(output: str, kind: str, account: Api) -> dict[str, Any]:
    """The finished job of an example that submits, which prints `uuid status`, or the job as JSON."""
    uuid = json.loads(output)["uuid"] if kind == "curl" else output.split()[0]
    return account.finished(account.http.get(f"/api/v1/ocr/{uuid}/").json())


def test_every_example_is_there_in_every_language() -> None:
    names = ("submit", "result", "download", "chat", "uploads", "whole")
    assert set(examples()) == {f"{name}-{kind}" for name in names for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["submit", "uploads"])
def test_an_example_submits_the_invoice(run: Run, account: Api, tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / "invoice.pdf").write_bytes(invoice(SHORT))
    job = submitted(run(name, kind), kind, account)
    assert job["status"] == "done"
    assert (job["filename"], job["tier"], job["language"]) == ("invoice.pdf", "cpu", "auto")
    assert BILL in job["text"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_waits_for_the_result(run: Run, account: Api, kind: str) -> None:
    answer = account.send(invoice(LONG), "invoice.pdf")
    printed = run("result", kind, answer.json()["uuid"])
    if kind != "curl":
        assert BILL in printed
        return
    assert account.finished(json.loads(printed))["status"] == "done"


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_downloads_a_word_document(run: Run, account: Api, tmp_path: Path, kind: str) -> None:
    job = account.read(invoice(SHORT), "invoice.pdf")
    run("download", kind, job["uuid"])
    assert BILL in word_text(tmp_path / "result.docx")


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_asks_about_the_invoice(run: Run, account: Api, kind: str) -> None:
    job = account.read(invoice(SHORT), "invoice.pdf")
    printed = run("chat", kind, job["uuid"])
    assert "$42" in printed
    if kind == "curl":
        cited = json.loads(printed)["message"]["citations"]
        assert (1, BILL) in [(one["page"], one["snippet"]) for one in cited]
    else:
        assert f"page 1 {BILL}" in printed


@pytest.mark.parametrize("pages", [SHORT, LONG])
@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_example_goes_from_file_to_word_document(run: Run, tmp_path: Path, kind: str, pages: int) -> None:
    (tmp_path / "invoice.pdf").write_bytes(invoice(pages))
    assert run("whole", kind).count("Acme Corp") == pages
    assert word_text(tmp_path / "result.docx").count(BILL) == pages
