"""Lists: which lines that begin with a marker belong together."""

from __future__ import annotations

from ocrchat.markers import Marker, follows

BARE_ITEMS = 3
"""So many numbers without a point, one after the other, make a list: two may begin two lines by chance."""


class Run:
    """The items of one list as they come, those of lists within it among them."""

    def __init__(self) -> None:
        self._levels: list[tuple[list[Marker], float]] = []
        self.count = 0

    def takes(self, markers: list[Marker], left: float, size: float) -> bool:
        """Whether a line that begins with `markers` at `left` is the next item; then it is counted."""
        if not markers:
            return False
        for depth, (before, _) in enumerate(self._levels):
            if follows(before, markers):
                self._levels[depth:] = [(markers, left)]
                break
        else:
            inner = not self._levels or left > self._levels[-1][1] + size / 2
            begins = any(marker.value <= 1 for marker in markers)
            bullets = markers[0].kind == "bullet" and any(level[0].kind == "bullet" for level, _ in self._levels)
            if self._levels and not (begins and inner) and not bullets:
                return False
            self._levels.append((markers, left))
        self.count += 1
        return True
