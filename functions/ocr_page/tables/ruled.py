"""The ruling lines of a picture: long, thin, straight, level or upright."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .model import Rule, Rules, scaled

if TYPE_CHECKING:
    from ocr_page.recognisers.port import Pixels

CONTRAST = 12  # of 255, at least, that a rule is darker than what lies around it
DARK = 115  # of 255: no rules are looked for where the mean is darker
WINDOW = 1.0  # em: what lies around
LEVEL_RUN = 2.0  # em, at least, of a piece of a horizontal rule without a gap: longer than the strokes of text
UPRIGHT_RUN = 1.1  # em, at least, of a vertical one, since the rows of a table may be that low
BREAK = 2  # px: a gap that is none. In running text, a wider one would make rules of the feet of letters
THICKNESS = 0.4  # em, at most: what is thicker is a coloured ground, or a letter
WORD = 6.0  # em: a longer run of ink than that is not the feet of a word's letters
BESIDE = 3  # px above and below a rule that are white, but for what crosses it
CROWDED = 0.25  # of them are not, at most
SMALLEST = 4.0  # px: no line that is less high can be read
LARGEST = 40.0  # px: a larger picture is made smaller, since it shows no more
MAX_COMPONENTS = 5_000  # more are a photograph's


def rules_of(pixels: Pixels, em: float) -> Rules:
    """`pixels` is an upright RGB picture, height x width x 3; `em`, the height of its usual line, and the result are
    in px. A page with less than two horizontal rules has no vertical ones that matter, and none are looked for."""
    import cv2

    if em < SMALLEST:
        return Rules()
    if em > LARGEST:
        scale = LARGEST / em
        small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return scaled(rules_of(small, LARGEST), 1 / scale)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    ink = _ink(grey, em)
    level = _rules(ink, LEVEL_RUN * em, em)
    if len(level) < 2:
        return Rules(tuple(level))
    top, bottom = min(rule.at for rule in level), max(rule.at for rule in level)
    margin = round(2 * em)  # a table may be open above and below
    first = max(0, int(top) - margin)
    part = ink[first : int(bottom) + margin]
    upright = _rules(cv2.transpose(part), UPRIGHT_RUN * em, em)
    return Rules(tuple(level), tuple(Rule(rule.at, rule.start + first, rule.end + first) for rule in upright))


def _ink(grey: Any, em: float) -> Any:
    """255 where a pixel is darker than the mean around it, and that is not dark itself: around light text on a dark
    ground everything is darker than the mean."""
    import cv2

    window = max(15, round(WINDOW * em) | 1)
    mean = cv2.boxFilter(grey, -1, (window, window))
    ink = cv2.compare(cv2.subtract(mean, CONTRAST), grey, cv2.CMP_GT)
    return cv2.bitwise_and(ink, cv2.compare(mean, DARK, cv2.CMP_GT))


def _rules(ink: Any, run: float, em: float) -> list[Rule]:
    """The level rules in `ink`, of pieces that are at least `run` px long."""
    import cv2
    import numpy as np

    length = max(8, round(run))
    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, BREAK + 1), np.uint8))
    runs = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    if not runs.any():
        return []
    # every eighth of a run's length is enough to know it by, and there is as much less to look through
    step = max(1, length // 8)
    # a rule that runs not quite level steps from row to row: its steps are joined
    sampled = np.ascontiguousarray(runs[:, ::step])
    thick = cv2.morphologyEx(sampled, cv2.MORPH_OPEN, np.ones((max(4, round(THICKNESS * em)) + 1, 1), np.uint8))
    sampled = cv2.dilate(cv2.subtract(sampled, thick), np.ones((3, 3), np.uint8))
    count, _, stats, centres = cv2.connectedComponentsWithStats(sampled, connectivity=8)
    if count > MAX_COMPONENTS:
        return []
    found = []
    for (left, top, width, height, _), (_, y) in zip(stats[1:].tolist(), centres[1:].tolist(), strict=True):
        start = max(0, (left + 1) * step - step // 2)
        end = (left + width - 2) * step + 1 + step // 2
        crowded = end - start < WORD * em and _is_crowded(ink[:, start:end], top, height)
        if not crowded:
            found.append(Rule(y, float(start), float(end)))
    return found


def _is_crowded(ink: Any, top: int, height: int) -> bool:
    """Whether there is much ink right above or below, from end to end: then it's the feet of letters and no rule. A
    rule that passes a coloured ground has it along a part only."""
    import numpy as np

    above = ink[max(0, top - BESIDE) : top]
    below = ink[top + height : top + height + BESIDE]
    return any(
        all(part.size and part.mean() > CROWDED * 255 for part in np.array_split(side, 3, axis=1))
        for side in (above, below)
    )
