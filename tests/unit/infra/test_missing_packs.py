"""What `make packs` installs."""

from __future__ import annotations

from pathlib import Path

from infra import packs
from ocrchat.languages import LANGUAGES


def test_all_packs_are_those_of_every_language_every_script_and_of_orientation() -> None:
    wanted = packs.all_packs()
    assert {language.pack for language in LANGUAGES.values()} <= set(wanted)
    assert {"osd", "script/Latin", "script/Tibetan"} <= set(wanted)
    assert len(wanted) == len(set(wanted))


def test_only_what_is_not_there_is_installed(tmp_path: Path) -> None:
    (tmp_path / "eng.traineddata").touch()
    present = packs.installed(str(tmp_path))
    assert packs.missing(["eng", "osd"], present) == ["tesseract-ocr-osd"]


def test_a_machine_without_packs_lacks_all(tmp_path: Path) -> None:
    assert packs.missing(["eng"], packs.installed(str(tmp_path))) == ["tesseract-ocr-eng"]
