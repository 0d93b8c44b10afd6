"""The image of the worker that stands beside a model server, as far as it can be held to account without Docker."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "functions/vlm_page"
DOCKERFILE = (FOLDER / "Dockerfile").read_text()
TASK = "/var/task"
ABSENT = ("fastapi", "starlette", "mangum", "pymupdf", "docx", "lxml", "onnxruntime", "cv2", "numpy", "ministack")


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, re.MULTILINE)


def test_both_stages_stand_on_the_same_system() -> None:
    bases = {base.split(" AS ")[0] for base in instructions("FROM")}
    assert len(instructions("FROM")) == 2
    assert len(bases) == 1


def test_code_is_where_python_looks_for_it_and_nobody_runs_it() -> None:
    assert f"--from=build {TASK} {TASK}" in instructions("COPY")
    assert instructions("WORKDIR") == [TASK]
    assert f"PYTHONPATH={TASK}" in instructions("ENV")[0]
    assert instructions("USER") == ["nobody"]


def test_what_is_copied_is_in_the_build_context() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for copy in instructions("COPY"):
        source = copy.split()[0]
        assert source.startswith("--from=") or source in allowed, copy


def test_its_packages_are_those_of_the_core_and_the_layer_of_models() -> None:
    def names(path: Path) -> set[str]:
        return {line.split("==")[0] for line in path.read_text().splitlines()}

    parts = names(ROOT / "layers/core/requirements.txt") | names(ROOT / "layers/llm/requirements.txt")
    mine = names(FOLDER / "requirements.txt")
    assert mine == parts


def test_the_worker_starts_from_a_folder_that_is_laid_out_as_in_the_image(tmp_path: Path) -> None:
    """It gets as far as to ask for its queues."""
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    shutil.copytree(FOLDER, tmp_path / "vlm_page", ignore=ignored)
    shutil.copytree(ROOT / "layers/core/ocrchat", tmp_path / "ocrchat", ignore=ignored)
    module = json.loads(instructions("ENTRYPOINT")[0])[-1]
    code = (
        f"import sys, runpy; sys.modules.update(dict.fromkeys({ABSENT!r})); import vlm_page.work, ocrchat; "
        f"assert vlm_page.work.__file__.startswith({str(tmp_path)!r}) and ocrchat.__file__.startswith({str(tmp_path)!r}); "
        f"vlm_page.work.preload(); runpy.run_module({module!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip().splitlines()[-1].startswith("ValueError: VLM_QUEUE_URLS is missing")
