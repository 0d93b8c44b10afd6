"""The tiers that read pages: what each is for and what a page of it costs. Which of them a service has, its settings
say: `vlm` is live where a model is named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ocrchat.errors import ParameterInvalid, TierUnavailable
from ocrchat.limits import LIMITS


@dataclass(frozen=True, slots=True)
class Tier:
    """`credits` is the price of one page; `file_pages` the most that a file may have."""

    name: str
    title: str
    credits: int
    file_pages: int


TIERS = {
    tier.name: tier
    for tier in (
        Tier("cpu", "Fast: printed documents", 1, LIMITS.file_pages),
        Tier("vlm", "Premium AI: handwriting, complex layout, math", 5, LIMITS.model_file_pages),
    )
}
DEFAULT_TIER = "cpu"
MODEL_TIER = "vlm"

WHAT_TO_SET = (
    "whoever runs it names a model: ModelName and ModelProvider of the template, MODEL= for `make serve` (docs/vlm.md)"
)


def tier_of(name: str, live: Collection[str]) -> Tier:
    """Raises ParameterInvalid for a name that is no tier, TierUnavailable for one that this service lacks."""
    if name not in TIERS:
        allowed = sorted(TIERS)
        raise ParameterInvalid(
            f"`tier` is one of {', '.join(allowed)}; it was {name[:40]!r}", parameter="tier", allowed=allowed
        )
    if name not in live:
        raise TierUnavailable(
            f"The tier `{name}` is not available on this service: use `tier={DEFAULT_TIER}`, or {WHAT_TO_SET}"
        )
    return TIERS[name]
