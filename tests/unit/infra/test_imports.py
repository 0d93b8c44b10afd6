"""Importing a handler costs nothing: what is heavy loads where it is first used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.cold import start

ROOT = Path(__file__).parents[3]
HANDLERS = (
    "submit.handler",
    "ocr_page.handler",
    "join.handler",
    "export.handler",
    "cleanup.handler",
    "account.handler",
    "chat.handler",
)
HEAVY = (
    "pymupdf",
    "fitz",
    "onnxruntime",
    "cv2",
    "numpy",
    "PIL",
    "docx",
    "lxml",
    "boto3",
    "botocore",
    "fastapi",
    "aws_lambda_powertools",
)


@pytest.mark.parametrize("handler", HANDLERS)
def test_importing_a_handler_loads_nothing_heavy(handler: str) -> None:
    code = f"import sys, {handler}; print([name for name in {HEAVY!r} if name in sys.modules])"
    path = os.pathsep.join([str(ROOT / "functions"), str(ROOT / "layers/core")])
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_importing_a_handler_reads_no_environment() -> None:
    code = (
        "import os; reads = []; kind = type(os.environ); get = kind.__getitem__\n"
        "kind.__getitem__ = lambda self, name: reads.append(name) or get(self, name)\n"
        f"import {', '.join(HANDLERS)}\nprint([name for name in reads if name.isupper() and 'PYTHON' not in name])"
    )
    path = os.pathsep.join([str(ROOT / "functions"), str(ROOT / "layers/core")])
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("handler", "at_start", "at_first_request"),
    [
        ("submit.handler.http", 65, 760),
        ("export.handler.http", 40, 750),
        ("chat.handler.http", 65, 770),
        ("account.handler.http", 40, 750),
        ("join.handler.join", 40, 450),
    ],
)
def test_a_cold_start_loads_no_more_modules_than_it_did(handler: str, at_start: int, at_first_request: int) -> None:
    """A tenth above what was counted, on Python 3.11 to 3.13. `python -m benchmarks.cold` says how long they take."""
    loaded = start(handler)
    assert loaded.at_start <= at_start
    assert loaded.at_first_request <= at_first_request
