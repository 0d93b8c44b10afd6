"""The table of formats: what each file is, and who writes it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from ocrchat.jobs import Job

from .source import Renderer


@dataclass(frozen=True, slots=True)
class Format:
    """`version` goes up with every change to what the renderer writes of results that there are already: files of
    another one are not given out again, and a `pdf` whose original is gone cannot be made anew. `original`: whether the
    renderer works on the file that was sent. `module` has the function `render`, and is imported when it is needed;
    None where the file is the stored document itself."""

    media_type: str
    module: str | None
    version: int = 1
    original: Literal["unused", "if kept", "required"] = "unused"

    def renderer(self) -> Renderer:
        if self.module is None:
            raise LookupError("nothing renders this format")
        renderer: Renderer = import_module(self.module).render
        return renderer


FORMATS = {
    "txt": Format("text/plain; charset=utf-8", "export.renderers.txt"),
    "md": Format("text/markdown; charset=utf-8", "export.renderers.md"),
    "docx": Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "export.renderers.docx",
        original="if kept",
    ),
    "pdf": Format("application/pdf", "export.renderers.pdf", original="required"),
    "csv": Format("text/csv; charset=utf-8", "export.renderers.csv"),
    "json": Format("application/json", None),
}
"""In the order in which the API lists them (`ocrchat.jobs.FORMATS`)."""


def file_of(job: Job, name: str) -> str:
    """What the file is kept as. A settled job's document does not change any more, so neither does what is in it."""
    return f"{job.attempt}-{FORMATS[name].version}.{name}"
