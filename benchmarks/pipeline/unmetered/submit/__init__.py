"""`submit` as it would be without accounts and books: any token is an account's, and a job is only written. Laid over
the function by the benchmark of what they cost, so that everything else of a request is the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ocrchat import wiring
from ocrchat.accounts import Caller
from ocrchat.http import auth
from ocrchat.jobs import Job
from ocrchat.metering import CREDITS, Standing
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.metering import Metering

PLENTY = Standing(1_000_000_000, 0, 0)


def _by_token(token: str) -> Caller:
    assert token
    return Caller("acct_unmetered", "acct_unmetered", wiring.settings().plans.paid)


def _accept(self: Any, job: Job, *_: object) -> tuple[Job, Standing]:
    paid = replace(job, source=CREDITS)
    put = self._jobs.creation(paid).member["Put"]
    self._client.put_item(**put)
    return paid, PLENTY


auth._by_token = _by_token  # noqa: SLF001
BalancesTable.count_request = lambda *_: 0  # type: ignore[method-assign]
Metering.check = lambda *_: PLENTY  # type: ignore[method-assign]
Metering.accept = _accept  # type: ignore[method-assign,assignment]
