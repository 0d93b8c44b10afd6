"""The functions that answer HTTP: published as versions, started from snapshots."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.infra.deployed import FUNCTIONS, HTTP, RESOURCES, TEMPLATE, refs
from tests.unit.infra.test_layers import ENVIRONMENT

ROOT = Path(__file__).parents[3]

NOT_OF_A_VERSION = ("Policies", "ReservedConcurrentExecutions", "Description", "VersionDescription")
"""Properties that are no part of a published version, or tell of it."""


def test_a_new_value_of_anything_that_a_version_rests_on_publishes_another() -> None:
    """CloudFormation publishes a version where its description changes; Lambda does where the function changed, too."""
    given = dict(FUNCTIONS["SubmitFunction"]) | {"Environment": TEMPLATE["Globals"]}
    rests_on = set(refs(given["Environment"]))
    for name in HTTP:
        rests_on |= set(refs({key: value for key, value in FUNCTIONS[name].items() if key not in NOT_OF_A_VERSION}))
        number = {"Fn::Sub": "settings ${SettingsVersion.VersionNumber}"}
        assert FUNCTIONS[name]["Description"] == FUNCTIONS[name]["VersionDescription"] == number
    changing = {name for name in rests_on if name in TEMPLATE["Parameters"] or name.endswith("Layer")}
    content = RESOURCES["SettingsVersion"]["Properties"]["Content"]
    assert changing == set(refs(content))


@pytest.mark.parametrize("name", HTTP)
def test_a_function_is_one_that_lambda_takes_snapshots_of(name: str) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html: zip, Python 3.12 and later, 512 MB of disk, no EFS."""
    assert FUNCTIONS[name]["Runtime"] == "python3.13"
    assert FUNCTIONS[name]["SnapStart"] == {"ApplyOn": {"Ref": "SnapStart"}}
    assert not {"EphemeralStorage", "FileSystemConfigs", "PackageType"} & set(FUNCTIONS[name])
    assert FUNCTIONS[name]["VersionDeletionPolicy"] == "Delete"  # a snapshot that is kept costs money


SNAPSHOT = """
import socket, sys
def refuse(*_, **__): raise AssertionError("asked somebody before the snapshot")
socket.socket.connect = socket.getaddrinfo = refuse
import {module}
for function, arguments, named in __import__("snapshot_restore_py").get_before_snapshot():
    function(*arguments, **named)
before = set(sys.modules)
answer = {module}.http({event!r}, None)
late = sorted(name for name in set(sys.modules) - before if not name.startswith("encodings."))
print(answer["statusCode"], len(before), *late)
"""


@pytest.mark.parametrize("name", HTTP)
def test_a_snapshot_holds_all_code_that_a_request_needs_and_nothing_that_was_asked_for(name: str) -> None:
    module = FUNCTIONS[name]["Handler"].rpartition(".")[0]
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/nothing",
        "rawQueryString": "",
        "headers": {"host": "localhost"},
        "requestContext": {
            "http": {"method": "GET", "path": "/nothing", "sourceIp": "127.0.0.1", "protocol": "HTTP/1.1"},
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }
    path = os.pathsep.join([str(ROOT / "functions"), str(ROOT / "layers/core")])
    done = subprocess.run(
        [sys.executable, "-c", SNAPSHOT.format(module=module, event=event)],
        env=ENVIRONMENT | {"PYTHONPATH": path, "POWERTOOLS_LOG_LEVEL": "CRITICAL"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    status, _, *late = done.stdout.splitlines()[-1].split()
    assert status == "404"
    assert late == []
