"""The scans of DATA, read once: what this reader says of them is kept as JSON, so that a second run needs no engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.accuracy import scripts
from benchmarks.accuracy.reading import tell
from benchmarks.accuracy.sets import sample
from benchmarks.peers.ours import FORMATS as SUFFIXES
from export.formats import FORMATS
from export.source import Source
from ocrchat.errors import PageError
from ocrchat.jobs import Job
from ocrchat.pages import PageFormat, PageResult, PageTask

SETS = ("receipts", "languages", "pages", "layout", "tesseract", "photos", "pdfs")
MOST_PAGES = 4
"""Of a PDF are read: a long one would outweigh its set."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that was sent, and what was read of its first pages. `name` is how reports call it, which may be kept
    where the files' own names may not: by its number among the files of its set, or by its language. `pack` names that
    as Tesseract does."""

    set: str
    name: str
    path: Path
    format: PageFormat
    pages: tuple[PageResult, ...]
    pack: str

    @property
    def layered(self) -> list[PageResult]:
        """The pages that get a layer of text: those that were read from their picture, and on which something was."""
        return [page for page in self.pages if page.source != "text_layer" and any(block.text for block in page.blocks)]


def scans_of(data: Path, cache: Path, limit: int | None) -> list[Scan]:
    """Those with a page that gets a layer; at most `limit` files of a set, evenly taken."""
    cache.mkdir(parents=True, exist_ok=True)
    found = []
    for name in SETS:
        if not (data / name).is_dir():
            continue
        packs = _packs(data / name)
        files = sorted(path for path in (data / name).iterdir() if path.suffix.lower() in SUFFIXES)
        for number, path in sample(list(enumerate(files, start=1)), limit):
            pages = tuple(map(PageResult.from_json, _read(path, cache)))
            text = " ".join(page.text for page in pages)
            pack = packs.get(path.stem) or scripts.pack_of(text)
            called = packs.get(path.stem) or str(number)
            scan = Scan(name, called, path, SUFFIXES[path.suffix.lower()], pages, pack)
            if scan.layered:
                found.append(scan)
    return found


def job_of(filename: str, page_format: PageFormat, page_count: int) -> Job:
    return Job(
        uuid="0" * 32,
        account=None,
        holder="benchmark",
        filename=filename,
        media_type="application/pdf" if page_format == "pdf" else f"image/{page_format}",
        size=1,
        page_format=page_format,
        as_it_came=True,
        page_count=page_count,
        tier="cpu",
        language="auto",
        base_url="",
        created_at=datetime.now(UTC),
        price=1,
        queue="standard",
        result_hours=1,
        original_hours=1,
        status="done",
        settled_at=datetime.now(UTC),
    )


def searchable(scan: Scan, folder: Path) -> Path:
    """The scan as the PDF that is given out."""
    path = folder / "searchable.pdf"
    job = job_of(scan.path.name, scan.format, len(scan.pages))
    with path.open("w+b") as out:
        FORMATS["pdf"].renderer()(Source(job, iter(scan.pages), scan.path), out)
    return path


def _packs(folder: Path) -> dict[str, str]:
    meta = folder / "meta.json"
    if not meta.exists():
        return {}
    return {page: facts["tess"] for page, facts in json.loads(meta.read_text()).items()}


def _read(path: Path, cache: Path) -> list[dict[str, object]]:
    """The JSON of its pages, `PageResult.as_json(words=True)`."""
    kept = cache / f"{path.parent.name}__{path.name}.json"
    if not kept.exists():
        tell(f"reading {path.parent.name} {path.name}")
        kept.write_text(json.dumps([page.as_json(words=True) for page in _pages(path)]))
    pages: list[dict[str, object]] = json.loads(kept.read_text())
    return pages


def _pages(path: Path) -> Iterator[PageResult]:
    from ocr_page.reader import read_page

    page_format = SUFFIXES[path.suffix.lower()]
    for index, data in enumerate(_parts(path)):
        try:
            yield read_page(data, PageTask(index, page_format))
        except PageError as error:  # the service's own answer for such a page
            yield PageResult.unread(index, error)


def _parts(path: Path) -> Iterator[bytes]:
    """Page by page, as the service cuts a file up; of an image its first frame."""
    import pymupdf

    if path.suffix.lower() != ".pdf":
        yield path.read_bytes()
        return
    with pymupdf.open(path) as document:
        for index in range(min(MOST_PAGES, document.page_count)):
            with pymupdf.open() as single:
                single.insert_pdf(document, from_page=index, to_page=index)
                yield bytes(single.tobytes())
