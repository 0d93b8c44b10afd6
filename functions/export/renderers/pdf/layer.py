"""The text of a page as a content stream that draws nothing (ISO 32000-1, 9.3.6: rendering mode 3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot

from ocrchat.blocks import Block

from .font import Font, natural_width
from .placement import Run, runs_of

Matrix = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f): (x, y) becomes (a x + c y + e, b x + d y + f). ISO 32000-1, 8.3.3."""


def stream_of(blocks: Sequence[Block], place: Matrix, font: Font, name: str) -> bytes:
    """`place` leads from the page's unit, y downwards, to the space in which the page is drawn; `name` is that of the
    font among the page's resources. Empty where there is no text."""
    lines = [_line(runs, place, font, name) for runs in runs_of(blocks) if runs]
    if not lines:
        return b""
    return b"q BT 3 Tr\n" + b"".join(lines) + b"ET Q\n"


def _line(runs: Sequence[Run], place: Matrix, font: Font, name: str) -> bytes:
    """Its runs one after the other, each moved from the one before along the line."""
    a, b, c, d, e, f = place
    first = runs[0]
    along = (a * first.cos + c * first.sin, b * first.cos + d * first.sin)
    up = (a * first.sin - c * first.cos, b * first.sin - d * first.cos)
    wide, high = hypot(*along), hypot(*up)
    matrix = [along[0] / wide, along[1] / wide, up[0] / high, up[1] / high]
    origin = [a * first.x + c * first.y + e, b * first.x + d * first.y + f]
    digits = 1 if first.height * high >= 3 else 3
    parts = [b"%s %s Tm" % (_numbers(matrix, 5), _numbers(origin, digits + 1))]
    at = (0.0, 0.0)
    height, stretch = None, None
    for run in runs:
        x, y = run.x - first.x, run.y - first.y
        there = ((x * run.cos + y * run.sin) * wide, (x * run.sin - y * run.cos) * high)
        step = (round(there[0] - at[0], digits), round(there[1] - at[1], digits))
        if step != (0, 0):
            parts.append(b"%s Td" % _numbers(step, digits))
            at = (at[0] + step[0], at[1] + step[1])
        if run.height != height:
            height = run.height
            parts.append(b"/%s %s Tf" % (name.encode(), _numbers([height * high], digits + 1)))
        natural = natural_width(run.text.rstrip(" ") or run.text) * run.height * high
        wanted = round(100 * run.width * wide / natural, digits - 1) if natural else 100
        if wanted != stretch:
            stretch = wanted
            parts.append(b"%s Tz" % _numbers([max(stretch, 0.1)], digits))
        parts.append(_string(font.encode(run.text)) + b"Tj")
    return b" ".join(parts) + b"\n"


def _numbers(values: Iterable[float], digits: int) -> bytes:
    return " ".join(_number(value, digits) for value in values).encode("ascii")


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _string(codes: bytes) -> bytes:
    """ISO 32000-1, 7.3.4.2: as a literal, which takes half the room of hexadecimal digits."""
    escaped = codes.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\r", b"\\r")
    return b"(" + escaped + b")"
