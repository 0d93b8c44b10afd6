"""How long the functions of the template take to start, and what they load: `python -m benchmarks.cold`.

Each in new processes: importing the handler, then its warm-up call, which loads all that its first request would; the
least CPU time of several. With compiled sources and the SDK of the core layer, as they are on AWS (layers/Makefile),
and without `pydantic.v1`, which the layer leaves out. The chat is one without a model. Where a function starts from a
snapshot none of this is waited for.
"""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import botocore

from benchmarks import machine
from infra.local.package import load_template

ROOT = Path(__file__).resolve().parent.parent
TIMES = 5
GOAL_MS = 500.0

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "AKIA",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "cold",
}
A_MODEL = {"MODEL_NAME": "anthropic.a-model", "MODEL_PROVIDER": "bedrock"}
"""Which needs no key; for who cannot do without one."""

CODE = """
import sys, time
sys.modules["pydantic.v1"] = None
modules, began = len(sys.modules), time.process_time()
import {module}
imported, at_start = time.process_time(), len(sys.modules)
{module}.{function}({{}}, None)
print((imported - began) * 1e3, (time.process_time() - imported) * 1e3, at_start - modules, len(sys.modules) - modules)
"""

PEER = """
import time
began = time.process_time()
import boto3
for service in ("dynamodb", "s3", "lambda"):
    boto3.client(service)
print((time.process_time() - began) * 1e3)
"""
"""What most of them need, of an SDK as it is published; says how fast the machine is just now."""


@dataclass(frozen=True, slots=True)
class Start:
    """CPU time in ms, and modules loaded, those of `at_start` included in `at_first_request`."""

    import_ms: float
    load_ms: float
    at_start: int
    at_first_request: int


def start(handler: str, sources: tuple[Path, ...] = (ROOT / "functions", ROOT / "layers/core")) -> Start:
    """One cold start. Raises CalledProcessError where the function does not start."""
    module, _, function = handler.rpartition(".")
    environment = ENVIRONMENT | (A_MODEL if module.startswith("vlm_page") else {})
    code = CODE.format(module=module, function=function)
    import_ms, load_ms, at_start, at_first_request = _run(code, sources, environment)
    return Start(import_ms, load_ms, int(at_start), int(at_first_request))


def _run(code: str, sources: tuple[Path, ...], environment: dict[str, str] = ENVIRONMENT) -> list[float]:
    path = os.pathsep.join(map(str, sources))
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment | {"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    return [float(number) for number in done.stdout.splitlines()[-1].split()]


def main() -> int:
    handlers = {
        name: body["Properties"]["Handler"]
        for name, body in load_template()["Resources"].items()
        if "Handler" in body.get("Properties", {})
    }
    print(machine.description(("fastapi", "boto3", "aws-lambda-powertools", "anthropic")))
    late = []
    with TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "functions", Path(folder) / "functions")
        shutil.copytree(ROOT / "layers/core", Path(folder) / "core")
        shutil.copytree(Path(botocore.__file__).parent, Path(folder) / "sdk/botocore")
        subprocess.run([sys.executable, ROOT / "layers/sdk.py", Path(folder) / "sdk"], check=True)
        compileall.compile_dir(folder, quiet=1, workers=1)
        sources = (Path(folder) / "functions", Path(folder) / "core", Path(folder) / "sdk")
        peer = min(_run(PEER, sources[:-1])[0] for _ in range(TIMES))
        print(f"boto3 and three clients: {peer:.0f} ms\n")
        print("| function | import, ms | its warm-up call, ms | both, beside boto3 and three clients | modules |")
        print("|---|---|---|---|---|")
        for name, handler in handlers.items():
            starts = [start(handler, sources) for _ in range(TIMES)]
            import_ms = min(one.import_ms for one in starts)
            load_ms = min(one.load_ms for one in starts)
            both = import_ms + load_ms
            print(
                f"| {name} | {import_ms:.0f} | {load_ms:.0f} | {both / peer:.1f} x | "
                f"{starts[0].at_start}, {starts[0].at_first_request} |"
            )
            if both > GOAL_MS:
                late.append(name)
    print(f"\nGoal, {GOAL_MS:.0f} ms: {'missed by ' + ', '.join(late) if late else 'met by all'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
