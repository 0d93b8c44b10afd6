"""What a picture of a page says: made upright and level, read line by line by the engine that knows its script.

PP-OCR reads Latin, Chinese and Japanese, and says surely whether it can read a page; a page that it cannot is read by
Tesseract with the pack of its language, and each line of another script by whichever engine is surer of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

from ocrchat import languages
from ocrchat.blocks import BBox
from ocrchat.language_table import Language
from ocrchat.languages import AUTO

from . import naming, scripts, upright
from .raster import Raster
from .recognisers import confidence, crops, packs
from .recognisers.port import LineReader, RecognisedLine
from .recognisers.ppocr import PpOcr
from .recognisers.regions import MOST_REGIONS, Detector, Region
from .recognisers.tesseract import Packs
from .scripts import Script
from .sheet import Sheet

UPRIGHT = 0.9  # confidence of the sample: no page is read so surely upside down
LEGIBLE = 0.8  # confidence of PP-OCR in the sample after half a turn: below it, it cannot say which way is up
BETTER = 0.2  # by which a pack of Tesseract must read the sample surer after half a turn
FOREIGN = 0.80  # confidence of PP-OCR below which a line may be in a script that it does not know
FOREIGN_LENGTH = 4.0  # times its height is such a line long, at least: a smudge is shorter
FOREIGN_SHARE = 0.02  # of the width of all lines must be such lines, else they are smudges
VERTICAL = 0.8  # confidence of columns whose signs are laid side by side, when the page is written in columns
VERTICAL_SAMPLE = 3  # columns are tried


@dataclass(frozen=True, slots=True)
class Engines:
    """All that reads pixels, loaded. PP-OCR at once, Tesseract's packs when they are needed."""

    detector: Detector
    ppocr: PpOcr
    packs: Packs


@dataclass(frozen=True, slots=True)
class Reading:
    """`lines` have boxes in px of `raster`, which is upright and level, and calibrated confidences. `languages` are
    those found, most of the text first; `sure_of_language` is False where the script or the language stayed a guess;
    `missing` is a language that the page seems to be in, whose pack is not installed; `truncated` says that the page
    has more pieces of text than are read."""

    raster: Raster
    lines: list[RecognisedLine]
    languages: tuple[Language, ...] = ()
    sure_of_language: bool = True
    missing: Language | None = None
    truncated: bool = False


@cache
def engines() -> Engines:
    """Takes about half a second and 150 MB, so once a process."""
    return Engines(Detector.load(), PpOcr.load(), Packs())


def read(raster: Raster, wanted: str, loaded: Engines, deadline: float, *, may_turn: bool = True) -> Reading:
    """`wanted` is the canonical code of the page's language, or `auto`; `may_turn` is False for a picture that is known
    to be upright. Raises PageTimedOut, and LanguageUnavailable when the pack of `wanted` is not installed."""
    if raster.is_uniform:
        return Reading(raster, [])
    regions = loaded.detector.find(raster.pixels)
    sheet = Sheet(raster, regions, may_turn)
    if not regions:
        return Reading(raster, [])
    if wanted == AUTO:
        return _read_any(sheet, loaded, deadline)
    return _read_known(sheet, languages.language(wanted), loaded, deadline)


def read_boxes(raster: Raster, boxes: Sequence[BBox], text: str, loaded: Engines, deadline: float) -> list[str] | None:
    """What stands in some boxes, in the unit of an upright page that is said to hold `text`: by the engine for what the
    text is in. None where its pack is not installed."""
    scale = raster.scale
    regions = [
        Region((x0 + x1) / 2 * scale, (y0 + y1) / 2 * scale, (x1 - x0) * scale, (y1 - y0) * scale, 0.0)
        for x0, y0, x1, y1 in boxes
    ]
    named = naming.name(text).languages
    reader: LineReader = loaded.ppocr
    if named and named[0].engine == "tesseract":
        if named[0].pack not in packs.installed():
            return None
        reader = loaded.packs.reader(named[0].pack, named[0].name)
    return ["" if line is None else line.text for line in reader.read(raster.pixels, regions, deadline)]


def _read_known(sheet: Sheet, language: Language, loaded: Engines, deadline: float) -> Reading:
    reader: LineReader = loaded.ppocr
    if language.engine == "tesseract":
        reader = loaded.packs.reader(language.pack, language.name)
    _make_upright(sheet, reader, loaded, deadline)
    sheet.read_rest(reader, deadline)
    if reader is not loaded.ppocr:
        sheet.read_again(loaded.ppocr, sheet.unlikely(), deadline)
    return _reading(sheet, language)


def _read_any(sheet: Sheet, loaded: Engines, deadline: float) -> Reading:
    sample = _make_upright(sheet, loaded.ppocr, loaded, deadline)
    latin = sheet.sureness(sample)
    found = scripts.of_page(sheet.raster.pixels, sheet.of(sample), loaded.packs, latin)
    if found is not None:
        return _read_script(sheet, found, sample, loaded, deadline)
    sheet.read_rest(loaded.ppocr, deadline)
    named = naming.name(sheet.text())
    if named.languages and named.languages[0].engine == "tesseract":
        return _read_as(sheet, named.languages[0], loaded, deadline)
    foreign = _foreign(sheet)
    if foreign and (found := scripts.of_lines(sheet.raster.pixels, sheet.of(foreign), loaded.packs)) is not None:
        language = _language(sheet, found, foreign, loaded, deadline)
        sheet.read_again(loaded.packs.reader(language.pack, language.name), foreign, deadline)
    return _reading(sheet, None, is_sure=latin >= scripts.LOOKALIKE)


def _read_script(sheet: Sheet, found: Script, sample: list[int], loaded: Engines, deadline: float) -> Reading:
    """A page whose sample was read best by a pack of Tesseract, or is in the script of one, which may be missing."""
    if found.upside_down and sheet.may_turn:
        sheet.turn(2, loaded.detector)
        sample = scripts.sample(sheet.regions)
    if found.probe not in packs.installed():
        return _read_as(sheet, languages.of_pack(found.probe), loaded, deadline)
    return _read_as(sheet, _language(sheet, found, sample, loaded, deadline), loaded, deadline)


def _read_as(sheet: Sheet, language: Language, loaded: Engines, deadline: float) -> Reading:
    """By the pack of `language`, and by PP-OCR what that is not sure of."""
    if language.pack not in packs.installed():
        sheet.read_rest(loaded.ppocr, deadline)
        return _reading(sheet, None, is_sure=False, missing=language)
    seen = list(sheet.lines)
    sheet.lines = [None] * len(seen)
    sheet.read_rest(loaded.packs.reader(language.pack, language.name), deadline)
    unlikely = sheet.unlikely()
    sheet.read_again(loaded.ppocr, [index for index in unlikely if seen[index] is None], deadline)
    for index in unlikely:
        sheet.keep_likelier(index, seen[index])
    return _reading(sheet, language)


def _language(sheet: Sheet, found: Script, which: Sequence[int], loaded: Engines, deadline: float) -> Language:
    """The language of these lines, as their text says when it is read with the letters of all languages of the script,
    where these differ, else by the probe of the script."""
    probe = languages.of_pack(found.probe)
    whole = scripts.OF_WHOLE_SCRIPTS.get(probe.script)
    pack = whole if whole in packs.installed() else probe.pack
    lines = sheet.read(loaded.packs.reader(pack, probe.name), which, deadline)
    named = naming.name("\n".join(line.text for line in lines if line is not None)).languages
    fitting = [language for language in named if language.script == probe.script and language.engine == "tesseract"]
    return fitting[0] if fitting and fitting[0].pack in packs.installed() else probe


def _make_upright(sheet: Sheet, reader: LineReader, loaded: Engines, deadline: float) -> list[int]:
    """Turns the sheet upright and level, and reads a sample, whose indices it returns."""
    if sheet.may_turn and upright.is_sideways(sheet.regions) and not _is_vertical_writing(sheet, loaded, deadline):
        sheet.turn(1, loaded.detector)
    sheet.level()
    sample = scripts.sample(sheet.regions)
    sheet.read_again(reader, sample, deadline)
    if sheet.may_turn and _is_upside_down(sheet, sample, reader, is_ppocr=reader is loaded.ppocr, deadline=deadline):
        sheet.turn(2, loaded.detector)
        sample = scripts.sample(sheet.regions)
        sheet.read_again(reader, sample, deadline)
    return sample


def _is_upside_down(sheet: Sheet, sample: list[int], reader: LineReader, *, is_ppocr: bool, deadline: float) -> bool:
    """Whether the sample, which was read, says more after half a turn."""
    sureness = sheet.sureness(sample)
    if sureness >= UPRIGHT:
        return False
    flipped = sheet.flipped()
    flipped.read_again(reader, sample, deadline)
    return flipped.sureness(sample) > (max(LEGIBLE, sureness) if is_ppocr else sureness + BETTER)


def _is_vertical_writing(sheet: Sheet, loaded: Engines, deadline: float) -> bool:
    """Whether columns of upright signs, one below the other, stand on the page, as in Japanese books: laid side by
    side, the signs of such a column read as a line."""
    pixels = sheet.raster.pixels
    columns = sorted(sheet.regions, key=lambda region: -region.height)[:VERTICAL_SAMPLE]
    rows = [row for column in columns if (row := crops.laid_side_by_side(pixels, column)) is not None]
    read = [line for row in rows for line in loaded.ppocr.read(row, [Region.of_image(row)], deadline)]
    return bool(rows) and sum(line.confidence for line in read if line is not None) / len(rows) >= VERTICAL


def _foreign(sheet: Sheet) -> list[int]:
    """Lines that PP-OCR is so unsure of that they may be in a script it does not know."""
    pairs = list(zip(sheet.lines, sheet.regions, strict=True))
    heights = [region.height for line, region in pairs if line is not None and line.confidence >= FOREIGN]
    least = scripts.THIN * median(heights) if heights else 0.0
    found = [
        index
        for index, (line, region) in enumerate(pairs)
        if region.elongation >= FOREIGN_LENGTH
        and region.height >= least
        and (line is None or line.confidence < FOREIGN)
    ]
    whole = sum(region.width for region in sheet.regions)
    return found if sum(sheet.regions[index].width for index in found) >= FOREIGN_SHARE * whole else []


def _reading(sheet: Sheet, main: Language | None, *, is_sure: bool = True, missing: Language | None = None) -> Reading:
    """What was read. The languages are those of the lines of each engine, and `main` before them."""
    lines = [confidence.calibrated(line) for line in sheet.lines if line is not None and confidence.is_text(line)]
    named = [main] if main is not None else []
    for engine in dict.fromkeys(line.engine for line in lines):
        named += naming.name("\n".join(line.text for line in lines if line.engine == engine)).languages
    truncated = len(sheet.regions) >= MOST_REGIONS
    return Reading(sheet.raster, lines, tuple(dict.fromkeys(named)), is_sure, missing, truncated)
