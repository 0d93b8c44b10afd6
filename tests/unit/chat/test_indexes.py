"""Where the index of a job comes from: the one that is open, the one in the bucket, or the pages."""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

import pytest

from chat import handler, indexes
from chat.indexes import BUILT_AT_ONCE, Building, Indexes, file_of
from chat.retrieval import Index
from ocrchat.errors import JobDeleted, Overloaded
from ocrchat.jobs import Job
from ocrchat.store.functions import FunctionNotStarted

JOB = Job(
    uuid="a" * 32,
    account="acct",
    holder="acct",
    filename="a.pdf",
    media_type="application/pdf",
    size=1,
    page_format="pdf",
    as_it_came=False,
    page_count=2,
    tier="cpu",
    language="auto",
    base_url="http://host",
    created_at=datetime(2026, 11, 21, tzinfo=UTC),
    price=1,
    queue="standard",
    result_hours=24,
    original_hours=24,
    status="done",
)


def page(number: int) -> dict[str, Any]:
    block = {"type": "text", "text": f"Sentence {number} of it.", "bbox": [1.0, 1.0, 9.0, 9.0]}
    return {"index": number, "width": 100.0, "height": 100.0, "unit": "pt", "blocks": [block]}


@dataclass
class Store:
    """The bucket, the jobs' table, the counters and the functions, as far as they matter here."""

    job: Job | None = JOB
    kept: dict[str, bytes] = field(default_factory=dict)
    fetched: int = 0
    begun: set[str] = field(default_factory=set)
    started: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    is_refusing: bool = False
    unread: frozenset[int] = frozenset()

    def page_results(self, _: str, pages: range, *, may_list: bool) -> Iterator[dict[str, Any] | None]:
        assert not may_list
        for number in pages:  # the first one was lost
            yield page(number) | {"error": "page_unreadable" if number in self.unread else None} if number else None

    def fetch_chat_index(self, uuid: str, file: str, into: IO[bytes]) -> bool:
        self.fetched += 1
        return bool(into.write(self.kept.get(f"{uuid}/{file}", b"")))

    def put_chat_index(self, uuid: str, file: str, body: IO[bytes]) -> None:
        self.kept[f"{uuid}/{file}"] = body.read()

    def delete_chat_index(self, uuid: str, file: str) -> None:
        self.kept.pop(f"{uuid}/{file}", None)

    def get(self, _: str) -> Job | None:
        return self.job

    def begin(self, key: str, _at: datetime, _lasts_s: int) -> bool:
        is_first = key not in self.begun
        self.begun.add(key)
        return is_first

    def is_begun(self, key: str, _at: datetime) -> bool:
        return key in self.begun

    def end(self, key: str) -> None:
        self.begun.remove(key)

    def start(self, name: str, payload: dict[str, str]) -> None:
        if self.is_refusing:
            raise FunctionNotStarted("Throttled")
        self.started.append((name, payload))

    def indexes(self, most_bytes: int = 1_000_000) -> Indexes:
        one = cast("Any", self)
        return Indexes(Building(one, one), one, one, one, "indexer", most_bytes)


@pytest.fixture
def store() -> Store:
    return Store()


def test_the_first_question_builds_and_keeps_it_and_the_next_one_finds_it_open(store: Store) -> None:
    own = store.indexes()
    first = own.of(JOB)
    assert [hit.passage.page for hit in first.search("sentence", 5)] == [1]
    assert list(store.kept) == [f"{JOB.uuid}/{file_of(JOB)}"]
    assert own.of(JOB) is first
    assert store.fetched == 1


def test_another_process_takes_it_from_the_bucket(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.indexes().of(JOB)
    monkeypatch.setattr(Building, "build", None)
    assert store.indexes().of(JOB).search("sentence", 5)


def test_another_attempt_of_the_job_has_another_one(store: Store) -> None:
    own = store.indexes()
    assert own.of(JOB) is not own.of(replace(JOB, attempt=2))
    assert len(store.kept) == 2


def test_no_file_is_left_where_it_was_opened(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    index = store.indexes().of(JOB)
    assert list(tmp_path.iterdir()) == []
    assert index.search("sentence", 5)


def test_those_used_longest_ago_are_closed_where_they_are_too_large(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Index] = []
    monkeypatch.setattr(Index, "close", lambda index: closed.append(index))
    one, two, three = (replace(JOB, uuid=letter * 32) for letter in "abc")
    store.indexes().of(one)
    (size,) = (len(kept) for kept in store.kept.values())
    own = store.indexes(most_bytes=2 * size)
    first, second = own.of(one), own.of(two)
    own.of(one)
    own.of(three)
    assert closed == [second]
    assert own.of(one) is first


def test_what_is_larger_than_all_may_be_is_open_alone(store: Store) -> None:
    own = store.indexes(most_bytes=1)
    assert own.of(JOB) is own.of(JOB)


def test_nothing_is_left_of_a_job_that_is_deleted_meanwhile(store: Store) -> None:
    for gone in (replace(JOB, status="deleted"), None):
        store.job = gone
        with pytest.raises(JobDeleted):
            store.indexes().of(JOB)
        assert store.kept == {}


def test_a_long_document_is_left_to_the_function_that_has_time_and_begun_once(store: Store) -> None:
    long, own = replace(JOB, page_count=BUILT_AT_ONCE + 1), store.indexes()
    for _ in range(3):
        with pytest.raises(Overloaded) as told:
            own.of(long)
        assert told.value.retry_after == indexes.NOT_YET_S
    assert store.started == [("indexer", {"job": JOB.uuid})]
    assert store.kept == {}


def test_one_that_takes_too_long_is_left_to_it_too_and_not_begun_with_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = itertools.count(step=indexes.BUILT_WITHIN_S)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    with pytest.raises(Overloaded):
        store.indexes().of(JOB)
    monkeypatch.setattr(Building, "build", None)
    with pytest.raises(Overloaded):
        store.indexes().of(JOB)
    assert store.started == [("indexer", {"job": JOB.uuid})]
    assert store.kept == {}


def test_the_function_is_begun_no_sooner_than_one_can_have_ended(store: Store) -> None:
    assert indexes.BUILDER_S > handler.BUILT_WITHIN_S


@pytest.mark.parametrize("damage", [lambda _: b"garbage", lambda _: b"", lambda body: body[: len(body) // 2]])
def test_a_damaged_one_is_built_anew(store: Store, damage: Callable[[bytes], bytes]) -> None:
    store.indexes().of(JOB)
    name = f"{JOB.uuid}/{file_of(JOB)}"
    whole = store.kept[name]
    store.kept[name] = damage(whole)
    own = store.indexes()
    try:
        own.of(JOB).search("sentence", 5)
    except sqlite3.DatabaseError:  # what is there of it is an index
        own.discard(JOB)
    assert own.of(JOB).search("sentence", 5)
    assert len(store.kept[name]) == len(whole)


def test_pages_that_could_not_be_read_are_counted(store: Store) -> None:
    store.unread = frozenset({2})
    coverage = store.indexes().of(replace(JOB, page_count=4)).coverage
    assert (coverage.pages, coverage.unread) == (4, 2)


def test_a_function_that_cannot_be_started_is_told_as_busy(store: Store) -> None:
    store.is_refusing = True
    with pytest.raises(Overloaded):
        store.indexes().of(replace(JOB, page_count=BUILT_AT_ONCE + 1))
    assert store.begun == set(), "the next question tries again"
