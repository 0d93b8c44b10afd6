"""Which script a page is in when PP-OCR, which reads Latin, Chinese and Japanese, is not sure of it.

Every threshold was found on pages of the Universal Declaration of Human Rights in 57 languages, rendered with blur and
noise, and on real scans: PP-OCR is .98 sure of what it can read, .55 to .80 of what it cannot, and .80 to .94 of
Cyrillic and Greek, whose letters look like Latin ones.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .recognisers import crops, packs
from .recognisers.port import RecognisedLine
from .recognisers.regions import Region
from .recognisers.tesseract import Orientation, Packs

if TYPE_CHECKING:
    from .recognisers.port import Pixels

KEEP = 0.955  # mean confidence of PP-OCR on a page in its own scripts
LOOKALIKE = 0.80  # above it, and below KEEP: a script whose letters look like Latin ones, or a bad scan
SAMPLE = 6  # lines are read to know what the page is in
THIN = 0.45  # of the height of the page's large lines: thinner ones may be dots or rules
PROBED = 3  # of them are read by each candidate
PROBE_LENGTH = 12  # times its height, at most, of a line is read by each candidate: some 20 letters
SHORT = 7  # times its height: a line that is not longer is read whole in the first round, too
FINALISTS = 4  # candidates that read all PROBED lines, after each has read one

OSD_SURE = 10.0  # the script that Tesseract's detection names with this confidence is right: 14 of 35 pages, no error
OSD_PROBES = {
    "Cyrillic": ("rus",), "Greek": ("ell",), "Arabic": ("ara", "urd"), "Hebrew": ("heb",), "Devanagari": ("hin",),
    "Bengali": ("ben",), "Tamil": ("tam",), "Telugu": ("tel",), "Kannada": ("kan",), "Malayalam": ("mal",),
}  # fmt: skip
"""The scripts that it does not take others for, and the packs that read a page until its language is known. Urdu is set
in another style than Arabic, which the pack of Arabic reads badly."""

PROBE_OF = {
    "ARABIC": "ara", "ARMENIAN": "hye", "BENGALI": "ben", "CHEROKEE": "chr", "CYRILLIC": "rus", "DEVANAGARI": "hin",
    "ETHIOPIC": "amh", "GEORGIAN": "kat", "GREEK": "ell", "GUJARATI": "guj", "GURMUKHI": "pan", "HANGUL": "kor",
    "HEBREW": "heb", "KANNADA": "kan", "KHMER": "khm", "LAO": "lao", "MALAYALAM": "mal", "MYANMAR": "mya",
    "ORIYA": "ori", "SINHALA": "sin", "SYRIAC": "syr", "TAMIL": "tam", "TELUGU": "tel", "THAANA": "div", "THAI": "tha",
    "TIBETAN": "bod", "CANADIAN": "iku",
}  # fmt: skip
"""A pack for each script, by the first word of the names that Unicode gives its letters."""

PROBES = (*PROBE_OF.values(), "urd")
OF_PPOCR = ("LATIN", "CJK", "HIRAGANA", "KATAKANA", "FULLWIDTH")

OF_WHOLE_SCRIPTS = {"Cyrl": "script/Cyrillic", "Arab": "script/Arabic"}
"""Packs by which the language of a page is found: without its own letters, Kazakh looks like Kyrgyz."""

LOOKALIKES = ("rus", "ell")
LINE_LOOKALIKES = (*LOOKALIKES, "chr")
LOOKALIKE_LINES = 0.65
"""PP-OCR is so sure of handwriting, and of half of the lines in Greek and Cherokee, but of 2 in 110 in the other 19
scripts on pages of the Universal Declaration of Human Rights, and of 1 in 39 in Cyrillic."""

FAVOUR = {"tha": 0.32}
"""What a pack says too much: that of Thai is .6 to .8 sure of anything."""

ACCEPTED = 0.42  # of the best candidate, its FAVOUR taken off; of three lines a wrong one is hardly surer
HANDWRITING = 0.05  # by so much less than PP-OCR may a candidate be sure: both are as unsure of handwriting in Latin
FOREIGN_ACCEPTED = 0.55  # of lines on a page of another script: most candidates for that are smudges
SURELY_UPRIGHT = 0.65  # of the best candidate on lines as they are: none needs to be tried upside down
LOOKALIKE_ACCEPTED = 0.75  # of a script that looks like Latin; Russian reads English with .5 to .6


@dataclass(frozen=True, slots=True)
class Script:
    """`probe` is the pack that read the sample best; `upside_down` says that it did so after half a turn."""

    probe: str
    upside_down: bool
    confidence: float


def sample(regions: Sequence[Region]) -> list[int]:
    """Indices of the regions that stand for the page: long ones, from its whole height, none of the smallest print."""
    if not regions:
        return []
    heights = sorted(region.height for region in regions)
    least = THIN * heights[len(heights) * 9 // 10]
    long = sorted(range(len(regions)), key=lambda index: -regions[index].width)
    long = [index for index in long if regions[index].elongation > 1 and regions[index].height >= least] or long
    chosen = long[: max(SAMPLE, len(long) // 2)]
    chosen.sort(key=lambda index: regions[index].y)
    step = max(1.0, len(chosen) / SAMPLE)
    return [chosen[int(place * step)] for place in range(min(SAMPLE, len(chosen)))]


def script_of(text: str) -> str | None:
    """The script of most letters of `text`, as Unicode names it; None for a text without letters."""
    names = Counter(unicodedata.name(sign, "UNNAMED").split()[0] for sign in text if sign.isalpha())
    return max(names, key=lambda name: names[name], default=None)


def sureness(lines: Iterable[RecognisedLine | None], regions: Sequence[Region]) -> float:
    """Mean sureness, weighted by width; a region without a line counts as 0."""
    total = sum(region.width for region in regions)
    known = zip(lines, regions, strict=True)
    return sum(line.sureness * region.width for line, region in known if line is not None) / total if total else 0.0


def candidates(confidence: float) -> Sequence[str]:
    """The packs that a page may need of which PP-OCR is so sure; none for one that it can read."""
    if confidence >= KEEP:
        return ()
    return LOOKALIKES if confidence >= LOOKALIKE else PROBES


def line_candidates(confidence: float) -> Sequence[str]:
    """The packs that lines may need which are in another script than their page, and read with this confidence."""
    return PROBES if confidence < LOOKALIKE_LINES else LINE_LOOKALIKES


def of_page(image: Pixels, regions: Sequence[Region], loaded: Packs, latin: float) -> Script | None:
    """The script of a level page, which may be upside down unless its script looks like Latin, by these of its lines,
    of which PP-OCR is sure by `latin`. None for a page that PP-OCR can read, and where no candidate that is installed
    is sure; one that is not may be named by Tesseract's own detection."""
    probes = candidates(latin)
    if not probes:
        return None
    trial = _Trial.of(image, regions, loaded)
    if trial is None:
        return None
    if probes is LOOKALIKES:
        return _accepted(trial.best(probes, upside_down=False), LOOKALIKE_ACCEPTED)
    seen = loaded.orientation_and_script(image) if "osd" in packs.installed() else None
    if seen is not None and (named := _surely(seen)) is not None:
        return named
    hinted = OSD_PROBES.get(seen.script, ()) if seen is not None else ()
    least = max(ACCEPTED, latin - HANDWRITING)
    upright = trial.best(probes, upside_down=False, hinted=hinted)
    if upright is None or upright.confidence >= max(SURELY_UPRIGHT, least):
        return upright
    turned = trial.best(probes, upside_down=True, hinted=hinted)
    return _accepted(max((upright, turned or upright), key=lambda script: script.confidence), least)


def of_lines(image: Pixels, regions: Sequence[Region], loaded: Packs, sure: float) -> Script | None:
    """The same of some lines of an upright page that are not in the script of the others, of which their engine is
    `sure`."""
    trial = _Trial.of(image, regions, loaded)
    if trial is None:
        return None
    return _accepted(trial.best(line_candidates(sure), upside_down=False), FOREIGN_ACCEPTED)


def _accepted(script: Script | None, least: float) -> Script | None:
    return script if script is not None and script.confidence >= least else None


@dataclass(frozen=True, slots=True)
class _Trial:
    """The middles of the longest lines, which candidates read."""

    pictures: list[Pixels]
    loaded: Packs

    @classmethod
    def of(cls, image: Pixels, regions: Sequence[Region], loaded: Packs) -> _Trial | None:
        longest = sorted(regions, key=lambda region: -region.width)[:PROBED]
        pictures = [picture for region in longest if (picture := _picture(image, region)) is not None]
        return cls(pictures, loaded) if pictures else None

    def best(self, probes: Sequence[str], *, upside_down: bool, hinted: Sequence[str] = ()) -> Script | None:
        """The surest of those packs that are installed: all of them by half of the first line, the best and the hinted
        by all lines."""
        installed = [pack for pack in probes if pack in packs.installed()]
        first = [self._score(pack, [_middle(self.pictures[0])], upside_down, thorough=False) for pack in installed]
        first.sort(key=lambda script: -script.confidence)
        finalists = [script.probe for script in first[:FINALISTS]]
        finalists += [pack for pack in installed if pack in hinted and pack not in finalists]
        last = [self._score(pack, self.pictures, upside_down, thorough=True) for pack in finalists]
        return max(last, key=lambda script: script.confidence, default=None)

    def _score(self, pack: str, pictures: Sequence[Pixels], upside_down: bool, *, thorough: bool) -> Script:
        import numpy as np

        reader = self.loaded.reader(pack, pack)
        shown = [np.rot90(picture, 2) if upside_down else picture for picture in pictures]
        confidence = sum(reader.glance(picture, thorough=thorough) for picture in shown) / len(shown)
        return Script(pack, upside_down, confidence - FAVOUR.get(pack, 0.0))


def _surely(seen: Orientation) -> Script | None:
    """What Tesseract's detection says of the page, where it can be believed."""
    if min(seen.script_confidence, seen.orientation_confidence) < OSD_SURE or seen.degrees not in (0, 180):
        return None
    probes = OSD_PROBES.get(seen.script, ())
    return Script(probes[0], seen.degrees == 180, 1.0) if probes else None


def _middle(picture: Pixels) -> Pixels:
    if picture.shape[1] <= SHORT * picture.shape[0]:
        return picture
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
