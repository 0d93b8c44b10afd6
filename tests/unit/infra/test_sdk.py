"""The AWS SDK that a layer has, made small: its clients do what those of the whole one do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
import pytest

ROOT = Path(__file__).parents[3]
WIRING = (ROOT / "layers/core/ocrchat/wiring.py").read_text()
SERVICES = sorted(set(re.findall(r'_client\("(\w+)"', WIRING)))

DESCRIBE = """
import boto3, json
def described(service, region):
    client = boto3.client(service, region_name=region)
    model = client.meta.service_model
    return {
        "url": client.meta.endpoint_url,
        "signed as": model.signing_name,
        "operations": {
            name: [
                sorted(shape.members) if shape else []
                for shape in (model.operation_model(name).input_shape, model.operation_model(name).output_shape)
            ]
            for name in model.operation_names
        },
        "pages": sorted(name for name in client.meta.method_to_api_mapping if client.can_paginate(name)),
        "waiters": client.waiter_names,
    }
REGIONS = ("eu-central-1", "us-east-1", "cn-north-1", "us-gov-west-1")
print(json.dumps({f"{service} {region}": described(service, region) for service in %r for region in REGIONS}))
"""
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("sdk")
    whole = Path(botocore.__file__).parent
    shutil.copytree(whole, folder / "botocore", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, ROOT / "layers/sdk.py", folder], check=True)
    yield folder
    shutil.rmtree(folder)


def described(path: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", DESCRIBE % (SERVICES,)],
        env=ENVIRONMENT | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_it_has_every_service_that_a_function_has_a_client_of_and_no_other(trimmed: Path) -> None:
    assert sorted(path.name for path in (trimmed / "botocore/data").iterdir() if path.is_dir()) == SERVICES


def test_its_clients_are_those_of_the_whole_one(trimmed: Path) -> None:
    small, whole = described(os.fspath(trimmed)), described("")
    assert set(small) == set(whole)
    for name, client in whole.items():
        assert small[name] == client, name


def test_no_documentation_is_left(trimmed: Path) -> None:
    for path in (trimmed / "botocore/data").rglob("service-2.json"):
        assert '"documentation":"' not in path.read_text(), path
