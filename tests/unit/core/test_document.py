"""The job object as a file."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ocrchat.blocks import Block, Line
from ocrchat.document import Document
from ocrchat.errors import PageLost
from ocrchat.pages import Notice, PageResult

pages = st.lists(st.text(max_size=50), max_size=6)


def page(index: int, text: str, **more: object) -> dict[str, Any]:
    block = Block.of_lines([Line(text, (0, 0, 10, 10), 0.5)])
    result = PageResult(index, 100, 100, "px", "cpu", (block,), text, f"**{text}**", **more)  # type: ignore[arg-type]
    return result.as_json(words=True)


@settings(max_examples=50)
@given(texts=pages, words=st.booleans())
def test_the_document_is_json_that_holds_every_page(texts: list[str], words: bool) -> None:
    clean = [text.encode("utf-8", "replace").decode() for text in texts]
    with TemporaryDirectory() as folder:
        document = Document(Path(folder), words=words)
        for index, text in enumerate(texts):
            document.add(page(index, text))
        written = json.loads(document.write({"uuid": "u"}).read_bytes())
        document.close()
    assert written["uuid"] == "u"
    assert [found["text"] for found in written["pages"]] == clean
    assert written["text"] == "\n\n".join(text for text in clean if text)
    assert all(("lines" in found["blocks"][0]) is words for found in written["pages"])


def test_what_is_known_only_at_the_end_is_gathered_on_the_way(tmp_path: Path) -> None:
    document = Document(tmp_path)
    document.add(page(0, "one", language="en", warnings=(Notice("skewed", "Skewed"),)))
    document.add(page(1, "three", language="en", warnings=(Notice("skewed", "Skewed"),)))
    document.add(PageResult.unread(2, PageLost()).as_json(words=True))
    assert document.mean_confidence == 0.5
    assert document.languages == {"en": 8}
    assert document.warnings == {"skewed": ("Skewed", [0, 1])}
    assert list(document.unread) == [2]
    document.close()


def test_every_language_of_a_page_is_found_and_its_main_one_has_the_page(tmp_path: Path) -> None:
    document = Document(tmp_path)
    document.add(page(0, "three", language="ja", languages=("ja", "en")))
    document.add(page(1, "one", language="de", languages=("de", "ja")))
    assert document.languages == {"ja": 5, "de": 3, "en": 0}
    document.close()


def test_a_document_without_text_has_no_confidence(tmp_path: Path) -> None:
    document = Document(tmp_path)
    document.add(PageResult(0, 1, 1, "px", "cpu").as_json(words=True))
    assert document.mean_confidence is None
    document.close()
