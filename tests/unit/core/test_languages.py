"""The table of languages, and the codes that lead into it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.languages import PAGE, page
from ocrchat import languages, packs
from ocrchat.errors import ParameterInvalid
from ocrchat.language_table import TABLE, Language
from ocrchat.languages import LANGUAGES, language_of, lookup
from ocrchat.packs import Packs

DEBIAN_PACKS = """
afr amh ara asm aze aze_cyrl bel ben bod bos bre bul cat ceb ces chi_sim chi_sim_vert chi_tra chi_tra_vert chr cos cym dan
deu div dzo ell eng enm epo est eus fao fas fil fin fra frk frm fry gla gle glg grc guj hat heb hin hrv hun hye iku ind
isl ita ita_old jav jpn jpn_vert kan kat kat_old kaz khm kir kmr kor kor_vert lao lat lav lit ltz mal mar mkd mlt mon mri
msa mya nep nld nor oci ori pan pol por pus que ron rus san sin slk slv snd spa spa_old sqi srp srp_latn sun swa swe syr
tam tat tel tgk tha tir ton tur uig ukr urd uzb uzb_cyrl vie yid yor
""".split()  # noqa: SIM905 - of tesseract-lang 4.1.0, the one of Debian 12 and 13, without equ and osd


def test_there_are_more_than_a_hundred() -> None:
    assert len(LANGUAGES) > 100


def test_no_two_languages_share_a_code_and_no_row_is_lost() -> None:
    codes = [code.casefold() for language in LANGUAGES.values() for code in (language.code, *language.aliases)]
    assert len(codes) == len(set(codes))
    assert TABLE.strip().count("\n") + 1 == len(LANGUAGES)


@pytest.mark.parametrize("pack", DEBIAN_PACKS)
def test_every_pack_is_reached_by_its_name_and_names_its_language(pack: str) -> None:
    found = lookup(pack)
    assert found is not None
    assert found.pack == pack
    assert languages.of_pack(pack) is found


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.code)
def test_a_row_says_all_that_there_is_to_say(language: Language) -> None:
    assert re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-(vert|old))?", language.code)
    assert language.script in packs.SCRIPT_PACKS
    assert language.name
    assert language.native_name
    assert language.pack in DEBIAN_PACKS or language.pack == packs.script_pack(language.script)
    if language.engine == "ppocr":
        assert language.script in ("Latn", "Hans", "Hant", "Jpan")


@pytest.mark.parametrize(
    ("code", "canonical"),
    [
        ("en", "en"), ("EN", "en"), ("eng", "en"), ("en_US", "en"), ("de-1996", "de"), ("deu", "de"), ("ger", "de"),
        ("fre", "fr"), ("pt-BR", "pt"), ("es-419", "es"), ("ch", "zh"), ("chi", "zh"), ("zho", "zh"), ("zh-CN", "zh"),
        ("zh-Hans-CN", "zh"), ("zh-TW", "zh-Hant"), ("zh_hant_HK", "zh-Hant"), ("chi_tra", "zh-Hant"), ("iw", "he"),
        ("jw", "jv"), ("nb", "no"), ("nno", "no"), ("sr", "sr"), ("sr-Cyrl-RS", "sr"), ("sr-Latn", "sr-Latn"),
        ("srp_latn", "sr-Latn"), ("sr-ME", "sr-Latn"), ("aze_cyrl", "az-Cyrl"), ("uz-Cyrl", "uz-Cyrl"),
        ("uz-Latn", "uz"), ("frk", "de-Latf"), ("deu_latf", "de-Latf"), ("fil", "tl"), ("ja-Jpan-JP", "ja"),
        ("auto", "auto"), ("AUTO", "auto"),
    ],
)  # fmt: skip
def test_a_language_is_known_by_all_its_codes(code: str, canonical: str) -> None:
    assert language_of(code) == canonical


@pytest.mark.parametrize("code", ["az-Arab", "hi-Latn", "zh-yue-x", "en-foo", "en-", "-en", "", "script/Arabic", "xx"])
def test_another_script_or_what_is_no_code_is_no_language(code: str) -> None:
    assert lookup(code) is None
    with pytest.raises(ParameterInvalid):
        language_of(code)


@given(st.text(max_size=60))
def test_any_text_is_a_language_or_is_refused_in_few_words(code: str) -> None:
    if code.casefold() == "auto" or lookup(code):
        assert language_of(code) in {"auto", *LANGUAGES}
        return
    with pytest.raises(ParameterInvalid) as error:
        language_of(code)
    assert error.value.extra["parameter"] == "language"
    assert len(error.value.detail) < 500


def test_a_code_without_end_is_refused_at_once() -> None:
    assert lookup("en" + "-us" * 10_000) is None


@pytest.mark.parametrize(
    ("code", "near"),
    [("german", "de (German)"), ("Deutsch", "de (German)"), ("germn", "de (German)"), ("fe", "fr (French)"),
     ("РУССКИЙ", "ru (Russian)"), ("日本", "ja (Japanese)"), ("chinese", "zh-Hant (Chinese, traditional)")],
)  # fmt: skip
def test_an_unknown_language_is_answered_with_the_nearest_by_code_or_name(code: str, near: str) -> None:
    with pytest.raises(ParameterInvalid, match=re.escape(near)):
        language_of(code)


@pytest.mark.parametrize("code", ["ja+en", "ja,en"])
def test_several_languages_at_once_are_refused_in_words(code: str) -> None:
    with pytest.raises(ParameterInvalid, match="one code"):
        language_of(code)


def test_scripts_name_their_languages() -> None:
    of_script = [language for language in languages.LANGUAGES.values() if language.script == "Arab"]
    arabic = {language.code for language in of_script}
    assert {"ar", "fa", "ur", "ps", "ug", "sd"} <= arabic
    assert all(language.direction == "rtl" for language in of_script)
    assert languages.language("ru").direction == "ltr"


def test_only_what_needs_a_pack_is_out_of_reach_without_one() -> None:
    none = Packs.parse("none")
    assert languages.language("de").is_available(none)
    assert not languages.language("ar").is_available(none)
    assert languages.language("ar").is_available(Packs.parse("ara"))
    assert languages.language("ar").as_json(none)["available"] is False


def test_the_page_of_languages_is_that_of_the_table() -> None:
    """`make languages` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == page()
