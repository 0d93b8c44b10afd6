"""What load the stack bears on AWS, and which limit is reached first:

    python -m benchmarks.scale [--out scale.md] [--seed 1]

Arithmetic first (at how many pages a second is each limit reached?), then a simulation of lines, seeded: jobs come at
random, or all at once. Nothing here ran on AWS; limits and their sources: `limits.json`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.accuracy.report import table
from benchmarks.cost.dollars import PAGES, bill, price
from benchmarks.cost.measuring import Measured
from benchmarks.cost.template import Template

from .demand import ARCHITECTURE, NEW_ACCOUNT, Demand
from .load import MEAN_PAGES, MIX, Arrival, burst, poisson
from .simulation import Outcome, Settings, Simulation

SPANS_S = {1: 3600, 100: 600, 10_000: 30}
"""Pages a second -> for how many seconds they come."""

PROFILES: dict[str, Callable[[float, float, int], list[Arrival]]] = {"at random": poisson, "at once": burst}
HEADS = "|pages/s >|they come|pages >|age p50 s >|p95 >|most >|done p50 s >|p95 >|most >|$ for 1,000 >|waited for most"


CODE = """\
More queues than two, and an account's wallet over several rows, are no quotas: the code would have to divide them. So
would it have to change where a POST waits for its result while the line is long: it holds a function for up to 26 s,
which makes pages up to a third dearer, and in a new account leaves no function for others."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One row."""

    rate: int
    profile: str
    outcome: Outcome
    usd: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, help="a Markdown file")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    whole = report(Demand(Template(), Measured.kept()), SPANS_S, asked.seed)
    if asked.out is None:
        print(whole)
    else:
        asked.out.write_text(whole + "\n")


def report(demand: Demand, spans: dict[int, int], seed: int) -> str:
    settings: dict[str, Callable[[int], Settings]] = {
        "The template as it stands, AWS's defaults": lambda _: demand.settings(),
        "The same in a new account (10 invocations at once)": lambda _: demand.new_account(),
        "Each limit raised for the load": lambda rate: demand.raised(float(rate)),
    }
    parts = ["# Scale", f"{datetime.now(UTC):%Y-%m-%d}, seed {seed}.", how(demand), "## When each limit is reached"]
    parts += [by_limit(demand), "## What breaks first", first(demand, list(spans))]
    for name, of in settings.items():
        rows = [ran(demand, of(rate), rate, profile, spans[rate], seed) for rate in spans for profile in PROFILES]
        parts += [f"## {name}", table(HEADS.removeprefix("|"), [_cells(row) for row in rows])]
    parts += ["## What was raised", raised(demand, list(spans))]
    return "\n\n".join(parts)


def how(demand: Demand) -> str:
    mix = ", ".join(f"{share:.1%} have {pages}" for pages, share in MIX.items())
    return f"""\
Jobs of the tier cpu, {MEAN_PAGES:.1f} pages on average: {mix} (assumed).
A page holds a reader for {demand.page_s:.2f} s on average, between a fifth of it and nearly twice as long, and all
functions together for {demand.function_s:.2f} s. Half of the jobs go through each queue; the wallet row is that of one
account that sends all, the worst case. `age`: how long a batch of pages has waited in its queue when a reader takes it.
`done`: from the POST to the end of the job. What a quota refuses is sent again until it is let through. Cold starts,
faults and the polls of clients for jobs that have not ended come on top; S3 and on-demand tables grow under load, which
is left out."""


def by_limit(demand: Demand) -> str:
    rows = [[one.what, f"{one.at:,.0f}", one.remedy] for one in demand.reached()]
    return table("limit|reached at pages/s >|what raises it", rows)


def first(demand: Demand, rates: Sequence[int]) -> str:
    rows = []
    for rate in rates:
        below = [one for one in demand.reached() if one.at < rate and one.what != NEW_ACCOUNT]
        named = below[0] if below else None
        others = "; ".join(f"{one.what} ({one.at:,.0f})" for one in below[1:])
        rows.append([f"{rate:,}", named.what if named else "none", named.remedy if named else "", others])
    return table("pages/s >|first limit|what raises it|then", rows)


def ran(demand: Demand, settings: Settings, rate: int, profile: str, seconds: int, seed: int) -> Ran:
    arrivals = PROFILES[profile](rate, seconds, seed)
    outcome = Simulation(settings, demand.span(), seed).run(arrivals)
    return Ran(rate, profile, outcome, dollars(demand, arrivals, outcome))


def dollars(demand: Demand, arrivals: Sequence[Arrival], outcome: Outcome) -> float:
    """For 1,000 pages: what the jobs cost anyway, with POSTs that held their function as long as they did."""
    usd = outcome.held * demand.template.functions["Submit"].memory / 1024 * price(f"lambda.gb_s.{ARCHITECTURE}")
    measured = Measured.kept()
    for pages, span in demand.spans.items():
        span.billed["Submit"] = 0.0
        number = sum(arrival.pages == pages for arrival in arrivals)
        usd += number * bill(span, demand.template, measured, architecture=ARCHITECTURE).total
    return usd / outcome.pages * PAGES


def _cells(row: Ran) -> list[str]:
    outcome = row.outcome
    name, waited = max(outcome.waited.items(), key=lambda one: one[1])
    return [
        f"{row.rate:,}",
        row.profile,
        f"{outcome.pages:,}",
        *_quantiles(outcome.ages),
        *_quantiles(outcome.done),
        f"{row.usd:.3f}",
        name if waited > 0 else "nothing",
    ]


def _quantiles(seconds: Sequence[float]) -> list[str]:
    found = sorted(seconds)
    return [f"{found[min(len(found) - 1, int(len(found) * share))]:,.1f}" for share in (0.5, 0.95, 1.0)]


def raised(demand: Demand, rates: Sequence[int]) -> str:
    usual = demand.settings()
    columns = [usual, *(demand.raised(float(rate)) for rate in rates)]
    names = {
        "mappings": "queues with a mapping each",
        "workers": "readers of each",
        "concurrency": "concurrency of the account",
        "start": "StartExecution a second",
        "transition": "state transitions a second",
        "token": "SendTaskSuccess a second",
        "table": "write units of the jobs table",
        "wallet": "write units of an account's wallet",
        "prefix": "PUTs under a prefix",
        "gateway": "requests a second to the API",
    }
    rows = []
    for name, said in names.items():
        values = [getattr(column, name) for column in columns]
        rows.append(
            [said, *(f"{number:,.0f}" if number != values[0] or not i else "" for i, number in enumerate(values))]
        )
    heads = "|".join(f"for {rate:,} pages/s >" for rate in rates)
    return f"{table(f'|as it stands >|{heads}', rows)}\n\n{CODE}"


if __name__ == "__main__":
    main()
