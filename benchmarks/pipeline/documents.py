"""The documents that are sent: born-digital pages, and scans of dense pages of ten kinds, repeated."""

from __future__ import annotations

import io
import random

import numpy as np
import pymupdf
from PIL import Image

WORDS = """
the of and contract invoice delivery payment agreement within thirty days after receipt goods supplier
customer shall price amount total tax number date account bank transfer order quantity unit description page
report quarter revenue growth market product service support engineer instrument laboratory sample result
figure table
""".split()
KINDS = 10


def born_digital(pages: int) -> bytes:
    """A PDF of text pages of some 250 words."""
    with pymupdf.open() as pdf:
        for number in range(pages):
            pdf.new_page().insert_text((60, 72), _text(number, lines=32), fontsize=11)
        data: bytes = pdf.tobytes(deflate=True, garbage=3)
    return data


def scanned(pages: int) -> bytes:
    """A PDF whose pages are pictures at 150 dpi, grey with noise, without a text layer."""
    with pymupdf.open() as pdf:
        references: list[int] = []
        for number in range(pages):
            page = pdf.new_page()
            if number < KINDS:
                references.append(page.insert_image(page.rect, stream=_scan(number)))
            else:
                page.insert_image(page.rect, xref=references[number % KINDS])
        data: bytes = pdf.tobytes()
    return data


def _text(seed: int, lines: int) -> str:
    chosen = random.Random(seed)
    return "\n".join(" ".join(chosen.choices(WORDS, k=8)) for _ in range(lines))


def _scan(seed: int) -> bytes:
    with pymupdf.open() as pdf:
        page = pdf.new_page()
        page.insert_text((60, 72), _text(seed, lines=40), fontsize=11)
        pixmap = page.get_pixmap(dpi=150, colorspace=pymupdf.csGRAY)
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width).astype(np.float32)
    noise = np.random.default_rng(seed).normal(0, 6, pixels.shape)
    grey = np.clip(pixels * 0.9 + 10 + noise, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(grey).save(out, "JPEG", quality=60)
    return out.getvalue()
