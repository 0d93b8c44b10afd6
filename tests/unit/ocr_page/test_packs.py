"""Finding Tesseract's language packs on a machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr_page.recognisers import packs
from ocrchat.errors import LanguageUnavailable


def lay(folder: Path, *names: str) -> Path:
    for name in names:
        file = folder / f"{name}.traineddata"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return folder


def test_packs_are_named_alike_in_either_layout(tmp_path: Path) -> None:
    debian = lay(tmp_path / "debian", "deu", "osd", "Arabic")
    upstream = lay(tmp_path / "upstream", "deu", "osd", "script/Arabic")
    assert packs.names(debian) == {"deu": "deu", "osd": "osd", "script/Arabic": "Arabic"}
    assert packs.names(upstream) == {"deu": "deu", "osd": "osd", "script/Arabic": "script/Arabic"}


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


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine whose packs are those in the folder that is returned."""
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for remembered in (packs.folder, packs.installed, packs._spelled):
        remembered.cache_clear()


def test_a_pack_that_is_there_is_spelled_as_tesseract_finds_it(machine: Path) -> None:
    lay(machine, "ara", "Arabic")
    assert packs.installed() == {"ara", "script/Arabic"}
    assert packs.require("script/Arabic", "Arabic") == "Arabic"


def test_a_pack_that_is_missing_is_an_error_with_the_command(machine: Path) -> None:
    lay(machine, "eng")
    with pytest.raises(LanguageUnavailable, match=r"Thai.*tesseract-ocr-tha"):
        packs.require("tha", "Thai")


def test_a_machine_without_any_packs_has_none_installed(machine: Path) -> None:
    assert packs.installed() == frozenset()
    with pytest.raises(LanguageUnavailable, match="tesseract-ocr-deu"):
        packs.require("deu", "German")
