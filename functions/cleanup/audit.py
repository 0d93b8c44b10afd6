"""The audit of the books: whether what each account has is what its ledger adds up to. It mends nothing.

A ledger is read while its account goes on: what is older than LATE is added up once, for no entry comes before it any
more; the rest is read, then the wallet, then the rest once more. What the wallet says must be what the ledger added up
to at some time between the two, so that no honest account is accused, however busy it is:
docs/adr/0016-orphans-and-audits.md.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ocrchat import observe
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.shards import SHARDS

from .books import Totals, unexplained
from .outcomes import count_outcomes
from .walk import Place, Walk

LATE = timedelta(minutes=30)
"""An entry is dated before its transaction begins: a settlement up to join's ten minutes before."""

LOOKS = 6
PAUSE_S = 0.5
"""At an account that is not right, and between two of them: the rows of a transaction are not written at one moment."""

CONVICTED_BY = 2
"""Looks that found it wrong, where none found it right."""

MOST_SINCE = 8
"""Entries between the two readings by which a wallet may be explained: 256 ways. With more it is looked at again."""

METRICS = {"right": "LedgersRight", "busy": "LedgersBusy", "error": "LedgersNotAudited"}

RUN_S = 200.0
ACCOUNTS_AT_ONCE = 100
"""Between two times that the place is saved."""


@dataclass(frozen=True, slots=True)
class Audit:
    balances: BalancesTable
    jobs: JobsTable
    walk: Walk
    run_s: float = RUN_S

    def run(self, now: datetime, *, anew: bool = False) -> dict[str, int]:
        """How many accounts were `right`, `wrong`, or too `busy` to say; an `error` is left to the next walk."""
        outcomes: Counter[str] = Counter()
        until = time.monotonic() + self.run_s
        place = self.walk.place(now, anew=anew)
        while place is not None:
            place = self._some(place, until, outcomes)
            if not self.walk.save(place) or time.monotonic() > until:
                break
        count_outcomes(outcomes, METRICS)
        observe.count("LedgerMismatches", outcomes["wrong"])  # none, too, so that an alarm knows that it was looked
        return dict(outcomes)

    def _some(self, place: Place, until: float, outcomes: Counter[str]) -> Place | None:
        """The next accounts, of one shard; returns where to go on."""
        shard, after = place.get("shard", SHARDS[0]), place.get("after", "")
        accounts = self.balances.listed(shard, after, ACCOUNTS_AT_ONCE)
        if not accounts:
            following = SHARDS[SHARDS.index(shard) + 1 :]
            return {"shard": following[0]} if following else None
        begun = Begun.from_json(place.get("ledger"))
        for account in accounts:
            begun, late = begun if begun.account == account else Begun(account), datetime.now(UTC) - LATE
            try:
                if not self._read(begun, late, until):
                    return {"shard": shard, "after": after, "ledger": begun.as_json()}
                outcomes[self._verdict(begun, late)] += 1
            except Exception:  # noqa: BLE001 - one that cannot be looked at now must not keep the others waiting
                observe.logger().exception("not audited", extra={"holder": account})
                outcomes["error"] += 1
            after = account
            if time.monotonic() > until:
                break
        return {"shard": shard, "after": after}

    def _read(self, begun: Begun, late: datetime, until: float) -> bool:
        """Adds up what is dated before `late`; False where the time is over before the end of it."""
        for entries, behind in self.balances.ledger_until(begun.account, late, begun.behind):
            begun.totals, begun.behind = begun.totals.plus(entries), behind
            if time.monotonic() > until:
                return False
        return True

    def _verdict(self, begun: Begun, late: datetime) -> str:
        wrong: list[list[str]] = []
        for look in range(LOOKS):
            if look:
                time.sleep(PAUSE_S)
            told = self._look(begun, late)
            if told == []:
                return "right"
            if told is not None:
                wrong.append(told)
            if len(wrong) == CONVICTED_BY:
                what = {"holder": begun.account, "differences": told}
                observe.logger().error("ledger mismatch", extra=what)
                return "wrong"
        return "busy"

    def _look(self, begun: Begun, late: datetime) -> list[str] | None:
        """What is wrong; None where so much was written meanwhile that nobody can say."""
        ended = self._ended(begun.totals.running)
        first = self.balances.ledger_since(begun.account, late)
        wallet = self.balances.wallet(begun.account)
        second = self.balances.ledger_since(begun.account, late)
        seen = {(entry.at, entry.id) for entry in first}
        since = [entry for entry in second if (entry.at, entry.id) not in seen]
        if len(since) > MOST_SINCE:
            return None
        before = begun.totals.plus(first)
        return [
            *unexplained(wallet, before, since, late),
            *before.plus(since).told(),
            *(f"{job} has ended, and its pages are reserved" for job in before.running if job in ended),
        ]

    def _ended(self, running: Sequence[str]) -> set[str]:
        """Those of these jobs that have ended by now, or are not there."""
        jobs = self.jobs.get_many(running)
        return {uuid for uuid in running if uuid not in jobs or jobs[uuid].settled}


@dataclass(slots=True)
class Begun:
    """A ledger that is added up, as far as `behind`."""

    account: str
    totals: Totals = field(default_factory=Totals)
    behind: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"account": self.account, "totals": self.totals.as_json(), "behind": self.behind}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Begun:
        """Of nothing, that of no account."""
        return cls(data["account"], Totals.from_json(data["totals"]), data["behind"]) if data else cls("")
