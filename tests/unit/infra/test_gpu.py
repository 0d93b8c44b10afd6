"""The stack of models on GPUs, held against the service's own and against the code of the worker."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from infra.local.package import INFRA, load_template
from ocrchat.limits import LIMITS
from ocrchat.llm.settings import ModelSettings
from ocrchat.settings import Settings, WorkerSettings
from tests.unit.infra.deployed import GLOBALS
from tests.unit.infra.settings_read import variables_read_by
from vlm_page.lanes import Times
from vlm_page.task_protection import EXPIRES_MIN

TEMPLATE = load_template(INFRA / "gpu.yaml")
SERVICE = load_template()
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
SERVER, WORKER = RESOURCES["Task"]["Properties"]["ContainerDefinitions"]
ENVIRONMENT = {one["Name"]: one["Value"] for one in WORKER["Environment"]}
TIMES = Times()


def found(value: Any, key: str) -> Iterator[Any]:
    """What stands under this key, anywhere below."""
    if isinstance(value, dict):
        for name, below in value.items():
            if name == key:
                yield below
            yield from found(below, key)
    elif isinstance(value, list):
        for below in value:
            yield from found(below, key)


def test_what_the_service_exports_it_imports() -> None:
    imported = {one["Fn::Sub"] for one in found(TEMPLATE, "Fn::ImportValue")}
    exported = {output["Export"]["Name"]["Fn::Sub"] for output in SERVICE["Outputs"].values() if "Export" in output}
    assert {name.replace("${Service}", "${AWS::StackName}") for name in imported} == exported


def test_no_role_may_do_more_than_it_names() -> None:
    for document in found(RESOURCES, "PolicyDocument"):
        for statement in document["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert all("*" not in action for action in actions)
            assert statement["Resource"] != "*" or actions == ["ecr:GetAuthorizationToken"]


def test_only_the_workers_own_tasks_are_protected_by_it() -> None:
    (statement,) = RESOURCES["ProtectsItself"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Resource"]["Fn::Sub"].endswith(":task/${Cluster}/*")


def test_nobody_reaches_it() -> None:
    group = RESOURCES["SecurityGroup"]["Properties"]
    assert "SecurityGroupIngress" not in group
    assert [(rule["FromPort"], rule["ToPort"]) for rule in group["SecurityGroupEgress"]] == [(443, 443)]
    assert not [one for one in RESOURCES.values() if one["Type"] == "AWS::EC2::SecurityGroupIngress"]
    network = RESOURCES["Workers"]["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert network["AssignPublicIp"] == "DISABLED"
    assert "PortMappings" not in SERVER
    assert "PortMappings" not in WORKER


def test_the_numbers_of_stopping_nest() -> None:
    """Pages end or are left, then the container is killed; a spot instance is there for two minutes."""
    assert TIMES.drain_s < WORKER["StopTimeout"] <= 120


def test_the_numbers_of_keeping_a_message_nest() -> None:
    assert 3 * TIMES.beat_s <= TIMES.hidden_s
    for queue in ("VlmQueue", "VlmPriorityQueue"):
        assert SERVICE["Resources"][queue]["Properties"]["VisibilityTimeout"] > TIMES.hidden_s
    assert TIMES.page_s == SERVICE["Resources"]["VlmPageFunction"]["Properties"]["Timeout"]
    assert LIMITS.model_page_s + 60 <= TIMES.page_s
    assert 2 * TIMES.beat_s < EXPIRES_MIN * 60


def test_the_worker_waits_for_the_server_and_both_are_needed() -> None:
    assert WORKER["DependsOn"] == [{"ContainerName": SERVER["Name"], "Condition": "HEALTHY"}]
    assert SERVER["Essential"]
    assert WORKER["Essential"]
    health = SERVER["HealthCheck"]
    assert health["StartPeriod"] + health["Retries"] * health["Interval"] < SERVER["StartTimeout"]


def test_the_worker_asks_where_the_server_listens_and_by_its_name() -> None:
    text, given = SERVER["Command"]["Fn::Split"][1]["Fn::Sub"]
    arguments = text.split(",")
    host, port = (arguments[arguments.index(name) + 1] for name in ("--host", "--port"))
    assert ENVIRONMENT["MODEL_BASE_URL"] == f"http://{host}:{port}"
    assert f"http://{host}:{port}/health" in SERVER["HealthCheck"]["Command"][-1]
    assert arguments[arguments.index("--served-model-name") + 1] == "${Name}"
    assert given["Name"] == ENVIRONMENT["MODEL_NAME"]


def test_the_sign_of_life_that_is_looked_for_is_the_one_that_is_given() -> None:
    assert ENVIRONMENT["LIVENESS_FILE"] in WORKER["HealthCheck"]["Command"][-1]
    assert "-mmin -3" in WORKER["HealthCheck"]["Command"][-1]
    assert 2 * TIMES.beat_s < 3 * 60


def test_the_worker_is_given_all_that_the_function_is_and_what_it_needs_itself() -> None:
    function = variables_read_by(SERVICE["Resources"]["VlmPageFunction"]["Properties"]["Handler"])
    not_here = {"MODEL_KEY_SECRET", "MODEL_PRICES"}  # a server of one's own has neither
    assert function - not_here <= set(ENVIRONMENT)
    own = {"VLM_QUEUE_URLS", "PAGES_AT_ONCE", "LIVENESS_FILE", "AWS_DEFAULT_REGION"}
    of_powertools = {name for name in GLOBALS["Environment"]["Variables"] if name.startswith("POWERTOOLS_")}
    assert set(ENVIRONMENT) - function == own | of_powertools | {"POWERTOOLS_SERVICE_NAME"}
    as_text = {name: value if isinstance(value, str) else "7" for name, value in ENVIRONMENT.items()}
    as_text["MODEL_CAPABILITIES"] = ""
    settings = WorkerSettings.from_environment(as_text)
    assert (settings.queues, settings.pages_at_once, settings.liveness_file) == (("7",), 7, as_text["LIVENESS_FILE"])
    model = Settings.from_environment(as_text).model
    assert isinstance(model, ModelSettings)
    assert (model.provider, model.base_url) == ("compatible", ENVIRONMENT["MODEL_BASE_URL"])


def test_who_pays_goes_first() -> None:
    urls = [one["Fn::ImportValue"]["Fn::Sub"] for one in ENVIRONMENT["VLM_QUEUE_URLS"]["Fn::Join"][1]]
    assert urls == ["${Service}-VlmPriorityQueueUrl", "${Service}-VlmQueueUrl"]


@pytest.mark.parametrize(
    ("alarm", "policy", "metrics"),
    [
        ("PagesWait", "ScaleToPages", {"ApproximateNumberOfMessagesVisible"}),
        ("NoPages", "ScaleToZero", {"ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesNotVisible"}),
    ],
)
def test_an_alarm_counts_the_pages_of_both_queues(alarm: str, policy: str, metrics: set[str]) -> None:
    properties = RESOURCES[alarm]["Properties"]
    assert properties["AlarmActions"] == [{"Ref": policy}]
    asked = {
        (metric["MetricName"], dimension["Value"]["Fn::ImportValue"]["Fn::Sub"])
        for metric in found(properties, "Metric")
        for dimension in metric["Dimensions"]
    }
    queues = ("${Service}-VlmQueueName", "${Service}-VlmPriorityQueueName")
    assert asked == {(metric, queue) for metric in metrics for queue in queues}
    (expression,) = found(properties, "Expression")
    ids = [metric["Id"] for metric in properties["Metrics"] if "MetricStat" in metric]
    assert expression == " + ".join(f"FILL({name}, 0)" for name in ids)


def test_tasks_start_with_the_first_page_and_none_is_left_after_the_last() -> None:
    assert RESOURCES["Workers"]["Properties"]["DesiredCount"] == 0
    assert TEMPLATE["Parameters"]["MinTasks"]["Default"] == 0
    waits, none = RESOURCES["PagesWait"]["Properties"], RESOURCES["NoPages"]["Properties"]
    assert (waits["ComparisonOperator"], waits["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert (none["ComparisonOperator"], none["Threshold"]) == ("LessThanThreshold", 1)
    steps = RESOURCES["ScaleToPages"]["Properties"]["StepScalingPolicyConfiguration"]["StepAdjustments"]
    assert steps[0]["MetricIntervalLowerBound"] == 0
    for step, following in pairwise(steps):
        assert step["MetricIntervalUpperBound"] == following["MetricIntervalLowerBound"]
        assert step["ScalingAdjustment"] < following["ScalingAdjustment"]
    (last,) = RESOURCES["ScaleToZero"]["Properties"]["StepScalingPolicyConfiguration"]["StepAdjustments"]
    assert (last["MetricIntervalUpperBound"], last["ScalingAdjustment"]) == (0, 0)


def test_every_log_is_kept_for_a_while_only() -> None:
    assert RESOURCES["Logs"]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    for container in (SERVER, WORKER):
        assert container["LogConfiguration"]["Options"]["awslogs-group"] == {"Ref": "Logs"}
