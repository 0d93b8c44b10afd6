"""The pages of DATA: a folder a set, `<id>.(jpg|png|tif|pdf)` with the truth in `<id>.gt.txt`.

The set `languages` also has `meta.json`, which says for each id the pack of Tesseract (`tess`); for other pages the
script of the truth says it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from . import scripts

IMAGES = frozenset({".jpg", ".jpeg", ".png", ".tif", ".tiff"})
TEXT_SETS = ("receipts", "languages", "pages", "layout", "tesseract")
FOLDED = frozenset({"receipts"})  # their truth is in capitals throughout

PACK_OF_PAGE = {"eurotext": "eng+deu+fra+ita+spa+por"}
"""Pages in several languages."""

TURNED_NAME = "-rotated-"
"""Tesseract's samples of turned pages are named after the upright one, whose truth is theirs."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """An image with its truth. `pack` is the languages as Tesseract is told them."""

    set: str
    name: str
    path: Path
    truth: str
    pack: str
    fold_case: bool
    unspaced: bool
    turned: bool = False


def pages_of(data: Path, name: str, limit: int | None = None) -> list[Page]:
    """Those of a set that have a truth, by name. With `limit`, that many, taken evenly from all of them."""
    return sample(list(_pages(data / name)), limit)


def sample(items: list[T], limit: int | None) -> list[T]:
    """At most `limit` items, as evenly as can be from the whole list."""
    if limit is None or limit >= len(items):
        return items
    return [items[index * len(items) // limit] for index in range(limit)]


def _pages(folder: Path) -> Iterator[Page]:
    packs = {}
    if (meta := folder / "meta.json").exists():
        packs = {page: facts["tess"] for page, facts in json.loads(meta.read_text()).items()}
    for path in sorted(folder.iterdir()):
        truth_file = folder / f"{path.stem.partition(TURNED_NAME)[0]}.gt.txt"
        if path.suffix.lower() not in IMAGES or not truth_file.exists():
            continue
        truth = truth_file.read_text()
        pack = packs.get(path.stem) or PACK_OF_PAGE.get(path.stem) or scripts.pack_of(truth)
        yield Page(
            folder.name,
            path.stem,
            path,
            truth,
            pack,
            fold_case=folder.name in FOLDED,
            unspaced=scripts.is_unspaced(truth),
            turned=TURNED_NAME in path.stem,
        )
