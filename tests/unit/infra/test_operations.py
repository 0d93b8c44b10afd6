"""The commands of the page on operations name what there is: operations and options of AWS's interfaces, parameters,
resources and outputs of the template, targets of the Makefile, modules."""

from __future__ import annotations

import argparse
import importlib.util
import re
import shlex
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from infra import operate
from infra.local.package import load_template

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "operations.md").read_text()
TEMPLATE = load_template()
COMMANDS = [
    line.strip()
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
SESSION = botocore.session.get_session()
BY_THE_CLI = {("logs", "tail"): {"since", "filter-pattern"}, ("s3", "rm"): {"recursive"}}
"""Commands of the AWS CLI that are no operation of an interface."""

RENAMED = {"notification-endpoint": "endpoint"}
"""Options that the AWS CLI calls otherwise, since it has one of that name itself."""

ANYWHERE = {"query", "output", "cli-binary-format"}
SAM = {
    "build": {"config-env"},
    "deploy": {"config-env", "guided", "parameter-overrides"},
    "delete": {"stack-name"},
}


def calls(program: str) -> list[str]:
    """Each call of a program, up to the end of its command, or of the command that it stands in."""
    found = []
    for command in COMMANDS:
        text = re.sub(r"\s#.*", "", command)
        for match in re.finditer(rf"(?:^|[({{;]\s*|do )({program} .*)", text):
            depth, end = 0, len(match[1])
            for at, letter in enumerate(match[1]):
                depth += {"(": 1, ")": -1}.get(letter, 0)
                if depth < 0 or (letter == ";" and not depth):
                    end = at
                    break
            found.append(match[1][:end])
    return found


def words_of(call: str) -> list[str]:
    """Without what stands in `$( )`."""
    while "$(" in call:
        call = re.sub(r"\"?\$\([^()]*\)\"?", "VALUE", call)
    return shlex.split(call)


def options(words: list[str]) -> set[str]:
    return {word.removeprefix("--").split("=")[0] for word in words if word.startswith("--")}


def test_there_are_commands() -> None:
    assert len(calls("aws")) > 35
    assert len(calls("sam")) > 8


@pytest.mark.parametrize("call", calls("aws"))
def test_a_command_of_the_aws_cli_exists_with_its_options(call: str) -> None:
    _, service, command, *arguments = words_of(call)
    given = options(arguments) - ANYWHERE
    if (service, command) in BY_THE_CLI:
        assert given <= BY_THE_CLI[service, command]
        return
    model = SESSION.get_service_model("s3" if service == "s3api" else service)
    if command == "wait":
        waiters = SESSION.get_waiter_model(service)
        waiter = {xform_name(name, "-"): name for name in waiters.waiter_names}[arguments[0]]
        name = waiters.get_waiter(waiter).operation
    else:
        name = {xform_name(name, "-"): name for name in model.operation_names}[command]
    members = model.operation_model(name).input_shape
    assert members is not None
    known = {xform_name(member, "-") for member in members.members}
    assert {RENAMED.get(option, option).removeprefix("no-") for option in given} <= known
    if command != "wait":
        needed = {xform_name(member, "-") for member in members.required_members}
        assert needed <= {RENAMED.get(option, option) for option in given}


@pytest.mark.parametrize("call", calls("sam"))
def test_a_command_of_the_sam_cli_exists_and_names_parameters_of_the_template(call: str) -> None:
    _, command, *arguments = words_of(call)
    assert options(arguments) <= SAM[command]
    if "--config-env" in arguments:
        environment = arguments[arguments.index("--config-env") + 1]
        assert f"[{environment}.deploy.parameters]" in (ROOT / "samconfig.toml").read_text()
    names = {word.split("=")[0] for word in arguments if re.match(r"[A-Z]\w+=", word)}
    assert names <= set(TEMPLATE["Parameters"])


@pytest.mark.parametrize("call", calls("make"))
def test_a_target_of_the_makefile_exists_with_its_variables(call: str) -> None:
    _, target, *arguments = words_of(call)
    (body,) = re.findall(rf"^{target}:.*\n(?:\t.*\n)+", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for argument in arguments:
        assert f"$({argument.split('=')[0]})" in body


@pytest.mark.parametrize("call", calls("python"))
def test_a_module_exists_and_takes_these_arguments(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = words_of(call)
    assert words[:2] == ["python", "-m"]
    assert importlib.util.find_spec(words[2]) is not None
    assert words[2] == "infra.operate"
    monkeypatch.setattr("sys.argv", words[2:])
    assert isinstance(operate._arguments(), argparse.Namespace)


def test_outputs_and_resources_that_are_asked_for_exist() -> None:
    asked = set(re.findall(r"\$\(output (\w+)\)", PAGE))
    assert asked
    assert asked <= set(TEMPLATE["Outputs"])
    resources = set(re.findall(r"\$\(resource (\w+)\)", PAGE))
    for names in re.findall(r"for name in ([\w ]+);", PAGE):
        resources |= set(names.split())
    assert resources <= set(TEMPLATE["Resources"])


def test_parameters_that_are_named_in_text_exist() -> None:
    named = set(re.findall(r"`([A-Z]\w+)=", PAGE)) | {
        "AlarmEmail",
        "MailFrom",
        "ModelUsdPerDay",
        "CpuPriorityConcurrency",
    }
    assert named <= set(TEMPLATE["Parameters"])


def test_every_section_that_is_referred_to_exists() -> None:
    def anchor(title: str) -> str:
        return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")

    for file, target in re.findall(r"\]\(([\w./-]*)#([\w-]+)\)", PAGE):
        text = (ROOT / "docs" / file).read_text() if file else PAGE
        assert target in {anchor(title) for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}, target
    for file in re.findall(r"\]\(([\w./-]+\.md)", PAGE):
        assert (ROOT / "docs" / file).exists()


def test_every_path_that_is_named_exists() -> None:
    for path in re.findall(r"`((?:infra|tests|ocrchat|docs)/[\w./]+\.\w+)`", PAGE):
        assert (ROOT / path).exists() or (ROOT / "layers/core" / path).exists(), path


def test_nothing_is_claimed_to_have_run_on_aws() -> None:
    assert "Nothing of this was tried on a real account" in PAGE
