"""What the environment may say about a model."""

from __future__ import annotations

import pytest

from ocrchat.llm.settings import ModelSettings, ModelSettingsInvalid, key_in

HOSTED = {"MODEL_NAME": "claude-sonnet-5-5", "MODEL_KEY_SECRET": "ocrchat/model"}


def parse(**environment: str) -> ModelSettings:
    settings = ModelSettings.parse(environment)
    assert settings is not None
    return settings


def test_without_a_name_there_is_no_model() -> None:
    assert ModelSettings.parse({"MODEL_PROVIDER": "nobody", "MODEL_PRICES": "many"}) is None


def test_the_hosted_api_is_asked_unless_another_is_named() -> None:
    assert parse(**HOSTED) == ModelSettings("anthropic", "claude-sonnet-5-5", "", "ocrchat/model")


def test_bedrock_is_that_of_the_region() -> None:
    bedrock = {"MODEL_PROVIDER": "bedrock", "MODEL_NAME": "us.anthropic.claude-sonnet-5-5-v1:0"}
    assert parse(**bedrock, AWS_REGION="eu-central-1").region == "eu-central-1"
    assert parse(**bedrock, AWS_DEFAULT_REGION="us-east-1").region == "us-east-1"
    with pytest.raises(ModelSettingsInvalid, match="AWS_REGION"):
        parse(**bedrock)


def test_a_server_of_ones_own_needs_an_address_and_no_key() -> None:
    own = {"MODEL_PROVIDER": "compatible", "MODEL_NAME": "our-own"}
    settings = parse(**own, MODEL_BASE_URL="http://gpu:8000/", MODEL_PRICES="0.1,0.2")
    assert (settings.base_url, settings.key_secret, settings.prices) == ("http://gpu:8000", "", (0.1, 0.2))
    with pytest.raises(ModelSettingsInvalid, match="MODEL_BASE_URL"):
        parse(**own)


def test_each_provider_can_what_is_usual_for_it() -> None:
    hosted = ModelSettings("anthropic", "m").capabilities
    assert (hosted.structured_output, hosted.citations, hosted.prompt_caching, hosted.logprobs) == (
        True,
        True,
        True,
        False,
    )
    assert (hosted.image_edge, hosted.image_patches) == (2576, 4784)
    assert ModelSettings("bedrock", "m").capabilities == hosted
    own = ModelSettings("compatible", "m", "http://gpu").capabilities
    assert (own.structured_output, own.citations, own.prompt_caching, own.logprobs) == (False,) * 4


def test_what_a_server_can_otherwise_is_said() -> None:
    own = parse(
        MODEL_PROVIDER="compatible",
        MODEL_NAME="our-own",
        MODEL_BASE_URL="http://gpu:8000",
        MODEL_CAPABILITIES="structured_output=1, image_edge=1540,prompt_caching=0",
    ).capabilities
    assert own.structured_output is True
    assert own.prompt_caching is False
    assert (own.image_edge, own.image_patches) == (1540, 4784)


@pytest.mark.parametrize(
    "text", ["thinks=1", "structured_output", "structured_output=yes", "image_edge=0", "image_edge=-5", "image_edge=a"]
)
def test_a_capability_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(ModelSettingsInvalid, match="MODEL_CAPABILITIES"):
        parse(**HOSTED, MODEL_CAPABILITIES=text)


@pytest.mark.parametrize("text", ["2", "2,10,4", "two,ten", "-1,2", "inf,1", "nan,1"])
def test_prices_are_two_numbers(text: str) -> None:
    with pytest.raises(ModelSettingsInvalid, match="MODEL_PRICES"):
        parse(**HOSTED, MODEL_PRICES=text)


def test_an_unknown_provider_and_a_missing_secret_are_refused() -> None:
    with pytest.raises(ModelSettingsInvalid, match="anthropic, bedrock, compatible"):
        parse(MODEL_NAME="m", MODEL_PROVIDER="nobody")
    with pytest.raises(ModelSettingsInvalid, match="MODEL_KEY_SECRET"):
        parse(MODEL_NAME="m")


@pytest.mark.parametrize("secret", ["sk-1", " sk-1\n", '{"api_key": "sk-1"}', '\n{"user": "me", "api_key": "sk-1"}'])
def test_a_secret_holds_the_key_or_json_with_it(secret: str) -> None:
    assert key_in(secret) == "sk-1"


@pytest.mark.parametrize(
    "secret",
    ["", "  ", "{}", '{"api_key": ""}', '{"api_key": 7}', "{hunter2", "hunter2 hunter2", "hunter2\nX: y", "hünter2"],
)
def test_a_secret_without_a_key_is_refused_without_quoting_it(secret: str) -> None:
    with pytest.raises(ModelSettingsInvalid) as invalid:
        key_in(secret)
    assert "hunter2" not in str(invalid.value)
