"""Several writes over the tables that happen together or not at all (DynamoDB's TransactWriteItems)."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from ocrchat.errors import Overloaded
from ocrchat.store.errors import code_of

TRIES = 12
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.02, 0.6
"""Between tries, doubled each time and drawn from the lower half up, so that callers who collided spread out: about
four seconds in all."""

_AGAIN = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
"""Reasons for which AWS cancels a transaction that may be tried again as it is."""


@dataclass(frozen=True, slots=True)
class Write:
    """One member of a transaction, and the name by which a failed condition is told."""

    name: str
    member: dict[str, Any]


class NotWritten(Exception):
    """Nothing was written, since the conditions of these writes did not hold."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = frozenset(names)
        super().__init__(", ".join(sorted(names)))


def write(client: Any, writes: Sequence[Write]) -> None:
    """Raises NotWritten, and Overloaded when the rows stay busy. All tries carry one token, so that one which was
    carried out although its answer said otherwise is not taken for somebody else's."""
    pause = FIRST_PAUSE_S
    token = uuid4().hex
    for _ in range(TRIES):
        try:
            client.transact_write_items(TransactItems=[one.member for one in writes], ClientRequestToken=token)
        except client.exceptions.TransactionCanceledException as error:
            reasons = [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", ())]
            failed = [one.name for one, code in zip(writes, reasons, strict=True) if code == "ConditionalCheckFailed"]
            if failed:
                raise NotWritten(failed) from error
            if not _AGAIN.intersection(reasons):
                raise
        except client.exceptions.ClientError as error:
            if code_of(error) not in {"TransactionInProgressException", "TransactionConflictException"}:
                raise
        else:
            return
        time.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - not a secret
        pause = min(2 * pause, LONGEST_PAUSE_S)
    raise Overloaded
