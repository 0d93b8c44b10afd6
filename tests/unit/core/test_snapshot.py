"""What is done before Lambda takes a snapshot of a function, and in each copy of it."""

from __future__ import annotations

import random

from ocrchat.snapshot import before_snapshot


def test_copies_of_a_snapshot_draw_other_numbers() -> None:
    import snapshot_restore_py

    before_snapshot(lambda: None)
    snapshot = random.getstate()

    def drawn_in_a_copy() -> float:
        random.setstate(snapshot)
        for function, arguments, named in snapshot_restore_py.get_after_restore():
            function(*arguments, **named)
        return random.random()  # noqa: S311 - no secret

    assert len({drawn_in_a_copy() for _ in range(3)}) == 3
