"""What a round asks of the service and what goes wrong meanwhile: a pure function of the seed. Who is hit by it in the
end depends on how the machine's processes take turns, so that a seed repeats the plan, and not each collision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

Way = Literal["direct", "upload", "drop"]
Holder = Literal["anonymous", "free", "paid"]
CallKind = Literal["refused", "throttled", "conflict", "hung up", "late", "done and refused", "done and hung up"]
AttackKind = Literal[
    "kill", "freeze", "disk full", "duplicate", "redeliver", "delay", "stop execution", "restart", "power cut"
]

CALL_KINDS: tuple[CallKind, ...] = (
    "refused",
    "throttled",
    "conflict",
    "hung up",
    "late",
    "done and refused",
    "done and hung up",
)

MOST_GAP = 12
"""Calls that go well between two faults of calls."""

BURSTS = (1, 1, 1, 2, 4, 6)
"""Calls of one service in a row that a fault hits: the SDK tries each four times, so that the last two get through it."""

PAGE_COUNTS = (1, 1, 2, 3, 5, 7, 12, 20, 40)
LONGEST = 200
MODEL_PAGES = 4
"""The most that are asked of a model: its pages are dear, for the machine, too."""

EXPORTS = ("txt", "md", "docx", "pdf", "csv", "json")

WEIGHTS: dict[AttackKind, int] = {
    "kill": 10,
    "freeze": 3,
    "disk full": 2,
    "duplicate": 4,
    "redeliver": 3,
    "delay": 3,
    "stop execution": 2,
}
"""Of the attacks that may come at any time. Restarts are at most one a round."""

RESTART_SHARE = POWER_CUT_SHARE = 0.12
TOKENS_S = (21_600, 21_600, 4)
"""How long the task tokens of a round live: as in the template, or so shortly that some time out."""

VISIBILITY_S = 10
"""Of all messages while a campaign runs, in place of minutes: a worker that died is missed so soon."""

RECEIVES = (10, 10, 2)
"""How often a message about pages is received in a round before it is a dead letter: as in the template, or so seldom
that some are."""

NEWCOMERS_SHARE = 0.5
"""Of the errands with a free account that can have a new one: a drop needs the folder of one that is there."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A customer's: one file, and what is done with its job. Seconds are counted from the beginning of the round.
    `repeats`: requests beyond the first with the same Idempotency-Key. `deleted_after_s`: from the acceptance on.
    `signs_up`: with an account of its own, which is made first."""

    number: int
    at_s: float
    holder: Holder
    way: Way
    tier: Literal["cpu", "vlm"]
    pages: int
    repeats: int
    deleted_after_s: float | None
    exports: tuple[str, ...]
    questions: int
    signs_up: bool = False


@dataclass(frozen=True, slots=True)
class Attack:
    """`draw`, 0 to 1, chooses the victim among those that there are then."""

    at_s: float
    kind: AttackKind
    draw: float


@dataclass(frozen=True, slots=True)
class CallFault:
    """After `gap` calls that go well, `length` calls of the service that makes the next one fail."""

    gap: int
    kind: CallKind
    length: int


@dataclass(frozen=True, slots=True)
class Round:
    """`lasts_s`: how long things go wrong; `token_s`: how long its task tokens live; `receives`: of a message about
    pages, before it is a dead letter."""

    seed: int
    number: int
    lasts_s: float
    token_s: int
    receives: int
    errands: tuple[Errand, ...]
    attacks: tuple[Attack, ...]

    def call_faults(self) -> Iterator[CallFault]:
        """Without an end."""
        random = _random(self.seed, self.number, "calls")
        while True:
            yield CallFault(random.randint(1, MOST_GAP), random.choice(CALL_KINDS), random.choice(BURSTS))


def round_of(seed: int, number: int, *, errands: int, lasts_s: float, attacks: int) -> Round:
    """Every fourth round has a job of LONGEST pages."""
    random = _random(seed, number, "round")
    asked = [_errand(random, index, lasts_s) for index in range(errands)]
    if number % 4 == 0 and asked:
        asked[0] = Errand(0, 0.0, "paid", "direct", "cpu", LONGEST, 0, None, ("txt",), 0)
    kinds, weights = list(WEIGHTS), list(WEIGHTS.values())
    planned = [
        Attack(random.uniform(0.5, lasts_s), random.choices(kinds, weights)[0], random.random()) for _ in range(attacks)
    ]
    token_s = random.choice(TOKENS_S)
    drawn = random.random()
    if drawn < RESTART_SHARE + POWER_CUT_SHARE:
        kind: AttackKind = "restart" if drawn < RESTART_SHARE else "power cut"
        planned.append(Attack(random.uniform(lasts_s / 4, lasts_s), kind, random.random()))
    planned.sort(key=lambda attack: attack.at_s)
    receives = _random(seed, number, "receives").choice(RECEIVES)
    return Round(seed, number, lasts_s, token_s, receives, _with_newcomers(seed, number, asked), tuple(planned))


def _with_newcomers(seed: int, number: int, errands: Sequence[Errand]) -> tuple[Errand, ...]:
    random = _random(seed, number, "newcomers")
    drawn = [random.random() < NEWCOMERS_SHARE for _ in errands]
    return tuple(
        replace(errand, signs_up=is_new and errand.holder == "free" and errand.way != "drop")
        for errand, is_new in zip(errands, drawn, strict=True)
    )


def _errand(random: Random, number: int, lasts_s: float) -> Errand:
    holder: Holder = random.choices(("anonymous", "free", "paid"), (3, 3, 4))[0]
    ways: tuple[Way, ...] = ("direct", "upload") if holder == "anonymous" else ("direct", "direct", "upload", "drop")
    way = random.choice(ways)
    is_asked = way != "drop" and random.random() < 0.25
    pages = random.randint(1, MODEL_PAGES) if is_asked else random.choice(PAGE_COUNTS)
    is_deleted = way != "drop" and random.random() < 0.2
    return Errand(
        number=number,
        at_s=random.uniform(0, lasts_s * 0.6),
        holder=holder,
        way=way,
        tier="vlm" if is_asked else "cpu",
        pages=pages,
        repeats=random.choice((0, 0, 1, 2)) if way == "direct" else 0,
        deleted_after_s=random.uniform(0, 6) if is_deleted else None,
        exports=tuple(random.sample(EXPORTS, random.randint(0, 2))),
        questions=random.choice((0, 0, 1)) if holder != "anonymous" else 0,
    )


def _random(seed: int, number: int, what: str) -> Random:
    return Random(f"{seed}/{number}/{what}")  # noqa: S311 - drawn to be drawn again
