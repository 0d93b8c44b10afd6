"""Acceptance as the functions of this folder have it, made of what the environment names."""

from __future__ import annotations

from ocrchat import wiring

from .accept import Acceptance
from .drop import Drops


def acceptance() -> Acceptance:
    settings = wiring.settings()
    return Acceptance(
        wiring.metering(),
        wiring.idempotency(),
        wiring.bucket(),
        wiring.workflow(),
        wiring.functions(),
        settings.inspect_function,
        settings.public_url,
        settings.language_packs,
        settings.tiers,
        settings.plans,
    )


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
