"""What `sam deploy` is told."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.unit.infra.deployed import TEMPLATE

CONFIG = tomllib.loads((Path(__file__).parents[3] / "samconfig.toml").read_text())


@pytest.mark.parametrize("stage", ["default", "prod"])
def test_every_parameter_that_is_set_is_one_and_takes_the_value(stage: str) -> None:
    for setting in CONFIG[stage]["deploy"]["parameters"]["parameter_overrides"].split():
        name, _, value = setting.partition("=")
        parameter = TEMPLATE["Parameters"][name]
        assert value in parameter.get("AllowedValues", [value])
        assert parameter["Type"] != "Number" or int(value) >= parameter.get("MinValue", 0)


def test_the_two_stages_are_two_stacks() -> None:
    names = [CONFIG[stage]["global"]["parameters"]["stack_name"] for stage in ("default", "prod")]
    assert len(set(names)) == 2
