"""Rounds of jobs under attack on one service, and what was found after each."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cleanup.reconcile import Reconciler
from infra.local.model import Workers
from infra.local.service import Service
from infra.local.stack import StartFailed
from ocrchat.jobs import JOIN_TIME
from ocrchat.store.functions import Functions
from ocrchat.store.workflow import Workflow
from tests.faults.attacks import Attacks, limit_receives, shorten_visibility
from tests.faults.auditor import broken_promises, findings, orphans
from tests.faults.customers import Customers, Outcome
from tests.faults.evidence import Evidence, Witness
from tests.faults.plan import Round
from tests.faults.proxy import Proxy
from tests.integration.support import served_by
from tests.model_server import ModelServer

DRAIN_S = 240.0
"""After the last fault, until every job has ended and every queue is empty."""

CALLS_FAIL_FOR = 3.0
"""Times as long as processes and messages are attacked, if customers wait so long."""

RECONCILED_EVERY_S = 3.0
LATER_AFTER_S = 60.0
"""From then on the reconciler is told that its waiting time is over, too."""

_ROOM = {"pages": 1_000_000, "file_pages": 5_000, "requests_per_minute": 1_000_000, "uploads_per_hour": 1_000_000}
PLANS = json.dumps({name: _ROOM | {"concurrent_jobs": 1_000} for name in ("anonymous", "free", "paid")})
"""Under which nobody is refused for what he has used up."""


@dataclass(frozen=True, slots=True)
class Told:
    """Of one round: what happened, and what was found wrong. `calls`: of AWS by functions; `missed`: attacks that met
    nobody; `worker_hits`: that the worker met; `new`: jobs of this round; `dead_letters`: that were counted, since AWS was
    started last if that was in this round; `given_up`: tasks that were ended for one; `drained_s`: from the last fault
    until everything had ended."""

    planned: Round
    calls: int
    faults: Counter[str]
    missed: Counter[str]
    worker_hits: int
    outcomes: Sequence[Outcome]
    evidence: Evidence
    new: frozenset[str]
    dead_letters: int
    given_up: int
    findings: Sequence[str]
    seconds: float
    drained_s: float


@contextmanager
def attacked(state: Path, workers: Workers = "lambda") -> Iterator[Campaign]:
    """A service of its own, with a proxy between its functions and AWS. `workers`: by whom its model is asked."""
    with ModelServer(key=None) as server, Proxy(state) as proxy:
        model = replace(served_by(server), workers=workers)
        with Service(
            0, state, Plans=PLANS, model=model, between=proxy.url, worker_module="tests.faults.quick_worker"
        ) as service:
            yield Campaign(service, proxy)


class Campaign:
    def __init__(self, service: Service, proxy: Proxy) -> None:
        self.service = service
        self.proxy = proxy
        self.witness = Witness(service)
        self.customers = Customers(service)
        self._definition = self._machines.describe_state_machine(stateMachineArn=self._machine)["definition"]
        shorten_visibility(service)

    def run(self, planned: Round) -> Told:
        started, began = time.monotonic(), datetime.now(UTC)
        before, counted_before = frozenset(self.witness.known()), self.witness.dead_letters.counted()
        limit_receives(self.service, planned.receives)
        self._let_tokens_live(planned.token_s)
        attacks = Attacks(self.service, self.proxy)
        calls, happened = self.proxy.faults.calls, self.proxy.faults.happened.copy()
        self.proxy.faults.begin(planned.call_faults())
        with ThreadPoolExecutor(len(planned.errands)) as pool:
            asked = [pool.submit(self.customers.run, planned.number, one, started) for one in planned.errands]
            attacks.carry_out(planned, started)
            self.witness.dead_letters.logs_begin = attacks.logs_begin or self.witness.dead_letters.logs_begin
            self._wait_for(asked, started + CALLS_FAIL_FOR * planned.lasts_s)
            self.proxy.faults.end()
            attacks.heal()
            ended = time.monotonic()
            trouble = self._drain(lambda: all(one.done() for one in asked))
            outcomes = [one.result() for one in asked]
        drained_s = time.monotonic() - ended
        evidence = self.witness.testimony()
        trouble += findings(evidence, datetime.now(UTC))
        trouble += broken_promises(evidence, planned.number, outcomes, attacks.cuts)
        trouble += orphans(self.witness.left_long_after())
        return Told(
            planned=planned,
            calls=self.proxy.faults.calls - calls,
            faults=self.proxy.faults.happened - happened + attacks.happened,
            missed=attacks.missed,
            worker_hits=attacks.worker_hits,
            outcomes=outcomes,
            evidence=evidence,
            new=frozenset(evidence.jobs) - before,
            dead_letters=evidence.counted_dead - (0 if attacks.logs_begin else counted_before),
            given_up=sum(at >= began for at in evidence.given_up),
            findings=trouble,
            seconds=time.monotonic() - started,
            drained_s=drained_s,
        )

    def _wait_for(self, asked: Sequence[Future[Outcome]], until: float) -> None:
        """While customers wait calls fail, also those of the reconciler, which runs as on its schedule."""
        while time.monotonic() < until and wait(asked, RECONCILED_EVERY_S).not_done:
            with suppress(StartFailed):
                self.service.stack.reconcile(min_age_seconds=0)

    def _drain(self, is_over: Callable[[], bool]) -> list[str]:
        """Until customers have what they wanted, every job has ended and every queue is empty; what is not so in time.
        Nothing fails meanwhile; the reconciler runs as on its schedule, only more often."""
        began = time.monotonic()
        while time.monotonic() < began + DRAIN_S:
            self.service.stack.reconcile(min_age_seconds=0)
            if time.monotonic() > began + LATER_AFTER_S:
                self._reconcile_later()
            if is_over() and not self.witness.unsettled() and self.witness.is_idle():
                return []
            time.sleep(RECONCILED_EVERY_S)
        return [f"after {DRAIN_S:.0f} s without a fault not everything had ended"]

    def _reconcile_later(self) -> None:
        """As if the time had passed that the last steps of a job are given."""
        stack = self.service.stack
        workflow = Workflow(stack.client("stepfunctions"), stack.outputs["StateMachineArn"])
        functions = stack.client("lambda").list_functions()["Functions"]
        join = next(one["FunctionName"] for one in functions if "JoinFunction" in one["FunctionName"])
        reconciler = Reconciler(self.witness.jobs, workflow, Functions(stack.client("lambda")), join)
        reconciler.run(datetime.now(UTC) + JOIN_TIME, timedelta())

    def _let_tokens_live(self, seconds: int) -> None:
        """Executions that start from now on."""
        definition = json.loads(self._definition)
        for state in _states(definition):
            if str(state.get("Resource", "")).endswith(".waitForTaskToken"):
                state["TimeoutSeconds"] = seconds
        self._machines.update_state_machine(stateMachineArn=self._machine, definition=json.dumps(definition))

    @property
    def _machines(self) -> Any:
        return self.service.stack.client("stepfunctions")

    @property
    def _machine(self) -> str:
        return self.service.stack.outputs["StateMachineArn"]


def _states(machine: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All states, those within maps too."""
    for state in machine["States"].values():
        yield state
        if "ItemProcessor" in state:
            yield from _states(state["ItemProcessor"])
