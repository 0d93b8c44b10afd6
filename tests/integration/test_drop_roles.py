"""Whom the drop lets reach what: its own functions, and a customer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.service import Service
from infra.local.stack import REGION, ROOT
from ocrchat.drops import status_key
from ocrchat.store.errors import code_of
from tests.integration.dropping import Customer, document
from tests.integration.test_roles import JOB_ROWS, client_as, is_allowed


def client_of(customer: Customer, role: str) -> Any:
    lent = customer.service.stack.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.client(
        "s3",
        endpoint_url=customer.service.stack.aws_url,
        region_name=REGION,
        aws_access_key_id=lent["AccessKeyId"],
        aws_secret_access_key=lent["SecretAccessKey"],
        aws_session_token=lent["SessionToken"],
    )


@pytest.fixture(params=["of the bucket", "of the role"])
def customers_s3(customer: Customer, request: pytest.FixtureRequest) -> Iterator[Any]:
    """S3 as the customer's role reaches it by the policy that the documentation shows."""
    iam, name = customer.service.stack.client("iam"), f"customer-{customer.account}"
    anyone = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [anyone]})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    text = (ROOT / "docs/drop.md").read_text().split("```json\n")[1].split("```")[0]
    for word, value in (("BUCKET", customer.bucket), ("ACCOUNT", customer.account), ("ROLE", role)):
        text = text.replace(word, value)
    policy = json.loads(text)
    policy["Statement"] = [one for one in policy["Statement"] if one["Sid"] != "TlsOnly"]
    if request.param == "of the role":
        for statement in policy["Statement"]:
            del statement["Principal"]
        iam.put_role_policy(RoleName=name, PolicyName="drops", PolicyDocument=json.dumps(policy))
        yield client_of(customer, role)
        iam.delete_role_policy(RoleName=name, PolicyName="drops")
    else:
        customer.s3.put_bucket_policy(Bucket=customer.bucket, Policy=json.dumps(policy))
        yield client_of(customer, role)
        customer.s3.delete_bucket_policy(Bucket=customer.bucket)
    iam.delete_role(RoleName=name)


def test_a_customers_role_drops_and_fetches_its_own_and_reaches_nothing_else(
    customer: Customer, customers_s3: Any
) -> None:
    key = customer.key("a.pdf")
    customers_s3.put_object(Bucket=customer.bucket, Key=key, Body=document("one"), Metadata={"formats": "txt"})
    status = customer.ended(key)
    assert status["status"] == "done"
    told = customers_s3.get_object(Bucket=customer.bucket, Key=status_key(key))["Body"].read()
    assert json.loads(told) == status
    listed = customers_s3.list_objects_v2(Bucket=customer.bucket, Prefix=f"drop-results/{customer.account}/")
    assert {one["Key"] for one in listed["Contents"]} == {status_key(key), status["formats"]["txt"]}
    customers_s3.delete_object(Bucket=customer.bucket, Key=status["formats"]["txt"])

    bucket, uuid = customer.bucket, status["uuid"]
    own, others, inner = (f"drop/{customer.account}/b.pdf", "drop/acct_other/b.pdf", f"uploads/{uuid}/original")
    results = "drop-results/acct_other/b.pdf.txt"
    customer.s3.put_object(Bucket=bucket, Key=results, Body=b"x")
    refused: list[tuple[Any, dict[str, Any]]] = [
        (customers_s3.list_objects_v2, {}),
        (customers_s3.list_objects_v2, {"Prefix": "drop-results/"}),
        (customers_s3.list_objects_v2, {"Prefix": "drop/acct_other/"}),
        *((customers_s3.put_object, {"Key": one, "Body": b"x"}) for one in (others, inner, results, status_key(key))),
        *((customers_s3.get_object, {"Key": one}) for one in (own, others, inner, results)),
        *((customers_s3.delete_object, {"Key": one}) for one in (own, others, inner, results)),
    ]
    for call, request in refused:
        assert not is_allowed(call, Bucket=bucket, **request), request
    customer.s3.delete_object(Bucket=bucket, Key=results)


FOLDERS = (
    *("incoming", "uploads", "pages", "readings", "results", "exports", "chats"),
    *("drop", "drop-results"),
)


@pytest.mark.parametrize(
    ("function", "read", "written", "deleted"),
    [
        ("DropFunction", {"drop", "uploads"}, {"uploads"}, {"drop", "uploads"}),
        ("DeliverFunction", {"exports", "drop-results"}, {"drop-results"}, {"drop-results"}),
        ("DeadDropsFunction", {"drop"}, set[str](), set[str]()),
    ],
)
def test_the_functions_of_the_drop_reach_what_they_work_with_alone(
    service: Service, function: str, read: set[str], written: set[str], deleted: set[str]
) -> None:
    s3, bucket, job = client_as(service, function, "s3"), service.stack.outputs["BucketName"], uuid4().hex
    owner = service.stack.client("s3")
    # not where S3 tells of it, for which the key would have to begin with that folder
    objects = {folder: {"Bucket": bucket, "Key": f"{folder}/{job}/x"} for folder in FOLDERS}
    for folder, one in objects.items():
        if folder != "drop":
            owner.put_object(**one, Body=b"x")
    assert {folder for folder, one in objects.items() if is_there_or_allowed(s3.get_object, **one)} == read
    assert {folder for folder, one in objects.items() if is_allowed(s3.put_object, **one)} == written
    assert {folder for folder, one in objects.items() if is_allowed(s3.delete_object, **one)} == deleted
    told = {"Bucket": bucket, "Key": f"drop-results/{job}/x.status.json"}
    assert is_allowed(s3.put_object, **told)
    for one in (*objects.values(), told):
        owner.delete_object(**one)


def is_there_or_allowed(call: Any, **request: Any) -> bool:
    try:
        return is_allowed(call, **request)
    except ClientError as error:
        if code_of(error) != "NoSuchKey":
            raise
        return True


def test_the_drop_writes_jobs_and_changes_none(service: Service) -> None:
    dynamodb, table = client_as(service, "DropFunction"), service.stack.outputs["JobsTableName"]
    keys = {prefix: {"pk": {"S": f"{prefix}#{uuid4().hex}"}} for prefix in JOB_ROWS}

    def rows(call: Any, **request: Any) -> set[str]:
        return {prefix for prefix, key in keys.items() if is_allowed(call, TableName=table, Key=key, **request)}

    assert rows(dynamodb.get_item) == {"job", "idem"}
    assert rows(dynamodb.update_item, UpdateExpression="REMOVE nothing") == {"idem"}
    assert rows(dynamodb.delete_item) == {"idem"}
    assert {prefix for prefix, key in keys.items() if is_allowed(dynamodb.put_item, TableName=table, Item=key)} == {
        "job", "idem",
    }  # fmt: skip
    for key in keys.values():
        service.stack.client("dynamodb").delete_item(TableName=table, Key=key)
