"""Names of language packs, and what is said about one that is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrchat import packs
from ocrchat.errors import LanguageUnavailable
from ocrchat.packs import Packs


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


def test_every_pack_of_a_script_has_its_debian_package() -> None:
    packages = {packs.debian_package(packs.script_pack(script)) for script in packs.SCRIPT_PACKS}
    assert len(packages) == len(packs.SCRIPT_PACKS)


def test_a_service_has_all_packs_or_those_that_are_named() -> None:
    assert "ara" in Packs.parse("all")
    assert "ara" in Packs.parse("ara,script/Arabic")
    assert "deu" not in Packs.parse("ara,script/Arabic")
    assert "deu" not in Packs.parse("none")
    assert "deu" not in Packs.parse("")


def lay(folder: Path, *names: str) -> Path:
    for name in names:
        file = folder / f"{name}.traineddata"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return folder


def test_packs_are_named_alike_in_either_layout(tmp_path: Path) -> None:
    debian = lay(tmp_path / "debian", "deu", "osd", "Arabic")
    upstream = lay(tmp_path / "upstream", "deu", "osd", "script/Arabic")
    assert packs.in_folder(debian) == {"deu": "deu", "osd": "osd", "script/Arabic": "Arabic"}
    assert packs.in_folder(upstream) == {"deu": "deu", "osd": "osd", "script/Arabic": "script/Arabic"}


def test_the_first_usual_place_that_holds_a_pack_is_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    place = lay(tmp_path / "five", "eng")
    lay(tmp_path / "four", "eng")
    places = [str(tmp_path / name) for name in ("missing", "empty", "five", "four")]
    assert packs.find("", places) == place


def test_a_prefix_is_the_folder_itself_or_the_one_above(tmp_path: Path) -> None:
    place = lay(tmp_path / "tessdata", "eng")
    assert packs.find(str(place), []) == packs.find(str(tmp_path), []) == place


def test_a_prefix_without_packs_is_an_error_even_where_the_usual_places_have_some(tmp_path: Path) -> None:
    usual = lay(tmp_path / "usual", "eng")
    with pytest.raises(LanguageUnavailable, match=r"/nowhere.*make packs"):
        packs.find("/nowhere", [str(usual)])


def test_a_machine_without_packs_says_how_to_get_them() -> None:
    with pytest.raises(LanguageUnavailable, match="make packs"):
        packs.find("", [])
