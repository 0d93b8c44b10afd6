"""AWS does what it is asked, and its answer is lost: the SDK asks once more by itself, and it counts once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from infra.local.service import Service
from ocrchat.errors import IdempotencyKeyInUse
from ocrchat.store.idempotency import Begun, Idempotency
from ocrchat.store.jobs_table import JobsTable
from tests.integration.cleanup_parts import NOW, Parts, Through, made_like


@pytest.fixture(scope="module")
def own(service: Service) -> Parts:
    return made_like(service)


def twice(call: Callable[..., Any], **request: Any) -> Any:
    """As the SDK does it where no answer comes."""
    call(**request)
    return call(**request)


def test_a_key_whose_lock_was_taken_without_an_answer_is_this_requests_own(own: Parts) -> None:
    keys = Idempotency(Through(own.dynamodb, put_item=twice), own.names["JobsTable"])
    assert isinstance(keys.begin("acct_1", "key", "fingerprint", NOW), Begun)
    with pytest.raises(IdempotencyKeyInUse):
        keys.begin("acct_1", "key", "fingerprint", NOW)


def test_a_page_is_marked_once_at_a_receive_and_not_given_up_for_a_lost_answer(own: Parts) -> None:
    job = own.accepted()
    jobs = JobsTable(Through(own.dynamodb, update_item=twice), own.names["JobsTable"])
    assert jobs.mark_page(job, 0, "read", 2, NOW) == 1
    assert jobs.mark_page(job, 0, "read", 3, NOW) == 2
    jobs.excuse_page(job, 0, "read", 3, NOW)
    assert jobs.excuses(job, 0, "read") == 1
    assert jobs.mark_page(job, 0, "read", 4, NOW) == 2
