"""Which rows a request of DynamoDB's API names, as policies see them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.local.leading_keys import leading_keys, with_leading_keys

ROW = {"pk": {"S": "job#1"}, "sk": {"S": "x"}}
OTHER = {"pk": {"S": "wallet#1"}}


@pytest.mark.parametrize(
    ("request_", "keys"),
    [
        ({"TableName": "t", "Key": ROW}, ["job#1"]),
        ({"TableName": "t", "Item": ROW | {"n": {"N": "1"}}}, ["job#1"]),
        ({"RequestItems": {"t": {"Keys": [ROW, OTHER]}, "u": {"Keys": [OTHER]}}}, ["job#1", "wallet#1", "wallet#1"]),
        (
            {"RequestItems": {"t": [{"DeleteRequest": {"Key": ROW}}, {"PutRequest": {"Item": OTHER}}]}},
            ["job#1", "wallet#1"],
        ),
        (
            {"KeyConditionExpression": "pk = :a AND sk > :b", "ExpressionAttributeValues": {":a": {"S": "job#1"}}},
            ["job#1"],
        ),
        (
            {"KeyConditionExpression": "#account=:a", "ExpressionAttributeValues": {":a": {"S": "acct"}}},
            ["acct"],
        ),
        ({"TableName": "t"}, []),
    ],
)
def test_a_request_names_the_keys_of_its_rows(request_: dict[str, Any], keys: list[str]) -> None:
    assert leading_keys(request_) == keys


def test_each_item_of_a_transaction_is_checked_with_its_own_key() -> None:
    body = json.dumps({"TransactItems": [{"Put": {"Item": ROW}}, {"Delete": {"Key": OTHER}}]}).encode()
    found = [("dynamodb:PutItem", "arn"), ("dynamodb:DeleteItem", "arn")]
    context_of, checks_of = with_leading_keys(lambda _: {"dynamodb:Select": "x"}, lambda *_: found)
    context = {**context_of(body)}  # the emulator copies it before it checks
    seen = [(action, list(context["dynamodb:LeadingKeys"])) for action, _ in checks_of("", body, "", "")]
    assert seen == [("dynamodb:PutItem", ["job#1"]), ("dynamodb:DeleteItem", ["wallet#1"])]
    assert context["dynamodb:Select"] == "x"
