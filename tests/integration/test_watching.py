"""Metrics of a running service, the stack of alarms on the embedded AWS, and what an operator sees of a job."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from infra.local.package import INFRA, load_template
from infra.local.service import Service
from ocrchat.metrics import METRICS, dimensions_of
from tests.data import make_files
from tests.integration.support import Api, logged

ROOT = Path(__file__).parents[2]
NAME = "watched"
WITHIN_S = 30


def operate(service: Service, *arguments: str) -> subprocess.CompletedProcess[str]:
    state = ("--state", str(service.stack.state))
    return subprocess.run(
        [sys.executable, "-m", "infra.operate", *arguments, *state],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_operator_sees_a_job_its_execution_and_its_objects_and_no_name(service: Service, api: Api) -> None:
    job = api.read(make_files.digital_pdf(2), "secret-name.pdf")
    seen = operate(service, "job", job["uuid"])
    assert (seen.returncode, seen.stderr) == (0, "")
    lines = seen.stdout.splitlines()
    assert lines[0] == f"Job {job['uuid']}: done, tier cpu, standard line, attempt 1"
    assert "Pages: 2, 2 answered, 0 of them with an error; 1 credits a page" in lines
    assert any(line.startswith(f"Execution {job['uuid']}-1: SUCCEEDED, 20") for line in lines)
    assert any(line.startswith(f"Objects under results/{job['uuid']}/: 3, ") for line in lines)
    assert service.stack.outputs["LogGroupName"] in lines[-1]
    assert "secret-name" not in seen.stdout


def test_looking_at_a_job_changes_nothing(service: Service, api: Api) -> None:
    job = api.read(make_files.digital_pdf(1))
    before = api.http.get(f"/api/v1/ocr/{job['uuid']}/").json()
    operate(service, "job", job["uuid"])
    assert api.http.get(f"/api/v1/ocr/{job['uuid']}/").json() == before


def test_of_a_job_that_there_is_not_an_operator_is_told_so(service: Service) -> None:
    seen = operate(service, "job", uuid4().hex)
    assert seen.returncode == 0
    assert "There is no job" in seen.stdout
    assert "No objects" in seen.stdout
    wrong = operate(service, "job", "nonsense")
    assert (wrong.returncode, wrong.stdout, wrong.stderr) == (1, "", "'nonsense' is no uuid of a job\n")


def metrics_in(log: str) -> Iterator[dict[str, Any]]:
    for line in log.splitlines():
        if '"_aws"' in line:
            yield json.loads(line[line.index("{") :])


def test_what_a_running_service_counts_stands_in_the_table(service: Service, api: Api) -> None:
    api.read(make_files.digital_pdf(1))
    assert api.http.get("/api/v1/nothing/").status_code == 404
    sent = set()
    for line in metrics_in(logged(service, "JobsDone", "PageRead")):
        for directive in line["_aws"]["CloudWatchMetrics"]:
            assert directive["Namespace"] == "ocrchat"
            (names,) = directive["Dimensions"]
            others = [line[name] for name in names if name != "service"]
            for metric in directive["Metrics"]:
                assert (line["service"], *others) in dimensions_of(METRICS[metric["Name"]]), metric
                assert metric["Unit"] == METRICS[metric["Name"]].unit
                sent.add((metric["Name"], line["service"], *others))
    assert {
        ("PageRead", "ocr_page", "cpu"),
        ("PageSeconds", "ocr_page", "cpu"),
        ("JobsDone", "join"),
        ("JobSeconds", "join"),
        ("JobsAccepted", "submit"),
        ("Problems", "submit", "route_not_found"),
    } <= sent


def parameters(service: Service) -> list[dict[str, str]]:
    """What the service's template would give the stack of alarms."""
    cloudformation = service.stack.client("cloudformation")
    stack = cloudformation.describe_stacks(StackName="ocrchat")["Stacks"][0]
    physical: dict[str, str] = {
        parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in stack["Parameters"]
    }
    physical["AWS::StackName"] = "ocrchat"
    for resource in cloudformation.describe_stack_resources(StackName="ocrchat")["StackResources"]:
        physical[resource["LogicalResourceId"]] = resource["PhysicalResourceId"]

    def value(given: Any) -> str:
        if "Fn::If" in given:
            return value(given["Fn::If"][1])
        if "Fn::GetAtt" in given:  # of a queue, whose physical id is its URL
            assert given["Fn::GetAtt"][1] == "QueueName"
            return physical[given["Fn::GetAtt"][0]].rsplit("/", 1)[1]
        return physical[given["Ref"]]

    passed = load_template()["Resources"]["Watched"]["Properties"]["Parameters"]
    return [{"ParameterKey": name, "ParameterValue": value(given)} for name, given in passed.items()]


def without_formulas(template: dict[str, Any]) -> dict[str, Any]:
    """The emulator's CloudFormation knows no alarm by a formula, and none of other alarms."""
    resources = template["Resources"]
    unknown = [
        name
        for name, body in resources.items()
        if body["Type"] == "AWS::CloudWatch::CompositeAlarm" or "Metrics" in body["Properties"]
    ]
    for name in unknown:
        del resources[name]
    body = resources["Dashboard"]["Properties"]["DashboardBody"]
    for name in unknown:
        body["Fn::Sub"] = body["Fn::Sub"].replace(f"${{{name}.Arn}}", f"arn:aws:cloudwatch:::alarm:{name}")
    return template


@pytest.fixture(scope="module")
def watched(service: Service) -> Iterator[dict[str, str]]:
    """The outputs of the stack of alarms."""
    cloudformation = service.stack.client("cloudformation")
    template = json.dumps(without_formulas(load_template(INFRA / "watching.yaml")))
    cloudformation.create_stack(StackName=NAME, TemplateBody=template, Parameters=parameters(service))
    deadline = time.monotonic() + WITHIN_S
    while (stack := cloudformation.describe_stacks(StackName=NAME)["Stacks"][0])["StackStatus"] == "CREATE_IN_PROGRESS":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    events = cloudformation.describe_stack_events(StackName=NAME)["StackEvents"]
    assert stack["StackStatus"] == "CREATE_COMPLETE", [event.get("ResourceStatusReason") for event in events]
    yield {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    cloudformation.delete_stack(StackName=NAME)


def test_the_dashboard_comes_up_with_the_names_of_this_service(service: Service, watched: dict[str, str]) -> None:
    found = service.stack.client("cloudwatch").get_dashboard(DashboardName="ocrchat")
    body = json.loads(found["DashboardBody"])
    assert len(body["widgets"]) > 10
    assert "${" not in found["DashboardBody"].replace("${PROP(", "")
    queue = service.stack.outputs["CpuQueueUrl"].rsplit("/", 1)[1]
    assert ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue, {"label": "cpu"}] in [
        metric for widget in body["widgets"] if widget["type"] == "metric" for metric in widget["properties"]["metrics"]
    ]


def test_an_alarm_reaches_who_has_subscribed_with_what_to_do(service: Service, watched: dict[str, str]) -> None:
    """From a count of the service's own to a message: by the names of namespace, metric and dimension."""
    client = service.stack.client
    queue = client("sqs").create_queue(QueueName="told")["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sender = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{**sender, "Resource": arn}]})
    client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    client("sns").subscribe(TopicArn=watched["AlarmsTopic"], Protocol="sqs", Endpoint=arn)
    dead = {"MetricName": "BatchesDead", "Dimensions": [{"Name": "service", "Value": "dead_letters"}], "Value": 1}
    client("cloudwatch").put_metric_data(Namespace="ocrchat", MetricData=[dead])
    deadline = time.monotonic() + WITHIN_S
    messages: list[dict[str, Any]] = []
    while not messages and time.monotonic() < deadline:
        messages = client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", [])
    (message,) = messages
    told = json.loads(json.loads(message["Body"])["Message"])
    assert (told["AlarmName"], told["NewStateValue"]) == ("ocrchat-BatchesDead", "ALARM")
    assert "docs/operations.md, BatchesDead" in told["AlarmDescription"]
