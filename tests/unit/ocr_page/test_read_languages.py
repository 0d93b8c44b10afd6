"""Pages of several languages, pages whose language is named, and machines that lack a pack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocr_page.recognisers import packs
from ocrchat.errors import LanguageUnavailable
from tests.unit.ocr_page import written
from tests.unit.ocr_page.written import ARTICLE_1, Text

MOST_ERRORS = 0.05


@pytest.mark.parametrize(
    "paragraphs",
    [("ar", "fr"), ("ja", "en"), ("ru", "en")],
    ids="+".join,
)
def test_all_languages_of_a_page_are_read_and_named(paragraphs: tuple[str, ...]) -> None:
    texts = [ARTICLE_1[code] for code in paragraphs]
    page = written.read(written.image_of(*texts))
    assert set(page.languages) == set(paragraphs)
    assert page.language == page.languages[0]
    assert written.errors(page.text, " ".join(text.text for text in texts)) <= MOST_ERRORS


def test_two_lines_in_another_script_are_read_on_a_long_page() -> None:
    hindi = Text("hi", "सभी मनुष्यों को गौरव और अधिकारों के मामले में समानता प्राप्त है।<br/>उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है।")
    page = written.read(written.image_of(written.longer("fr", 3), hindi, ARTICLE_1["fr"]))
    assert page.language == "fr"
    assert "hi" in page.languages
    assert "उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है" in " ".join(page.text.split())
    assert "Tous les êtres humains naissent libres et égaux" in " ".join(page.text.split())


@pytest.mark.parametrize("code", ["ar", "ja", "ko", "vi", "de"])
def test_a_page_is_read_in_the_language_that_is_named(code: str) -> None:
    text = ARTICLE_1.get(code, Text("de", "Alle Menschen sind frei und gleich an Würde und Rechten geboren."))
    page = written.read(written.image_of(text), code)
    assert page.language == code
    assert written.errors(page.text, text.text) <= MOST_ERRORS


def test_latin_lines_of_a_page_in_a_named_script_are_read_too() -> None:
    page = written.read(written.image_of(ARTICLE_1["ar"], ARTICLE_1["en"]), "ar")
    assert page.languages == ("ar", "en")
    assert "All human beings are born free and equal in dignity" in " ".join(page.text.split())


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine with the packs that `make demo` installs: English and the detection of orientation."""
    for name in ("eng", "osd"):
        (tmp_path / f"{name}.traineddata").symlink_to(packs.folder() / f"{name}.traineddata")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    forget()
    yield
    monkeypatch.undo()
    forget()


def forget() -> None:
    for remembered in (packs.folder, packs.installed, packs._spelled):
        remembered.cache_clear()


@pytest.mark.usefixtures("bare_machine")
@pytest.mark.parametrize(("code", "package"), [("ar", "ara"), ("ko", "kor"), ("hi", "hin"), ("th", "tha")])
def test_a_named_language_whose_pack_is_missing_is_an_error_with_the_command(code: str, package: str) -> None:
    with pytest.raises(LanguageUnavailable, match=f"apt-get install tesseract-ocr-{package}"):
        written.read(written.image_of(ARTICLE_1[code]), code)


@pytest.mark.usefixtures("bare_machine")
@pytest.mark.parametrize(("code", "package"), [("hi", "hin"), ("he", "heb")])
def test_a_page_whose_pack_is_missing_warns_with_the_command(code: str, package: str) -> None:
    page = written.read(written.image_of(written.longer(code, 3)))
    (warning,) = [warning for warning in page.warnings if warning.code == "language_uncertain"]
    assert f"apt-get install tesseract-ocr-{package}" in warning.message


@pytest.mark.usefixtures("bare_machine")
@pytest.mark.parametrize("code", ["en", "fr", "ja", "zh"])
def test_what_needs_no_pack_is_read_without_any(code: str) -> None:
    page = written.read(written.image_of(ARTICLE_1[code]))
    assert (page.language, page.warnings) == (code, ())
    assert written.errors(page.text, ARTICLE_1[code].text) <= MOST_ERRORS


@pytest.mark.usefixtures("bare_machine")
@pytest.mark.parametrize("code", ["ru", "el", "ta"])
def test_a_page_that_no_engine_here_can_read_is_not_passed_off_as_read(code: str) -> None:
    page = written.read(written.image_of(ARTICLE_1[code]))
    assert {"language_uncertain", "low_confidence"} & {warning.code for warning in page.warnings}
