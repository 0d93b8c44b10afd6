"""Which pages of a file are to be read: `1-3,7`, as people count them.

Pure, and in three steps, since how many pages a file has is known late: `parsed` when the request comes, `chosen` when
the file has been looked into, `indexes` wherever the job's pages are gone through.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrchat.errors import ParameterInvalid

MOST_RANGES = 100
"""In one choice: its text stands in the job's row and in each answer."""

_RANGE = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
SEPARATOR = re.compile(r"[\s,+]+")
"""More than commas, since `aws s3 cp --metadata` takes these for its own."""

PATTERN = r"^ *[0-9]+(-[0-9]+)?([ ,+]+[0-9]+(-[0-9]+)?)* *$"
ALLOWED = f"`pages` is a list of pages and ranges like `1-3,7`, at most {MOST_RANGES} of them, counted from 1"


def parsed(text: str) -> str:
    """The choice in its one form: in order, without spaces, each page once. Raises ParameterInvalid."""
    parts = [_RANGE.fullmatch(part) for part in SEPARATOR.split(text.strip(), maxsplit=MOST_RANGES)]
    ranges = [(int(part[1]), int(part[2] or part[1])) for part in parts if part]
    if len(ranges) < len(parts) or len(ranges) > MOST_RANGES or any(not 1 <= a <= b for a, b in ranges):
        raise ParameterInvalid(ALLOWED, parameter="pages")
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return _written(joined)


def chosen(choice: str | None, page_count: int) -> str | None:
    """The choice as a file of so many pages has it; None where that is all of them. A range may reach beyond the last
    page, so that `1-5` is right for any file, but has to begin within it. Raises ParameterInvalid."""
    if choice is None:
        return None
    ranges = _ranges(choice)
    if beyond := next((first for first, _ in ranges if first > page_count), None):
        count = "1 page" if page_count == 1 else f"{page_count} pages"
        raise ParameterInvalid(f"`pages` asks for page {beyond}, and the file has {count}", parameter="pages")
    within = [(first, min(last, page_count)) for first, last in ranges]
    return None if within == [(1, page_count)] else _written(within)


def indexes(choice: str | None, page_count: int) -> Sequence[int]:
    """The pages of a job, 0-based, ascending: of the choice, or the first `page_count`."""
    if choice is None:
        return range(page_count)
    return [index for first, last in _ranges(choice) for index in range(first - 1, last)]


def runs(pages: Sequence[int]) -> list[range]:
    """The same pages as ranges of neighbours."""
    found: list[range] = []
    for page in pages:
        if found and page == found[-1].stop:
            found[-1] = range(found[-1].start, page + 1)
        else:
            found.append(range(page, page + 1))
    return found


def _ranges(choice: str) -> list[tuple[int, int]]:
    pairs = [part.partition("-") for part in choice.split(",")]
    return [(int(first), int(last or first)) for first, _, last in pairs]


def _written(ranges: list[tuple[int, int]]) -> str:
    return ",".join(f"{first}-{last}" if last > first else str(first) for first, last in ranges)
