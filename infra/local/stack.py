"""One running service: the embedded AWS as a child process, the stack deployed on it, its functions warm."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws import HEALTH
from infra.local.deploy import CODE_BUCKET, MAIL_FROM, DeploymentFailed, deploy, describe, outputs
from infra.local.kept import keep_secret
from infra.local.model import KEY_SECRET, LocalModel, ModelUnusable
from infra.local.package import package
from infra.local.stripe import STRIPE_SECRET, LocalStripe, StripeUnusable
from infra.packs import installed
from ocrchat.plans import Plans, PlansInvalid

ROOT = Path(__file__).resolve().parents[2]
ACCESS_KEY = "test"
REGION = "us-east-1"
INVOCATIONS = 64
START_S = 30.0
STOP_S = 20.0

NOT_PASSED_ON = ("AWS_", "MINISTACK_", "ANTHROPIC_", "MODEL_", "STRIPE_")
"""Names that begin so are of who starts the service, not of the service: credentials, keys of a model and of Stripe."""

PORT_FILE, SECRET_FILE = "aws.port", "secret"
"""In the state folder: where the embedded AWS listens, and the key that it takes."""


class StartFailed(Exception):
    """The service cannot start; the message is one line for the person who started it."""


class Stack:
    """`state`: the folder that everything is kept in. `public_url`: where the front will listen.

    `workers`: page batches that are read at once (the template allows no fewer than two). `overlay`: see `package`.
    `model`: what the tier `vlm` asks; without one there is no such tier. `stripe`: by whom credits are sold; without it
    they are not. `between`: the address of a proxy by which the functions reach the embedded AWS, where a test puts one
    between them. `invocations`: of all functions together at once; others are throttled.
    """

    def __init__(
        self,
        state: Path,
        public_url: str,
        *,
        workers: int | None = None,
        overlay: Path | None = None,
        model: LocalModel | None = None,
        stripe: LocalStripe | None = None,
        parameters: dict[str, str] | None = None,
        between: str | None = None,
        invocations: int = INVOCATIONS,
    ) -> None:
        self.state = state
        self.public_url = public_url
        self.outputs: dict[str, str] = {}
        self.model = model
        self._stripe = stripe
        self._overlay = overlay
        self._between = between
        self._invocations = invocations
        cores = len(os.sched_getaffinity(0))
        self.parameters = {
            "PublicUrl": public_url,
            "CpuConcurrency": str(max(2, workers or cores)),
            "CpuPriorityConcurrency": str(max(2, workers or cores)),
            "DropConcurrency": "2",
            "VlmConcurrency": "8",  # they wait for a model on another machine, or in another process
            "VlmPriorityConcurrency": "8",
            "MailFrom": MAIL_FROM,
            "Watching": "no",  # the emulator knows no alarm by a formula, and counts nothing that AWS counts
            "SnapStart": "None",  # the emulator makes callers wait for snapshots, and takes none
            "LanguagePacks": ",".join(sorted(installed(os.environ.get("TESSDATA_PREFIX", "")))) or "none",
            **(parameters or {}),
        }
        self._process: subprocess.Popen[str] | None = None
        self._lock: IO[str] | None = None
        self._stopping = False
        self.client: Callable[[str], Any] = cache(partial(client_of, state))

    @property
    def aws_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def log(self) -> Path:
        return self.state / "aws.log"

    @property
    def mail(self) -> Path:
        """The folder that keeps what the service has mailed, a file each."""
        return self.state / "mail"

    @property
    def pid(self) -> int:
        """Of the embedded AWS; the functions' processes are its children."""
        assert self._process is not None  # noqa: S101
        return self._process.pid

    def start(self) -> None:
        """Raises StartFailed; whatever had started by then is stopped."""
        try:  # each function would say so, one by one, after everything had started
            Plans.parse(self.parameters.get("Plans", ""))
            if self.model is not None:
                self.model.check()
            if self._stripe is not None:
                self._stripe.check()
        except (PlansInvalid, ModelUnusable, StripeUnusable) as error:
            raise StartFailed(str(error)) from error
        self.state.mkdir(parents=True, exist_ok=True)
        self.state.chmod(0o700)  # documents, and keys
        self._take_lock()
        try:
            self._start_aws()
            self._keep_secrets()
            self._deploy()
            self._warm_up()
            self.reconcile(min_age_seconds=0)
        except (DeploymentFailed, BotoCoreError, ClientError) as error:
            self.stop()
            raise StartFailed(f"The stack did not come up: {error}. Log: {self.log}") from error
        except BaseException:
            self.stop()
            raise

    def reconcile(self, min_age_seconds: float) -> dict[str, int]:
        """Runs the reconciler now, as its schedule does every minute."""
        return self._call("ReconcileFunctionName", {"min_age_seconds": min_age_seconds})

    def sweep(self) -> dict[str, int]:
        """Deletes what is due now, as its schedule does every minute."""
        return self._call("SweepFunctionName", {"scheduled": True})

    def look_for_orphans(self) -> dict[str, int]:
        """Goes through the bucket from its beginning, as its schedule does every day."""
        return self._call("OrphansFunctionName", {"anew": True})

    def audit(self) -> dict[str, int]:
        """Goes through the books of all accounts, as its schedule does every day."""
        return self._call("AuditFunctionName", {"anew": True})

    def operate(self, **order: object) -> dict[str, Any]:
        """Has the operator's function carry out an order; {"error"} where it cannot."""
        return self._call("OperateFunctionName", order)

    def _call(self, output: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Invokes the function that this output of the stack names. Raises StartFailed."""
        answer = self.client("lambda").invoke(FunctionName=self.outputs[output], Payload=json.dumps(payload).encode())
        found: dict[str, Any] = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise StartFailed(f"{self.outputs[output]} failed: {found}; see {self.log}")
        return found

    def worker_environment(self, model: LocalModel) -> dict[str, str]:
        """What a worker outside the stack is told."""
        return {
            "AWS_ENDPOINT_URL": self._between or self.aws_url,
            "AWS_DEFAULT_REGION": REGION,
            "POWERTOOLS_SERVICE_NAME": "vlm_page",
            "BUCKET": self.outputs["BucketName"],
            "JOBS_TABLE": self.outputs["JobsTableName"],
            "STATE_MACHINE": self.outputs["StateMachineArn"],
            "VLM_QUEUE_URLS": f"{self.outputs['VlmPriorityQueueUrl']},{self.outputs['VlmQueueUrl']}",
            **model.environment(self.parameters["ModelKeySecret"]),
        }

    def watch(self, died: Callable[[str], None]) -> None:
        """Calls `died` with one line when the embedded AWS ends without having been told to."""
        process = self._process
        assert process is not None  # noqa: S101

        def wait() -> None:
            code = process.wait()
            if not self._stopping:
                died(f"The embedded AWS ended by itself (exit status {code}); see {self.log}")

        threading.Thread(target=wait, daemon=True).start()

    def stop(self) -> None:
        """Saves the state and ends every process. Safe to repeat."""
        self._stopping = True
        process = self._process
        if process is not None:
            assert process.stdin is not None  # noqa: S101
            with suppress(OSError):
                process.stdin.close()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
            self._end_group(process)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
            self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def kill(self) -> None:
        """Ends the embedded AWS as a power cut would."""
        assert self._process is not None  # noqa: S101
        self._stopping = True
        self._end_group(self._process)
        self._process.wait()

    def _end_group(self, process: subprocess.Popen[str]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def _take_lock(self) -> None:
        self._lock = (self.state / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            self._lock = None
            raise StartFailed(f"Another service runs on {self.state}: stop it first") from error

    def _start_aws(self) -> None:
        self._port = self._own_port()
        secret = self._secret()
        env = passed_on() | {
            "AUTH": "true",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": secret,
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self._port),
            "MINISTACK_HOST": "localhost",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.state / "aws"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.state / "s3"),
            "LAMBDA_EXECUTOR": "local",
            "LAMBDA_ACCOUNT_CONCURRENCY": str(self._invocations),
            "LAMBDA_WARM_TTL_SECONDS": "86400",
            "LOG_LEVEL": "WARNING",
            "MAIL_DIR": str(self.mail),
            "PRESIGN_ENDPOINT": self.public_url,
            "AWS_ENDPOINT_URL": self._between or self.aws_url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.aws"],
                cwd=ROOT,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self._await_health()

    def _keep_secrets(self) -> None:
        """The keys that the service has from who started it, and no older ones."""
        client = self.client("secretsmanager")
        key_secret = keep_secret(client, KEY_SECRET, self.model.key if self.model else "")
        stripe_secret = keep_secret(client, STRIPE_SECRET, self._stripe.secret if self._stripe else "")
        if self.model is not None:
            self.parameters |= self.model.parameters(key_secret)
        if self._stripe is not None:
            self.parameters |= self._stripe.parameters(stripe_secret)

    def _own_port(self) -> int:
        """The same one at every start: queue URLs in the saved state hold it."""
        file = self.state / PORT_FILE
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            port = int(file.read_text()) if file.exists() else 0
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise StartFailed(
                    f"Port {port}, which {self.state} was set up with, is taken by another program"
                ) from error
            port = int(probe.getsockname()[1])
        file.write_text(str(port))
        return port

    def _secret(self) -> str:
        file = self.state / SECRET_FILE
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(20))
        return file.read_text()

    def _await_health(self) -> None:
        assert self._process is not None  # noqa: S101
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise StartFailed(f"The embedded AWS did not start; see {self.log}")
            with suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(self.aws_url + HEALTH, timeout=2).close()  # noqa: S310 - loopback
                return
            time.sleep(0.05)
        raise StartFailed(f"The embedded AWS did not answer within {START_S:.0f} s; see {self.log}")

    def _deploy(self) -> None:
        """Only what differs from the last start is deployed."""
        made = package(CODE_BUCKET, self.parameters, self._overlay)
        stamp = self.state / "deployed"
        wanted = json.dumps([made.digest, self.parameters])
        if stamp.exists() and stamp.read_text() == wanted:
            self.outputs = outputs(describe(self.client("cloudformation")))
            return
        self.outputs = deploy(self.client, made, self.parameters)
        self.save()
        stamp.write_text(wanted)

    def save(self) -> None:
        """Writes the whole state to disk now."""
        assert self._process is not None  # noqa: S101
        assert self._process.stdin is not None  # noqa: S101
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.write("save\n")
        self._process.stdin.flush()
        if self._process.stdout.readline().strip() != "saved":
            raise StartFailed(f"The embedded AWS could not save its state; see {self.log}")

    def _warm_up(self) -> None:
        """Each function once with an empty event, the page reader once for each worker at the same time."""
        client = self.client("lambda")
        names = [function["FunctionName"] for function in client.list_functions()["Functions"]]
        workers = int(self.parameters["CpuConcurrency"])
        calls = [_live(client, name) for name in names for _ in range(workers if "OcrPage" in name else 1)]
        with ThreadPoolExecutor(len(calls)) as pool:
            answers = list(pool.map(lambda name: client.invoke(FunctionName=name, Payload=b"{}"), calls))
        for name, answer in zip(calls, answers, strict=True):
            if answer.get("FunctionError"):
                # once more, alone: the emulator goes through its table of workers while other calls add to it
                again = client.invoke(FunctionName=name, Payload=b"{}")
                if again.get("FunctionError"):
                    raise StartFailed(
                        f"{name} does not start: {again['Payload'].read()[:500].decode()}; see {self.log}"
                    )


def _live(client: Any, function: str) -> str:
    """What callers of the function call: its alias, where it is published."""
    aliases = client.list_aliases(FunctionName=function)["Aliases"]
    return aliases[0]["AliasArn"] if aliases else function


def passed_on() -> dict[str, str]:
    """The environment that children are given, before what they are told."""
    return {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}


def client_of(state: Path, service: str) -> Any:
    """A boto3 client of the embedded AWS that runs, or ran last, on this state."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        endpoint_url=f"http://127.0.0.1:{(state / PORT_FILE).read_text()}",
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=(state / SECRET_FILE).read_text(),
        config=Config(retries={"total_max_attempts": 2}, read_timeout=120, max_pool_connections=32),
    )
