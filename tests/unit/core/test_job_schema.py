"""The published JSON Schema says what job objects are, neither more nor less."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from ocrchat.blocks import Block, BlockType, BoxSource, Cell, Field, Line, Table, Word
from ocrchat.document import Document
from ocrchat.errors import PageLost
from ocrchat.http.documentation import job_schema
from ocrchat.jobs import FORMATS, SCHEMA_PATH, Job, Progress, view
from ocrchat.pages import Notice, PageResult, Source, Unit
from tests.unit.export.documents import documents
from tests.unit.export.jobs_made import JOB, NOW

BOX = (1.0, 2.0, 3.0, 4.0)
LOST = Notice.of(PageLost())
WORD = Word("a", BOX, 0.5)
CELL = Cell(0, 0, "a", BOX, 0.5, translation="b")
TABLE = Table(1, 1, (CELL,), 1)
LINE = Line("a", BOX, 0.5, (WORD,))
BLOCK = Block("table", "a", BOX, 0.5, (LINE,), 1, TABLE, "b", "lines")
FIELD = Field("a", "b", BOX, 0.5, "estimated")
PAGE = PageResult(
    0, 595, 842, "pt", "vlm", (BLOCK,), "a", "a", 90, "en", ("en",), (LOST,), None, (FIELD,), text_layer=True
)
STATES = {
    "pending": view(replace(JOB, status="pending"), Progress(), NOW),
    "processing": view(replace(JOB, status="pending", page_count=4), Progress(1), NOW),
    "done": view(replace(JOB, expires_at=NOW, upload_expires_at=NOW, warnings=(LOST,)), Progress(1), NOW),
    "failed": view(replace(JOB, status="failed", error=LOST), Progress(1), NOW),
}
OPTIONAL = {
    "page": {"fields", "text_layer"},
    "block": {"level", "table", "translation", "bbox_source", "lines"},
    "cell": {"translation"},
}
PAGE_OF_DOCS = Path(__file__).parents[3] / "docs/formats.md"

validator = Draft202012Validator(job_schema())


def written(folder: Path, job: Job, pages: list[PageResult], *, words: bool) -> dict[str, Any]:
    """The job object as it is stored and downloaded."""
    document = Document(folder, words=words)
    for page in pages:
        document.add(page.as_json(words=True))
    path = document.write(view(job, Progress(job.page_count), NOW))
    document.close()
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(job_schema())
    assert job_schema()["$id"] == SCHEMA_PATH


@pytest.mark.parametrize("status", STATES)
def test_a_job_in_every_state_is_valid(status: str) -> None:
    assert STATES[status]["status"] == status
    validator.validate(STATES[status])
    validator.validate(STATES[status] | {"pages": [PAGE.as_json(words=False)]})


def test_a_job_says_first_which_schema_it_has() -> None:
    assert next(iter(STATES["done"].items())) == ("$schema", "https://ocr.example.com/schemas/job-1.json")


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(document=documents())
def test_the_stored_document_is_valid(document: tuple[Job, list[PageResult]], tmp_path: Path) -> None:
    for words in (False, True):
        validator.validate(written(tmp_path, *document, words=words))


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("page", PAGE.as_json(words=True)),
        ("block", BLOCK.as_json(words=True)),
        ("line", LINE.as_json()),
        ("word", WORD.as_json()),
        ("table", TABLE.as_json()),
        ("cell", CELL.as_json()),
        ("field", FIELD.as_json()),
        ("notice", LOST.as_json()),
    ],
)
def test_the_schema_names_each_member_and_no_other(name: str, members: dict[str, Any]) -> None:
    schema = job_schema()["$defs"][name]
    assert list(schema["properties"]) == list(members)
    assert set(schema["required"]) == set(members) - OPTIONAL.get(name, set())


def test_the_schema_names_each_member_of_a_job_and_no_other(tmp_path: Path) -> None:
    members: dict[str, Any] = {}
    for seen in (*STATES.values(), written(tmp_path, JOB, [PAGE], words=False)):
        members |= seen
    assert set(job_schema()["properties"]) == set(members)
    for name in ("links", "progress", "cost"):
        assert list(job_schema()["properties"][name]["properties"]) == list(members[name])


def test_the_schema_knows_the_words_that_the_code_knows() -> None:
    definitions = job_schema()["$defs"]
    assert definitions["block"]["properties"]["type"]["enum"] == list(get_args(BlockType))
    assert definitions["bbox_source"]["enum"] == list(get_args(BoxSource))
    assert definitions["page"]["properties"]["unit"]["enum"] == list(get_args(Unit))
    assert definitions["page"]["properties"]["source"]["enum"] == list(get_args(Source))
    download = job_schema()["properties"]["links"]["properties"]["download"]
    assert download["propertyNames"]["enum"] == list(FORMATS)


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("done", {"status": "deleted"}),
        ("done", {"error": LOST.as_json()}),
        ("done", {"eta_seconds": 1}),
        ("done", {"text": "a"}),
        ("done", {"uuid": "a"}),
        ("done", {"created_at": 1}),
        ("done", {"pages": [{}]}),
        ("done", {"pages": [PAGE.as_json(words=True) | {"unit": "mm"}]}),
        ("done", {"pages": [PAGE.as_json(words=True) | {"blocks": [BLOCK.as_json(words=True) | {"bbox": [1]}]}]}),
        ("done", {"pages": [PAGE.as_json(words=True) | {"fields": [FIELD.as_json() | {"bbox_source": "guessed"}]}]}),
        (
            "done",
            {"pages": [PAGE.as_json(words=True) | {"blocks": [BLOCK.as_json(words=True) | {"translation": None}]}]},
        ),
        ("failed", {"error": None}),
        ("pending", {"eta_seconds": "soon"}),
    ],
)
def test_what_no_job_is_is_refused(state: str, change: dict[str, Any]) -> None:
    assert not validator.is_valid(STATES[state] | change)


def test_the_example_of_the_documentation_is_valid() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE_OF_DOCS.read_text(encoding="utf-8"), re.DOTALL)
    validator.validate(json.loads(example))
