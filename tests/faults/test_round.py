"""One short round on a service of its own, as `make chaos` runs many; and the auditor, shown what is damaged there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from ocrchat.store.bucket import document_key
from tests.faults.auditor import findings, orphans
from tests.faults.campaign import Campaign, Told, attacked
from tests.faults.dead_letters import ERROR
from tests.faults.plan import round_of
from tests.integration.support import Api
from tests.integration.test_delete import document

SEED, NUMBER, ERRANDS, LASTS_S, ATTACKS = 15, 3, 8, 9.0, 12
"""A newcomer, each way and tier; a message is a dead letter after two receives."""


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    with attacked(tmp_path_factory.mktemp("attacked")) as running:
        yield running


@pytest.fixture(scope="module")
def told(campaign: Campaign) -> Told:
    return campaign.run(round_of(SEED, NUMBER, errands=ERRANDS, lasts_s=LASTS_S, attacks=ATTACKS))


def test_a_round_of_faults_leaves_nothing_lost_and_nothing_paid_twice(told: Told) -> None:
    assert list(told.findings) == []
    assert told.faults.total() >= ATTACKS
    assert told.new, "no job was accepted"
    assert any(outcome.member for outcome in told.outcomes), "nobody has signed up"


def accusations(campaign: Campaign) -> list[str]:
    return findings(campaign.witness.testimony(), datetime.now(UTC))


@contextmanager
def planted(campaign: Campaign, table: str, key: dict[str, Any], **wrong: Any) -> Iterator[None]:
    """A row that says something else than it did."""
    dynamodb, name = campaign.service.stack.client("dynamodb"), campaign.service.stack.outputs[table]
    row = dynamodb.get_item(TableName=name, Key=key)["Item"]
    dynamodb.put_item(TableName=name, Item=row | wrong)
    yield
    dynamodb.put_item(TableName=name, Item=row)


def test_a_balance_that_is_not_its_ledgers_is_found_in_the_tables(campaign: Campaign, told: Told) -> None:
    assert accusations(campaign) == []
    wallet = {"pk": {"S": f"wallet#{campaign.customers.accounts['paid']}"}, "sk": {"S": "wallet"}}
    with planted(campaign, "BalancesTableName", wallet, balance={"N": "7"}):
        found = accusations(campaign)
    assert any("the balance is 7" in one for one in found)
    assert any("own audit" in one for one in found)


def test_a_job_that_does_not_end_is_found_in_the_tables(campaign: Campaign, told: Told) -> None:
    uuid = next(uuid for uuid, job in told.evidence.jobs.items() if job.status == "done")
    with planted(campaign, "JobsTableName", {"pk": {"S": f"job#{uuid}"}}, status={"S": "pending"}):
        found = accusations(campaign)
    assert any(uuid in one and "has not ended" in one for one in found)


def test_a_page_that_is_missing_and_an_object_of_nobody_are_found_in_the_bucket(campaign: Campaign) -> None:
    with Api(campaign.service) as api:
        uuid = api.read(document("one", "two"))["uuid"]
    s3, bucket = campaign.service.stack.client("s3"), campaign.service.stack.outputs["BucketName"]
    made = json.loads(s3.get_object(Bucket=bucket, Key=document_key(uuid))["Body"].read())
    s3.put_object(Bucket=bucket, Key=document_key(uuid), Body=json.dumps(made | {"pages": made["pages"][1:]}).encode())
    assert any(uuid in one and "has the pages [1]" in one for one in accusations(campaign))
    s3.put_object(Bucket=bucket, Key="pages/nobody/00000.pdf", Body=b"x")
    assert list(orphans(campaign.witness.left_long_after())) == ["pages/nobody/00000.pdf: is left for ever"]


@contextmanager
def taken_from(campaign: Campaign, queue: str) -> Iterator[None]:
    """No function receives messages of this queue meanwhile."""
    client = campaign.service.stack.client
    url = campaign.service.stack.outputs[queue]
    arn = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    (mapping,) = client("lambda").list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]
    client("lambda").update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    yield
    client("lambda").update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def test_a_batch_that_is_given_up_and_not_counted_is_found_in_the_logs(campaign: Campaign, told: Told) -> None:
    client, url = campaign.service.stack.client, campaign.service.stack.outputs["CpuQueueUrl"]
    with Api(campaign.service) as api:
        with taken_from(campaign, "CpuQueueUrl"):
            job = api.send(document(*"abcdef")).json()
            (message,) = client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
            client("stepfunctions").send_task_failure(taskToken=json.loads(message["Body"])["token"], error=ERROR)
            client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        api.finished(job)
    assert any("were ended for dead letters" in one for one in accusations(campaign))
