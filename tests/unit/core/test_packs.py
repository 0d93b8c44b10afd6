"""Names of language packs, and what is said about one that is missing."""

from __future__ import annotations

import pytest

from ocrchat import packs


@pytest.mark.parametrize(
    ("pack", "package"),
    [
        ("deu", "tesseract-ocr-deu"),
        ("chi_sim_vert", "tesseract-ocr-chi-sim-vert"),
        ("script/Arabic", "tesseract-ocr-script-arab"),
        ("script/HanS_vert", "tesseract-ocr-script-hans-vert"),
        ("script/Fraktur", "tesseract-ocr-script-frak"),
        ("script/Vietnamese", "tesseract-ocr-script-viet"),
        ("script/Canadian_Aboriginal", "tesseract-ocr-script-cans"),
    ],
)
def test_a_pack_is_installed_by_its_debian_package(pack: str, package: str) -> None:
    assert packs.install_command(pack).endswith(f"apt-get install {package}")


def test_a_missing_pack_is_named_with_its_language_and_both_commands() -> None:
    error = packs.unavailable("Arabic", "ara")
    assert error.code == "language_unavailable"
    for part in ("Arabic", "tesseract-ocr-ara", "make packs"):
        assert part in error.detail


def test_a_script_is_read_by_its_pack() -> None:
    assert packs.script_pack("Deva") == "script/Devanagari"
    with pytest.raises(KeyError):
        packs.script_pack("Runr")
