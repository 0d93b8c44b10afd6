"""What clients ask for: a pure function of a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

Holder = Literal["anonymous", "free", "paid"]
Kind = Literal["digital", "scanned"]

HOLDERS: tuple[Holder, ...] = ("anonymous", "free", "paid", "paid")
"""Of clients, in turn: half of them pay, so that both queues are full."""

PAGES = (1, 2, 5, 12, 40)
SHARES = (60, 20, 12, 6, 2)
"""Of jobs by their pages, in percent: most documents are letters and receipts. Three pages a job on average."""

SCANNED = 0.05
"""Of jobs: a scanned page takes some fifty times the CPU of a born-digital one, and is to take half of it here."""

EXPORTED = 0.2
"""Of jobs: their result is downloaded, once in each format of FORMATS."""

FORMATS = ("txt", "docx", "pdf")


@dataclass(frozen=True, slots=True)
class Errand:
    """One job of a client. `exports`: the formats that are downloaded when it is done."""

    pages: int
    kind: Kind
    exports: tuple[str, ...] = ()

    @property
    def size(self) -> str:
        """The row of the report that it counts in."""
        return f"{self.pages} {self.kind}"


@dataclass(frozen=True, slots=True)
class Client:
    number: int
    holder: Holder
    errands: tuple[Errand, ...]


def plan(seed: int, clients: int, jobs: int) -> list[Client]:
    """`jobs` for each client."""
    chance = random.Random(seed)
    return [
        Client(number, HOLDERS[number % len(HOLDERS)], tuple(_errand(chance) for _ in range(jobs)))
        for number in range(clients)
    ]


def _errand(chance: random.Random) -> Errand:
    (pages,) = chance.choices(PAGES, SHARES)
    kind: Kind = "scanned" if chance.random() < SCANNED else "digital"
    return Errand(pages, kind, FORMATS if chance.random() < EXPORTED else ())
