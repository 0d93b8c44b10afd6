"""Which script a page is in when PP-OCR, which reads Latin, Chinese and Japanese, is not sure of it.

Every threshold was found on pages of the Universal Declaration of Human Rights in 57 languages, rendered with blur and
noise, and on real scans: PP-OCR is .98 sure of what it can read, .55 to .80 of what it cannot, and .80 to .94 of Cyrillic
and Greek, whose letters look like Latin ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .recognisers import crops, packs
from .recognisers.port import RecognisedLine
from .recognisers.regions import Region
from .recognisers.tesseract import Packs, Tesseract

if TYPE_CHECKING:
    from .recognisers.port import Pixels

KEEP = 0.955  # mean confidence of PP-OCR on a page in its own scripts
LOOKALIKE = 0.80  # above it, and below KEEP: a script whose letters look like Latin ones, or a bad scan
SAMPLE = 6  # lines are read to know what the page is in
PROBED = 3  # of them are read by each candidate
PROBE_LENGTH = 12  # times its height, at most, of a line is read by each candidate: some 20 letters
FINALISTS = 4  # candidates that read all PROBED lines, after each has read one

OSD_SURE = 10.0  # the script that Tesseract's detection names with this confidence is right: 14 of 35 pages, no error
OSD_PROBES = {
    "Cyrillic": "rus", "Greek": "ell", "Arabic": "ara", "Hebrew": "heb", "Devanagari": "hin", "Bengali": "ben",
    "Tamil": "tam", "Telugu": "tel", "Kannada": "kan", "Malayalam": "mal",
}  # fmt: skip
"""The scripts that it does not take others for, and the pack that reads a page until its language is known."""

PROBES = (
    "ara", "urd", "hye", "ben", "chr", "rus", "hin", "amh", "kat", "ell", "guj", "pan", "kor", "heb", "kan", "khm",
    "lao", "mal", "mya", "ori", "sin", "syr", "tam", "tel", "div", "tha", "bod", "iku",
)  # fmt: skip
"""A pack for each script. Urdu is set in another style than Arabic, which the pack of Arabic does not read."""

LOOKALIKES = ("rus", "ell")
FAVOUR = {"tha": 0.32}
"""What a pack says too much: that of Thai is .6 to .8 sure of anything."""

ACCEPTED = 0.33  # of the best candidate, its FAVOUR taken off; the surest wrong one has .40 where no pack is right
SURELY_UPRIGHT = 0.5  # of the best candidate on lines as they are: none needs to be tried upside down
LOOKALIKE_ACCEPTED = 0.75  # of a script that looks like Latin; Russian reads English with .5 to .6


@dataclass(frozen=True, slots=True)
class Script:
    """`probe` is the pack that read the sample best; `upside_down` says that it did so after half a turn."""

    probe: str
    upside_down: bool
    confidence: float


def sample(regions: Sequence[Region]) -> list[int]:
    """Indices of the regions that stand for the page: long ones, from its whole height."""
    long = sorted(range(len(regions)), key=lambda index: -regions[index].width)
    long = [index for index in long if regions[index].elongation > 1] or long
    chosen = long[: max(SAMPLE, len(long) // 2)]
    chosen.sort(key=lambda index: regions[index].y)
    step = max(1.0, len(chosen) / SAMPLE)
    return [chosen[int(place * step)] for place in range(min(SAMPLE, len(chosen)))]


def sureness(lines: Iterable[RecognisedLine | None], regions: Sequence[Region]) -> float:
    """Mean confidence, weighted by width; a region without a line counts as 0."""
    total = sum(region.width for region in regions)
    known = zip(lines, regions, strict=True)
    return sum(line.confidence * region.width for line, region in known if line is not None) / total if total else 0.0


def candidates(confidence: float) -> Sequence[str]:
    """The packs that a page may need of which PP-OCR is so sure; none for one that it can read."""
    if confidence >= KEEP:
        return ()
    return LOOKALIKES if confidence >= LOOKALIKE else PROBES


def of_page(image: Pixels, regions: Sequence[Region], loaded: Packs, probes: Sequence[str]) -> Script | None:
    """The script of a level page, which may be upside down unless its script looks like Latin, by these of its lines.
    None where no candidate that is installed is sure."""
    if probes is LOOKALIKES:
        return _tried(image, regions, loaded, [(pack, False) for pack in probes], LOOKALIKE_ACCEPTED)
    upright, either = [(pack, False) for pack in probes], [(pack, flip) for pack in probes for flip in (False, True)]
    return (
        _by_osd(image, loaded)
        or _tried(image, regions, loaded, upright, SURELY_UPRIGHT)
        or _tried(image, regions, loaded, either, ACCEPTED)
    )


def of_lines(image: Pixels, regions: Sequence[Region], loaded: Packs) -> Script | None:
    """The same of some lines of an upright page that are not in the script of the others."""
    return _tried(image, regions, loaded, [(pack, False) for pack in PROBES], ACCEPTED)


def _tried(
    image: Pixels, regions: Sequence[Region], loaded: Packs, ways: list[tuple[str, bool]], least: float
) -> Script | None:
    """The pack, and whether half a turn, by which the longest lines are read best: all of them by the first line, the
    best of these by all lines."""
    longest = sorted(regions, key=lambda region: -region.width)[:PROBED]
    pictures = [picture for region in longest if (picture := _picture(image, region)) is not None]
    ways = [(pack, flip) for pack, flip in ways if pack in packs.installed()]
    if not pictures or not ways:
        return None
    ranked: list[Script] = []
    for shown in ([_middle(pictures[0])], pictures):
        scores = [_score(loaded.reader(pack, pack), flip, shown) for pack, flip in ways]
        ranked = sorted(scores, key=lambda script: -script.confidence)
        ways = [(script.probe, script.upside_down) for script in ranked[:FINALISTS]]
    return ranked[0] if ranked[0].confidence >= least else None


def _score(reader: Tesseract, flip: bool, pictures: Sequence[Pixels]) -> Script:
    import numpy as np

    shown = [np.rot90(picture, 2) if flip else picture for picture in pictures]
    confidence = sum(reader.glance(picture) for picture in shown) / len(shown)
    return Script(reader.pack, flip, confidence - FAVOUR.get(reader.pack, 0.0))


def _by_osd(image: Pixels, loaded: Packs) -> Script | None:
    """What Tesseract's orientation and script detection says of the page, where it can be believed."""
    if "osd" not in packs.installed():
        return None
    seen = loaded.orientation_and_script(image)
    if seen is None or seen.script_confidence < OSD_SURE or seen.orientation_confidence < OSD_SURE:
        return None
    probe = OSD_PROBES.get(seen.script)
    if probe not in packs.installed() or seen.degrees not in (0, 180):
        return None
    return Script(probe, seen.degrees == 180, 1.0)


def _middle(picture: Pixels) -> Pixels:
    quarter = picture.shape[1] // 4
    return picture[:, quarter : picture.shape[1] - quarter]


def _picture(image: Pixels, region: Region) -> Pixels | None:
    """The middle of a line, PROBE_LENGTH times as long as high."""
    crop = crops.cut(image, region)
    if crop is None:
        return None
    height, width = crop.pixels.shape[:2]
    half = PROBE_LENGTH * height // 2
    return crop.pixels[:, max(0, width // 2 - half) : width // 2 + half]
