"""What the template says of what costs: memory, architecture, batches, schedules, queues, alarms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from infra.local.package import INFRA, load_template

RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
MINUTES = {"minute": 1, "hour": 60, "day": 1440}
FREE_STORAGE_MB = 512
"""Of a function's ephemeral storage."""


@dataclass(frozen=True, slots=True)
class Function:
    """Memory and ephemeral storage in MB. `has_snapshot`: without any parameter set."""

    name: str
    memory: int
    storage: int
    architecture: str
    has_snapshot: bool


class Template:
    def __init__(self, template: Mapping[str, Any] | None = None, asl: Mapping[str, Any] | None = None) -> None:
        self._template = template or load_template()
        self._asl = asl or yaml.safe_load(Path(INFRA, "pages.asl.yaml").read_text())

    def parameter(self, name: str) -> Any:
        return self._template["Parameters"][name]["Default"]

    @cached_property
    def functions(self) -> dict[str, Function]:
        """By their resource's name without `Function`."""
        return {
            name.removesuffix("Function"): self._function(name, resource)
            for name, resource in self._template["Resources"].items()
            if resource["Type"] == "AWS::Serverless::Function"
        }

    def count(self, kind: str) -> int:
        """Resources of this type that there are without any parameter set."""
        return sum(resource["Type"] == kind and "Condition" not in resource for resource in self._resources)

    @property
    def is_traced(self) -> bool:
        return bool(self._template["Globals"]["Function"].get("Tracing") == "Active")

    @property
    def polled_queues(self) -> int:
        """Event source mappings of queues, without a model."""
        return self.count("AWS::Lambda::EventSourceMapping")

    @property
    def runs_a_minute(self) -> dict[str, float]:
        """By the functions that EventBridge Scheduler runs."""
        return {
            name.removesuffix("Function"): _a_minute(event["Properties"]["ScheduleExpression"])
            for name, resource in self._template["Resources"].items()
            for event in resource.get("Properties", {}).get("Events", {}).values()
            if event["Type"].startswith("Schedule")
        }

    @property
    def metrics_of_alarms(self) -> int:
        """Those that an alarm computes with count each."""
        alarms = [one["Properties"] for one in self._resources if one["Type"] == "AWS::CloudWatch::Alarm"]
        return sum(sum("MetricStat" in one for one in alarm.get("Metrics", [])) or 1 for alarm in alarms)

    def transitions(self, tier: str, batches: int, queue: str = "standard") -> int:
        """States that an execution without a fault enters; those in a Map once for each batch."""
        given = {"$.tier": tier, "$.queue": queue}
        return self._entered(self._asl, given, batches)

    def map_at_once(self) -> int:
        """Batches of one job that are read at the same time, at most."""
        return int(self._asl["States"]["Read"]["MaxConcurrency"])

    def throttle(self) -> tuple[int, int]:
        """Requests a second, and at once, that the stage of the API lets through."""
        (stage,) = (one for one in self._resources if one["Type"] == "AWS::ApiGatewayV2::Stage")
        settings = stage["Properties"]["DefaultRouteSettings"]
        return self._value(settings["ThrottlingRateLimit"]), self._value(settings["ThrottlingBurstLimit"])

    def _entered(self, machine: Mapping[str, Any], given: Mapping[str, str], batches: int) -> int:
        entered, name = 0, machine["StartAt"]
        while name is not None:
            state = machine["States"][name]
            entered += 1
            if state["Type"] == "Map":
                entered += batches * self._entered(state["ItemProcessor"], given, batches)
            name = _chosen(state, given) if state["Type"] == "Choice" else state.get("Next")
        return entered

    @property
    def _resources(self) -> list[dict[str, Any]]:
        return list(self._template["Resources"].values())

    def _function(self, name: str, resource: Mapping[str, Any]) -> Function:
        properties = self._template["Globals"]["Function"] | resource["Properties"]
        storage = properties.get("EphemeralStorage", {}).get("Size", FREE_STORAGE_MB)
        is_always = "Condition" not in resource
        snapshot = is_always and self._text(properties.get("SnapStart", {}).get("ApplyOn")) == "PublishedVersions"
        return Function(name, self._value(properties["MemorySize"]), storage, properties["Architectures"][0], snapshot)

    def _value(self, value: Any) -> int:
        return int(self._text(value))

    def _text(self, value: Any) -> Any:
        return self.parameter(value["Ref"]) if isinstance(value, dict) else value


def _a_minute(rate: str) -> float:
    """Of an expression such as `rate(5 minutes)`."""
    match = RATE.fullmatch(rate)
    if match is None:
        raise ValueError(f"{rate} is no rate")
    return 1 / (int(match[1]) * MINUTES[match[2]])


def _chosen(state: Mapping[str, Any], given: Mapping[str, str]) -> str:
    chosen: str = next(
        (choice["Next"] for choice in state["Choices"] if given.get(choice["Variable"]) == choice["StringEquals"]),
        state["Default"],
    )
    return chosen
