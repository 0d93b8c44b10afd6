"""Large images in tiles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocr_page.recognisers import tiling

SIDES = st.integers(1, 30_000)


@given(SIDES, SIDES, st.floats(0, 0.999), st.floats(0, 0.999))
def test_every_place_belongs_to_one_tile(width: int, height: int, right: float, down: float) -> None:
    x, y = right * width, down * height
    assert sum(tile.owns(x, y) for tile in tiling.tiles(width, height)) == 1


@given(SIDES, SIDES)
def test_tiles_are_few_and_lie_on_the_image(width: int, height: int) -> None:
    tiles = tiling.tiles(width, height)
    assert len(tiles) <= 4 * tiling.MOST
    for tile in tiles:
        x0, y0, x1, y1 = tile.looked_at
        assert 0 <= x0 < x1 <= width
        assert 0 <= y0 < y1 <= height


def test_a_tile_reaches_over_what_it_owns() -> None:
    first, second, *_ = tiling.tiles(500, 5000)
    assert first.looked_at[3] - second.looked_at[1] == 2 * tiling.MARGIN
