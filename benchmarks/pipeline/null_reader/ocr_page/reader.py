"""A reader that reads nothing: what is left is the pipeline's own time. Laid over the real one by the benchmark."""

from __future__ import annotations

from ocrchat.pages import PageResult, PageTask


def preload() -> None:
    """Nothing to load."""


def read_page(data: bytes, task: PageTask) -> PageResult:
    return PageResult(task.index, 595, 842, "pt", "text_layer", text=f"{len(data)} bytes")
