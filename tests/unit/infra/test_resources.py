"""What holds for every bucket, table, queue and function of the template, whoever adds one."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ocrchat.store import bucket
from tests.unit.infra.deployed import FUNCTIONS, HTTP, MACHINE, RESOURCES, TEMPLATE, of_type, refs

BUCKETS = of_type("AWS::S3::Bucket")
TABLES = of_type("AWS::DynamoDB::Table")
QUEUES = of_type("AWS::SQS::Queue")
SOURCES = of_type("AWS::Lambda::EventSourceMapping")

RECEIVES_ADVISED = 5
"""So that Lambda's throttling kills no message: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""

LONGEST_TOKEN_S = max(
    state["TimeoutSeconds"]
    for way in ("Read", "ReadByModel")
    for state in MACHINE["States"][way]["ItemProcessor"]["States"].values()
    if state["Type"] == "Task"
)
LONGEST_REGION = "ap-northeast-1"
MOST_LETTERS = 44
"""Of the stack's name, as the template's Description says."""

NAMES = {
    "AWS::CloudFront::Function": (64, "Name"),
    "AWS::CloudFront::OriginAccessControl": (64, "OriginAccessControlConfig.Name"),
    "AWS::CloudFront::ResponseHeadersPolicy": (128, "ResponseHeadersPolicyConfig.Name"),
    "AWS::Logs::DeliverySource": (60, "Name"),
    "AWS::Logs::DeliveryDestination": (60, "Name"),
    "AWS::AppConfig::Application": (64, "Name"),
}
"""Most letters of names that are made of the stack's, and where they stand:
https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html and its like."""


def statements(value: Any) -> Iterator[dict[str, Any]]:
    """Every statement of a policy, in `value` or below."""
    if isinstance(value, dict):
        if "Effect" in value:
            yield value
        for inner in value.values():
            yield from statements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from statements(inner)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("name", RESOURCES)
def test_no_policy_allows_more_than_it_names(name: str) -> None:
    for statement in statements(RESOURCES[name]):
        if statement["Effect"] == "Allow":
            assert not [action for action in as_list(statement["Action"]) if "*" in action]
            assert "*" not in as_list(statement.get("Resource"))
            assert statement.get("Principal") != "*"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_brings_a_policy_for_every_resource_of_a_kind(name: str) -> None:
    """SAM adds AWSLambdaSQSQueueExecutionRole for an SQS event: every queue of the account. Only X-Ray has no names."""
    assert "SQS" not in {event["Type"] for event in FUNCTIONS[name].get("Events", {}).values()}
    assert all(isinstance(policy, dict) for policy in FUNCTIONS[name].get("Policies", []))
    assert "Role" not in FUNCTIONS[name]


def test_who_parses_what_strangers_send_has_no_right_to_trace_either() -> None:
    assert FUNCTIONS["InspectFunction"]["Tracing"] == "Disabled"
    assert TEMPLATE["Globals"]["Function"]["Tracing"] == "Active"


@pytest.mark.parametrize("name", BUCKETS)
def test_every_bucket_is_encrypted_private_and_kept(name: str) -> None:
    (rule,) = BUCKETS[name]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"]
    assert set(BUCKETS[name]["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(BUCKETS[name]["PublicAccessBlockConfiguration"]) == 4
    assert RESOURCES[name]["DeletionPolicy"] == RESOURCES[name]["UpdateReplacePolicy"] == "Retain"
    parts = [rule for rule in BUCKETS[name]["LifecycleConfiguration"]["Rules"] if "Prefix" not in rule]
    assert any("AbortIncompleteMultipartUpload" in rule for rule in parts)


@pytest.mark.parametrize("name", BUCKETS)
def test_every_bucket_takes_tls_only(name: str) -> None:
    (policy,) = (one for one in of_type("AWS::S3::BucketPolicy").values() if one["Bucket"] == {"Ref": name})
    (deny,) = (one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Deny")
    assert (deny["Principal"], deny["Action"]) == ("*", "s3:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(deny["Resource"]) == 2


def test_every_kind_of_key_is_forgotten_one_day() -> None:
    rules = {rule["Prefix"] for rule in BUCKETS["Bucket"]["LifecycleConfiguration"]["Rules"] if "Prefix" in rule}
    told = set(re.findall(r"^(?:[\w-]+/)|(?<=, )[\w-]+/", inspect.getdoc(bucket) or "", re.MULTILINE))
    made = {
        function(*("a" for name in inspect.signature(function).parameters.values() if name.default is name.empty))
        for name, function in vars(bucket).items()
        if name in ("incoming_key", "original_key", "document_key", "export_key", "chat_index_key")
    }
    assert {f"{key.split('/')[0]}/" for key in made} <= rules
    assert told == rules


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_paid_by_use_kept_restorable_and_forgets(name: str) -> None:
    table = TABLES[name]
    assert RESOURCES[name]["DeletionPolicy"] == RESOURCES[name]["UpdateReplacePolicy"] == "Retain"
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert "SSESpecification" not in table, "a key that AWS owns is free; KMS charges requests to any other"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


@pytest.mark.parametrize("name", QUEUES)
def test_every_queue_is_encrypted_and_loses_nothing(name: str) -> None:
    queue = QUEUES[name]
    assert queue["SqsManagedSseEnabled"] is True
    if "RedrivePolicy" in queue:
        (target, _) = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"]
        assert target in QUEUES
        assert queue["RedrivePolicy"]["maxReceiveCount"] >= RECEIVES_ADVISED
        assert queue["MessageRetentionPeriod"] > LONGEST_TOKEN_S, "what has a token waits as long as it lives"
    else:
        targets = [
            other["RedrivePolicy"]["deadLetterTargetArn"] for other in QUEUES.values() if "RedrivePolicy" in other
        ]
        schedules = [
            event["Properties"]["DeadLetterConfig"]["Arn"]
            for function in FUNCTIONS.values()
            for event in function.get("Events", {}).values()
            if event["Type"] == "ScheduleV2"
        ]
        assert {"Fn::GetAtt": [name, "Arn"]} in (*targets, *schedules)  # it is where others' messages end
        # A message keeps its age when it is moved: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/
        # SQSDeveloperGuide/sqs-dead-letter-queues.html
        assert (
            queue["MessageRetentionPeriod"]
            == 14 * 24 * 3600
            > max(other["MessageRetentionPeriod"] for other in QUEUES.values() if "RedrivePolicy" in other)
        )


@pytest.mark.parametrize("name", SOURCES)
def test_a_message_is_seen_again_only_after_its_function_must_have_ended(name: str) -> None:
    source = SOURCES[name]
    queue = QUEUES[source["EventSourceArn"]["Fn::GetAtt"][0]]
    timeout = FUNCTIONS[source["FunctionName"]["Ref"]].get("Timeout", TEMPLATE["Globals"]["Function"]["Timeout"])
    assert queue["VisibilityTimeout"] >= timeout + 30
    assert source["BatchSize"] == 1
    assert "MaximumConcurrency" in source["ScalingConfig"]


@pytest.mark.parametrize("name", SOURCES)
def test_a_function_may_take_the_messages_of_its_queues_and_of_no_others(name: str) -> None:
    source = SOURCES[name]
    function = source["FunctionName"]["Ref"]
    taken = {
        queue
        for statement in statements(FUNCTIONS[function]["Policies"])
        if "sqs:ReceiveMessage" in as_list(statement["Action"])
        for queue in refs(statement["Resource"])
    }
    assert taken == {
        other["EventSourceArn"]["Fn::GetAtt"][0]
        for other in SOURCES.values()
        if other["FunctionName"]["Ref"] == function
    }
    assert RESOURCES[name].get("Condition") == RESOURCES[function].get("Condition")


@pytest.mark.parametrize("name", HTTP)
def test_what_answers_http_ends_before_the_gateway_does(name: str) -> None:
    timeout = FUNCTIONS[name].get("Timeout", TEMPLATE["Globals"]["Function"]["Timeout"])
    integration = RESOURCES[name.replace("Function", "Integration")]["Properties"]["TimeoutInMillis"]
    (api,) = (one for one in RESOURCES["Edge"]["Properties"]["DistributionConfig"]["Origins"] if one["Id"] == "api")
    assert timeout * 1000 < integration < api["CustomOriginConfig"]["OriginReadTimeout"] * 1000


def test_every_log_is_forgotten_one_day() -> None:
    for group in of_type("AWS::Logs::LogGroup").values():
        assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert TEMPLATE["Globals"]["Function"]["LoggingConfig"]["LogGroup"] == {"Ref": "Logs"}


def test_a_person_is_asked_for_every_parameter_in_some_order() -> None:
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    asked = [name for group in groups for name in group["Parameters"]]
    assert len(asked) == len(set(asked))
    assert set(asked) == set(TEMPLATE["Parameters"])


def test_every_parameter_says_what_it_is_for_and_can_be_left_as_it_is() -> None:
    for name, parameter in TEMPLATE["Parameters"].items():
        assert "Default" in parameter, name
        assert parameter.get("Description") or name in ("LogLevel", "LogRetentionDays"), name


@pytest.mark.parametrize("kind", NAMES)
def test_a_stack_with_the_longest_name_has_names_that_aws_takes(kind: str) -> None:
    most, place = NAMES[kind]
    stack = {"${AWS::StackName}": "s" * MOST_LETTERS, "${AWS::Region}": LONGEST_REGION}
    for resource in of_type(kind).values():
        for part in place.split("."):
            resource = resource[part]
        name = resource.get("Fn::Sub") or "${" + resource["Ref"] + "}"
        for variable, value in stack.items():
            name = name.replace(variable, value)
        assert "$" not in name
        assert len(name) <= most
    assert f"at most {MOST_LETTERS} characters" in TEMPLATE["Description"]


def test_what_is_owed_is_deleted_by_nobody_in_passing() -> None:
    assert TABLES["BalancesTable"]["DeletionProtectionEnabled"] is True


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_names_the_rows_of_jobs_and_money_that_it_asks_for(name: str) -> None:
    """In every statement about one of these tables itself; an index has rows of its own."""
    for statement in statements(FUNCTIONS[name].get("Policies", [])):
        if statement["Resource"] in [{"Fn::GetAtt": [table, "Arn"]} for table in ("JobsTable", "BalancesTable")]:
            assert statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"], statement
