"""The tier vlm of this service, as it runs: a page is prepared by `ocr_page` and asked about by `vlm_page`.

Which model, the settings of the function say (`MODEL_PROVIDER`, `MODEL_NAME`, `MODEL_BASE_URL`, `MODEL_PRICES`,
`MODEL_CAPABILITIES`); its key is in `MODEL_API_KEY`.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace

from ocrchat.limits import LIMITS
from ocrchat.llm.client import AnthropicModel
from ocrchat.llm.settings import ModelSettings, ModelSettingsInvalid

from .ours import FORMATS, FUNCTIONS, reading_of
from .reading import Read, Reading, Request

KEY = "MODEL_API_KEY"


def configured() -> AnthropicModel:
    """The model that the environment names. Raises ModelSettingsInvalid where it names none."""
    settings = ModelSettings.parse(os.environ | {"MODEL_KEY_SECRET": KEY})
    if settings is None:
        raise ModelSettingsInvalid("MODEL_NAME is missing: the model to measure (docs/vlm.md lists the settings)")
    if settings.provider == "anthropic" and not os.environ.get(KEY):
        raise ModelSettingsInvalid(f"{KEY} is missing: the key of MODEL_PROVIDER=anthropic")
    return AnthropicModel(settings, os.environ.get(KEY, ""))


def load() -> Read:
    sys.path.insert(0, str(FUNCTIONS))
    from ocr_page import reader
    from ocr_page.preparing import prepare_page
    from ocrchat.errors import PageError
    from ocrchat.pages import PageTask
    from vlm_page.asked import Asked
    from vlm_page.page import read_prepared

    reader.preload()
    model = configured()

    def read(request: Request) -> Reading:
        task = PageTask(0, FORMATS[request.path.suffix.lower()])
        asked = Asked(model)
        try:
            prepared = prepare_page(request.path.read_bytes(), task)
            reading = reading_of(read_prepared(prepared, task, asked, time.monotonic() + LIMITS.model_page_s))
        except PageError as error:
            reading = Reading(failure=error.code)
        usage = asked.usage
        return replace(
            reading,
            tokens_in=usage.all_input_tokens,
            tokens_out=usage.output_tokens,
            usd=model.cost(usage),
            answers=asked.tries,
            model=f"{os.environ['MODEL_NAME']} ({os.environ.get('MODEL_BASE_URL') or 'the address of its provider'})",
        )

    return read
