"""Who takes dropped files, made of what the environment names. A module of its own: the routes need nothing of it."""

from __future__ import annotations

from ocrchat import wiring

from .desk import acceptance
from .drop import Drops


def drops() -> Drops:
    return Drops(
        acceptance(),
        wiring.drop_folder(),
        wiring.accounts_table(),
        wiring.balances_table(),
        wiring.jobs_table(),
        wiring.deliveries(),
        wiring.settings().plans,
    )
