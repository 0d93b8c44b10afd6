"""The tiers that read pages: what each is for and what a page of it costs."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.errors import ParameterInvalid, TierUnavailable


@dataclass(frozen=True, slots=True)
class Tier:
    """`credits` is the price of one page; `available` says whether this service has the workers for it."""

    name: str
    title: str
    credits: int
    available: bool


TIERS = {
    tier.name: tier
    for tier in (
        Tier("cpu", "Fast: printed documents", credits=1, available=True),
        Tier("vlm", "Premium AI: handwriting, complex layout, math", credits=5, available=False),
    )
}
DEFAULT_TIER = "cpu"


def tier_of(name: str) -> Tier:
    """Raises ParameterInvalid for a name that is no tier, TierUnavailable for one that this service lacks."""
    if name not in TIERS:
        allowed = sorted(TIERS)
        raise ParameterInvalid(
            f"`tier` is one of {', '.join(allowed)}; it was {name[:40]!r}", parameter="tier", allowed=allowed
        )
    tier = TIERS[name]
    if not tier.available:
        raise TierUnavailable(f"The tier `{name}` is not available on this service: use `tier={DEFAULT_TIER}`")
    return tier
