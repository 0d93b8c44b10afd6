"""Pages as they come off a scanner or a phone: on their side, on their head, or not quite straight.

Every page of a sample is turned on the fly; what an engine loses against its own reading of the upright page is the
cost of the turn. Engines that look for a turn only when told to (Tesseract, OCRmyPDF) are told to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.peers.process import Engine

from .reading import PageRead, read_page, tell
from .sets import Page, pages_of, sample

SOURCES = ("receipts", "pages", "layout", "languages")
SHARE = 4  # one page in so many, evenly taken: all of them, four times each, would take most of an hour
TURNS = (90.0, 180.0, 270.0, 3.0)  # degrees clockwise


@dataclass(frozen=True, slots=True)
class TurnedRead:
    """`turn` is in degrees clockwise; `lost` how much lower the F1 of the words is than on the upright page, 0..1;
    `righted` whether the engine says it turned the page back (None: it says nothing)."""

    read: PageRead
    turn: float
    lost: float
    righted: bool | None


def sample_of(data: Path, limit: int | None) -> list[Page]:
    """One page in SHARE of each set, at most `limit` of each."""
    chosen: list[Page] = []
    for name in SOURCES:
        if (data / name).is_dir():
            pages = pages_of(data, name)
            chosen += sample(sample(pages, max(1, len(pages) // SHARE)), limit)
    return chosen


def read_turned(
    pages: Sequence[Page], engines: Iterable[Engine], upright: Iterable[PageRead], folder: Path
) -> list[TurnedRead]:
    """`upright` are readings that there are already; the turned pictures are written to `folder`."""
    engines = list(engines)
    known = {(read.page.path, read.engine): read for read in upright}
    found: list[TurnedRead] = []
    for page in pages:
        for engine in engines:
            if (page.path, engine.name) not in known:
                known[page.path, engine.name] = read_page(page, engine)
        for turn in TURNS:
            tell(f"turned {page.set} {page.name} {turn:.0f}")
            path = folder / f"{page.set}-{page.name}-{turn:.0f}.png"
            turn_image(page.path, turn, path)
            turned = replace(page, path=path, turned=True)
            for engine in engines:
                read = read_page(turned, engine)
                lost = known[page.path, engine.name].score.words_f1 - read.score.words_f1
                found.append(TurnedRead(read, turn, lost, _righted(read.reading.rotation, turn)))
            path.unlink()
    return found


def turn_image(source: Path, degrees: float, target: Path) -> None:
    """The picture turned clockwise, with white corners where it now is larger."""
    from PIL import Image

    with Image.open(source) as image:
        upright = image.convert("RGB")
    turned = upright.rotate(-degrees, resample=Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    turned.save(target, compress_level=1)


def _righted(rotation: int | None, turn: float) -> bool | None:
    quarter = round(turn / 90) * 90
    return None if rotation is None else rotation == -quarter % 360
