"""What asking a model about pages will cost, before it is asked, and what it has cost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from benchmarks.peers import MODEL
from benchmarks.peers.reading import Reading
from ocrchat.llm.images import PATCH, fitting
from ocrchat.llm.port import Usage
from ocrchat.llm.prices import Prices

from .sets import Page

PROMPT_TOKENS = 1_400  # the system prompt, the schema and what is around them
CHARACTERS_A_TOKEN = 3.0  # of text in Latin letters
LINES_OVERHEAD = 1.8  # the lines that a model is shown come with numbers and boxes
ANSWER_OVERHEAD = 1.5  # an answer is JSON
UNKNOWN_CHARACTERS = 3_000  # of a page whose text is not known
A4_AT_200_DPI = (1654, 2339)


@dataclass(frozen=True, slots=True)
class Estimate:
    pages: int
    usage: Usage
    usd: float
    known: bool

    def __str__(self) -> str:
        cost = f"about ${self.usd:.2f}" if self.known else "a cost that is not known (MODEL_PRICES says prices)"
        tokens = f"{self.usage.input_tokens:,} tokens in and {self.usage.output_tokens:,} out"
        return f"{self.pages} pages, {tokens}: {cost}; answers that are asked for again come on top"


def estimated(pages: Sequence[Page], others: int, prices: Prices) -> Estimate:
    """`others` is the number of pages beside these, of which nothing is known."""
    tokens_in = tokens_out = 0
    for size, characters in [*((_size(page.path), len(page.truth)) for page in pages), *[_UNKNOWN] * others]:
        width, height = fitting(*size)
        patches = math.ceil(width / PATCH) * math.ceil(height / PATCH)
        tokens_in += PROMPT_TOKENS + patches + round(characters * LINES_OVERHEAD / CHARACTERS_A_TOKEN)
        tokens_out += round(characters * ANSWER_OVERHEAD / CHARACTERS_A_TOKEN)
    usage = Usage(input_tokens=tokens_in, output_tokens=tokens_out)
    return Estimate(len(pages) + others, usage, prices.cost(usage), prices.known)


_UNKNOWN = (A4_AT_200_DPI, UNKNOWN_CHARACTERS)


def _size(path: Path) -> tuple[int, int]:
    from PIL import Image

    with Image.open(path) as image:
        return image.size


def spent(readings: Iterable[Reading]) -> str:
    """A line of the report, which names the model; empty where none was asked."""
    asked = [reading for reading in readings if reading.answers]
    if not asked:
        return ""
    tokens_in, tokens_out = (mean(getattr(one, name) for one in asked) for name in ("tokens_in", "tokens_out"))
    again = sum(one.answers > 1 for one in asked)
    usd = [one.usd for one in asked]
    return (
        f"{MODEL}, {asked[0].model}: {len(asked)} pages asked about, {again} of them more than once; a page took "
        f"{tokens_in:,.0f} tokens in and {tokens_out:,.0f} out, ${mean(usd):.4f}; ${sum(usd):.2f} in all."
    )
