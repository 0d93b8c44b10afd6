"""The model that the service on this machine asks. Its key is kept in the embedded Secrets Manager alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ocrchat.llm.settings import ModelSettingsInvalid, Provider, key_in

KEY_VARIABLES = ("MODEL_API_KEY", "ANTHROPIC_API_KEY")
"""Of who starts the service; the first that is set. The second is for the vendor's API, and told to no other server."""

KEY_SECRET = "ocrchat/model-key"  # noqa: S105 - the name of a secret

Workers = Literal["lambda", "process"]
"""Who asks it: a function, or the worker that stands beside a GPU elsewhere, as a process of its own."""


class ModelUnusable(Exception):
    """The message is one line for the person who started the service."""


@dataclass(frozen=True, slots=True)
class LocalModel:
    """`url` is where its server is; `capabilities` and `prices` as the template's parameters have them. `chat`
    names the model that answers questions, of the same server; either may be empty."""

    name: str
    provider: Provider = "anthropic"
    url: str = ""
    key: str = field(default="", repr=False)
    capabilities: str = ""
    prices: str = ""
    workers: Workers = "lambda"
    chat: str = ""

    def check(self) -> None:
        """Raises ModelUnusable for what each function would say only when it is asked."""
        if self.provider == "anthropic" and not self.key:
            raise ModelUnusable(f"{self.name or self.chat} needs a key: set {KEY_VARIABLES[0]} in the environment")
        if self.provider == "compatible" and not self.url:
            raise ModelUnusable("PROVIDER=compatible needs MODEL_URL=, where the server is (http://localhost:8001)")
        if self.provider == "bedrock" and not self.url:
            raise ModelUnusable(
                "Bedrock cannot be asked from here: functions on this machine have credentials of the embedded AWS only"
            )
        if self.key:
            try:
                key_in(self.key)
            except ModelSettingsInvalid as error:
                raise ModelUnusable("The key of the model is one word of ASCII characters, and this is none") from error

    def parameters(self, key_secret: str) -> dict[str, str]:
        """Of the template; `key_secret` is the ARN of the secret that holds the key, empty where there is none."""
        return {
            "ModelName": self.name,
            "ChatModelName": self.chat,
            "ModelProvider": self.provider,
            "ModelBaseUrl": self.url,
            "ModelKeySecret": key_secret,
            "ModelCapabilities": self.capabilities,
            "ModelPrices": self.prices,
            "ModelWorkers": "lambda" if self.workers == "lambda" else "container",
        }

    def environment(self, key_secret: str) -> dict[str, str]:
        """Of a worker outside the template, as the function has it inside."""
        return {
            "MODEL_NAME": self.name,
            "MODEL_PROVIDER": self.provider,
            "MODEL_BASE_URL": self.url,
            "MODEL_KEY_SECRET": key_secret,
            "MODEL_CAPABILITIES": self.capabilities,
            "MODEL_PRICES": self.prices,
        }


def key_of(environment: Mapping[str, str], provider: Provider) -> str:
    """Empty where there is none."""
    names = KEY_VARIABLES if provider == "anthropic" else KEY_VARIABLES[:1]
    return next((environment[name] for name in names if environment.get(name)), "")
