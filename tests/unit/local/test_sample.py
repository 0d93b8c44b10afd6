"""The demo's document: three pages with text of their own, and one that has to be recognised."""

from __future__ import annotations

import pymupdf
import pytest

from infra.local import sample

SCAN = 2


@pytest.fixture(scope="module")
def made() -> bytes:
    return sample.build()


def test_only_the_scan_has_no_text_layer(made: bytes) -> None:
    with pymupdf.open(stream=made) as document:
        texts = [page.get_text().strip() for page in document]
    assert [index for index, text in enumerate(texts) if not text] == [SCAN]
    assert [len(text) > 500 for text in texts] == [True, True, False, True]


def test_the_scan_is_one_picture_that_fills_its_page(made: bytes) -> None:
    with pymupdf.open(stream=made) as document:
        (image,) = document[SCAN].get_image_info()
        assert tuple(image["bbox"]) == pytest.approx(tuple(document[SCAN].rect), abs=1)  # pt


def test_it_is_made_the_same_each_time(made: bytes) -> None:
    assert sample.build() == made


def test_the_stored_one_is_what_is_made_and_small(made: bytes) -> None:
    assert sample.PATH.stat().st_size < 300_000
    with pymupdf.open(sample.PATH) as stored, pymupdf.open(stream=made) as fresh:
        assert [page.get_text() for page in stored] == [page.get_text() for page in fresh]
