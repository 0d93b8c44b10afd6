"""The environment of a function, typed. Read once per process, by the wiring, never at import."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from ocrchat.jobs import PAGES_PER_BATCH
from ocrchat.llm.settings import ModelSettings
from ocrchat.packs import Packs
from ocrchat.plans import Plans
from ocrchat.tiers import DEFAULT_TIER, MODEL_TIER


@dataclass(frozen=True, slots=True)
class Settings:
    """Names and addresses of what the template gives a function; empty where its role has no use for it."""

    jobs_table: str
    balances_table: str
    chats_table: str
    bucket: str
    state_machine: str
    inspect_function: str
    join_function: str
    render_function: str
    index_function: str
    deliver_queue: str
    """URL of the queue of results that go to where customers fetch them."""

    public_url: str
    """Where clients reach the API, without a trailing slash; links in answers start with it."""

    aws_endpoint: str
    """Where AWS is, when it is not AWS itself."""

    presign_endpoint: str
    """The address that presigned URLs carry, where it is not S3's own (an S3 behind the front of one machine)."""

    pages_per_batch: int

    language_packs: Packs
    """Those that the page reader has: what needs another is refused where it is submitted."""

    plans: Plans

    tiers: frozenset[str]
    """Those that this service has."""

    model: ModelSettings | None
    """What the function asks: the vlm tier or the chat; None where there is none, or the function asks none."""

    origin_secret: str
    """Name of the secret by which the edge proves that a request has passed it; empty where there is no edge."""

    token_secret: str
    """Name of the secret that tokens are derived from; only the functions that make or show tokens have it."""

    stripe_secret: str
    """Name of the secret with the keys of Stripe; empty where nothing is sold, or it is no matter of the function."""

    stripe_url: str
    """Where Stripe's API is, when it is not Stripe's own."""

    mail_from: str
    """Who mail is sent by; empty where none is."""

    tessdata: str
    """The folder of Tesseract's language packs, where it is not one of the usual ones."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        return cls(
            jobs_table=environment.get("JOBS_TABLE", ""),
            balances_table=environment.get("BALANCES_TABLE", ""),
            chats_table=environment.get("CHATS_TABLE", ""),
            bucket=environment.get("BUCKET", ""),
            state_machine=environment.get("STATE_MACHINE", ""),
            inspect_function=environment.get("INSPECT_FUNCTION", ""),
            join_function=environment.get("JOIN_FUNCTION", ""),
            render_function=environment.get("RENDER_FUNCTION", ""),
            index_function=environment.get("INDEX_FUNCTION", ""),
            deliver_queue=environment.get("DELIVER_QUEUE", ""),
            public_url=environment.get("PUBLIC_URL", "").rstrip("/"),
            aws_endpoint=environment.get("AWS_ENDPOINT_URL", ""),
            presign_endpoint=environment.get("PRESIGN_ENDPOINT", ""),
            pages_per_batch=int(environment.get("PAGES_PER_BATCH", PAGES_PER_BATCH)),
            language_packs=Packs.parse(environment.get("LANGUAGE_PACKS", "all")),
            plans=Plans.parse(environment.get("PLANS", "")),
            tiers=frozenset({DEFAULT_TIER, MODEL_TIER} if environment.get("MODEL_NAME") else {DEFAULT_TIER}),
            model=ModelSettings.parse(environment) if environment.get("MODEL_PROVIDER") else None,
            origin_secret=environment.get("ORIGIN_SECRET", ""),
            token_secret=environment.get("TOKEN_SECRET", ""),
            stripe_secret=environment.get("STRIPE_SECRET", ""),
            stripe_url=environment.get("STRIPE_URL", ""),
            mail_from=environment.get("MAIL_FROM", ""),
            tessdata=environment.get("TESSDATA_PREFIX", ""),
        )


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Of a worker that takes messages from queues by itself; times in seconds."""

    queues: tuple[str, ...]
    """URLs; a message of an earlier one goes first."""

    pages_at_once: int

    poll_s: int
    """How long a request for a message waits for one; SQS allows 20."""

    idle_exit_s: float
    """The worker ends when there was nothing to do for so long; 0: never."""

    model_start_s: float
    """How long the model's server is waited for."""

    liveness_file: str
    """What is touched while all is well, for health checks; empty: nothing."""

    task_agent: str
    """Where ECS is told that a task has work; empty outside ECS."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> WorkerSettings:
        """Raises ValueError where no queue is named, or a number is none."""
        queues = tuple(filter(None, environment.get("VLM_QUEUE_URLS", "").split(",")))
        if not queues:
            raise ValueError("VLM_QUEUE_URLS is missing: the URLs of the queues, with commas between")
        return cls(
            queues=queues,
            pages_at_once=max(1, int(environment.get("PAGES_AT_ONCE", "4"))),
            poll_s=int(environment.get("POLL_SECONDS", "20")),
            idle_exit_s=60 * float(environment.get("IDLE_EXIT_MINUTES", "0")),
            model_start_s=float(environment.get("MODEL_START_SECONDS", "1800")),
            liveness_file=environment.get("LIVENESS_FILE", ""),
            task_agent=environment.get("ECS_AGENT_URI", ""),
        )
