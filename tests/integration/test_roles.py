"""What each function's role may do to the rows of accounts and money, and what a renderer's may do at all, tried with the
role itself."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.service import Service
from infra.local.stack import REGION
from ocrchat.store.errors import code_of

PREFIXES = {
    "account", "token", "used", "email", "link", "session", "rate", "wallet", "ledger", "once",
}  # fmt: skip
WRITES = {
    "AccountFunction": {"account", "token", "used", "email", "link", "session", "rate"},
    "OperateFunction": {"account", "token", "email", "wallet", "ledger", "once"},
    "SubmitFunction": {"used", "rate", "wallet"},
    "DropFunction": {"rate", "wallet"},
    "ExportFunction": {"used", "rate"},
    "DeliverFunction": set(),
    "DeadDropsFunction": set(),
    "ChatFunction": {"used", "rate", "wallet"},
    "IndexFunction": set(),
    "RenderFunction": set(),
    "JoinFunction": {"wallet"},
    "OcrPageFunction": set(),
    "ReconcileFunction": set(),
    "SweepFunction": set(),
    "OrphansFunction": set(),
    "AuditFunction": set(),
}
"""Function -> the prefixes of the rows that it may change."""


def client_as(service: Service, function: str, name_of_client: str = "dynamodb") -> Any:
    """DynamoDB, or another client, with the rights of that function alone."""
    client = service.stack.client
    names = [one["FunctionName"] for one in client("lambda").list_functions()["Functions"]]
    (name,) = (name for name in names if function in name)
    role = client("lambda").get_function_configuration(FunctionName=name)["Role"]
    lent = client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.client(
        name_of_client,
        endpoint_url=service.stack.aws_url,
        region_name=REGION,
        aws_access_key_id=lent["AccessKeyId"],
        aws_secret_access_key=lent["SecretAccessKey"],
        aws_session_token=lent["SessionToken"],
    )


def is_allowed(call: Any, **request: Any) -> bool:
    try:
        call(**request)
    except ClientError as error:
        if code_of(error) not in {"AccessDeniedException", "AccessDenied", "403"}:
            raise
        return False
    return True


@pytest.mark.parametrize("function", WRITES)
def test_a_function_changes_the_rows_of_its_own_work_alone(service: Service, function: str) -> None:
    dynamodb, table = client_as(service, function), service.stack.outputs["BalancesTableName"]
    changed = set()
    for prefix in PREFIXES:
        key = {"pk": {"S": f"{prefix}#{uuid4().hex}"}, "sk": {"S": "test"}}
        if is_allowed(dynamodb.update_item, TableName=table, Key=key, UpdateExpression="REMOVE nothing"):
            changed.add(prefix)
        update = {"Update": {"TableName": table, "Key": key, "UpdateExpression": "REMOVE nothing"}}
        assert is_allowed(dynamodb.transact_write_items, TransactItems=[update]) == (prefix in changed)
    assert changed == WRITES[function]


@pytest.mark.parametrize("function", WRITES)
def test_only_who_keeps_the_books_writes_into_the_ledger(service: Service, function: str) -> None:
    dynamodb, table = client_as(service, function), service.stack.outputs["BalancesTableName"]
    row = {"pk": {"S": f"ledger#{uuid4().hex}"}, "sk": {"S": "test"}}
    books = function in ("SubmitFunction", "DropFunction", "JoinFunction", "OperateFunction", "ChatFunction")
    assert is_allowed(dynamodb.put_item, TableName=table, Item=row) == books


def test_a_transaction_is_refused_for_one_row_of_many(service: Service) -> None:
    dynamodb, table = client_as(service, "AccountFunction"), service.stack.outputs["BalancesTableName"]
    rows = [{"pk": {"S": f"{prefix}#{uuid4().hex}"}, "sk": {"S": "test"}} for prefix in ("token", "wallet", "token")]
    puts = [{"Put": {"TableName": table, "Item": row}} for row in rows]
    assert not is_allowed(dynamodb.transact_write_items, TransactItems=puts)
    assert is_allowed(dynamodb.transact_write_items, TransactItems=[puts[0], puts[2]])


def test_a_list_is_read_of_permitted_rows_alone(service: Service) -> None:
    dynamodb, table = client_as(service, "AccountFunction"), service.stack.outputs["BalancesTableName"]
    for key, allowed in (("ledger#a", True), ("once#a", False)):
        query = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": key}}}
        assert is_allowed(dynamodb.query, TableName=table, **query) == allowed


JOB_ROWS = {"job", "progress", "mark", "idem", "upload", "export", "cursor"}
FOLDERS = {"incoming", "uploads", "pages", "readings", "results", "exports", "chats"}


def test_a_renderer_which_parses_strangers_files_writes_exports_and_their_rows_alone(service: Service) -> None:
    dynamodb, table = client_as(service, "RenderFunction"), service.stack.outputs["JobsTableName"]
    keys = {prefix: {"pk": {"S": f"{prefix}#{uuid4().hex}"}} for prefix in JOB_ROWS}

    def rows(call: Any, **request: Any) -> set[str]:
        return {prefix for prefix, key in keys.items() if is_allowed(call, TableName=table, Key=key, **request)}

    assert rows(dynamodb.get_item) == {"job"}
    assert rows(dynamodb.update_item, UpdateExpression="REMOVE nothing") == {"export"}
    assert rows(dynamodb.delete_item) == {"export"}
    assert not is_allowed(dynamodb.put_item, TableName=table, Item=keys["export"])
    assert not is_allowed(dynamodb.scan, TableName=table)

    s3, bucket, job = client_as(service, "RenderFunction", "s3"), service.stack.outputs["BucketName"], uuid4().hex
    objects = {folder: {"Bucket": bucket, "Key": f"{folder}/{job}/pages/x"} for folder in FOLDERS}
    owner = service.stack.client("s3")
    for one in objects.values():
        owner.put_object(**one, Body=b"x")
    assert {folder for folder, one in objects.items() if is_allowed(s3.get_object, **one)} == {"uploads", "results"}
    assert {folder for folder, one in objects.items() if is_allowed(s3.put_object, **one)} == {"exports"}
    assert {folder for folder, one in objects.items() if is_allowed(s3.delete_object, **one)} == {"exports"}
    assert not is_allowed(s3.list_objects_v2, Bucket=bucket)
    for one in objects.values():
        owner.delete_object(**one)


@pytest.mark.parametrize("function", ["ChatFunction", "IndexFunction"])
def test_the_chat_reads_page_results_and_writes_indexes_alone(service: Service, function: str) -> None:
    s3, bucket, job = client_as(service, function, "s3"), service.stack.outputs["BucketName"], uuid4().hex
    objects = {folder: {"Bucket": bucket, "Key": f"{folder}/{job}/pages/x"} for folder in FOLDERS}
    owner = service.stack.client("s3")
    for one in objects.values():
        owner.put_object(**one, Body=b"x")
    readable = {"results", "chats"} if function == "ChatFunction" else {"results"}
    assert {folder for folder, one in objects.items() if is_allowed(s3.get_object, **one)} == readable
    assert {folder for folder, one in objects.items() if is_allowed(s3.put_object, **one)} == {"chats"}
    assert {folder for folder, one in objects.items() if is_allowed(s3.delete_object, **one)} == {"chats"}
    assert not is_allowed(s3.list_objects_v2, Bucket=bucket)
    for one in objects.values():
        owner.delete_object(**one)


@pytest.mark.parametrize(
    ("function", "read", "changed"),
    [("ChatFunction", {"job", "idem"}, {"idem"}), ("IndexFunction", {"job"}, set[str]())],
)
def test_the_chat_can_change_no_job(service: Service, function: str, read: set[str], changed: set[str]) -> None:
    dynamodb, table = client_as(service, function), service.stack.outputs["JobsTableName"]
    keys = {prefix: {"pk": {"S": f"{prefix}#{uuid4().hex}"}} for prefix in JOB_ROWS}

    def rows(call: Any, **request: Any) -> set[str]:
        return {prefix for prefix, key in keys.items() if is_allowed(call, TableName=table, Key=key, **request)}

    assert rows(dynamodb.get_item) == read
    assert rows(dynamodb.update_item, UpdateExpression="REMOVE nothing") == changed
    assert rows(dynamodb.delete_item) == changed


@pytest.mark.parametrize("function", WRITES)
def test_conversations_are_read_by_the_chat_and_deleted_with_their_job(service: Service, function: str) -> None:
    dynamodb, table = client_as(service, function), service.stack.outputs["ChatsTableName"]
    row = {"pk": {"S": f"chat#{uuid4().hex}"}, "sk": {"S": "head#test"}}
    delete = {table: [{"DeleteRequest": {"Key": row}}]}
    is_chat, deletes = function == "ChatFunction", function in ("SubmitFunction", "SweepFunction")
    assert is_allowed(dynamodb.get_item, TableName=table, Key=row) == is_chat
    assert is_allowed(dynamodb.put_item, TableName=table, Item=row) == is_chat
    assert is_allowed(dynamodb.batch_write_item, RequestItems=delete) == deletes
    assert not is_allowed(dynamodb.delete_item, TableName=table, Key=row)
    assert not is_allowed(dynamodb.scan, TableName=table)


@pytest.mark.parametrize(
    ("function", "updated", "put", "deleted"),
    [
        ("ReconcileFunction", {"job"}, set[str](), set[str]()),
        ("SweepFunction", {"job"}, set[str](), {"upload"}),
        ("OrphansFunction", set[str](), {"cursor"}, set[str]()),
        ("AuditFunction", set[str](), {"cursor"}, set[str]()),
    ],
)
def test_what_runs_on_a_schedule_changes_the_rows_of_its_own_work_alone(
    service: Service, function: str, updated: set[str], put: set[str], deleted: set[str]
) -> None:
    dynamodb, table = client_as(service, function), service.stack.outputs["JobsTableName"]
    keys = {prefix: {"pk": {"S": f"{prefix}#{uuid4().hex}"}} for prefix in JOB_ROWS}

    def rows(call: Any, argument: str, **request: Any) -> set[str]:
        return {name for name, key in keys.items() if is_allowed(call, TableName=table, **{argument: key}, **request)}

    assert rows(dynamodb.update_item, "Key", UpdateExpression="REMOVE nothing") == updated
    assert rows(dynamodb.put_item, "Item") == put
    assert rows(dynamodb.delete_item, "Key") == deleted
    assert not is_allowed(dynamodb.scan, TableName=table)


@pytest.mark.parametrize(
    ("function", "deleted"),
    [
        ("ReconcileFunction", set[str]()),
        ("SweepFunction", FOLDERS),
        ("OrphansFunction", FOLDERS),
        ("AuditFunction", set[str]()),
    ],
)
def test_what_deletes_objects_reads_and_writes_none(service: Service, function: str, deleted: set[str]) -> None:
    s3, bucket = client_as(service, function, "s3"), service.stack.outputs["BucketName"]
    objects = {folder: {"Bucket": bucket, "Key": f"{folder}/{uuid4().hex}/x"} for folder in FOLDERS}
    owner = service.stack.client("s3")
    for one in objects.values():
        owner.put_object(**one, Body=b"x")
    assert not any(is_allowed(s3.get_object, **one) for one in objects.values())
    assert not any(is_allowed(s3.put_object, **one) for one in objects.values())
    assert {folder for folder, one in objects.items() if is_allowed(s3.delete_object, **one)} == deleted
    for one in objects.values():
        owner.delete_object(**one)


def test_the_audit_reads_wallets_and_the_ledger_and_no_account(service: Service) -> None:
    dynamodb, table = client_as(service, "AuditFunction"), service.stack.outputs["BalancesTableName"]

    def is_queried(prefix: str) -> bool:
        values = {":pk": {"S": f"{prefix}#a"}}
        return is_allowed(
            dynamodb.query, TableName=table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues=values
        )

    assert {prefix for prefix in PREFIXES if is_queried(prefix)} == {"wallet", "ledger"}
    for call in (dynamodb.get_item, dynamodb.delete_item):
        assert not is_allowed(call, TableName=table, Key={"pk": {"S": "wallet#a"}, "sk": {"S": "wallet"}})
    assert not is_allowed(dynamodb.scan, TableName=table)


def test_what_answers_downloads_writes_no_file(service: Service) -> None:
    s3, bucket = client_as(service, "ExportFunction", "s3"), service.stack.outputs["BucketName"]
    for folder in FOLDERS:
        one = {"Bucket": bucket, "Key": f"{folder}/{uuid4().hex}/x"}
        assert not is_allowed(s3.put_object, **one)
        assert not is_allowed(s3.delete_object, **one)
