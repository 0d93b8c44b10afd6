"""What tokens cost."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.llm.port import Usage
from ocrchat.llm.settings import ModelSettings

CACHE_WRITE = 1.25
CACHE_READ = 0.1
"""Times the price of input: the ratios that the vendor publishes for a cache of five minutes, as of our knowledge."""


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars for a million tokens, in and out; `known` is False where both are 0 because nobody has said them."""

    per_million_in: float
    per_million_out: float
    known: bool = True

    def cost(self, usage: Usage) -> float:
        """US dollars."""
        tokens_in = usage.input_tokens + CACHE_WRITE * usage.cache_write_tokens + CACHE_READ * usage.cache_read_tokens
        return (tokens_in * self.per_million_in + usage.output_tokens * self.per_million_out) / 1_000_000


TABLE = {
    "claude-haiku-5-5": Prices(0.10, 0.50),
    "claude-sonnet-5-5": Prices(2, 10),
    "claude-opus-5-5": Prices(4, 20),
}
"""Of the hosted API. Bedrock names its models otherwise, and its prices differ by region."""


def prices_of(settings: ModelSettings) -> Prices:
    """Those of the settings; else those of the table; else 0, not known."""
    if settings.prices is not None:
        return Prices(*settings.prices)
    unknown = Prices(0, 0, known=False)
    return TABLE.get(settings.model, unknown) if settings.provider == "anthropic" else unknown
