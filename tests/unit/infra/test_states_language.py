"""The state machine is one that Step Functions takes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.infra.deployed import MACHINE, RESOURCES
from tests.unit.infra.states_language import faults

Machine = dict[str, Any]
SUBSTITUTIONS = dict.fromkeys(
    RESOURCES["Pages"]["Properties"]["DefinitionSubstitutions"], "arn:aws:lambda:us-east-1:123456789012:function:a"
)


def test_the_state_machine_is_sound() -> None:
    assert faults(MACHINE, SUBSTITUTIONS) == []


def no_such_start(machine: Machine) -> None:
    machine["StartAt"] = "Nowhere"


def no_such_choice(machine: Machine) -> None:
    machine["States"]["Tier"]["Choices"][0]["Next"] = "Nowhere"


def no_such_state_in_a_map(machine: Machine) -> None:
    machine["States"]["ReadByModel"]["ItemProcessor"]["States"]["Prepare"]["Next"] = "Nowhere"


def nobody_comes_here(machine: Machine) -> None:
    machine["States"]["Lonely"] = {"Type": "Pass", "End": True}


def no_end(machine: Machine) -> None:
    del machine["States"]["Join"]["End"]


def no_such_type(machine: Machine) -> None:
    machine["States"]["Line"]["Type"] = "Choise"


def no_such_field(machine: Machine) -> None:
    machine["States"]["Read"]["ItemProcessor"]["States"]["Batch"]["TimeOutSeconds"] = 60


def no_such_field_of_a_retry(machine: Machine) -> None:
    machine["States"]["Split"]["Retry"][0]["MaxAttempt"] = 2


def no_such_error(machine: Machine) -> None:
    machine["States"]["Split"]["Retry"][0]["ErrorEquals"] = ["Lambda.Exception"]


def an_error_of_another_service(machine: Machine) -> None:
    machine["States"]["Split"]["Retry"][0]["ErrorEquals"] = ["SQS.SdkClientException"]


def all_errors_are_caught_before_some(machine: Machine) -> None:
    machine["States"]["Split"]["Catch"].append({"ErrorEquals": ["States.Timeout"], "Next": "JoinBroken"})


@pytest.mark.parametrize(
    "spoil",
    [
        no_such_start,
        no_such_choice,
        no_such_state_in_a_map,
        nobody_comes_here,
        no_end,
        no_such_type,
        no_such_field,
        no_such_field_of_a_retry,
        no_such_error,
        an_error_of_another_service,
        all_errors_are_caught_before_some,
    ],
)
def test_an_unsound_one_is_noticed(spoil: Callable[[Machine], None]) -> None:
    machine = copy.deepcopy(MACHINE)
    spoil(machine)
    assert faults(machine, SUBSTITUTIONS)
