"""What a ledger adds up to, and whether a wallet is that. Pure.

wallet.balance        = sum of the entries of the source `credits`
wallet.used[period]   = minus the sum of those of the period
wallet.running        = jobs with a reservation and no settlement
each job              has one reservation; one settlement at most, of the same source, of no more than was taken
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any

from ocrchat.metering import CREDITS, Entry, Wallet
from ocrchat.store.balances_table import BUCKET_DAYS

MOST_FAULTS = 10
"""Of one ledger that are told: more would be no help."""


@dataclass(slots=True)
class Totals:
    """Of some entries. `sums`: credits by source; `halves`: by job, the one entry where it has not both a reservation
    and a settlement, as (kind, source, credits)."""

    sums: Counter[str] = field(default_factory=Counter)
    halves: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def plus(self, entries: Iterable[Entry]) -> Totals:
        """The totals with these, too."""
        more = Totals(self.sums.copy(), dict(self.halves), list(self.faults))
        for entry in entries:
            more._add(entry)
        return more

    @property
    def running(self) -> list[str]:
        """Jobs that are reserved for, and not settled."""
        return [job for job, (kind, _, _) in self.halves.items() if kind == "reserve"]

    def told(self) -> list[str]:
        """What is wrong with the ledger by itself. Where a settlement is there, its reservation is."""
        alone = [job for job, (kind, _, _) in self.halves.items() if kind == "settle"]
        return [*self.faults, *(f"{job} is settled and not reserved for" for job in alone)][:MOST_FAULTS]

    def _add(self, entry: Entry) -> None:
        self.sums[entry.source] += entry.credits
        if entry.kind not in ("reserve", "settle") or entry.job is None:
            return
        new = (entry.kind, entry.source, entry.credits)
        other = self.halves.get(entry.job)
        if other is None:
            self.halves[entry.job] = new
        elif other[0] == new[0]:
            self._fault(f"{entry.job} has two entries of kind {entry.kind}")
        else:
            del self.halves[entry.job]
            if other[1] != new[1]:
                self._fault(f"{entry.job} is reserved from {other[1]} and settled to {new[1]}")
            if other[2] + new[2] > 0:
                self._fault(f"{entry.job} was given back more than was taken")

    def _fault(self, text: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(text)

    def as_json(self) -> dict[str, Any]:
        return {"sums": self.sums, "halves": self.halves, "faults": self.faults}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Totals:
        halves = {job: (kind, source, amount) for job, (kind, source, amount) in data["halves"].items()}
        return cls(Counter(data["sums"]), halves, list(data["faults"]))


def differences(wallet: Wallet, totals: Totals, now: datetime) -> list[str]:
    """In what the wallet is not what the entries add up to. Periods whose bucket TTL may have deleted are left out."""
    told = []
    if wallet.balance != totals.sums[CREDITS]:
        told.append(f"the balance is {wallet.balance}, the ledger's {totals.sums[CREDITS]}")
    if wallet.running != len(totals.running):
        told.append(f"{wallet.running} jobs are counted as running, by the ledger {len(totals.running)}")
    kept_since = (now - BUCKET_DAYS).strftime("%Y-%m-%d")
    for period in sorted((wallet.used.keys() | totals.sums.keys()) - {CREDITS}):
        used, entered = wallet.used.get(period, 0), -totals.sums[period]
        if period > kept_since and used != entered:
            told.append(f"{used} pages of {period} are used, by the ledger {entered}")
    return told


def unexplained(wallet: Wallet, before: Totals, since: Sequence[Entry], now: datetime) -> list[str]:
    """Nothing where the wallet is what a ledger added up to at some time: when it was `before`, or with some of the
    entries `since`, whose order nobody knows. Else the differences from all of them."""
    for number in range(len(since) + 1):
        for some in combinations(since, number):
            if not differences(wallet, before.plus(some), now):
                return []
    return differences(wallet, before.plus(since), now)
