"""Which model is asked, where, and what it costs: the settings of a function that asks one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal, cast, get_args

from ocrchat.llm.images import LONGEST_EDGE, MOST_PATCHES
from ocrchat.llm.port import Capabilities

Provider = Literal["anthropic", "bedrock", "compatible"]
"""The hosted API; Amazon Bedrock; any other server that answers POST /v1/messages, as vLLM does."""

CAPABILITIES: Mapping[Provider, Capabilities] = {
    "anthropic": Capabilities(True, True, False, True, LONGEST_EDGE, MOST_PATCHES),
    "bedrock": Capabilities(True, True, False, True, LONGEST_EDGE, MOST_PATCHES),
    "compatible": Capabilities(False, False, False, False, LONGEST_EDGE, MOST_PATCHES),
}
"""What can be counted on where nothing is said. No Messages API tells logprobs. Servers of one's own see pictures as
their model does: MODEL_CAPABILITIES says so."""


class ModelSettingsInvalid(ValueError):
    """A setting is missing or is none that there is; the message says which, and what it may be."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """`key_secret` names a secret of Secrets Manager that holds the key; Bedrock needs none, and a server of one's own
    may need none. `base_url` is what stands before `/v1/messages`; empty where the provider has an address of its own.
    `prices` are US dollars for a million tokens, in and out; None takes those of the table. `overrides` are members of
    Capabilities that are otherwise than is usual for the provider. `region` is that of Bedrock."""

    provider: Provider
    model: str
    base_url: str = ""
    key_secret: str = ""
    prices: tuple[float, float] | None = None
    overrides: Mapping[str, int] = field(default_factory=dict)
    region: str = ""

    @property
    def capabilities(self) -> Capabilities:
        return replace(CAPABILITIES[self.provider], **self.overrides)  # type: ignore[arg-type]

    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> ModelSettings | None:
        """Of MODEL_PROVIDER, MODEL_NAME, MODEL_BASE_URL, MODEL_KEY_SECRET, MODEL_PRICES (`2,10`) and
        MODEL_CAPABILITIES (`structured_output=1,image_edge=1540`; 1 is yes and 0 is no), and of
        AWS_REGION. None where no model is named. Raises ModelSettingsInvalid."""
        name, provider = environment.get("MODEL_NAME", ""), environment.get("MODEL_PROVIDER", "") or "anthropic"
        if not name:
            return None
        if provider not in get_args(Provider):
            raise ModelSettingsInvalid(f"MODEL_PROVIDER is one of {', '.join(get_args(Provider))}, not {provider!r}")
        base_url = environment.get("MODEL_BASE_URL", "").rstrip("/")
        if provider == "compatible" and not base_url:
            raise ModelSettingsInvalid("MODEL_BASE_URL is missing: where the server of MODEL_PROVIDER=compatible is")
        key_secret = environment.get("MODEL_KEY_SECRET", "")
        if provider == "anthropic" and not key_secret:
            raise ModelSettingsInvalid("MODEL_KEY_SECRET is missing: the name of the secret that holds the API key")
        region = environment.get("AWS_REGION", "") or environment.get("AWS_DEFAULT_REGION", "")
        if provider == "bedrock" and not region:
            raise ModelSettingsInvalid("AWS_REGION is missing: whose Bedrock is asked")
        return cls(
            cast("Provider", provider),
            name,
            base_url,
            key_secret,
            _prices(environment.get("MODEL_PRICES", "")),
            _overrides(environment.get("MODEL_CAPABILITIES", "")),
            region,
        )


def key_in(secret: str) -> str:
    """The key that a secret holds, which is the key itself or a JSON object with `api_key`. Raises ModelSettingsInvalid
    where it is neither, without a word of it."""
    text = secret.strip()
    if text.startswith("{"):
        try:
            text = json.loads(text)["api_key"]
        except (ValueError, KeyError) as error:
            raise ModelSettingsInvalid("the secret of MODEL_KEY_SECRET is JSON, but has no `api_key`") from error
    # It becomes a header: with anything else in it, what complains about the header would quote it.
    if not (isinstance(text, str) and text.isascii() and text.isprintable() and text and " " not in text):
        raise ModelSettingsInvalid("the secret of MODEL_KEY_SECRET holds no key: one word of ASCII characters")
    return text


def _prices(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        price_in, price_out = (float(part) for part in text.split(","))
    except ValueError as error:
        raise ModelSettingsInvalid("MODEL_PRICES is two numbers with a comma between them, such as 2,10") from error
    if not (0 <= price_in < float("inf") and 0 <= price_out < float("inf")):
        raise ModelSettingsInvalid("MODEL_PRICES are US dollars for a million tokens, in and out: 0 or more")
    return price_in, price_out


def _overrides(text: str) -> dict[str, int]:
    flags = {member.name for member in fields(Capabilities) if member.type == "bool"}
    numbers = {member.name for member in fields(Capabilities)} - flags
    overrides: dict[str, int] = {}
    for part in filter(None, text.split(",")):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name in flags and value in {"0", "1"}:
            overrides[name] = value == "1"
        elif name in numbers and value.isascii() and value.isdigit() and int(value) > 0:
            overrides[name] = int(value)
        else:
            raise ModelSettingsInvalid(
                f"MODEL_CAPABILITIES is NAME=VALUE with commas between them: {', '.join(sorted(flags))} are 1 or 0, "
                f"{', '.join(sorted(numbers))} are numbers"
            )
    return overrides
