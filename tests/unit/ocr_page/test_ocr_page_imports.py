"""Importing the reader costs nothing: what is heavy loads when a page needs it, or on purpose."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FUNCTIONS = Path(__file__).parents[3] / "functions"
MODULES = sorted(
    ".".join(path.relative_to(FUNCTIONS).with_suffix("").parts)
    for path in (FUNCTIONS / "ocr_page").rglob("*.py")
    if path.stem not in ("__init__", "handler")
)
PROGRAM = """
import importlib, sys
sys.path.insert(0, {functions!r})
for module in {modules!r}:
    importlib.import_module(module)
    heavy = {{"pymupdf", "onnxruntime", "cv2", "PIL", "numpy", "rapidocr"}} & set(sys.modules)
    if heavy:
        sys.exit(f"{{module}} imports {{sorted(heavy)}}")
"""


def test_no_module_imports_a_heavy_library() -> None:
    program = PROGRAM.format(functions=str(FUNCTIONS), modules=MODULES)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("module", ["ocr_page.reader", "ocr_page.recognisers.ppocr"])
def test_the_list_of_modules_is_not_empty(module: str) -> None:
    assert module in MODULES
