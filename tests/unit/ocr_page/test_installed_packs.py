"""The page reader's view of the packs on its machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr_page.recognisers import packs
from ocrchat.errors import LanguageUnavailable


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
    (machine / "ara.traineddata").touch()
    (machine / "Arabic.traineddata").touch()
    assert packs.installed() == {"ara", "script/Arabic"}
    assert packs.require("script/Arabic", "Arabic") == "Arabic"


def test_a_pack_that_is_missing_is_an_error_with_the_command(machine: Path) -> None:
    (machine / "eng.traineddata").touch()
    with pytest.raises(LanguageUnavailable, match=r"Thai.*tesseract-ocr-tha"):
        packs.require("tha", "Thai")


def test_a_machine_without_any_packs_has_none_installed(machine: Path) -> None:
    assert packs.installed() == frozenset()
    with pytest.raises(LanguageUnavailable, match="tesseract-ocr-deu"):
        packs.require("deu", "German")
