"""A document in each format, as the service writes it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from export.formats import FORMATS
from export.source import Source
from ocrchat.document import Document
from ocrchat.jobs import Progress, view

from .made import Made
from .scans import job_of


def write(made: Made, name: str, out: Path) -> None:
    """The pages come one by one out of their JSON, as they do from the store. `json` is the stored document, as join
    puts it together."""
    job = job_of(made.original.name, made.format, made.page_count)
    kind = FORMATS[name]
    if kind.module is None:
        with TemporaryDirectory(dir=out.parent) as folder:
            document = Document(Path(folder))
            for page in made.results_json():
                document.add(page)
            document.write(view(job, Progress(made.page_count), datetime.now(UTC))).rename(out)
            document.close()
        return
    original = None if kind.original == "unused" else made.original
    with out.open("w+b") as file:
        kind.renderer()(Source(job, made.pages(), original), file)
