"""What `sam deploy` is told."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.unit.infra.deployed import RESOURCES, TEMPLATE, of_type

CONFIG = tomllib.loads((Path(__file__).parents[3] / "samconfig.toml").read_text())


@pytest.mark.parametrize("stage", ["default", "prod"])
def test_every_parameter_that_is_set_is_one_and_takes_the_value(stage: str) -> None:
    for setting in CONFIG[stage]["deploy"]["parameters"]["parameter_overrides"].split():
        name, _, value = setting.partition("=")
        parameter = TEMPLATE["Parameters"][name]
        assert value in map(str, parameter.get("AllowedValues", [value]))
        assert parameter["Type"] != "Number" or int(value) >= parameter.get("MinValue", 0)


NEW_ACCOUNT = 10
"""Concurrent executions that Lambda gives an account at first:
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def test_the_stage_to_try_things_on_leaves_a_new_account_room_for_requests() -> None:
    """Without a model, whose queues nothing polls then; dead letters are rare."""
    text = CONFIG["default"]["deploy"]["parameters"]["parameter_overrides"]
    given = dict(setting.split("=") for setting in text.split())
    at_once = [
        int(given[source["ScalingConfig"]["MaximumConcurrency"]["Ref"]])
        for name, source in of_type("AWS::Lambda::EventSourceMapping").items()
        if "FunctionResponseTypes" in source and "Condition" not in RESOURCES[name]
    ]
    assert len(at_once) == 4
    assert sum(at_once) < NEW_ACCOUNT


def test_the_two_stages_are_two_stacks() -> None:
    names = [CONFIG[stage]["global"]["parameters"]["stack_name"] for stage in ("default", "prod")]
    assert len(set(names)) == 2
