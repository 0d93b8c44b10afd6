"""What a caller's plan says of a file."""

from __future__ import annotations

from ocrchat.errors import FileTooLarge, TooManyPages
from ocrchat.limits import MB
from ocrchat.plans import Plan
from ocrchat.tiers import Tier


def check_size(plan: Plan, size: int) -> None:
    if size > plan.file_bytes:
        raise FileTooLarge(
            f"The file has {size / MB:.1f} MB, and one of your plan may have {plan.file_bytes / MB:g}: "
            "send a smaller one, split it, or take a larger plan (/api/v1/pricing/)",
            limit=plan.file_bytes,
        )


def check_pages(plan: Plan, tier: Tier, pages: int) -> None:
    if pages > tier.file_pages:
        raise TooManyPages(
            f"The file has {pages} pages, and one that `tier={tier.name}` reads may have {tier.file_pages}: split it",
            limit=tier.file_pages,
        )
    if pages > plan.file_pages:
        raise TooManyPages(
            f"The file has {pages} pages, and one of your plan may have {plan.file_pages}: split it, or take a larger "
            "plan (/api/v1/pricing/)",
            limit=plan.file_pages,
        )
