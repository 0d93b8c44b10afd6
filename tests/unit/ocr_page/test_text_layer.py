"""When the text of a PDF page is believed."""

from __future__ import annotations

import pytest

from ocr_page.text_layer import TextFacts, count_unmapped, is_usable

PLENTY = 1000


@pytest.mark.parametrize(
    ("facts", "usable"),
    [
        pytest.param(TextFacts(PLENTY, 0, 0, 0.0), True, id="plain text"),
        pytest.param(TextFacts(1, 0, 0, 0.0), True, id="a single character"),
        pytest.param(TextFacts(0, 0, 0, 0.0), False, id="no text"),
        pytest.param(TextFacts(PLENTY, 20, 0, 0.0), True, id="2 % unmapped"),
        pytest.param(TextFacts(PLENTY, 21, 0, 0.0), False, id="more than 2 % unmapped"),
        pytest.param(TextFacts(PLENTY, 0, 500, 0.0), True, id="half invisible"),
        pytest.param(TextFacts(PLENTY, 0, 501, 0.0), False, id="more than half invisible"),
        pytest.param(TextFacts(PLENTY, 0, 0, 1.0), True, id="much text on a picture"),
        pytest.param(TextFacts(199, 0, 0, 0.51), False, id="little text on a large picture"),
        pytest.param(TextFacts(200, 0, 0, 0.51), True, id="enough text on a large picture"),
        pytest.param(TextFacts(199, 0, 0, 0.5), True, id="little text beside a picture"),
    ],
)
def test_a_text_layer_is_believed_unless_something_speaks_against_it(facts: TextFacts, usable: bool) -> None:
    assert is_usable(facts) is usable


def test_private_use_and_replacement_characters_count_as_unmapped() -> None:
    assert count_unmapped("a\ufffdb\ue000\uf8ff\U000f0000c") == 4
    assert count_unmapped("日本語 العربية ✓") == 0
