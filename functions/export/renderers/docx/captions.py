"""Which blocks are captions: they stand next to a table or a figure and begin by naming it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrchat.blocks import Block

LONGEST = 600  # characters

_WORDS = (
    "figure|fig|table|tab|chart|plate|scheme|exhibit|photo|image|map|diagram|abbildung|abb|tabelle|bild|figura|tabla|"
    "cuadro|gráfico|quadro|tabela|tableau|illustration|schéma|tabella|grafico|figuur|tabel|figur|tabell|kuva|kuvio|"
    "taulukko|rysunek|rys|wykres|obrázek|obr|tabulka|ábra|táblázat|tabelul|şekil|tablo|hình|bảng|gambar|рисунок|рис|"
    "таблица|табл|таблиця|схема|график|фигура|εικόνα|σχήμα|πίνακας|شكل|الشكل|جدول|الجدول|איור|טבלה|तालिका|चित्र|รูปที่|ตารางที่"
)
_CAPTION = re.compile(
    rf"\s*(?:(?:{_WORDS})\b\.?\s*(?:no\.?\s*)?(?:\d|(?-i:[A-Z]{{1,4}}\b))|[図表图圖]\s*[\d一二三四五六七八九十]|그림\s*\d|표\s*\d)",
    re.IGNORECASE,
)
_NUMBERED_FIRST = re.compile(r"\s*\d+\.\s*(?:ábra|táblázat)", re.IGNORECASE)


def captions(blocks: Sequence[Block]) -> set[int]:
    """The indexes of those among the blocks of a page."""
    shown = {index for index, block in enumerate(blocks) if block.type in ("table", "figure")}
    return {
        index
        for index, block in enumerate(blocks)
        if block.type == "text" and shown & {index - 1, index + 1} and is_caption(block.text)
    }


def is_caption(text: str) -> bool:
    return len(text) <= LONGEST and bool(_CAPTION.match(text) or _NUMBERED_FIRST.match(text))
