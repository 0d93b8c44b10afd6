"""Acceptance as the functions of this folder have it, made of what the environment names."""

from __future__ import annotations

from ocrchat import wiring

from .accept import Acceptance


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
