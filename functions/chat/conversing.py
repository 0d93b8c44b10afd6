"""A message about a job: checked, paid for, answered, and written down with its answer or not at all."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from ocrchat import observe
from ocrchat.accounts import Caller
from ocrchat.errors import (
    ConversationNotFound,
    IdempotencyKeyInUse,
    JobDeleted,
    JobNotFound,
    Overloaded,
    RateLimited,
)
from ocrchat.jobs import Job, check_finished, uuid_of
from ocrchat.llm.port import Model
from ocrchat.metering import Hold, Standing
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.chats_table import ChatsTable, Message, new_conversation
from ocrchat.store.idempotency import Begun, Idempotency, Replayed
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.metering import Metering
from ocrchat.store.transaction import NotWritten

from . import extractive, model_answers
from .answers import Answer, Citation, Turn
from .asked import Asked
from .indexes import NOT_YET, Indexes
from .prompting import EARLIER_EXCHANGES
from .retrieval import Index
from .spending import Spending

DAY_S = 86_400
EARLIER_MESSAGES = 2 * EARLIER_EXCHANGES
"""Of a conversation those that a question may go on from: as many as a model is told."""

DAMAGED_S = 1
"""Retry-After where the index was damaged: the next question builds it anew."""

RACES = 20
"""How often others may have written into the same conversation before the service is called busy."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it is stored. `standing` is what is left, where it was charged."""

    answer: Message
    standing: Standing | None = None
    is_replayed: bool = False


@dataclass(frozen=True, slots=True)
class Conversing:
    """`model` is None where answers are the document's own passages; `price` are the credits of a message."""

    jobs: JobsTable
    chats: ChatsTable
    metering: Metering
    balances: BalancesTable
    idempotency: Idempotency
    indexes: Indexes
    model: Model | None
    price: int

    def say(self, uuid: str, caller: Caller, asked: Asked, key: str | None, until: float) -> Said:
        """`key` is the Idempotency-Key; a model has until `until`, a time of `time.monotonic`. An error leaves nothing
        written and nothing charged."""
        job = self.job(uuid, caller)
        if key is None:
            return self._say(job, caller, asked, None, until)
        begun = self.idempotency.begin(caller.holder, key, _fingerprint(job, asked), datetime.now(UTC))
        if isinstance(begun, Replayed):
            answer = self.chats.message(job.uuid, begun.outcome)
            if answer is None:  # deleted between the two looks
                raise JobDeleted
            return Said(answer, is_replayed=True)
        try:
            return self._say(job, caller, asked, begun, until)
        except Exception:
            self.idempotency.give_back(begun)
            raise

    def job(self, uuid: str, caller: Caller) -> Job:
        """Raises JobNotFound, also for a job without an account, and what `check_finished` does."""
        known = uuid_of(uuid)
        job = self.jobs.get(known) if known else None
        if job is None or job.account is None or job.account != caller.account:
            raise JobNotFound
        check_finished(job, datetime.now(UTC))
        return job

    def _say(self, job: Job, caller: Caller, asked: Asked, begun: Begun | None, until: float) -> Said:
        at = datetime.now(UTC)
        if asked.conversation and not self.chats.count(job.uuid, asked.conversation):
            raise ConversationNotFound
        if self.price:
            self.metering.check_message(caller.holder, caller.plan, self.price, at)
        model = Spending(self.model) if self.model else None
        with self._counted(caller, at, model):
            index = self.indexes.of(job)
            with self._held(job, caller) as (hold, left):
                answer = self._answer(job, index, asked, model, until)
                answered = self._store(job, caller, asked, answer, at, begun, hold)
        observe.count("ChatMessages")
        return Said(answered, left)

    @contextmanager
    def _counted(self, caller: Caller, at: datetime, model: Spending | None) -> Iterator[None]:
        """One of the messages of the caller's day, if it is answered or the model was at work for it: so the day bounds
        what is paid for answers that are of no use. Raises RateLimited."""
        key, most = f"{caller.holder}#chat", caller.plan.chat_messages_per_day
        made = self.balances.count_request(key, at, DAY_S)
        try:
            _check_day(made, most, at)
            yield
        except BaseException:
            if model is None or not model.has_spent:
                self.balances.count_request(key, at, DAY_S, -1)
            raise

    @contextmanager
    def _held(self, job: Job, caller: Caller) -> Iterator[tuple[Hold | None, Standing | None]]:
        """What the message costs, given back if it is not answered, and what is left; None where it has no price. So a
        model is never asked for more messages at once than there are credits for. Raises OutOfPages."""
        if not self.price:
            yield None, None
            return
        name = f"{job.uuid}#{token_hex(8)}"
        hold, left = self.metering.hold(caller.holder, caller.plan, self.price, name, job.uuid, datetime.now(UTC))
        try:
            yield hold, left
        except BaseException:
            self.metering.release(caller.holder, hold, datetime.now(UTC))
            raise

    def _answer(self, job: Job, index: Index, asked: Asked, model: Spending | None, until: float) -> Answer:
        earlier = self._earlier(job, asked.conversation) if asked.conversation else []
        try:
            if model is None:
                return extractive.answer(index, asked.message, earlier)
            return model_answers.answer(model, index, asked.message, earlier, until, job.detected_languages)
        except sqlite3.DatabaseError as error:
            self.indexes.discard(job)
            raise Overloaded(NOT_YET, DAMAGED_S) from error

    def _earlier(self, job: Job, conversation: str) -> Sequence[Turn]:
        messages = self.chats.last(job.uuid, conversation, EARLIER_MESSAGES)
        return [Turn(message.said["role"], message.said["content"]) for message in messages]

    def _store(
        self,
        job: Job,
        caller: Caller,
        asked: Asked,
        answer: Answer,
        asked_at: datetime,
        begun: Begun | None,
        hold: Hold | None,
    ) -> Message:
        """Behind what others have said in the conversation meanwhile."""
        at = datetime.now(UTC)
        conversation = asked.conversation or new_conversation(at)
        for _ in range(RACES):
            number = self.chats.count(job.uuid, conversation) if asked.conversation else 0
            question = Message(conversation, number, asked_at, {"role": "user", "content": asked.message})
            answered = Message(conversation, number + 1, at, said_of(answer), answer.mode)
            writes = [self.jobs.kept(job), *self.chats.exchange(job, question, answered)]
            if begun:
                writes.append(self.idempotency.finish(begun, answered.cursor))
            try:
                self.metering.answered(caller.holder, hold, writes)
            except NotWritten as lost:
                if "job" in lost.names:
                    raise JobDeleted from lost
                if "idempotency" in lost.names:  # this took longer than its lock, and another request has the key now
                    raise IdempotencyKeyInUse from lost
                if "hold" in lost.names:  # and than its hold
                    break
            else:
                return answered
        raise Overloaded


def _check_day(made: int, most: int, at: datetime) -> None:
    if made > most:
        raise RateLimited(
            f"More than {most} messages in a day: wait until midnight UTC, or take a larger plan (/api/v1/pricing/)",
            DAY_S - int(at.timestamp()) % DAY_S,
        )


def said_of(answer: Answer) -> dict[str, Any]:
    """The message of the API."""
    return {
        "role": "assistant",
        "content": answer.content,
        "answerable": answer.answerable,
        "citations": [_citation(citation) for citation in answer.citations],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "page": citation.page,
        "snippet": citation.snippet,
        "bbox": list(citation.bbox),
        "unit": citation.unit,
    }


def _fingerprint(job: Job, asked: Asked) -> str:
    return hashlib.sha256(json.dumps({"chat": job.uuid, **asdict(asked)}, sort_keys=True).encode()).hexdigest()
