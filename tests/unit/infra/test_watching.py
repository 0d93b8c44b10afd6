"""The dashboard and the alarms, held against the service's template, the table of metrics and the page on operations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.package import INFRA, load_template
from ocrchat.metrics import METRICS, dimensions_of
from ocrchat.page_worker import LONGEST_DELAY_S

TEMPLATE = load_template(INFRA / "watching.yaml")
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
SERVICE: dict[str, Any] = load_template()["Resources"]
PASSED: dict[str, Any] = SERVICE["Watched"]["Properties"]["Parameters"]
ALARMS = {name: body["Properties"] for name, body in RESOURCES.items() if body["Type"] == "AWS::CloudWatch::Alarm"}
COMPOSITES = {
    name: body["Properties"] for name, body in RESOURCES.items() if body["Type"] == "AWS::CloudWatch::CompositeAlarm"
}
EVERY = ALARMS | COMPOSITES
FUNCTIONS = {name for name, body in SERVICE.items() if body["Type"] == "AWS::Serverless::Function"}
QUEUES = {name for name, body in SERVICE.items() if body["Type"] == "AWS::SQS::Queue"}
DEAD_LETTERS = set(
    re.findall(
        r'"(?:deadLetterTargetArn|DeadLetterConfig)": (?:{"Arn": )?{"Fn::GetAtt": \["(\w+)"', json.dumps(SERVICE)
    )
)
SERVICES = {SERVICE[name]["Properties"]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] for name in FUNCTIONS}
OF_AWS = {
    "AWS/ApiGateway": {"ApiId"},
    "AWS/SQS": {"QueueName"},
    "AWS/Lambda": {"FunctionName"},
    "AWS/DynamoDB": {"TableName"},
    "AWS/States": {"StateMachineArn", "ServiceMetric"},
}
OPERATIONS = (Path(__file__).parents[3] / "docs" / "operations.md").read_text()

Metric = tuple[str, str, tuple[tuple[str, Any], ...]]
"""Namespace, name and dimensions."""


def substituted(text: str) -> str:
    """With names of parameters in the place of their values: `${Service}` is `Service`; `${!` is what `${` is for."""
    return re.sub(r"\$\{(\w+(?:::\w+|\.Arn)?)\}", r"\1", text).replace("${!", "${")


def metrics_of(alarm: dict[str, Any]) -> list[Metric]:
    queries = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one]
    return [
        (
            named(metric["Namespace"]),
            metric["MetricName"],
            tuple((one["Name"], named(one["Value"])) for one in metric.get("Dimensions", [])),
        )
        for metric in queries or [alarm]
    ]


def named(value: Any) -> Any:
    return value["Ref"] if isinstance(value, dict) else value


DASHBOARD = json.loads(substituted(RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]))
WIDGETS = [widget["properties"] for widget in DASHBOARD["widgets"] if widget["type"] == "metric"]


def rows() -> Iterator[list[Any]]:
    for widget in WIDGETS:
        for row in widget["metrics"]:
            yield [part for part in row if not isinstance(part, dict)]


def expressions() -> Iterator[str]:
    for widget in WIDGETS:
        for row in widget["metrics"]:
            yield from (part["expression"] for part in row if isinstance(part, dict) and "expression" in part)


SHOWN: list[Metric] = [(row[0], row[1], tuple(zip(row[2::2], row[3::2], strict=True))) for row in rows() if row]
SEARCHED = [re.findall(r'SEARCH\(\'\{"(\w+)",(\w+),(\w+)\} MetricName="(\w+)"', text) for text in expressions()]


def assert_exists(metric: Metric) -> None:
    """By what is sent by the code or, as far as dimensions go, by AWS."""
    namespace, name, dimensions = metric
    if namespace == "Service":
        values = dict(dimensions)
        service = values.pop("service")
        assert (service, *values.values()) in dimensions_of(METRICS[name]), metric
        assert set(values) == ({METRICS[name].by} if METRICS[name].by else set()), metric
        assert service in SERVICES
        return
    assert {dimension for dimension, _ in dimensions} <= OF_AWS[namespace], metric
    for dimension, value in dimensions:
        assert value in PASSED or (dimension, value) == ("ServiceMetric", "StateTransition"), metric


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_looks_at_metrics_that_there_are(name: str) -> None:
    for metric in metrics_of(ALARMS[name]):
        assert_exists(metric)


@pytest.mark.parametrize("metric", SHOWN, ids=lambda metric: f"{metric[1]}-{'-'.join(str(v) for _, v in metric[2])}")
def test_the_dashboard_shows_metrics_that_there_are(metric: Metric) -> None:
    assert_exists(metric)


def test_every_metric_that_is_counted_is_on_the_dashboard() -> None:
    """It has a price."""
    shown = {(name, *(value for _, value in dimensions)) for space, name, dimensions in SHOWN if space == "Service"}
    searched = {name for found in SEARCHED for _, _, _, name in found}
    for metric in METRICS.values():
        if metric.by == "code":
            assert metric.name in searched
        else:
            assert {(metric.name, *values) for values in dimensions_of(metric)} <= shown


def test_what_the_dashboard_searches_for_is_what_is_sent() -> None:
    found = [one for some in SEARCHED for one in some]
    assert len(found) == sum("SEARCH" in text for text in expressions()) == 2
    for namespace, first, second, name in found:
        assert namespace == "Service"
        assert {first, second} == {"service", METRICS[name].by}


def test_the_dashboard_shows_each_function_queue_and_table() -> None:
    shown = {(name, dict(dimensions).get(kind)) for _, name, dimensions in SHOWN for kind in dict(dimensions)}
    assert {name for metric, name in shown if metric == "Errors"} == FUNCTIONS
    assert {name for metric, name in shown if metric == "ApproximateNumberOfMessagesVisible"} == QUEUES
    assert {name for metric, name in shown if metric == "ApproximateAgeOfOldestMessage"} == QUEUES - DEAD_LETTERS
    tables = {name for name, body in SERVICE.items() if body["Type"] == "AWS::DynamoDB::Table"}
    for metric in ("ReadThrottleEvents", "WriteThrottleEvents"):
        assert {name for one, name in shown if one == metric} == tables


def test_widgets_fill_their_lines_and_formulas_name_what_is_there() -> None:
    width = 0
    for widget in DASHBOARD["widgets"]:
        width += widget["width"]
        assert width <= 24
        width %= 24
    assert width == 0
    for widget in WIDGETS:
        ids = {part["id"] for row in widget["metrics"] for part in row if isinstance(part, dict) and "id" in part}
        for row in widget["metrics"]:
            for part in row:
                if isinstance(part, dict) and "expression" in part and "SEARCH" not in part["expression"]:
                    used = set(re.findall(r"\b[a-z]\w*\b", part["expression"]))
                    assert used <= ids, part["expression"]


def test_the_price_of_reading_counts_the_memory_that_the_reader_has() -> None:
    (text,) = [text for text in expressions() if "GbSecondUsd" in text]
    memory = SERVICE["OcrPageFunction"]["Properties"]["MemorySize"]
    assert f"{memory} / 1024" in text


def test_every_alarm_is_on_the_dashboard_but_those_that_another_speaks_for() -> None:
    (widget,) = [widget for widget in DASHBOARD["widgets"] if widget["type"] == "alarm"]
    assert {arn.removesuffix(".Arn") for arn in widget["properties"]["alarms"]} == set(EVERY) - spoken_for()


def spoken_for() -> set[str]:
    rules = "".join(body["AlarmRule"]["Fn::Sub"] for body in COMPOSITES.values())
    return set(re.findall(r'ALARM\("\$\{(\w+)\}"\)', rules))


@pytest.mark.parametrize("name", EVERY)
def test_an_alarm_reaches_people_and_says_what_to_do_and_where_that_is_told(name: str) -> None:
    alarm = EVERY[name]
    assert alarm["AlarmName"] == {"Fn::Sub": f"${{Service}}-{name}"}
    assert ("AlarmActions" in alarm) != (name in spoken_for())
    if "AlarmActions" in alarm:
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]
    assert alarm.get("OKActions", [{"Ref": "Alarms"}]) == [{"Ref": "Alarms"}]
    text = alarm["AlarmDescription"]
    text = text["Fn::Sub"] if isinstance(text, dict) else text
    (section,) = re.findall(r"docs/operations\.md, (\w+)\)", text)
    assert len(text) <= 1024
    told = OPERATIONS.split(f"\n### {section}\n")[1].split("\n### ")[0]
    assert name == section or f"`{name}`" in told
    assert len(told) > 200


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_one_that_cloudwatch_takes(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["TreatMissingData"] == ("breaching" if name.endswith("Away") else "notBreaching")
    if "Metrics" not in alarm:
        assert {"Namespace", "MetricName", "Statistic", "Period"} <= set(alarm)
        periods = {alarm["Period"]}
    else:
        assert not {"Namespace", "MetricName", "Statistic", "Period"} & set(alarm)
        returned = [one["Id"] for one in alarm["Metrics"] if one.get("ReturnData", True)]
        assert len(returned) == 1
        ids = {one["Id"] for one in alarm["Metrics"]}
        assert len(ids) == len(alarm["Metrics"]) <= 10
        for one in alarm["Metrics"]:
            assert set(re.findall(r"\b[a-z]\w*\b", one.get("Expression", ""))) <= ids
        periods = {one["MetricStat"]["Period"] for one in alarm["Metrics"] if "MetricStat" in one}
    (period,) = periods
    assert period % 60 == 0
    assert period * alarm["EvaluationPeriods"] <= 86400


@pytest.mark.parametrize("queue", sorted(DEAD_LETTERS))
def test_each_queue_of_dead_letters_has_an_alarm(queue: str) -> None:
    looking = [alarm for alarm in ALARMS.values() if ("QueueName", queue) in metrics_of(alarm)[0][2]]
    assert [alarm["MetricName"] for alarm in looking] == ["ApproximateNumberOfMessagesVisible"]


@pytest.mark.parametrize("queue", sorted(QUEUES - DEAD_LETTERS))
def test_each_other_queue_has_one_for_what_waits_too_long(queue: str) -> None:
    (name,) = [name for name, alarm in ALARMS.items() if ("QueueName", queue) in metrics_of(alarm)[0][2]]
    assert ALARMS[name]["MetricName"] == "ApproximateAgeOfOldestMessage"
    assert name in spoken_for()
    if queue.startswith("Vlm"):  # a page that waits for a busy model is not late
        assert ALARMS[name]["Threshold"] > 1.25 * LONGEST_DELAY_S


def test_each_function_with_a_schedule_has_an_alarm_for_silence() -> None:
    scheduled = {
        name
        for name in FUNCTIONS
        for event in SERVICE[name]["Properties"].get("Events", {}).values()
        if event["Type"].startswith("Schedule")
    }
    watched = {
        value
        for alarm in ALARMS.values()
        if alarm["TreatMissingData"] == "breaching"
        for _, _, dimensions in metrics_of(alarm)
        for _, value in dimensions
    }
    assert watched == scheduled


def test_the_service_passes_what_it_is_watched_by() -> None:
    assert set(PASSED) == set(TEMPLATE["Parameters"])
    for name, value in PASSED.items():
        resource = value["Fn::If"][1] if "Fn::If" in value else value
        target = resource.get("Ref") or resource["Fn::GetAtt"][0]
        renamed = {"Service": "AWS::StackName", "ApiId": "HttpApi", "StateMachine": "Pages"}
        assert target == renamed.get(name, name)
        if name in QUEUES:
            assert resource == {"Fn::GetAtt": [name, "QueueName"]}


def test_the_service_sends_metrics_to_where_they_are_looked_for() -> None:
    for template in (load_template(), load_template(INFRA / "gpu.yaml")):
        text = json.dumps(template)
        assert "POWERTOOLS_METRICS_NAMESPACE" in text
    given = load_template()["Globals"]["Function"]["Environment"]["Variables"]
    assert given["POWERTOOLS_METRICS_NAMESPACE"] == PASSED["Service"] == {"Ref": "AWS::StackName"}


def test_alarms_are_sent_encrypted_by_cloudwatch_alone() -> None:
    assert RESOURCES["Alarms"]["Properties"]["KmsMasterKeyId"] == {"Ref": "AlarmsKey"}
    key = RESOURCES["AlarmsKey"]["Properties"]
    assert key["EnableKeyRotation"]
    account, cloudwatch = key["KeyPolicy"]["Statement"]
    assert "AWS" in account["Principal"]
    assert cloudwatch["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    publish, tls = RESOURCES["AlarmsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    for statement in (cloudwatch, publish):
        assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert publish["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"].endswith(":alarm:${Service}-*")
    assert (tls["Effect"], tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_the_page_on_operations_says_what_alarms_cost() -> None:
    metrics = sum(len(metrics_of(alarm)) for alarm in ALARMS.values())
    usd = metrics * 0.10 + len(COMPOSITES) * 0.50
    assert f"alarms: {metrics} metrics and a composite one" in OPERATIONS
    assert f"| ${usd:.2f} |" in OPERATIONS
    assert len(COMPOSITES) == 1
