"""What a run did, as metrics."""

from __future__ import annotations

from collections.abc import Mapping

from ocrchat import observe


def count_outcomes(outcomes: Mapping[str, int], metrics: Mapping[str, str]) -> None:
    """`metrics`: the names by outcome. What did not happen is not counted, since each
    name costs for every hour in which it is."""
    for outcome, name in metrics.items():
        if number := outcomes.get(outcome, 0):
            observe.count(name, number)
