"""What a campaign has seen, as Markdown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from benchmarks import machine
from tests.faults.campaign import Told


@dataclass(slots=True)
class Report:
    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    calls: int = 0
    dead_letters: int = 0
    given_up: int = 0
    worker_hits: int = 0
    asked_again: int = 0
    lost: int = 0

    def add(self, told: Told) -> str:
        """The lines of this round."""
        self.faults += told.faults
        self.calls += told.calls
        self.dead_letters += told.dead_letters
        self.given_up += told.given_up
        self.worker_hits += told.worker_hits
        new = [job for uuid, job in told.evidence.jobs.items() if uuid in told.new]
        statuses = Counter(job.status for job in new)
        pages = Counter[str](accepted=sum(job.page_count for job in new))
        for document in told.evidence.documents.values():
            for page in document["pages"] if document else ():
                pages[page["error"]["code"] if page["error"] else "delivered"] += 1
        self.statuses += statuses
        self.pages += pages
        self.asked_again += sum(one.asked_again for one in told.outcomes)
        self.lost += sum(one.is_lost for one in told.outcomes)
        self.findings += [f"round {told.planned.number}: {one}" for one in told.findings]
        cells = (
            told.planned.number,
            told.faults.total(),
            len(new),
            pages["accepted"],
            pages["delivered"],
            told.dead_letters,
            told.given_up,
            told.planned.receives,
            told.planned.token_s,
            f"{told.drained_s:.0f}",
            len(told.findings),
        )
        self.rows.append(f"| {' | '.join(map(str, cells))} |")
        return "\n".join([self.rows[-1], *(f"  {one}" for one in told.findings)])

    def as_markdown(self) -> str:
        return "\n".join(
            [
                "# The service under attack",
                "",
                machine.description(["ministack", "boto3"]),
                "",
                f"Seed {self.seed}: {self.faults.total()} faults in {len(self.rows)} rounds, among {self.calls:,} calls of AWS"
                f" by functions; {self.statuses.total()} jobs, {self.pages['accepted']:,} pages;"
                f" {len(self.findings)} findings. Customers asked {self.asked_again} times more than once, and "
                f"{self.lost} jobs were lost with the last moments before AWS was killed. {self.given_up} tasks were ended for"
                f" dead letters, of which the logs count {self.dead_letters}: late and repeated ones, too, and none from before"
                f" AWS was started again. The worker that asks the model, where it is no function, was killed or frozen"
                f" {self.worker_hits} times.",
                "",
                "A burst of refused calls is one fault.",
                "",
                *_table("fault", self.faults),
                *_table("job that ended", self.statuses),
                *_table("page", self.pages),
                "| round | faults | jobs | pages | delivered by jobs that are done | dead letters | tasks they ended "
                "| receives | tokens live s | drained in s | findings |",
                "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
                *self.rows,
                "",
                *(["## Findings", "", *(f"- {one}" for one in self.findings), ""] if self.findings else []),
            ]
        )


def _table(title: str, counts: Counter[str]) -> list[str]:
    return [f"| {title} | |", "|---|--:|", *(f"| {name} | {counts[name]} |" for name in sorted(counts)), ""]
