"""What the metadata of a dropped object asks for."""

from __future__ import annotations

from email.header import Header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat.errors import ParameterInvalid
from ocrchat.jobs import FORMATS
from submit.accept import Fields
from submit.drop_options import LONGEST, fields_of, formats_of, usual_formats


def test_metadata_holds_the_fields_of_a_post_and_formats() -> None:
    metadata = {"tier": "vlm", "language": " de ", "tool": "translate", "translate-to": "fr", "formats": "PDF, txt"}
    assert fields_of(metadata, 0) == (Fields("vlm", "de", "translate", "fr"), ("txt", "pdf"))


def test_metadata_of_other_programs_is_theirs() -> None:
    assert fields_of({"mtime": "1.5", "s3cmd-attrs": "x" * 1000, "upload-id": "7"}, 0) == (Fields(), None)


def test_pages_are_read_so_that_they_can_be_refused_as_by_a_post() -> None:
    assert fields_of({"pages": "1-2"}, 0)[0].pages == "1-2"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_encoded_words_are_decoded(charset: str) -> None:
    fields, _ = fields_of({"language": Header("français", charset).encode()}, 0)
    assert fields.language == "français"


@pytest.mark.parametrize("value", ["=?no-such-charset?q?a?=", "=?utf-8?b?abcde?=", "=?utf-8?q?=ff=fe?="])
def test_what_cannot_be_decoded_is_named(value: str) -> None:
    with pytest.raises(ParameterInvalid) as refusal:
        fields_of({"tool": value}, 0)
    assert refusal.value.extra["parameter"] == "tool"


@given(st.text(max_size=300))
def test_any_value_is_text_or_refused(value: str) -> None:
    try:
        fields, _ = fields_of({"language": value}, 0)
    except ParameterInvalid as error:
        refusal = error
    else:
        assert fields.language is None or 0 < len(fields.language) <= LONGEST
        return
    assert refusal.extra["parameter"] == "language"
    assert len(refusal.detail) < 200


def test_what_s3_does_not_show_is_not_overlooked() -> None:
    with pytest.raises(ParameterInvalid, match="metadata"):
        fields_of({"tier": "cpu"}, 1)


@pytest.mark.parametrize("text", ["txt,", "txt txt", " TXT ;txt\n", "txt+txt"])
def test_formats_stand_apart_by_commas_or_space(text: str) -> None:
    assert formats_of(text) == ("txt",)


def test_formats_are_in_the_order_of_the_api() -> None:
    assert formats_of(",".join(reversed(FORMATS))) == FORMATS


@pytest.mark.parametrize("text", ["xml", "txt,xml", ",", "a" * 200])
def test_an_unknown_format_is_named_and_the_known_ones_told(text: str) -> None:
    with pytest.raises(ParameterInvalid) as refusal:
        formats_of(text)
    assert refusal.value.extra["parameter"] == "formats"
    assert "docx" in refusal.value.detail
    assert len(refusal.value.detail) < 200


@pytest.mark.parametrize(
    ("tool", "formats"),
    [(None, ("txt", "json")), ("pdf-to-word", ("docx", "json")), ("pdf-to-excel", ("csv", "json"))],
)
def test_where_none_are_asked_for_there_is_what_a_download_gives_and_the_job_itself(
    tool: str | None, formats: tuple[str, ...]
) -> None:
    assert usual_formats(tool) == formats
