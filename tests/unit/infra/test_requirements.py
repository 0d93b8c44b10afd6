"""The pinned packages of the layers and the image are those of the lock file: `make requirements` writes them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LISTS = [*ROOT.glob("layers/*/requirements.txt"), ROOT / "functions/ocr_page/requirements.txt"]


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.parent.name)
def test_a_list_pins_what_the_lock_file_pins(path: Path) -> None:
    locked = {
        (package["name"], package.get("version"))
        for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    }
    pins = [re.match(r"([\w.-]+)==([^ ;]+)", line) for line in path.read_text().splitlines()]
    assert pins
    for pin in pins:
        assert pin is not None
        assert (pin[1], pin[2]) in locked
