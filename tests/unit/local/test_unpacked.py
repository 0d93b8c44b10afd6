"""Code that is unpacked once."""

from __future__ import annotations

import os
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local import unpacked


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(unpacked, "FOLDER", tmp_path / "code")
    unpacked.prepare().close()
    return tmp_path / "code"


def archive(path: Path, content: str) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("package/module.py", content)
    return path


def unpack(from_: Path, to: Path) -> Path:
    to.mkdir()
    with unpacked.UnpackedOnce(from_) as opened:
        opened.extractall(to)
    return to


def test_one_copy_serves_all_who_unpack_the_same_at_once(folder: Path, tmp_path: Path) -> None:
    made = archive(tmp_path / "code.zip", "VALUE = 1")
    with ThreadPoolExecutor(8) as pool:
        places = list(pool.map(lambda number: unpack(made, tmp_path / f"process{number}"), range(8)))
    (copy,) = folder.iterdir()
    assert {(place / "package").resolve() for place in places} == {copy / "package"}
    assert all((place / "package" / "module.py").read_text() == "VALUE = 1" for place in places)


def test_other_content_under_the_same_name_is_another_copy(folder: Path, tmp_path: Path) -> None:
    before = unpack(archive(tmp_path / "code.zip", "VALUE = 1"), tmp_path / "before")
    after = unpack(archive(tmp_path / "code.zip", "VALUE = 2"), tmp_path / "after")
    assert (before / "package" / "module.py").read_text() == "VALUE = 1"
    assert (after / "package" / "module.py").read_text() == "VALUE = 2"


def test_what_was_not_used_for_long_goes_unless_a_service_runs(folder: Path, tmp_path: Path) -> None:
    old = unpack(archive(tmp_path / "old.zip", "OLD = 1"), tmp_path / "old")
    new = unpack(archive(tmp_path / "new.zip", "NEW = 1"), tmp_path / "new")
    copy = (old / "package").resolve().parent
    long_ago = copy.stat().st_mtime - unpacked.UNUSED_S - 60
    with unpacked.prepare():
        os.utime(copy, (long_ago, long_ago))
        unpacked.prepare().close()
        assert (old / "package" / "module.py").read_text() == "OLD = 1"
    unpacked.prepare().close()
    assert not (old / "package").exists()
    assert (new / "package" / "module.py").read_text() == "NEW = 1"
