"""Which model is asked, where, and what it costs: the settings of a function that asks one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

Provider = Literal["anthropic", "bedrock", "compatible"]
"""The hosted API; Amazon Bedrock; any other server that answers POST /v1/messages, as vLLM does."""


class ModelSettingsInvalid(ValueError):
    """A setting is missing or is none that there is; the message says which, and what it may be."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """`key_secret` names a secret of Secrets Manager that holds the key; Bedrock needs none, and a server of one's own
    may need none. `prices` are US dollars for a million tokens, in and out; None takes those of the table."""

    provider: Provider
    model: str
    base_url: str = ""
    key_secret: str = ""
    prices: tuple[float, float] | None = None

    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> ModelSettings | None:
        """Of MODEL_PROVIDER, MODEL_NAME, MODEL_BASE_URL, MODEL_KEY_SECRET and MODEL_PRICES (`2,10`). None where no
        model is named. Raises ModelSettingsInvalid."""
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
        return cls(cast("Provider", provider), name, base_url, key_secret, _prices(environment.get("MODEL_PRICES", "")))


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
