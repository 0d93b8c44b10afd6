"""AWS does what it is asked, and its answer is lost: the SDK asks once more by itself, and it counts once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from infra.local.service import Service
from ocrchat.accounts import Caller
from ocrchat.errors import IdempotencyKeyInUse
from ocrchat.pages import PageResult
from ocrchat.store.drop_folder import DropFolder
from ocrchat.store.idempotency import Begun, Idempotency
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.workflow import Workflow
from submit.delete import Deletion
from tests.integration.cleanup_parts import NOW, PAGES, Parts, Through, made_like


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


def test_a_deletion_gives_back_each_page_without_a_result_however_often_others_were_counted(
    service: Service, own: Parts
) -> None:
    job = own.accepted()
    jobs = JobsTable(Through(own.dynamodb, update_item=twice), own.names["JobsTable"])
    own.bucket.put_page_result(job.uuid, PageResult(0, 100.0, 100.0, "pt", "cpu"))
    jobs.add_progress(job.uuid, NOW)
    workflow = Workflow(service.stack.client("stepfunctions"), service.stack.outputs["StateMachineArn"])
    folder = DropFolder(own.s3, own.names["Bucket"])
    deletion = Deletion(own.jobs, own.metering, own.bucket, own.chats, workflow, folder)
    deletion.delete(job.uuid, Caller(job.holder, job.account, own.plans.free))
    (settled,) = [entry for entry in own.balances.entries(job.holder, 10)[0] if entry.kind == "settle"]
    assert settled.credits == (PAGES - 1) * job.price
