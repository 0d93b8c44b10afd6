"""The worker of the vlm tier as a child of the launcher, which does what ECS does elsewhere: gives it the rights of its
role, and starts it again when it ends by itself.

`python -m infra.local.worker` is the child: `vlm_page.worker`, which also ends when its standard input closes, and so
with the launcher, however that ends. `python -m infra.local.worker STATE ROLE` prints credentials of the role, which
botocore runs before the last ones expire.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from infra.local.stack import REGION, ROOT, client_of, passed_on

if TYPE_CHECKING:
    from vlm_page.lanes import Times

MODULE = "infra.local.worker"

URGENT = (signal.SIGTERM, signal.SIGINT)
"""Two signals mean that there is no time. Two that are the same can become one."""

STOP_S = 10.0
AGAIN_AFTER_S = 2.0
CREDENTIALS_S = 3600


class WorkerProcess:
    """`environment`: what the worker is told; `role`: its ARN; `module`: what it runs. What it logs is in `log`."""

    def __init__(self, state: Path, role: str, environment: Mapping[str, str], module: str = MODULE) -> None:
        self.log = state / "worker.log"
        self._config = state / "worker.config"
        self._module = module
        command = [sys.executable, "-m", MODULE, str(state.resolve()), role]
        self._config.write_text(f"[default]\nregion = {REGION}\ncredential_process = {shlex.join(command)}\n")
        self._environment = {
            **passed_on(),
            "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in ("functions", "layers/core", ".")),
            "PYTHONUNBUFFERED": "1",
            "AWS_CONFIG_FILE": str(self._config),
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "POLL_SECONDS": "1",  # so that it ends soon when it is told to
            **environment,
        }
        self._stopping = threading.Event()
        self._process = self._start()
        self._watch = threading.Thread(target=self._keep_running, daemon=True)
        self._watch.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        """What it has in hand is left, and read when the service runs again."""
        process = self._no_other()
        for number in URGENT:
            process.send_signal(number)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _input_of(process).close()

    def kill(self) -> None:
        """As a power cut would."""
        process = self._no_other()
        process.kill()
        process.wait()
        _input_of(process).close()

    def _no_other(self) -> subprocess.Popen[bytes]:
        """The last one: none is started any more."""
        self._stopping.set()
        self._watch.join()
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", self._module],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _keep_running(self) -> None:
        while not self._stopping.wait(0.2):
            if self._process.poll() is not None and not self._stopping.wait(AGAIN_AFTER_S):
                _input_of(self._process).close()
                self._process = self._start()


def _input_of(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin is not None  # noqa: S101
    return process.stdin


def run(times: Times | None = None) -> None:
    """The child."""
    from vlm_page.signals import Signals
    from vlm_page.worker import leave, main

    Signals()  # before there is a thread

    def end_with_the_launcher() -> None:
        with suppress(OSError):
            sys.stdin.read()
        for number in URGENT:
            os.kill(os.getpid(), number)

    threading.Thread(target=end_with_the_launcher, daemon=True).start()
    leave(main(times))


def credentials(state: Path, role: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html says in which form."""
    lent = client_of(state, "sts").assume_role(RoleArn=role, RoleSessionName="worker", DurationSeconds=CREDENTIALS_S)[
        "Credentials"
    ]
    return {
        "Version": 1,
        "AccessKeyId": lent["AccessKeyId"],
        "SecretAccessKey": lent["SecretAccessKey"],
        "SessionToken": lent["SessionToken"],
        "Expiration": lent["Expiration"].isoformat(),
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(credentials(Path(sys.argv[1]), sys.argv[2])))
    else:
        run()
