"""What is wrong with a state machine, as Step Functions would say when it is deployed. The emulator takes anything.

cfn-lint knows the fields of states. Where they lead to, and the names of errors, are looked at here:
https://states-language.net/spec.html and https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cfnlint.api import lint
from cfnlint.config import ManualArgs

RESERVED = frozenset(
    "States." + name
    for name in (
        "ALL", "DataLimitExceeded", "ExceedToleratedFailureThreshold", "HeartbeatTimeout", "IntrinsicFailure",
        "ItemReaderFailed", "NoChoiceMatched", "ParameterPathFailure", "Permissions", "ResultPathMatchFailure",
        "ResultWriterFailed", "Runtime", "TaskFailed", "Timeout",
    )
)  # fmt: skip

OF_SERVICES = {
    "arn:aws:states:::lambda:invoke": frozenset(
        "Lambda." + name
        for name in ("ServiceException", "AWSLambdaException", "SdkClientException", "TooManyRequestsException")
    ),
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken": frozenset(
        {"SQS.SdkClientException", "SQS.AmazonSQSException"}
    ),
}
"""What a task may fail with besides: names that no service gives would never match."""

RETRIER = frozenset(
    {"ErrorEquals", "IntervalSeconds", "BackoffRate", "MaxAttempts", "MaxDelaySeconds", "JitterStrategy"}
)
CATCHER = frozenset({"ErrorEquals", "ResultPath", "Next", "Comment"})


def faults(machine: dict[str, Any], substitutions: dict[str, str]) -> list[str]:
    """`substitutions`: what `${name}` in it becomes."""
    return [*_of_fields(machine, substitutions), *_of_graph(machine)]


def _of_fields(machine: dict[str, Any], substitutions: dict[str, str]) -> Iterator[str]:
    properties = {
        "RoleArn": "arn:aws:iam::123456789012:role/a",
        "Definition": machine,
        "DefinitionSubstitutions": substitutions,
    }
    template = {"Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}}
    for match in lint(json.dumps(template), config=ManualArgs(regions=["us-east-1"])):
        if match.rule.id.startswith("E"):
            yield match.message


def _of_graph(machine: dict[str, Any]) -> Iterator[str]:
    states = machine["States"]
    reached, waiting = set[str](), [machine["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        if name not in states:
            yield f"there is no state {name}"
            continue
        reached.add(name)
        waiting += _next(states[name])
    yield from (f"nothing leads to {name}" for name in states.keys() - reached)
    for name, state in states.items():
        if state["Type"] not in ("Choice", "Succeed", "Fail") and ("Next" in state) == ("End" in state):
            yield f"{name} has to have either Next or End"
        for field, allowed in (("Retry", RETRIER), ("Catch", CATCHER)):
            yield from (f"{name}, {field}: {fault}" for fault in _of_errors(state, field, allowed))
        if "ItemProcessor" in state:
            yield from _of_graph(state["ItemProcessor"])


def _next(state: dict[str, Any]) -> Iterator[str]:
    places = [state, *state.get("Choices", ()), *state.get("Catch", ())]
    yield from (place["Next"] for place in places if "Next" in place)
    if "Default" in state:
        yield state["Default"]


def _of_errors(state: dict[str, Any], field: str, allowed: frozenset[str]) -> Iterator[str]:
    entries = state.get(field, [])
    for number, entry in enumerate(entries):
        yield from (f"no field {name}" for name in entry.keys() - allowed)
        names = entry["ErrorEquals"]
        known = RESERVED | OF_SERVICES.get(state.get("Resource", ""), frozenset())
        yield from (f"no error {name}" for name in names if name not in known)
        if "States.ALL" in names and (len(names) > 1 or number < len(entries) - 1):
            yield "States.ALL stands alone, and last"
