"""What is shipped may be shipped under AGPL-3.0-only, and is listed."""

from __future__ import annotations

from importlib.metadata import files

import pytest

from infra import licences


def test_the_page_is_that_of_the_packages() -> None:
    assert licences.PAGE.read_text() == licences.page(), "run `make licences`"


def test_whatever_is_shipped_is_compatible() -> None:
    shipped = [(one.name, one.licence) for one in (*licences.python_packages(), *licences.node_packages())]
    shipped += [(name, licence) for name, licence, _, _ in licences.DATA]
    assert [one for one in shipped if not licences.is_compatible(one[1])] == []


def test_each_model_that_comes_with_the_recogniser_is_listed() -> None:
    models = {path.stem for path in files("rapidocr") or () if path.suffix == ".onnx"}
    assert models == set(licences.DATA[0][0].split(", "))


@pytest.mark.parametrize(
    ("licence", "compatible"),
    [
        ("MIT", True),
        ("MIT OR AFL-2.1", True),
        ("BSD-3-Clause AND 0BSD", True),
        ("MIT AND GPL-2.0-only", False),
        ("GPL-2.0-only", False),
        ("LicenseRef-Proprietary", False),
        ("(MIT OR Zlib) AND GPL-2.0-only", False),
    ],
)
def test_one_choice_must_be_compatible_as_a_whole(licence: str, compatible: bool) -> None:
    assert licences.is_compatible(licence) is compatible


@pytest.mark.parametrize("text", ["", "Dual License", "see LICENSE"])
def test_a_licence_that_says_nothing_is_unknown(text: str) -> None:
    with pytest.raises(licences.UnknownLicence, match="a-package"):
        licences.expression(text, "a-package")
