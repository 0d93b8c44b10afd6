"""What is asked of a model and what it answers, whoever serves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Stop = Literal["end", "length", "refusal"]
"""Why a model stopped: it had said all; it had reached the tokens that it was given, or its own window; it, or who
watches over it, declined."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a server can do beyond answering in text. Without `structured_output` the schema is told in words, and the
    answer is searched for its JSON. `image_edge` (px) and `image_patches` (of 28 x 28 px) bound a picture before it is
    sent: a larger one would be shrunk on the other side, or refused."""

    structured_output: bool
    citations: bool
    logprobs: bool
    prompt_caching: bool
    image_edge: int
    image_patches: int


@dataclass(frozen=True, slots=True)
class Request:
    """`system` is the same for many requests, and is cached where the server can; `content` are blocks of the Messages
    API (`text`, `image`, `document`); `schema`, a JSON Schema, is what the answer must follow. `replies`: what the
    model has answered since, and what it was asked then, the oldest first."""

    system: str
    content: Sequence[Mapping[str, Any]]
    max_tokens: int
    schema: Mapping[str, Any] | None = None
    replies: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer; those in are counted in one of the first three."""

    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.cache_read_tokens + other.cache_read_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            self.output_tokens + other.output_tokens,
        )

    @property
    def all_input_tokens(self) -> int:
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` is all text of the answer; `content` its blocks as they came, for whoever needs citations."""

    text: str
    stop: Stop
    usage: Usage
    content: Sequence[Mapping[str, Any]] = ()
    request_id: str | None = None


class ModelBusy(Exception):
    """The model did not answer in time, or has no room now: the same request may succeed in `retry_after` seconds.
    `timed_out`: it had begun, and what it had written is paid for. `is_paid`: that may be so, for this or another
    reason, such as a connection that broke."""

    def __init__(self, message: str, retry_after: float, *, timed_out: bool = False, is_paid: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.timed_out = timed_out
        self.is_paid = timed_out or is_paid


class ModelRejected(Exception):
    """The server will not take this request, however often it is sent: its key, its model or what it holds is wrong.
    `is_configuration`: no request can succeed until who runs the service changes something; `is_paid`: the model had
    answered."""

    def __init__(self, message: str, *, is_configuration: bool, is_paid: bool = False) -> None:
        super().__init__(message)
        self.is_configuration = is_configuration
        self.is_paid = is_paid


class Model(Protocol):
    """A model behind some server. `ask` may try again, with pauses, until `deadline` (of `time.monotonic`); it raises
    ModelBusy and ModelRejected."""

    @property
    def capabilities(self) -> Capabilities: ...

    def ask(self, request: Request, deadline: float) -> Answer: ...

    def cost(self, usage: Usage) -> float:
        """US dollars; 0 where no price is known."""
        ...
