"""What 1,000 pages cost on AWS, from the template, the code's own requests and a dated price list:

    python -m benchmarks.cost [--out cost.md] [--measure]

`--measure` takes the CPU times of the functions anew, on the embedded AWS, into `measured.json`. Nothing here was
billed by AWS: the counts of requests are tested against counted ones, times on Lambda and waits are assumed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.accuracy.costs import A4_AT_200_DPI, estimated
from benchmarks.accuracy.report import table
from benchmarks.cost import savings, standing
from benchmarks.cost.dollars import PAGES, Bill, bill, peers, price
from benchmarks.cost.durations import SPEED, TOKENS_A_SECOND, Page, Timed, timed
from benchmarks.cost.measuring import Measured, measure
from benchmarks.cost.requests import Job
from benchmarks.cost.template import Template
from benchmarks.exports.goals import Goal
from benchmarks.exports.goals import listed as goals_listed
from ocrchat.llm.prices import TABLE
from ocrchat.tiers import MODEL_TIER

MOST_USD = 0.06
GOAL_PAGES = 50
SIZES = (1, 5, 50, 1000)
PER_BATCH = (1, 2, 4, 8)
ARCHITECTURES = ("arm64", "x86_64")
SERVICES = ("Lambda", "Step Functions", "S3", "DynamoDB", "SQS", "HTTP", "logs")

REFERENCE = Page(cpu_s=1.0)
"""A page between a receipt and one of dense print; the goal is about it."""

KINDS = {
    "its own text is taken": 0.013,
    "receipt": 0.71,
    "**reference**": REFERENCE.cpu_s,
    "several scripts": 2.33,
    "dense print": 2.77,
    "papers, newspapers": 3.09,
}
"""CPU seconds that reading takes: benchmarks/results/speed-2026-11-21.md."""

HOW = f"""\
US dollars in us-east-1, before free tiers and discounts; prices and their sources: `benchmarks/cost/prices.json`.
Requests are those of the code, held against counted ones by a test; states are counted in the template's own state
machine, one transition each. CPU times were measured on one core of x86-64; reading takes {REFERENCE.cpu_s:g} s a page
where nothing else is said. Assumed: a vCPU of Lambda is as fast as that core, on x86-64 and on Graviton, and how long
AWS takes to answer (`durations.py`). A file small enough for one request; a client that waits for its job by
`wait=20`; an account that pays, so that results are kept for 30 days. Processes are warm."""


class Costs:
    def __init__(self, template: Template, measured: Measured) -> None:
        self.template = template
        self.measured = measured
        self.workers = int(template.parameter("CpuConcurrency"))

    def of(self, job: Job, page: Page = REFERENCE, architecture: str = "arm64", *, cold: bool = False) -> Bill:
        return self.both(job, page, architecture, cold=cold)[1]

    def both(
        self,
        job: Job,
        page: Page = REFERENCE,
        architecture: str = "arm64",
        *,
        model_usd: float = 0.0,
        cold: bool = False,
    ) -> tuple[Timed, Bill]:
        span = timed(
            job, page, self.template, self.measured, architecture=architecture, workers=self.workers, cold=cold
        )
        return span, bill(span, self.template, self.measured, architecture=architecture, model_usd=model_usd)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cost", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, help="a Markdown file")
    parser.add_argument("--measure", action="store_true", help="measure CPU times first, some minutes")
    asked = parser.parse_args()
    if asked.measure:
        measure().keep()
    whole = report(Costs(Template(), Measured.kept()))
    if asked.out is None:
        print(whole)
    else:
        asked.out.write_text(whole + "\n")


def report(costs: Costs) -> str:
    parts = [
        "# Cost",
        f"{datetime.now(UTC):%Y-%m-%d}. CPU times: {costs.measured.when}",
        HOW,
        "## Goals",
        goals(costs),
        "## By the size of a job, tier cpu",
        by_size(costs),
        "## By what is read, jobs of 50 pages",
        by_kind(costs),
        "## By pages a batch, jobs of 50 pages",
        by_batch(costs),
        "## Tier vlm, jobs of 50 pages",
        by_model(costs),
        "## Beside others, jobs of 50 pages",
        beside(costs),
        "## What a job of one page costs, and what would be saved",
        savings.listed([costs.both(Job(pages)) for pages in SIZES], costs.template),
        EXPRESS.format(price("states.express_request") * 1e6),
        "## A stack that nobody uses",
        standing.listed(costs.template),
    ]
    return "\n\n".join(parts)


EXPRESS = """\
None of these is done. An Express workflow (${:.2f} for a million, and its time) would run the states of a small job
for a hundredth of what they cost now, but knows no task tokens: it would have to invoke the reader itself, without the
queue, its order and its retries."""


def goals(costs: Costs) -> str:
    found = {architecture: costs.of(Job(GOAL_PAGES), architecture=architecture) for architecture in ARCHITECTURES}
    cold = costs.of(Job(GOAL_PAGES), cold=True)
    iterations = len(Job(GOAL_PAGES).batches)
    three = found["arm64"].per_thousand + 2 * iterations * price("states.transition") / GOAL_PAGES * PAGES
    asked = [(f"1,000 pages in jobs of {GOAL_PAGES}, {name}", one.per_thousand) for name, one in found.items()]
    asked += [
        ("the same, arm64, no process warm", cold.per_thousand),
        ("the same, arm64, were an iteration of a Map three transitions and not one", three),
    ]
    return goals_listed(Goal(what, f"<= ${MOST_USD:.3f}", f"${usd:.4f}", usd <= MOST_USD) for what, usd in asked)


def by_size(costs: Costs) -> str:
    rows = []
    for architecture in ARCHITECTURES:
        for pages in SIZES:
            span, one = costs.both(Job(pages), architecture=architecture)
            rows.append([architecture, pages, *_money(one), f"{span.done_s:.1f}"])
    heads = "|".join(f"{service} >" for service in SERVICES)
    return table(f"|pages a job >|$ for 1,000 >|{heads}|done after s >", rows)


def by_kind(costs: Costs) -> str:
    rows = []
    for kind, cpu_s in KINDS.items():
        one = [costs.of(Job(GOAL_PAGES), Page(cpu_s), name).per_thousand for name in ARCHITECTURES]
        rows.append([kind, f"{cpu_s:g}", *(f"{usd:.4f}" for usd in one), "yes" if one[0] <= MOST_USD else "no"])
    a_second = costs.of(Job(GOAL_PAGES), Page(2.0)).per_thousand - costs.of(Job(GOAL_PAGES)).per_thousand
    most = REFERENCE.cpu_s + (MOST_USD - costs.of(Job(GOAL_PAGES)).per_thousand) / a_second
    said = f"A second of reading costs ${a_second:.4f} on arm64: within the goal are pages of up to {most:.2f} s."
    even = price("lambda.gb_s.x86_64") / price("lambda.gb_s.arm64") * SPEED["x86_64"]
    said += f" arm64 is the cheaper one for as long as it takes less than {even:.2f} times as long."
    return f"{table('page|CPU s >|arm64 $ >|x86_64 $ >|within the goal', rows)}\n\n{said}"


def by_batch(costs: Costs) -> str:
    rows = []
    for number in PER_BATCH:
        job = Job(GOAL_PAGES, pages_per_batch=number)
        span, one = costs.both(job)
        transitions = costs.template.transitions(job.tier, len(job.batches))
        cells = [len(job.batches), transitions, f"{one.per_thousand:.4f}", f"{one.share('Step Functions'):.4f}"]
        rows.append([number, *cells, f"{span.done_s:.1f}"])
    note = (
        f"`PagesPerBatch`, {costs.template.parameter('PagesPerBatch')} by default and at most; 8 pages of 60 s would "
        f"not end within the worker's timeout. {costs.workers} workers are free, of which a job uses at most "
        f"{costs.template.map_at_once()}."
    )
    heads = "pages a batch|batches >|transitions >|$ for 1,000 >|of it transitions >|done after s >"
    return f"{table(heads, rows)}\n\n{note}"


def by_model(costs: Costs) -> str:
    rows = []
    for name, prices in TABLE.items():
        guess = estimated([], 1, prices)
        page = Page(REFERENCE.cpu_s, guess.usage.output_tokens)
        for pages in (1, GOAL_PAGES):
            span, one = costs.both(Job(pages, MODEL_TIER), page, model_usd=guess.usd)
            rest = one.per_thousand - one.share("model")
            waits = span.billed["VlmPage"] / pages
            rows.append(
                [name, pages, f"{one.per_thousand:.2f}", f"{one.share('model'):.2f}", f"{rest:.3f}", f"{waits:.0f}"]
            )
    guess = estimated([], 1, next(iter(TABLE.values())))
    width, height = A4_AT_200_DPI
    note = (
        f"A page of A4 at 200 dpi ({width} x {height} px) whose text is not known: an estimated "
        f"{guess.usage.input_tokens:,} tokens in and {guess.usage.output_tokens:,} out, at {TOKENS_A_SECOND:g} a "
        f"second, asked once. The prices of models are those of `ocrchat.llm.prices`. A function that waits for a "
        f"model is paid for; a container (docs/vlm.md) waits for many at once."
    )
    heads = "model|pages a job >|$ for 1,000 >|the model >|all else >|seconds a function waits >"
    return f"{table(heads, rows)}\n\n{note}"


def beside(costs: Costs) -> str:
    ours = costs.of(Job(GOAL_PAGES)).per_thousand
    rows = [["this service, tier cpu", f"{ours:.3f}", "1"]]
    rows += [[name, f"{usd:.2f}", f"{usd / ours:.0f}"] for name, usd in peers().items()]
    return table("|$ for 1,000 pages >|times >", rows)


def _money(one: Bill) -> Iterable[str]:
    shares: Sequence[float] = [one.share(service) for service in SERVICES]
    return [f"{one.per_thousand:.4f}", *(f"{share:.4f}" for share in shares)]


if __name__ == "__main__":
    main()
