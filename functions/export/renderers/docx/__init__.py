"""Word. Pages are read to their end first: the size of its text, its languages, its sections and running heads are
known of a whole document only."""

from __future__ import annotations

from typing import IO

from export.source import Source

from . import figures
from .body import Body
from .figures import Figures
from .package import Package
from .runs import Setting
from .sections import sections
from .sheets import Sheet
from .sizes import sizes_of
from .styles import styles
from .tags import Tags


def render(source: Source, out: IO[bytes]) -> None:
    """A page of the original begins a page."""
    with figures.opened(source.original, source.job.page_format) as cut:
        sheets = _sheets(source, cut)
        tags = Tags.of(source.job.detected_languages or (source.job.language,))
        sizes = sizes_of(sheets)
        parts = list(sections(sheets))
        package = Package.empty()
        code = source.job.translate_to
        translations = Setting.of_translations(code, tags) if code else None
        body = Body(package, cut, tags, sizes, any(part.heads or part.feet for part in parts), translations)
        for number, part in enumerate(parts):
            body.write(part, is_first=number == 0, is_last=number == len(parts) - 1)
    package.set_styles(styles(sizes, tags, translations))
    package.set_numbering(body.numbering.xml())
    package.set_properties(source.job, tags)
    package.save(out)


def _sheets(source: Source, cut: Figures) -> list[Sheet]:
    sheets: list[Sheet] = []
    for page in source.pages:
        resolution = cut.resolution(page.index) if page.unit == "px" else None
        sheets.append(Sheet.of(page, resolution, sheets[-1] if sheets else None))
    return sheets
