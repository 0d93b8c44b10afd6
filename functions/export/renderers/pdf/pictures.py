"""A PDF of pictures: each page as large as what was scanned, upright, with the picture as it came and its text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Any, cast

from export import scans
from export.scans import FAULTS, stated_dpi
from export.source import Source
from ocrchat.errors import FileCorrupt
from ocrchat.jobs import Job
from ocrchat.orientation import CLOCKWISE, TAG
from ocrchat.pages import PageResult

from . import image_streams
from .font import Font
from .image_streams import Stream
from .layer import Matrix, stream_of
from .notes import Annotations
from .objects import NewFile, text_string

if TYPE_CHECKING:
    from PIL.Image import Image

POINTS_PER_INCH = 72.0
FONT_NAME = "Text"
A4 = (595, 842)  # pt: the page of a picture that is not known
SIDEWAYS = 5  # orientations from here on swap width and height
SCREEN_DPI = 96.0  # of a picture that does not say, or says what cannot be: CSS Values 4, 6.2
LONGEST_INCHES = 11.69  # of such a picture: A4
STATED_DPI = (50.0, 4800.0)  # what a scanner or a program may say
STATED_INCHES = 48.0  # a longer page is no scan: cameras write 72 dpi, which says nothing
MOST_POINTS = 14_400.0  # ISO 32000-1, Annex C.2

_UPRIGHT: dict[int, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    1: ((1, 0, 0), (0, 1, 0)),
    2: ((-1, 0, 1), (0, 1, 0)),
    3: ((-1, 0, 1), (0, -1, 1)),
    4: ((1, 0, 0), (0, -1, 1)),
    5: ((0, 1, 0), (1, 0, 0)),
    6: ((0, -1, 1), (1, 0, 0)),
    7: ((0, -1, 1), (-1, 0, 1)),
    8: ((0, 1, 0), (-1, 0, 1)),
}
"""By EXIF's orientation (2.3, 4.6.4 A): where (x, y) of the stored picture, as shares of its sides, goes on the upright
one: x' = a x + b y + c, y' = d x + e y + f."""


def render(source: Source, original: Path, out: IO[bytes]) -> None:
    """Raises FileCorrupt where a picture that was read cannot be opened any more."""
    target, font = NewFile(out), Font()
    annotations = Annotations(target, source.job.translate_to)
    root, tree, font_number = target.reserve(), target.reserve(), target.reserve()
    numbers = []
    with original.open("rb") as file, ExitStack() as stack:
        with _damage():
            image = stack.enter_context(scans.opened(file))
        for page in source.pages:
            sheet = _sheet(image, file, page, is_only=source.job.indexes == range(1))
            numbers.append(_add_page(target, font, annotations, sheet, page, tree, font_number))
    font.write(target, font_number)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    target.put(tree, f"<</Type/Pages/Count {len(numbers)}/Kids[{kids}]>>")
    language = next(iter(source.job.detected_languages), "")
    named = f"/Lang{text_string(language)}" if language else ""
    target.put(root, f"<</Type/Catalog/Pages {tree} 0 R{named}/ViewerPreferences<</DisplayDocTitle true>>>>")
    target.close(root, target.add(_information(source.job)), source.job.uuid)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A frame of the file. `dpi` are dots an inch across and down `picture`, which is upright once it is drawn by
    `orientation`, as EXIF counts; `by_exif` are the degrees of the page's `rotation` that come of that."""

    picture: Stream
    orientation: int
    by_exif: int
    dpi: tuple[float, float]


@contextmanager
def _damage() -> Iterator[None]:
    """Around calls of Pillow alone: what it raises is taken for damage."""
    try:
        yield
    except FAULTS as error:
        raise FileCorrupt("The picture is damaged and cannot be put into a PDF: take another format") from error


def _sheet(image: Image, file: IO[bytes], page: PageResult, *, is_only: bool) -> _Sheet | None:
    """None for a frame that is damaged, which was not read either. The frames of a file with several were upright when
    they were read."""
    try:
        with _damage():
            if not is_only:
                image.seek(page.index)
            orientation = _orientation(image)
            dpi = _dpi(image)
            picture = image_streams.of_frame(image, file)
    except FileCorrupt:
        if page.error is None:
            raise
        return None
    by_exif = CLOCKWISE.get(orientation, 0) if is_only else 0
    if picture.is_upright:
        return _Sheet(picture, 1, by_exif, dpi if orientation < SIDEWAYS else (dpi[1], dpi[0]))
    return _Sheet(picture, orientation, by_exif, dpi)


def _orientation(image: Image) -> int:
    tags = cast("Any", image).tag_v2 if image.format == "TIFF" else image.getexif()
    found: int = tags.get(TAG, 1)
    return found if found in _UPRIGHT else 1


def _add_page(
    target: NewFile,
    font: Font,
    annotations: Annotations,
    sheet: _Sheet | None,
    page: PageResult,
    tree: int,
    font_number: int,
) -> int:
    if sheet is None:
        return target.add(f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {A4[0]} {A4[1]}]/Resources<<>>>>")
    number = _add_picture(target, sheet.picture)
    turns = (page.rotation - sheet.by_exif) // 90 % 4 if page.width else 0
    sideways = (sheet.orientation >= SIDEWAYS) != (turns % 2 == 1)
    wide = sheet.picture.width / sheet.dpi[0] * POINTS_PER_INCH
    high = sheet.picture.height / sheet.dpi[1] * POINTS_PER_INCH
    shrunk = min(1.0, MOST_POINTS / max(wide, high))
    width, height = (high * shrunk, wide * shrunk) if sideways else (wide * shrunk, high * shrunk)
    layer, notes = b"", ""
    if page.width and page.height:
        place = (width / page.width, 0.0, 0.0, -height / page.height, 0.0, height)
        layer = stream_of(page.blocks, place, font, FONT_NAME)
        references = " ".join(f"{note} 0 R" for note in annotations.add(annotations.notes_of(page), place))
        notes = f"/Annots[{references}]" if references else ""
    drawn = " ".join(f"{value:.4f}" for value in _placed(sheet.orientation, turns, width, height))
    contents = target.add("<<>>", layer + f"q {drawn} cm /Picture Do Q\n".encode())
    fonts = f"/Font<</{FONT_NAME} {font_number} 0 R>>" if layer else ""
    return target.add(
        f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {width:.2f} {height:.2f}]/Contents {contents} 0 R"
        f"/Resources<</XObject<</Picture {number} 0 R>>{fonts}>>{notes}>>"
    )


def _add_picture(target: NewFile, picture: Stream) -> int:
    space = picture.space
    if picture.profile is not None:
        components = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}[space]
        space = f"[/ICCBased {target.add(f'<</N {components}/Alternate{space}>>', picture.profile)} 0 R]"
    mask = f"/SMask {_add_picture(target, picture.alpha)} 0 R" if picture.alpha else ""
    dictionary = (
        f"<</Type/XObject/Subtype/Image/Width {picture.width}/Height {picture.height}/ColorSpace{space}"
        f"{picture.entries}{mask}>>"
    )
    return target.add(dictionary, picture.data, as_it_is=True)


def _dpi(image: Image) -> tuple[float, float]:
    """Dots an inch of the stored picture, across and down; where it says none that can be, those of a screen, or as
    many as it takes to fit A4."""
    across, down = stated_dpi(image) or (0.0, 0.0)
    least, most = STATED_DPI
    can_be = least <= min(across, down) <= max(across, down) <= most
    if can_be and max(image.width / across, image.height / down) <= STATED_INCHES:
        return across, down
    fitting = max(SCREEN_DPI, max(image.size) / LONGEST_INCHES)
    return fitting, fitting


def _placed(orientation: int, turns: int, width: float, height: float) -> Matrix:
    """What draws the picture, for PDF a unit square, on a page of `width` x `height` pt: made upright by its
    orientation and by so many quarter turns clockwise."""
    (a, b, c), (d, e, f) = _UPRIGHT[orientation]
    for _ in range(turns):
        (a, b, c), (d, e, f) = (-d, -e, 1 - f), (a, b, c)
    # The square's y runs up: its point (i, j) is (i, 1 - j) of the picture; and so does the page's.
    return (a * width, -d * height, -b * width, e * height, (b + c) * width, (1 - e - f) * height)


def _information(job: Job) -> str:
    moment = job.settled_at or job.created_at
    return (
        f"<</Title{text_string(PurePath(job.filename).stem)}/Producer{text_string('ocrchat')}"
        f"/CreationDate(D:{moment:%Y%m%d%H%M%S}Z)>>"
    )
