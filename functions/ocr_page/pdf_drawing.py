"""What draws a PDF page beside its text: the length of the instructions, and pictures with what lies under them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ocrchat.blocks import BBox

from . import pdf

MOST_FORMS = 200  # of a page are looked at
MAX_LOGGED = 5_000  # pictures, or steps of drawing, of a page that are looked at
DRAWS_MORE = (b"Do", b"ID")  # in a page's instructions: another object is drawn, or a picture stands among them


@dataclass(frozen=True, slots=True)
class Drawing:
    """`length` is that of a page's instructions, in bytes, those of the forms that it uses with it; `images` are the
    boxes of its pictures, as if the page were not turned."""

    length: int
    images: list[BBox]


def of_page(page: Any) -> Drawing:
    """Of a `pymupdf.Page`."""
    contents = page.read_contents()
    draws_more = any(operator in contents for operator in DRAWS_MORE)
    forms = {xref for xref, *_ in page.get_xobjects()} if draws_more else ()
    length = len(contents) + sum(len(page.parent.xref_stream(xref) or b"") for xref in list(forms)[:MOST_FORMS])
    # looking for pictures costs as much as reading the text, and most pages of text have none
    may_have_images = draws_more or any(_has(page, key) for key in ("Resources/Pattern", "Annots"))
    return Drawing(length, [image["bbox"] for image in page.get_image_info()] if may_have_images else [])


def shown(page: Any, images: Sequence[BBox]) -> list[Any]:
    """What of the pictures lies on the page as it is turned now."""
    pymupdf = pdf.load()
    whole, matrix = pymupdf.Rect(page.rect), tuple(page.rotation_matrix)
    boxes = (pymupdf.Rect(pdf.turned(image, matrix)) & whole for image in images[:MAX_LOGGED])
    return [box for box in boxes if not box.is_empty]


def image_share(page: Any, images: Sequence[BBox]) -> float:
    """0..1 of the page. Pictures may overlap, then this says too much, or lie under text as a background; it is a
    hint."""
    area = page.rect.get_area()
    return min(sum(box.get_area() for box in shown(page, images)) / area, 1.0) if images and area else 0.0


@dataclass(frozen=True, slots=True)
class Covered:
    """Where text was drawn before a picture that lies over it, and where after. What is drawn last lies on top: the
    text of an earlier recognition is often put under the scan."""

    before: list[Any]
    after: list[Any]

    @classmethod
    def of(cls, page: Any) -> Covered:
        pymupdf = pdf.load()
        log = [(kind, pymupdf.Rect(box)) for kind, box in page.get_bboxlog()[:MAX_LOGGED]]
        images = [(box.get_area(), place) for place, (kind, box) in enumerate(log) if kind == "fill-image"]
        _, place = max(images, default=(0.0, 0))
        text = [(index, box) for index, (kind, box) in enumerate(log) if kind.endswith("-text")]
        return cls(
            [box for index, box in text if index < place and box in log[place][1]],
            [box for index, box in text if index > place],
        )

    def hides(self, bbox: Iterable[float]) -> bool:
        box = pdf.load().Rect(bbox)
        middle = (box.tl + box.br) / 2
        return any(middle in other for other in self.before) and not any(middle in other for other in self.after)


def _has(page: Any, key: str) -> bool:
    kind: str = page.parent.xref_get_key(page.xref, key)[0]
    return kind != "null"
