"""Processes of functions that are forks: as if a Python had been started for each."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]

PROGRAM = """
import json, os, sys
from infra.local.forks import Forks

forks = Forks()  # in a process without threads, which that of the tests is not
order = json.load(sys.stdin)
fork = forks.popen([sys.executable, order["script"]], cwd=order["cwd"], env=order["environment"])
if order["signal"]:
    fork.stdout.readline()
    fork.terminate()
fork.stdin.write(order["input"])
fork.stdin.close()
out, error = fork.stdout.read(), fork.stderr.read()
print(json.dumps({"out": out, "error": error, "code": fork.wait(60)}))
"""

ABOUT_ITSELF = """
import json, os, sys
ours = [name for name in sys.modules if name.split(".")[0] in {"ocrchat", *os.environ["FOLDERS"].split()}]
print(json.dumps([
    __name__, os.getcwd(), dict(os.environ), sys.argv, sys.path, sys.stdin.read(), sorted(ours),
    len(os.listdir("/proc/self/task")), sorted(os.listdir("/proc/self/fd")),
]))
"""


FOLDERS = sorted(folder.name for folder in (ROOT / "functions").iterdir())
ENVIRONMENT = {**os.environ, "FOLDERS": " ".join(FOLDERS), "OF_THE_FUNCTION": "é"}


def forked(
    folder: Path,
    script: str,
    environment: dict[str, str] = ENVIRONMENT,
    *,
    told: str = "",
    terminated: bool = False,
) -> dict[str, Any]:
    path = folder / "script.py"
    path.write_text(script)
    order = {"script": str(path), "cwd": str(folder), "environment": environment, "input": told, "signal": terminated}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=json.dumps(order), capture_output=True, text=True, cwd=ROOT, check=True
    )
    result: dict[str, Any] = json.loads(run.stdout)
    return result


@pytest.mark.parametrize("model", ["", "claude"])
def test_it_finds_what_a_process_of_its_own_would(tmp_path: Path, model: str) -> None:
    environment = ENVIRONMENT | {"MODEL_NAME": model}
    found = forked(tmp_path, ABOUT_ITSELF, environment, told="in")
    alone = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")],
        input="in",
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        check=True,
    )
    assert (found["error"], found["code"]) == ("", 0)
    assert json.loads(found["out"]) == json.loads(alone.stdout)


def test_what_nobody_caught_is_on_its_stderr(tmp_path: Path) -> None:
    found = forked(tmp_path, 'import os\nos.write(2, b"\\xff")\nraise ValueError("what happened")')
    assert found["error"].startswith("\N{REPLACEMENT CHARACTER}Traceback")
    assert "ValueError: what happened" in found["error"]
    assert found["code"] == 1


def test_how_it_ended_is_known(tmp_path: Path) -> None:
    assert forked(tmp_path, "import os\nos._exit(4)")["code"] == 4


def test_it_can_be_ended(tmp_path: Path) -> None:
    found = forked(tmp_path, 'import time\nprint("ready", flush=True)\ntime.sleep(600)', terminated=True)
    assert found["code"] == -signal.SIGTERM
