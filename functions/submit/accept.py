"""Acceptance: store the bytes, have them inspected, then write the job, paid for, in one transaction, then start its
execution. In this order, so that a crash in between leaves at most bytes that expire, or a job that the reconciler
starts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from ocrchat import observe, page_choice
from ocrchat.accounts import Caller
from ocrchat.errors import FileCorrupt, IdempotencyKeyInUse, OcrChatError
from ocrchat.jobs import Job
from ocrchat.metering import Standing
from ocrchat.packs import Packs
from ocrchat.pages import Notice
from ocrchat.plans import Plans
from ocrchat.store.bucket import Bucket
from ocrchat.store.functions import FunctionFailed, Functions
from ocrchat.store.idempotency import Begun, Idempotency, Replayed
from ocrchat.store.metering import Metering
from ocrchat.store.transaction import NotWritten, Write
from ocrchat.store.workflow import NotStarted, Workflow
from ocrchat.tiers import TIERS
from ocrchat.tools import tier_for, tool_of

from .inspection import refusal
from .parameters import check_translation, readable_language
from .plan_limits import check_pages
from .sources import Source, Stored
from .uploads import submitted_already


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a submission as they were sent, whether as those of a form or as an object's metadata."""

    tier: str | None = None
    language: str | None = None
    tool: str | None = None
    translate_to: str | None = None
    pages: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done with a file, checked."""

    tier: str
    language: str
    tool: str | None
    translate_to: str | None
    pages: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A new job, and what its holder has left."""

    job: Job
    standing: Standing


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Where a file is accepted; `inspect` names the function that looks into it, `packs` are those of the
    reader, `tiers` those that are live."""

    metering: Metering
    idempotency: Idempotency
    bucket: Bucket
    workflow: Workflow
    functions: Functions
    inspect: str
    public_url: str
    packs: Packs
    tiers: Collection[str]
    plans: Plans

    def accept(
        self, caller: Caller, source: Source, order: Order, key: str | None, uuid: str | None = None
    ) -> Accepted | Replayed:
        """`key` is the Idempotency-Key; `uuid` the job's, where it is not for chance to choose: then there is a key, so
        that no two are at work on it. Raises RequestError for what cannot be read and OutOfPages for what cannot be
        paid, before anything is written that lasts."""
        source.check(caller.plan)
        uuid = uuid or uuid4().hex
        if key is None:
            return self._accept(caller, source, order, uuid, None)
        begun = self.idempotency.begin(caller.holder, key, _fingerprint(source, order), datetime.now(UTC))
        if isinstance(begun, Replayed):
            return begun
        try:
            return self._accept(caller, source, order, uuid, begun)
        except NotWritten as lost:  # this request took longer than its lock, and another one has the key now
            raise IdempotencyKeyInUse from lost
        except Exception:
            self.idempotency.give_back(begun)
            raise

    def order(self, fields: Fields) -> Order:
        """Raises ParameterInvalid, TierUnavailable."""
        tool = tool_of(fields.tool) if fields.tool else None
        translate_to = check_translation(tool, fields.translate_to)
        tier = tier_for(tool, fields.tier, self.tiers)
        language = readable_language(fields.language, self.packs)
        pages = page_choice.parsed(fields.pages) if fields.pages else None
        return Order(tier.name, language, tool.slug if tool else None, translate_to, pages)

    def _accept(self, caller: Caller, source: Source, order: Order, uuid: str, begun: Begun | None) -> Accepted:
        price = self.plans.prices[order.tier]
        seen = self.metering.check(caller.holder, caller.plan, price, datetime.now(UTC))  # for one page at least
        stored = source.store(caller, uuid)
        try:
            facts = self._inspect(uuid)
            job = self._job(caller, stored, order, uuid, facts, price)
            check_pages(caller.plan, TIERS[order.tier], job.page_count)
            also: list[Write] = [self.idempotency.finish(begun, uuid)] if begun else []
            also += source.claims(uuid)
            job, standing = self.metering.accept(job, caller.plan, also, seen)
        except (OcrChatError, NotWritten) as refusal:
            self.bucket.delete_original(uuid)
            if isinstance(refusal, NotWritten) and "upload" in refusal.names:
                raise submitted_already() from refusal
            raise
        source.clear()
        try:
            self.workflow.start(job)
        except NotStarted:
            # The job is accepted, and would be read twice if the client were told otherwise and came again.
            observe.logger().warning("left to the reconciler", extra={"job": job.uuid}, exc_info=True)
            observe.count("JobsNotStarted")
        observe.logger().info("accepted", extra={"job": job.uuid, "pages": job.page_count})
        observe.count("JobsAccepted")
        observe.count("PagesAccepted", job.page_count)
        return Accepted(job, standing)

    def _job(self, caller: Caller, stored: Stored, order: Order, uuid: str, facts: dict[str, Any], price: int) -> Job:
        pages = page_choice.chosen(order.pages, facts["page_count"])
        return Job(
            uuid=uuid,
            account=caller.account,
            holder=caller.holder,
            filename=stored.filename,
            media_type=facts["media_type"],
            size=stored.size,
            page_format=facts["page_format"],
            as_it_came=facts["as_it_came"],
            page_count=len(page_choice.indexes(pages, facts["page_count"])),
            pages=pages,
            tier=order.tier,
            language=order.language,
            tool=order.tool,
            translate_to=order.translate_to,
            base_url=self.public_url,
            created_at=datetime.now(UTC),
            price=price,
            queue=caller.plan.queue,
            result_hours=caller.plan.result_hours,
            original_hours=caller.plan.original_hours,
            warnings=tuple(Notice.from_json(warning) for warning in facts["warnings"]),
            drop=stored.drop,
        )

    def _inspect(self, uuid: str) -> dict[str, Any]:
        try:
            answer = self.functions.call(self.inspect, {"job": uuid, "url": self.bucket.original_url(uuid)})
        except FunctionFailed as failure:
            # The parser died on this file, by memory or time: the file is the likelier culprit than the service.
            observe.logger().warning("inspect failed", extra={"job": uuid, "cause": str(failure)})
            raise FileCorrupt(
                "The file could not be examined within its limits: save it again or split it"
            ) from failure
        if "error" in answer:
            raise refusal(answer["error"])
        facts: dict[str, Any] = answer["facts"]
        return facts


def _fingerprint(source: Source, order: Order) -> str:
    """Of the file and of what is to be done with it, however that was written."""
    asked = json.dumps(asdict(order) | {"file": source.fingerprint()}, sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()
