"""Each function starts with the packages of its own layers: on one machine they all share one environment, on AWS not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.infra.deployed import FUNCTIONS

ROOT = Path(__file__).parents[3]
PACKAGES = {
    "WebLayer": ("fastapi", "starlette", "pydantic", "mangum", "python_multipart"),
    "PdfLayer": ("pymupdf", "PIL"),
    "OfficeLayer": ("docx", "lxml"),
    "PaymentsLayer": ("stripe", "requests"),
    "LlmLayer": ("anthropic", "pydantic", "PIL"),
    "the image": ("onnxruntime", "cv2", "numpy"),
}
NOT_IN_THE_IMAGE = ("certifi", "colorlog", "omegaconf", "pyclipper", "requests", "shapely", "tqdm", "yaml")
"""Asked for by rapidocr's own code, which is not used."""

NOT_IN_A_LAYER = ("pydantic.v1",)
"""What layers/Makefile leaves out."""

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "AKIA",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "test",
    "MODEL_NAME": "anthropic.a-model",
    "MODEL_PROVIDER": "bedrock",  # which needs no key
}
ZIPPED: dict[str, dict[str, Any]] = {name: body for name, body in FUNCTIONS.items() if "Handler" in body}


@pytest.mark.parametrize("name", ZIPPED)
def test_a_function_starts_with_nothing_but_its_layers(name: str) -> None:
    """Its warm-up call imports all that its first request would."""
    layers = {layer["Ref"] for layer in ZIPPED[name]["Layers"]}
    present = {package for layer in layers for package in PACKAGES.get(layer, ())}
    absent = [package for packages in PACKAGES.values() for package in packages if package not in present]
    start(ZIPPED[name]["Handler"], [*absent, *NOT_IN_A_LAYER])


def test_the_image_starts_with_nothing_but_its_packages() -> None:
    start("ocr_page.handler.records", [*PACKAGES["WebLayer"], "anthropic", *NOT_IN_THE_IMAGE])


def start(handler: str, absent: list[str]) -> None:
    module, _, function = handler.rpartition(".")
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({absent!r})); import {module}; {module}.{function}({{}}, None)"
    )
    path = os.pathsep.join([str(ROOT / "functions"), str(ROOT / "layers/core")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=ENVIRONMENT | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
