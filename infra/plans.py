"""Writes the page of plans and prices from their table: `python -m infra.plans`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ocrchat.limits import MB
from ocrchat.plans import CHAT, Plan, Plans
from ocrchat.tiers import TIERS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "plans.md"

_HEAD = """# Plans and prices

`make plans` writes this page from `layers/core/ocrchat/plans.py`. `GET /api/v1/pricing/` answers the same for a running
service, whose operator may have changed it.

Pages are counted in credits: one page of the cpu tier is one. They are taken when a file is accepted and come back for
each page that could not be read, and for all that were not read yet when a job is deleted. The pages that a plan
gives for the period are used first, if they cover the whole file; else the account's own credits. Periods begin at
midnight UTC, and on the first of a month. What is not used is not carried over; bought credits do not expire. Whoever
buys credits has the plan `paid` from then on. Credits whose money is refunded go with it, spent or not: a balance below
zero pays for nothing until the next purchase fills it up.
"""

_SETTING = """
## Changing them

The parameter `Plans` of the template (the setting `PLANS`) is a JSON object that changes single values of the table:

    {"packs": [{"credits": 1000, "cents": 500, "currency": "eur"}]}
    {"anonymous": {"pages": 20}, "free": {"pages": 1000, "concurrent_jobs": 20}, "prices": {"vlm": 8, "chat": 1}}

`packs` are all that are sold, `[]` none. A value that cannot be is refused when the service starts, with its name. Jobs
keep the price and the retention that they were accepted with.
"""

_ROWS: tuple[tuple[str, Callable[[Plan], str]], ...] = (
    ("`pages`", lambda plan: f"{plan.pages} a {plan.period}"),
    ("`file_pages`", lambda plan: f"{plan.file_pages:,}"),
    ("`file_bytes`", lambda plan: f"{plan.file_bytes // MB} MB"),
    ("`requests_per_minute`", lambda plan: f"{plan.requests_per_minute:,}"),
    ("`uploads_per_hour`", lambda plan: f"{plan.uploads_per_hour:,}"),
    ("`concurrent_jobs`", lambda plan: f"{plan.concurrent_jobs:,}"),
    ("`queue`", lambda plan: plan.queue),
    ("`result_hours`", lambda plan: _duration(plan.result_hours)),
    ("`original_hours`", lambda plan: _duration(plan.original_hours)),
    ("`chat_messages_per_day`", lambda plan: f"{plan.chat_messages_per_day:,}"),
)

_MEANINGS = """
`requests_per_minute` counts the requests for jobs and to an account, but those that look at one job, which clients
repeat while they wait. `uploads_per_hour` are forms for files beyond what a request holds. `concurrent_jobs` are jobs
that have not ended. `result_hours` and `original_hours` say how long the result, and the file that was sent, are kept
after a job has ended. `chat_messages_per_day` are messages about jobs that are answered in a day of UTC, or that a
model was paid for in vain; without an account there is no chat.
"""


def page() -> str:
    plans = Plans.parse()
    named = (plans.anonymous, plans.free, plans.paid)
    lines = [_HEAD, "| | " + " | ".join(f"{plan.title} (`{plan.name}`)" for plan in named) + " |", "|---|---|---|---|"]
    lines += [f"| {name} | " + " | ".join(show(plan) for plan in named) + " |" for name, show in _ROWS]
    lines += [_MEANINGS, "| tier | credits a page |", "|---|--:|"]
    lines += [f"| `{tier.name}`: {tier.title} | {plans.prices[tier.name]} |" for tier in TIERS.values()]
    lines += ["", f"A message about a job costs {plans.prices[CHAT]} credits, when it is answered."]
    lines += ["", "| pack | price |", "|--:|--:|"]
    lines += [f"| {pack.credits:,} credits | {pack.cents / 100:,.2f} {pack.currency.upper()} |" for pack in plans.packs]
    lines += [
        "",
        "Packs are sold where the service has a key of Stripe's; the answer of a service without one has none.",
    ]
    return "\n".join(lines) + "\n" + _SETTING


def _duration(hours: int) -> str:
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours"


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
