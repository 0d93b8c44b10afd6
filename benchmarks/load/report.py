"""The report's tables, as Markdown. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.accuracy.report import table
from benchmarks.load.answers import GOOD, Answer, Log
from benchmarks.load.books import Books
from benchmarks.load.clients import Outcome
from benchmarks.load.fairness import Waited
from benchmarks.load.figures import percentile, slope
from benchmarks.load.memory import Grown
from benchmarks.load.pressure import Withstood

SHARES = (0.5, 0.95, 0.99)
ORDER = ("POST", "poll", "POST to done")


def speed(outcomes: Sequence[Outcome], seconds: float) -> str:
    """In one line."""
    jobs = [outcome.job for outcome in outcomes if outcome.job is not None]
    pages = sum(int(job["page_count"]) for job in jobs)
    return (
        f"{len(jobs)} jobs of {pages} pages ended in {seconds:.0f} s: {len(jobs) / seconds:.2f} jobs/s, "
        f"{pages / seconds:.2f} pages/s; {len(outcomes) - len(jobs)} were given up by their client."
    )


def latencies(answers: Iterable[Answer]) -> str:
    """Of good answers, by route and size of the job, and of a route as a whole."""
    groups: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for answer in answers:
        if answer.status in GOOD:
            groups[answer.route, "all"].append(answer.seconds)
            groups[answer.route, answer.size].append(answer.seconds)
    rows = [
        [route, size, len(groups[route, size]), *(f"{percentile(groups[route, size], share):.2f}" for share in SHARES)]
        for route, size in sorted(groups, key=_place)
    ]
    return table("route|job|answers >|p50 s >|p95 s >|p99 s >", rows)


def _place(key: tuple[str, str]) -> tuple[int, str, int, str]:
    route, size = key
    pages = 0 if size == "all" else int(size.split()[0])
    return (ORDER.index(route) if route in ORDER else len(ORDER), route, pages, size)


def errors(log: Log) -> str:
    refused, faults = log.refused(), log.faults()
    lines = [f"Of {len(log.answers)} answers {sum(refused.values())} were refusals, {sum(faults.values())} faults."]
    if refused:
        rows = [[status, code, count] for (status, code), count in sorted(refused.items())]
        lines += ["", table("status|code|answers >", rows)]
    if faults:
        rows = [[*what, count] for what, count in sorted(faults.items())]
        lines += ["", table("route|status|code|what is wrong|answers >", rows)]
    return "\n".join(lines)


def memory(found: Sequence[Grown]) -> str:
    rows = [
        [
            one.name,
            one.processes,
            *(f"{mb:.0f}" for mb in (one.warm_mb, one.end_mb, one.largest_warm_mb, one.largest_end_mb)),
        ]
        for one in found
    ]
    return table("process|of them >|warm MB >|end MB >|largest, warm MB >|largest, end MB >", rows)


def growth(points: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    rows = []
    for name, its in sorted(points.items()):
        found = slope(its)
        rows.append(
            [
                name,
                f"{its[0][0]:.0f} to {its[-1][0]:.0f}",
                len(its),
                f"{its[0][1] / 1000:.1f}",
                f"{its[-1][1] / 1000:.1f}",
                f"{found.value:+.2f}",
                f"{found.low:+.2f} to {found.high:+.2f}",
            ]
        )
    return table("process|pages|samples >|first MB >|last MB >|kB a page >|95 % interval", rows)


def fairness(waited: Waited) -> str:
    rows = [
        [name, len(its), f"{percentile(its, 0.5):.2f}", f"{min(its):.2f}", f"{max(its):.2f}"]
        for name, its in (("alone", waited.alone), ("beside the crowd", waited.beside))
    ]
    return (
        table("a page that is paid for|turns >|median s >|least s >|most s >", rows)
        + f"\n\nLonger by {waited.longer_s:.2f} s in the median; a batch of the crowd took {waited.batch_s:.2f} s, and "
        f"{waited.left} of its pages were still to be read in the end."
    )


def pressure(found: Withstood) -> str:
    more = sum(outcome.attempts > 1 for outcome in found.outcomes)
    ended = sum(outcome.job is not None for outcome in found.outcomes)
    lines = [f"{ended} of {len(found.outcomes)} jobs ended; {more} of them were refused at first, once or more."]
    lines += [f"- {outcome.gave_up}" for outcome in found.outcomes if outcome.gave_up]
    return "\n".join([*lines, "", errors(found.log), "", books(found.books)])


def books(found: Books) -> str:
    jobs = ", ".join(f"{count} {status}" for status, count in sorted(found.statuses.items()))
    lines = [
        f"{jobs}; {found.holders} holders, {found.entries} entries; {found.charged} pages charged, "
        f"{found.delivered} delivered; {len(found.findings)} findings."
    ]
    return "\n".join([*lines, *(f"- {finding}" for finding in found.findings)])
