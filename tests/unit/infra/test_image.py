"""The image of the page reader, as far as it can be held to account without Docker."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.infra.test_layers import ENVIRONMENT

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "functions/ocr_page"
SCRIPT = FOLDER / "install.sh"
DOCKERFILE = (FOLDER / "Dockerfile").read_text()
TASK = "/var/task"


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, re.MULTILINE)


@pytest.mark.parametrize("script", [SCRIPT, *sorted((ROOT / "scripts").glob("*.sh"))], ids=lambda path: path.name)
def test_a_script_is_valid_bash(script: Path) -> None:
    done = subprocess.run(["bash", "-n", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_both_stages_stand_on_the_same_system() -> None:
    """What is compiled in the first runs in the second."""
    bases = {base.split(" AS ")[0] for base in instructions("FROM")}
    assert len(instructions("FROM")) == 2
    assert len(bases) == 1


def test_each_stage_runs_a_step_that_the_script_has() -> None:
    called = re.findall(r"install\.sh (\w+)", "\n".join(instructions("RUN")))
    assert called == ["packages", "system"]
    for step in called:
        assert f"\n{step}() {{" in SCRIPT.read_text()


def test_code_is_where_the_runtime_looks_for_it() -> None:
    assert f"TASK={TASK} " in SCRIPT.read_text()
    assert instructions("WORKDIR") == [TASK]
    assert f"PYTHONPATH={TASK} " in instructions("ENV")[0]
    assert f"--from=build {TASK} {TASK}" in instructions("COPY")


def test_the_final_stage_has_no_compiler_and_no_root() -> None:
    script = SCRIPT.read_text()
    assert "g++" in script.split("packages() {")[1].split("\n}")[0]
    assert "g++" not in script.split("system() {")[1].split("\n}")[0]
    assert instructions("USER") == ["nobody"]


def test_the_image_starts_a_handler_that_exists_by_a_client_that_is_installed() -> None:
    module, _, function = json.loads(instructions("CMD")[0])[0].rpartition(".")
    assert callable(getattr(importlib.import_module(module), function))
    client = json.loads(instructions("ENTRYPOINT")[0])[-1]
    assert re.search(rf"^{client}==", (FOLDER / "requirements.txt").read_text(), re.MULTILINE)


def test_what_is_copied_is_in_the_build_context() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for copy in instructions("COPY"):
        source = copy.split()[0]
        assert source.startswith("--from=") or any(source.startswith(folder) for folder in allowed), copy


def test_the_handler_starts_from_a_folder_that_is_laid_out_as_in_the_image(tmp_path: Path) -> None:
    """Its own code comes from that folder alone, compiled and unwritable as there."""
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(FOLDER, tmp_path / "ocr_page", ignore=ignored)
    shutil.copytree(ROOT / "layers/core/ocrchat", tmp_path / "ocrchat", ignore=ignored)
    subprocess.run(
        [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", tmp_path], check=True
    )
    module, _, function = json.loads(instructions("CMD")[0])[0].rpartition(".")
    code = (
        f"import {module}, ocrchat; {module}.{function}({{}}, None); "
        f"assert {module}.__file__.startswith({str(tmp_path)!r}) and ocrchat.__file__.startswith({str(tmp_path)!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=ENVIRONMENT | {"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
