"""Tables in the text layer of a PDF."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pymupdf
import pytest

from ocr_page import pdf_tables, pdf_text
from ocr_page.tables import Found, Rules
from tests.unit.ocr_page import tables_drawn as drawn

ROWS = [["Name", "Height", "Width"], ["Box", "12", "30"], ["Crate", "40", "55"]]
XS, YS = (45, 195, 275, 355), (88, 108, 128, 148)


def write(page: Any, rows: list[list[str]], xs: tuple[int, ...] = XS, top: int = 100) -> None:
    for number, row in enumerate(rows):
        for x, text in zip(xs, row, strict=False):
            page.insert_text((x + 5, top + 20 * number), text, fontsize=10)


def found_on(page: Any) -> list[Found]:
    return pdf_tables.find(page, pdf_text.of_page(page))


def by_lines(page: Any) -> None:
    for x in XS:
        page.draw_line((x, YS[0]), (x, YS[-1]))
    for y in YS:
        page.draw_line((XS[0], y), (XS[-1], y))


def by_boxes(page: Any) -> None:
    for x0, x1 in pairwise(XS):
        for y0, y1 in pairwise(YS):
            page.draw_rect((x0, y0, x1, y1))


def by_thin_boxes(page: Any) -> None:
    for x in XS:
        page.draw_rect((x, YS[0], x + 1, YS[-1]), color=None, fill=(0, 0, 0))
    for y in YS:
        page.draw_rect((XS[0], y, XS[-1], y + 1), color=None, fill=(0, 0, 0))


@pytest.mark.parametrize("draw", [by_lines, by_boxes, by_thin_boxes])
def test_a_table_is_found_however_its_rules_are_drawn(draw: Any) -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=600)
        draw(page)
        write(page, ROWS)
        (found,) = found_on(page)
    assert drawn.texts(found.table) == ROWS
    assert found.bbox == pytest.approx((XS[0], YS[0], XS[-1], YS[-1]), abs=2)
    assert all(cell.confidence == 1.0 for cell in found.table.cells)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_table_on_a_rotated_page_has_boxes_of_the_upright_one(rotate: int) -> None:
    with pymupdf.open() as source, pymupdf.open() as document:
        upright = source.new_page(width=400, height=600)
        by_lines(upright)
        write(upright, ROWS)
        size = (600, 400) if rotate in (90, 270) else (400, 600)
        page = document.new_page(width=size[0], height=size[1])
        page.show_pdf_page(page.rect, source, 0, rotate=rotate)
        (found,) = found_on(page)
    assert drawn.texts(found.table) == ROWS
    assert found.bbox == pytest.approx((XS[0], YS[0], XS[-1], YS[-1]), abs=2)


def test_rows_on_a_tinted_ground_are_a_table() -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=600)
        for y in (108, 148):
            page.draw_rect((45, y - 20, 355, y), color=None, fill=(0.9, 0.9, 1))
        write(page, ROWS)
        (found,) = found_on(page)
    assert drawn.texts(found.table) == ROWS


def test_a_white_box_is_not_seen() -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=600)
        page.draw_rect((45, 88, 355, 148), color=None, fill=(1, 1, 1))
        assert pdf_tables.rules_of(page) == Rules()


def test_slanted_and_curved_lines_are_no_rules() -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=600)
        page.draw_line((10, 10), (300, 400))
        page.draw_circle((200, 300), 90)
        assert pdf_tables.rules_of(page) == Rules()


def test_a_page_of_text_has_no_table() -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=600)
        page.draw_rect((20, 20, 380, 580))
        page.insert_textbox((40, 40, 360, 500), "The quick brown fox jumps over the lazy dog. " * 30, fontsize=10)
        assert found_on(page) == []
