"""`make serve MODEL=… WORKER=process`: the tier vlm of one machine, asked by a worker in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pymupdf
import pytest

from infra.local.model import KEY_SECRET, LocalModel
from infra.local.service import Service
from infra.local.stack import REGION, StartFailed
from infra.local.worker import credentials
from tests.integration.support import ROOMY, Api, logged, new_token, served_by
from tests.integration.test_launcher import free_port, launcher, read_until
from tests.integration.test_roles import is_allowed
from tests.integration.worker_parts import until
from tests.model_server import MODELS, ModelServer

KEY = f"sk-{uuid4().hex}"  # that no other process on this machine has


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer(key=KEY) as running:
        yield running


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, server: ModelServer) -> Iterator[Service]:
    model = replace(served_by(server), key=KEY, workers="process")
    with Service(0, tmp_path_factory.mktemp("worker"), model=model, Plans=ROOMY) as running:
        yield running


@pytest.fixture
def account(served: Service) -> Iterator[Api]:
    with Api(served, new_token(served)) as client:
        yield client


def document(*pages: str) -> bytes:
    with pymupdf.open() as pdf:
        for text in pages:
            pdf.new_page().insert_text((72, 72), text)
        data: bytes = pdf.tobytes()
    return data


def environments() -> dict[str, str]:
    """Of all processes that can be seen."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found[folder.name] = (folder / "environ").read_text(errors="replace")
        except OSError:  # it has ended since
            continue
    return found


def commands() -> dict[int, str]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found[int(folder.name)] = (folder / "cmdline").read_text(errors="replace")
        except OSError:
            continue
    return found


def test_pages_are_read_by_the_worker_and_there_is_no_function(served: Service, account: Api) -> None:
    assert account.http.get("/healthz").json()["tiers"]["vlm"] == "live"
    job = account.read(document("one page", "two pages", "three pages"), tier="vlm")
    assert job["status"] == "done"
    assert [page["source"] for page in job["pages"]] == ["vlm"] * 3
    assert [page["text"] for page in job["pages"]] == ["one page", "two pages", "three pages"]
    functions = [one["FunctionName"] for one in served.stack.client("lambda").list_functions()["Functions"]]
    assert not [name for name in functions if "VlmPage" in name]


def test_a_worker_that_dies_is_started_again(served: Service, account: Api) -> None:
    assert served.worker is not None
    dead = served.worker.pid
    os.kill(dead, signal.SIGKILL)
    until(lambda: served.worker and served.worker.pid != dead, "another one is started")
    assert account.read(document("one page"), tier="vlm")["status"] == "done"


def test_when_all_behind_the_front_is_killed_and_started_again_the_worker_has_its_rights(
    served: Service, account: Api
) -> None:
    served.stack.save()  # the account, which snapshots may have missed
    served.kill()
    served.start()
    assert account.read(document("one page"), tier="vlm")["status"] == "done"


def test_the_key_is_in_the_embedded_secrets_manager_and_nowhere_else(served: Service, account: Api) -> None:
    assert account.read(document("one page"), tier="vlm")["status"] == "done"
    served.stack.save()
    assert served.worker is not None
    assert KEY not in logged(served) + served.worker.log.read_text()
    names = {
        path.name for path in served.stack.state.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()
    }
    assert names <= {"secretsmanager.json"}
    assert served.stack.state.stat().st_mode & 0o777 == 0o700
    assert not [pid for pid, environment in environments().items() if KEY in environment]


def test_the_worker_has_the_rights_of_its_role_alone(served: Service) -> None:
    lent = credentials(served.stack.state, served.stack.outputs["VlmWorkerRoleArn"])

    def client(name: str) -> Any:
        return boto3.client(
            name,
            endpoint_url=served.stack.aws_url,
            region_name=REGION,
            aws_access_key_id=lent["AccessKeyId"],
            aws_secret_access_key=lent["SecretAccessKey"],
            aws_session_token=lent["SessionToken"],
        )

    outputs, sqs, s3, dynamodb = served.stack.outputs, client("sqs"), client("s3"), client("dynamodb")
    queues = {
        name: outputs[name] for name in ("CpuQueueUrl", "VlmQueueUrl", "VlmPriorityQueueUrl", "VlmDeadLettersUrl")
    }
    taken = {name for name, url in queues.items() if is_allowed(sqs.receive_message, QueueUrl=url)}
    assert taken == {"VlmQueueUrl", "VlmPriorityQueueUrl"}
    assert not is_allowed(sqs.send_message, QueueUrl=queues["VlmQueueUrl"], MessageBody="x")
    keys = {
        prefix: {"pk": {"S": f"{prefix}#{uuid4().hex}"}} for prefix in ("job", "progress", "mark", "idem", "upload")
    }
    changed = {
        prefix
        for prefix, key in keys.items()
        if is_allowed(
            dynamodb.update_item, TableName=outputs["JobsTableName"], Key=key, UpdateExpression="REMOVE nothing"
        )
    }
    assert changed == {"progress", "mark"}
    owner, job = served.stack.client("s3"), uuid4().hex
    objects = {
        folder: {"Bucket": outputs["BucketName"], "Key": f"{folder}/{job}/pages/x"}
        for folder in ("uploads", "pages", "readings", "results", "exports")
    }
    for one in objects.values():
        owner.put_object(**one, Body=b"x")
    assert {folder for folder, one in objects.items() if is_allowed(s3.get_object, **one)} == {"readings", "results"}
    assert {folder for folder, one in objects.items() if is_allowed(s3.put_object, **one)} == {"results"}
    for one in objects.values():
        owner.delete_object(**one)
    secrets = client("secretsmanager")
    assert is_allowed(secrets.get_secret_value, SecretId=KEY_SECRET)
    assert not is_allowed(secrets.get_secret_value, SecretId=outputs["OriginSecretArn"])


def test_without_a_model_there_is_no_such_tier_and_the_key_is_forgotten(tmp_path: Path, server: ModelServer) -> None:
    with Service(0, tmp_path, model=replace(served_by(server), key=KEY)) as first:
        secrets = first.stack.client("secretsmanager")
        assert secrets.get_secret_value(SecretId=KEY_SECRET)["SecretString"] == KEY
    with Service(0, tmp_path, model=replace(served_by(server), key="sk-another")) as second:
        secrets = second.stack.client("secretsmanager")
        assert secrets.get_secret_value(SecretId=KEY_SECRET)["SecretString"] == "sk-another"
    with Service(0, tmp_path) as third, Api(third) as api:
        assert api.http.get("/healthz").json()["tiers"]["vlm"] != "live"
        assert api.send(document("one page"), tier="vlm").status_code == 503
        names = [one["Name"] for one in third.stack.client("secretsmanager").list_secrets()["SecretList"]]
        assert KEY_SECRET not in names


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (LocalModel("claude-sonnet-5-5"), "MODEL_API_KEY"),
        (LocalModel("our-own", "compatible"), "MODEL_URL="),
        (LocalModel("anthropic.a-model", "bedrock"), "Bedrock"),
        (LocalModel("claude-sonnet-5-5", key="two words"), "one word"),
    ],
)
def test_a_model_that_cannot_be_asked_is_one_clear_line(tmp_path: Path, model: LocalModel, says: str) -> None:
    with pytest.raises(StartFailed, match=says) as raised, Service(0, tmp_path, model=model):
        pass
    assert "\n" not in str(raised.value)
    assert "two words" not in str(raised.value)


def test_serve_takes_the_key_from_the_environment_and_ends_its_worker(
    tmp_path: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_API_KEY", KEY)
    model = ("--model", MODELS[1], "--provider", "anthropic", "--model-url", server.url, "--worker", "process")
    with launcher("serve", "--port", str(free_port()), "--state", str(tmp_path), *model) as process:
        printed = read_until(process, "Ctrl-C")
        assert MODELS[1] in printed
        assert KEY not in "".join(commands().values())
        with_key = [pid for pid, environment in environments().items() if KEY in environment]
        assert set(with_key) <= {str(process.pid), str(os.getpid())}
        until(lambda: "worker starts" in (tmp_path / "worker.log").read_text(), "the worker is there")
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (0, "")
    assert not workers_of(tmp_path)


def test_the_worker_does_not_outlive_a_launcher_that_was_killed(tmp_path: Path, server: ModelServer) -> None:
    model = ("--model", MODELS[1], "--model-url", server.url, "--worker", "process")
    with launcher("serve", "--port", str(free_port()), "--state", str(tmp_path), *model) as process:
        read_until(process, "Ctrl-C")
        # a process that is being started shows no environment for a moment
        until(lambda: workers_of(tmp_path), "the worker is there")
        (worker,) = workers_of(tmp_path)
        process.send_signal(signal.SIGKILL)
        process.wait()
        tail = subprocess.run(["tail", "--pid", worker, "-f", "/dev/null"], timeout=60, check=False)
        assert tail.returncode == 0


def workers_of(state: Path) -> list[str]:
    """Processes that were told to take their credentials from there."""
    return [pid for pid, environment in environments().items() if f"AWS_CONFIG_FILE={state}" in environment]
