"""Asks a model by the SDK of the Messages API.

The SDK finds keys, addresses, proxies, headers and tracing by itself, in the environment and in files, tries again by
itself, follows redirects, and writes whole requests to its log. Of that it may use the proxies; all else is told to it
here, or switched off.

Answers come whole, not as a stream: one is not of use before its JSON ends, and `Pace.answer_s` is far below the ten
minutes from which the API asks for streams, and below the 350 s after which AWS forgets a connection that is silent.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from ocrchat.llm import bounded
from ocrchat.llm.messages import answer_of, body_of
from ocrchat.llm.port import Answer, Capabilities, ModelRejected, Request, Usage
from ocrchat.llm.prices import Prices, prices_of
from ocrchat.llm.retry import AttemptFailed, Retries, retry_after_s, verdict
from ocrchat.llm.settings import ModelSettings

if TYPE_CHECKING:
    from anthropic import Anthropic, AnthropicBedrock, APIStatusError

HOSTED = "https://api.anthropic.com"
CONNECT_S = 5.0
NAME = re.compile(r"[\w.:-]{1,80}", re.ASCII)
"""What a server may add to our messages: ids and types of errors, but no text, which might be that of a page."""


class KeyRefused(ModelRejected):
    """The server does not know the key. It may have been changed since it was fetched."""


class AnthropicModel:
    """`key` is empty where the server asks for none, and on Bedrock, which takes the credentials of the role.
    `renewed_key` fetches the key anew when the server refuses the one that is known. Threads may share a model."""

    def __init__(
        self,
        settings: ModelSettings,
        key: str = "",
        *,
        renewed_key: Callable[[], str] | None = None,
        retries: Retries | None = None,
    ) -> None:
        self._settings = settings
        self._key = key
        self._renewed_key = renewed_key
        self._retries = retries or Retries()
        self.prices: Prices = prices_of(settings)

    @property
    def capabilities(self) -> Capabilities:
        return self._settings.capabilities

    def cost(self, usage: Usage) -> float:
        return self.prices.cost(usage)

    def ask(self, request: Request, deadline: float) -> Answer:
        body = body_of(request, self._settings.model, self.capabilities)

        def attempt(key: str) -> Answer:
            return self._retries.run(lambda timeout_s: self._send(body, key, timeout_s), deadline)

        known = self._key
        try:
            return attempt(known)
        except KeyRefused:
            if self._renewed_key is None:
                raise
            renewed = self._renewed_key()
            if renewed == known:
                raise
            self._key = renewed
        return attempt(renewed)

    def close(self) -> None:
        """Its connections, if it has any."""
        if "_sdk" in self.__dict__:
            self._sdk.close()

    def _send(self, body: Mapping[str, Any], key: str, timeout_s: float) -> Answer:
        import anthropic
        import httpx2

        # Beside those of the client, headers may stand in ANTHROPIC_CUSTOM_HEADERS: those of one request go before all.
        authorization = f"Bearer {key}" if key else anthropic.omit
        try:
            response = self._sdk.messages.with_raw_response.create(
                **body,
                timeout=anthropic.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s)),
                extra_headers={"Authorization": authorization, "X-Api-Key": anthropic.omit},
            ).http_response
        # Without their cause: the SDK's errors quote what the server said, and that may quote the page.
        except anthropic.APIStatusError as error:
            _explain(error)
        except anthropic.APIConnectionError as error:  # in time, or at all
            if isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout):
                raise AttemptFailed("the model's server could not be reached") from None
            if isinstance(error, anthropic.APITimeoutError):
                raise AttemptFailed("the model did not answer in time", timed_out=True) from None
            raise AttemptFailed("the model's server hung up", is_paid=True) from None
        request_id = _request_id(response.headers)
        try:
            return answer_of(response.json(), request_id)
        except ValueError:
            reason = f"the model's server answered with no message{_of_request(request_id)}"
            raise AttemptFailed(reason, is_paid=True) from None

    @cached_property
    def _sdk(self) -> Anthropic | AnthropicBedrock:
        import anthropic

        # At DEBUG they write requests whole, with the page, and session tokens.
        for name in ("anthropic", "botocore.auth"):
            logging.getLogger(name).setLevel(logging.WARNING)
        http_client = anthropic.DefaultHttpxClient(follow_redirects=False, event_hooks={"response": [bounded.bound]})
        if self._settings.provider == "bedrock":
            return self._bedrock(http_client)
        return anthropic.Anthropic(
            api_key="unused",  # without one it looks for credentials; each request brings its own
            base_url=self._settings.base_url or HOSTED,
            http_client=http_client,
            max_retries=0,
            open_telemetry=False,
        )

    def _bedrock(self, http_client: Any) -> AnthropicBedrock:
        import anthropic
        import boto3

        if boto3.Session().get_credentials() is None:
            raise ModelRejected("there are no AWS credentials to ask Bedrock with", is_configuration=True)
        region = self._settings.region
        client = anthropic.AnthropicBedrock(
            aws_region=region,
            base_url=self._settings.base_url or f"https://bedrock-runtime.{region}.amazonaws.com",
            http_client=http_client,
            max_retries=0,
            open_telemetry=False,
        )
        client.api_key = None  # it may have found one in the environment
        return client


def _explain(error: APIStatusError) -> NoReturn:
    """Raises what an answer with an error status means to us."""
    headers = error.response.headers
    # Bedrock names the type of its errors in a header, with an address behind it.
    kind = str(error.type or headers.get("x-amzn-errortype", "").partition(":")[0])
    message = f"the model's server answered {error.status_code}"
    if NAME.fullmatch(kind):
        message += f" {kind}"
    message += _of_request(_request_id(headers))
    decision = verdict(error.status_code, headers.get("x-should-retry"))
    if error.status_code == 401 and decision == "misconfigured":
        raise KeyRefused(message, is_configuration=True) from None
    if decision in {"again", "later"}:
        wait = retry_after_s(headers, time.time())
        raise AttemptFailed(message, wait, is_last=decision == "later") from None
    is_configuration = decision == "misconfigured" or _is_unknown_model(error, kind)
    raise ModelRejected(message, is_configuration=is_configuration) from None


def _is_unknown_model(error: APIStatusError, kind: str) -> bool:
    """Bedrock says of a model id that it has never heard of what it says of a bad request, but for the words."""
    return kind == "ValidationException" and "model identifier" in str(error.body)


def _request_id(headers: Mapping[str, str]) -> str | None:
    name = headers.get("request-id") or headers.get("x-amzn-requestid") or ""
    return name if NAME.fullmatch(name) else None


def _of_request(request_id: str | None) -> str:
    return f" (request {request_id})" if request_id else ""
