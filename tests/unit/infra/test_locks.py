"""What the lock files may not hold."""

from __future__ import annotations

import copy
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest

from infra import locks

FILE = {"url": f"{locks.FILES}aa/bb/one-1.0-py3-none-any.whl", "hash": "sha256:00"}
PYTHON = {"package": [{"name": "one", "version": "1.0", "source": locks.INDEX, "wheels": [FILE]}]}
NODE = {"packages": {"": {}, "node_modules/one": {"version": "1.0.0", "integrity": "sha512-AA=="}}}


def test_the_lock_files_and_this_environment_are_in_order() -> None:
    assert locks.faults() == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"source": {"git": "https://example.com/one"}}, "one does not come from PyPI"),
        ({"source": {"registry": "https://example.com/simple"}}, "one does not come from PyPI"),
        ({"wheels": []}, "one has no files"),
        ({"wheels": [{"url": FILE["url"]}]}, "one has a file without SHA-256"),
        ({"sdist": FILE | {"url": "https://example.com/one.tar.gz"}}, "one has a file that is not PyPI's"),
    ],
)
def test_a_python_package_comes_from_pypi_with_its_hash(change: dict[str, Any], fault: str) -> None:
    assert list(locks.faults_of_python(PYTHON)) == []
    lock = {"package": [PYTHON["package"][0] | change]}
    assert any(line.startswith(fault) for line in locks.faults_of_python(lock))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"integrity": ""}, "has no SHA-512"),
        ({"integrity": "sha1-AA=="}, "has no SHA-512"),
        ({"resolved": "https://example.com/one.tgz"}, "does not come from npm's registry"),
    ],
)
def test_a_node_package_comes_from_the_registry_with_its_hash(change: dict[str, Any], fault: str) -> None:
    assert list(locks.faults_of_node(NODE)) == []
    lock = copy.deepcopy(NODE)
    lock["packages"]["node_modules/one"] |= change
    assert any(fault in line for line in locks.faults_of_node(lock))


def test_two_packages_do_not_bring_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (folder / "RECORD").write_text(f"cv2/__init__.py,,\n{name}/__init__.py,,\n../../../bin/run,,\n")
    found = list(locks.faults_of_installed(Distribution.discover(path=[str(tmp_path)])))
    assert found == ["one and two both bring cv2/__init__.py, and 0 more"]
