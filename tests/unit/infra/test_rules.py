"""Parameters that are impossible together are refused before anything is changed, by the embedded AWS's own reading of the
template's rules."""

from __future__ import annotations

import pytest
from ministack.services.cloudformation import engine

from tests.unit.infra.deployed import TEMPLATE


def check(**given: str) -> None:
    """Raises ValueError."""
    values = {name: {"Value": parameter["Default"]} for name, parameter in TEMPLATE["Parameters"].items()}
    engine._evaluate_rules(TEMPLATE, values | {name: {"Value": value} for name, value in given.items()}, {})


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"DomainName": "ocr.example.com"}, "CertificateArn"),
        ({"CertificateArn": "arn:aws:acm:us-east-1:1:certificate/a"}, "DomainName"),
        ({"ModelName": "claude-sonnet-5-5"}, "ModelKeySecret"),
        ({"ChatModelName": "claude-sonnet-5-5"}, "ModelKeySecret"),
        ({"ChatModelName": "claude-sonnet-5-5", "ModelWorkers": "container"}, "ModelKeySecret"),
        ({"ModelName": "ours", "ModelProvider": "compatible"}, "ModelBaseUrl"),
        ({"ChatModelName": "ours", "ModelProvider": "compatible"}, "ModelBaseUrl"),
    ],
)
def test_a_parameter_that_another_one_needs_is_asked_for(given: dict[str, str], missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        check(**given)
    check(**given, **{missing: "given"})


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"ModelProvider": "compatible"},  # which nobody asks
        {"ModelName": "ours", "ModelWorkers": "container"},  # it asks a server beside it: docs/vlm.md
        {"ModelName": "us.anthropic.claude-sonnet-5-5", "ModelProvider": "bedrock"},
        {
            "ModelName": "ours",
            "ModelProvider": "compatible",
            "ModelBaseUrl": "https://models.example.com",
        },  # without a key
    ],
)
def test_what_needs_nothing_else_is_taken(given: dict[str, str]) -> None:
    check(**given)
