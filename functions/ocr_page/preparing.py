"""A page made ready for a vision model: what is read on it here, and its picture, upright, as large as models see."""

from __future__ import annotations

from ocrchat.errors import PageUnreadable
from ocrchat.llm.images import fitting
from ocrchat.pages import PageResult, PageTask, PreparedPage

from . import images, pdf
from .raster import Raster
from .reader import read_page

QUALITY = 90  # of the JPEG: print of 6 pt stays free of visible rings


def prepare_page(data: bytes, task: PageTask) -> PreparedPage:
    """Raises what `read_page` raises. The picture is turned as the reading is, by right angles, and is not made level:
    the boxes of a reading lie on the page that was sent."""
    reading = read_page(data, task)
    return PreparedPage(reading, _jpeg(_turned_as(_raster(data, task), reading)))


def _raster(data: bytes, task: PageTask) -> Raster:
    if task.format != "pdf":
        return images.decode(data, task.format)
    with pdf.opened(data) as page:
        return pdf.render(page)


def _turned_as(raster: Raster, reading: PageResult) -> Raster:
    return raster.turned((raster.rotation - reading.rotation) % 360 // 90)


def _jpeg(raster: Raster) -> bytes:
    import cv2

    pixels = raster.pixels
    size = fitting(pixels.shape[1], pixels.shape[0])
    if size != (pixels.shape[1], pixels.shape[0]):
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    done, encoded = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise PageUnreadable
    return bytes(encoded)
