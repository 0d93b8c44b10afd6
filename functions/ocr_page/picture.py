"""What a picture of a page says: made upright and level, read line by line by the engine that knows its script.

PP-OCR reads Latin, Chinese and Japanese, and says surely whether it can read a page; a page that it cannot is read by
Tesseract with the pack of its language, and each line of another script by whichever engine is surer of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from statistics import median

from ocrchat import languages
from ocrchat.blocks import Line
from ocrchat.language_table import Language
from ocrchat.languages import AUTO

from . import naming, scripts, upright
from .raster import Raster
from .recognisers import confidence, crops, packs
from .recognisers.port import LineReader, RecognisedLine
from .recognisers.ppocr import NAME as PPOCR
from .recognisers.ppocr import PpOcr
from .recognisers.regions import MOST_REGIONS, Detector, Region
from .recognisers.tesseract import Packs
from .scripts import Script
from .sheet import Sheet

UPRIGHT = 0.9  # confidence of the sample: no page is read so surely upside down
LEGIBLE = 0.8  # confidence of PP-OCR in the sample after half a turn: below it, it cannot say which way is up
BETTER = 0.2  # by which a pack of Tesseract must read the sample surer after half a turn
FOREIGN = 0.80  # confidence of PP-OCR below which a line may be in a script that it does not know
FOREIGN_TO_PACK = 0.4  # the same of a pack of Tesseract
MOST_SCRIPTS = 3  # beside that of the page
FOREIGN_LENGTH = 4.0  # times its height is such a line long, at least: a smudge is shorter
FOREIGN_SHARE = 0.02  # of the width of all lines must be such lines, else they are smudges
UNREAD_SHARE = 0.1  # the same when all is read: then the page's language is not known
ALIKE = 0.5  # of what a column says and its signs laid side by side: .81 to 1.0 in columns, .1 in lines that run up
VERTICAL_SAMPLE = 3  # columns are tried
LINES = 2  # so long as FOREIGN_LENGTH, at least, are a text: a logo has short ones


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
    has more pieces of text than are read, `has_text` that there is anything that looks like text."""

    raster: Raster
    lines: list[RecognisedLine]
    languages: tuple[Language, ...] = ()
    sure_of_language: bool = True
    missing: Language | None = None
    truncated: bool = False
    has_text: bool = True


@cache
def engines() -> Engines:
    """Takes about half a second and 150 MB, so once a process."""
    return Engines(Detector.load(), PpOcr.load(), Packs())


def read(
    raster: Raster,
    wanted: str,
    loaded: Engines,
    deadline: float,
    *,
    may_turn: bool = True,
    around: Language | None = None,
) -> Reading:
    """`wanted` is the canonical code of the page's language, or `auto`; `may_turn` is False for a picture that is known
    to be upright; `around` is the language of the text that it stands in. Raises PageTimedOut, and LanguageUnavailable
    when the pack of `wanted` is not installed."""
    if raster.is_uniform:
        return Reading(raster, [], has_text=False)
    regions = loaded.detector.find(raster.pixels)
    sheet = Sheet(raster, regions, may_turn)
    if not regions:
        return Reading(raster, [], has_text=False)
    if wanted == AUTO and around is not None and _is_as_around(around, regions):
        return _read_known(sheet, around, loaded, deadline)
    if wanted == AUTO:
        return _read_any(sheet, loaded, deadline)
    return _read_known(sheet, languages.language(wanted), loaded, deadline)


def read_again(raster: Raster, lines: Sequence[Line], loaded: Engines, deadline: float) -> list[str | None]:
    """What stands in the boxes of lines of an upright page, each read by the engine of the script that its text is in.
    None for one whose pack is not installed, or whose script no engine reads."""
    scale = raster.scale
    read: list[str | None] = []
    for line in lines:
        x0, y0, x1, y1 = (value * scale for value in line.bbox)
        region = Region((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0, 0.0)
        reader = _reader_of(line.text, loaded)
        if reader is None:
            read.append(None)
        else:
            (found,) = reader.read(raster.pixels, [region], deadline)
            read.append("" if found is None else found.text)
    return read


def _is_as_around(around: Language, regions: Sequence[Region]) -> bool:
    """Whether a picture is taken to be in the language of the text around it: a logo is, for which no other script is
    tried, and whatever stands in text that only a pack of its own reads."""
    if around.needs_pack:
        return around.pack in packs.installed()
    return sum(region.elongation >= FOREIGN_LENGTH for region in regions) < LINES


def _reader_of(text: str, loaded: Engines) -> LineReader | None:
    script = scripts.script_of(text)
    if script is None or script in scripts.OF_PPOCR:
        return loaded.ppocr
    named = [language.pack for language in naming.name(text).languages if language.engine == "tesseract"]
    fitting = [pack for pack in (*named, scripts.PROBE_OF.get(script)) if pack in packs.installed()]
    return loaded.packs.reader(fitting[0], fitting[0]) if fitting and fitting[0] else None


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
    _read_foreign(sheet, loaded, deadline)
    return _reading(sheet, None)


def _read_foreign(sheet: Sheet, loaded: Engines, deadline: float) -> None:
    """Lines of other scripts than that of the page, one script after the other, until one reads none of them better."""
    for _ in range(MOST_SCRIPTS):
        foreign = _foreign(sheet)
        if not foreign:
            return
        longest = max(foreign, key=lambda index: sheet.regions[index].width)
        found = scripts.of_lines(sheet.raster.pixels, sheet.of([longest]), loaded.packs, sheet.sureness(foreign))
        if found is None:
            return
        language = _language(sheet, found, foreign, loaded, deadline)
        before = list(sheet.lines)
        sheet.read_again(loaded.packs.reader(language.pack, language.name), foreign, deadline)
        if all(sheet.lines[index] is before[index] for index in foreign):
            return


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
        return _reading(sheet, None, missing=language)
    seen = list(sheet.lines)
    sheet.lines = [None] * len(seen)
    sheet.read_rest(loaded.packs.reader(language.pack, language.name), deadline)
    unlikely = sheet.unlikely()
    sheet.read_again(loaded.ppocr, [index for index in unlikely if seen[index] is None], deadline)
    for index in unlikely:
        sheet.keep_likelier(index, seen[index])
    _read_foreign(sheet, loaded, deadline)
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
    side, the signs of such a column read as a line, and say what the column says. A line that runs up does not."""
    pixels = sheet.raster.pixels
    columns = sorted(sheet.regions, key=lambda region: -region.height)[:VERTICAL_SAMPLE]
    alike = []
    for column, line in zip(columns, loaded.ppocr.read(pixels, columns, deadline), strict=True):
        row = crops.laid_side_by_side(pixels, column)
        if row is not None and line is not None:
            (other,) = loaded.ppocr.read(row, [Region.of_image(row)], deadline)
            beginning = line.text[: crops.COLUMN_SIGNS]
            alike.append(0.0 if other is None else SequenceMatcher(None, beginning, other.text).ratio())
    return bool(alike) and median(alike) >= ALIKE


def _foreign(sheet: Sheet, share: float = FOREIGN_SHARE) -> list[int]:
    """Lines that their engine is so unsure of that they may be in a script it does not know, if they are such a share
    of all."""
    pairs = list(zip(sheet.lines, sheet.regions, strict=True))
    heights = [region.height for line, region in pairs if line is not None and line.confidence >= FOREIGN]
    least = scripts.THIN * median(heights) if heights else 0.0
    found = [
        index
        for index, (line, region) in enumerate(pairs)
        if region.elongation >= FOREIGN_LENGTH
        and region.height >= least
        and (line is None or line.sureness < (FOREIGN if line.engine == PPOCR else FOREIGN_TO_PACK))
    ]
    whole = sum(region.width for region in sheet.regions)
    return found if sum(sheet.regions[index].width for index in found) >= share * whole else []


def _reading(sheet: Sheet, main: Language | None, *, missing: Language | None = None) -> Reading:
    """What was read. The languages are those of the lines of each engine, and `main` before them."""
    is_sure = missing is None and (main is not None or not _foreign(sheet, UNREAD_SHARE))
    lines = [confidence.calibrated(line) for line in sheet.lines if line is not None and confidence.is_text(line)]
    named = [main] if main is not None else []
    for engine in dict.fromkeys(line.engine for line in lines):
        named += naming.name("\n".join(line.text for line in lines if line.engine == engine)).languages
    truncated = len(sheet.regions) >= MOST_REGIONS
    has_text = bool(lines) or any(region.elongation >= FOREIGN_LENGTH for region in sheet.regions)
    return Reading(sheet.raster, lines, tuple(dict.fromkeys(named)), is_sure, missing, truncated, has_text)
