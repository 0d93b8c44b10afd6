"""The client of models over real HTTP, before a server that keeps to the API's rules and misbehaves when it is told to."""

from __future__ import annotations

import base64
import io
import json
import logging
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path

import pytest
from PIL import Image

from ocrchat.llm.client import AnthropicModel
from ocrchat.llm.port import ModelBusy, ModelRejected, Request, Usage
from ocrchat.llm.retry import Pace, Retries
from ocrchat.llm.settings import ModelSettings
from tests.model_server import BEDROCK_MODELS, KEY, Limits, ModelServer, Raw, Said
from tests.model_server.behaviours import (
    Behaviour,
    empty,
    garbage,
    hangs_up,
    refused,
    says,
    slow,
    status,
    stops_for,
    truncated,
)

MODEL = "claude-sonnet-5-5"
ACCESS_KEY, SECRET_KEY, SESSION_TOKEN = "AKIATESTTESTTESTTEST", "secret-access-key-of-a-test", "session-token-of-a-test"
PAGE = "Iban DE02 1203 0000 0000 2020 51"
SCHEMA = {"type": "object", "properties": {"total": {"type": "string"}}, "required": ["total"]}
REQUEST = Request("Read the page.", [{"type": "text", "text": PAGE}], 1000, SCHEMA)
ENVIRONMENT = (
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_BEDROCK_BASE_URL",
    "ANTHROPIC_CUSTOM_HEADERS",
    "ANTHROPIC_PROFILE",
    "ANTHROPIC_CONFIG_DIR",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_PROFILE",
)


class Time:
    """Stands still but for pauses, which are noted. Starts far from what any real clock says."""

    def __init__(self) -> None:
        self.now = 5_000_000.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment in which the SDK and boto3 find nothing but the keys of a role."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_SESSION_TOKEN", SESSION_TOKEN)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(says("{}"), aws_secrets={ACCESS_KEY: SECRET_KEY}) as running:
        yield running


@pytest.fixture
def paused() -> Time:
    return Time()


@contextmanager
def client_of(
    settings: ModelSettings, paused: Time | None = None, key: str = KEY, pace: Pace | None = None
) -> Iterator[AnthropicModel]:
    """Without `paused` it lives in real time."""
    retries = Retries(pace)
    if paused is not None:
        retries = Retries(pace, clock=lambda: paused.now, sleep=paused.sleep, chance=lambda: 1.0)
    model = AnthropicModel(settings, key, retries=retries)
    try:
        yield model
    finally:
        model.close()


@pytest.fixture
def model(server: ModelServer, paused: Time) -> Iterator[AnthropicModel]:
    with client_of(ModelSettings("anthropic", MODEL, server.url), paused) as made:
        yield made


@pytest.fixture
def bedrock(server: ModelServer, paused: Time) -> Iterator[AnthropicModel]:
    settings = ModelSettings("bedrock", BEDROCK_MODELS[0], server.url, region="eu-central-1")
    with client_of(settings, paused, "") as made:
        yield made


def statuses(server: ModelServer) -> list[int | None]:
    return [request.status for request in server.requests]


def answers(data: bytes, code: int = 200) -> Behaviour:
    return lambda _: Raw(data, code)


# --- answers --------------------------------------------------------------------------------------------------------


def test_an_answer_comes_with_its_tokens_and_its_id(server: ModelServer, model: AnthropicModel, paused: Time) -> None:
    server.behave(says('{"total": "12.00"}'))
    answer = model.ask(REQUEST, paused.now + 60)
    assert (answer.text, answer.stop) == ('{"total": "12.00"}', "end")
    assert answer.content == [{"type": "text", "text": '{"total": "12.00"}'}]
    assert answer.request_id == "req_00000001"
    assert answer.usage == Usage(input_tokens=server.usage.fresh, output_tokens=server.usage.out)
    assert model.cost(answer.usage) == pytest.approx((server.usage.fresh * 2 + server.usage.out * 10) / 1e6)


@pytest.mark.parametrize(
    ("behaviour", "text", "stop"),
    [
        (truncated(0.5, says('{"total": "12.00"}')), '{"total":', "length"),
        (refused(), "", "refusal"),
        (refused("I can"), "I can", "refusal"),
        (empty(), "", "end"),
        (says("no JSON"), "no JSON", "end"),
    ],
)
def test_what_the_model_says_is_answered_however_it_ends(
    server: ModelServer, model: AnthropicModel, paused: Time, behaviour: Behaviour, text: str, stop: str
) -> None:
    server.behave(behaviour)
    answer = model.ask(REQUEST, paused.now + 60)
    assert (answer.text, answer.stop) == (text, stop)
    assert statuses(server) == [200]


def test_an_answer_that_reaches_its_limit_is_cut_there(
    server: ModelServer, model: AnthropicModel, paused: Time
) -> None:
    server.behave(says("x" * 5000))
    answer = model.ask(Request("", REQUEST.content, 7), paused.now + 60)
    assert (answer.text, answer.stop, answer.usage.output_tokens) == ("x" * 28, "length", 7)


def test_a_long_answer_may_be_asked_for_in_one_piece(server: ModelServer, model: AnthropicModel, paused: Time) -> None:
    """From 21,334 tokens on the SDK demands a stream, unless it is told how long to wait."""
    assert model.ask(Request("", REQUEST.content, 60_000), paused.now + 60).text == "{}"


def test_a_picture_arrives_as_it_was_sent(server: ModelServer, model: AnthropicModel, paused: Time) -> None:
    data = io.BytesIO()
    Image.effect_noise((400, 600), 40).save(data, "JPEG")
    encoded = base64.b64encode(data.getvalue()).decode()
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": encoded}}
    answer = model.ask(Request("", [picture, *REQUEST.content], 1000), paused.now + 60)
    assert server.requests[0].body["messages"][0]["content"] == [picture, *REQUEST.content]
    assert answer.usage.input_tokens == 15 * 22 + len(PAGE) // 4


def test_threads_may_share_a_model(server: ModelServer, model: AnthropicModel, paused: Time) -> None:
    server.behave(lambda asked: Said(asked.body["messages"][0]["content"][0]["text"]))
    asked = [f"page {number}" for number in range(24)]

    def ask(page: str) -> str:
        return model.ask(Request("", [{"type": "text", "text": page}], 100), paused.now + 60).text

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, asked)) == asked


def test_the_prompt_is_written_to_the_cache_once_and_read_from_then_on(
    server: ModelServer, model: AnthropicModel, paused: Time
) -> None:
    request = Request("Read the page. " * 400, REQUEST.content, 1000)
    first, second = (model.ask(request, paused.now + 60).usage for _ in range(2))
    assert (first.cache_write_tokens, first.cache_read_tokens) == (1500, 0)
    assert (second.cache_write_tokens, second.cache_read_tokens) == (0, 1500)
    assert first.all_input_tokens == second.all_input_tokens
    assert model.cost(second) < model.cost(first)


# --- failures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [408, 409, 424, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_waited_out(server: ModelServer, model: AnthropicModel, paused: Time, code: int) -> None:
    server.behave(status(code), status(code), says("{}"))
    assert model.ask(REQUEST, paused.now + 60).text == "{}"
    assert statuses(server) == [code, code, 200]
    assert paused.pauses == [1.0, 2.0]


@pytest.mark.parametrize(
    "behaviour", [hangs_up(0), hangs_up(40), garbage(), answers(b"[]"), answers(b'{"content": 1}')]
)
def test_an_answer_that_is_none_is_asked_for_again(
    server: ModelServer, model: AnthropicModel, paused: Time, behaviour: Behaviour
) -> None:
    server.behave(behaviour, says("{}"))
    assert model.ask(REQUEST, paused.now + 60).text == "{}"
    assert len(server.requests) == 2


def test_an_answer_that_does_not_come_is_asked_for_again(server: ModelServer) -> None:
    server.behave(slow(60, says("late")), says("{}"))
    pace = Pace(answer_s=0.3, least_s=0, first_pause_s=0)
    with client_of(ModelSettings("anthropic", MODEL, server.url), pace=pace) as model:
        assert model.ask(REQUEST, time.monotonic() + 60).text == "{}"


def test_a_server_that_is_not_there_is_busy(paused: Time) -> None:
    with ModelServer() as gone:
        address = gone.url
    with (
        client_of(ModelSettings("anthropic", MODEL, address), paused) as model,
        pytest.raises(ModelBusy, match="could not be reached"),
    ):
        model.ask(REQUEST, paused.now + 20)
    assert paused.pauses == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("behaviour", "pause"),
    [
        (status(429, retry_after=7), 7.5),
        (status(529, retry_after=9, retry_after_ms="1500"), 2.0),
        (status(503, retry_after="Thu, 01 Jan 1970 00:00:00 GMT"), 0.5),
        (status(500, retry_after="soon"), 1.0),
    ],
)
def test_the_server_is_given_the_time_that_it_asks_for(
    server: ModelServer, model: AnthropicModel, paused: Time, behaviour: Behaviour, pause: float
) -> None:
    server.behave(behaviour, says("{}"))
    model.ask(REQUEST, paused.now + 60)
    assert paused.pauses == [pause]


def test_a_date_is_waited_for(server: ModelServer, model: AnthropicModel, paused: Time) -> None:
    server.behave(status(429, retry_after=formatdate(time.time() + 3000, usegmt=True)), says("{}"))
    model.ask(REQUEST, paused.now + 4000)
    assert 2000 < paused.pauses[0] <= 3001


def test_a_wait_beyond_the_deadline_is_left_to_who_asked(
    server: ModelServer, model: AnthropicModel, paused: Time
) -> None:
    server.behave(status(529, retry_after=90))
    with pytest.raises(ModelBusy, match=r"529 overloaded_error \(request req_00000001\)") as busy:
        model.ask(REQUEST, paused.now + 60)
    assert busy.value.retry_after == 90.5
    assert paused.pauses == []
    assert statuses(server) == [529]


def test_a_server_that_stays_overloaded_is_given_up_in_time(
    server: ModelServer, model: AnthropicModel, paused: Time
) -> None:
    server.behave(status(529))
    deadline = paused.now + 60
    with pytest.raises(ModelBusy) as busy:
        model.ask(REQUEST, deadline)
    assert paused.pauses == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert busy.value.retry_after == 30.0
    assert paused.now < deadline


def test_without_time_nothing_is_sent(server: ModelServer, model: AnthropicModel, paused: Time) -> None:
    with pytest.raises(ModelBusy):
        model.ask(REQUEST, paused.now + 1)
    assert server.requests == []


def test_the_server_says_whether_it_may_be_asked_again(
    server: ModelServer, model: AnthropicModel, paused: Time
) -> None:
    server.behave(status(400, x_should_retry="true"), says("{}"))
    assert model.ask(REQUEST, paused.now + 60).text == "{}"
    server.behave(status(429, retry_after=20, x_should_retry="false"))
    with pytest.raises(ModelBusy) as busy:
        model.ask(REQUEST, paused.now + 60)
    assert busy.value.retry_after == 20
    assert statuses(server) == [400, 200, 429]


@pytest.mark.parametrize("code", [400, 413, 422])
def test_a_request_that_is_wrong_is_sent_once(
    server: ModelServer, model: AnthropicModel, paused: Time, code: int
) -> None:
    server.behave(status(code))
    with pytest.raises(ModelRejected, match=str(code)) as rejected:
        model.ask(REQUEST, paused.now + 60)
    assert not rejected.value.is_configuration
    assert statuses(server) == [code]


@pytest.mark.parametrize("code", [401, 402, 403, 404])
def test_what_only_who_runs_the_service_can_mend_is_told_apart(
    server: ModelServer, model: AnthropicModel, paused: Time, code: int
) -> None:
    server.behave(status(code))
    with pytest.raises(ModelRejected, match=str(code)) as rejected:
        model.ask(REQUEST, paused.now + 60)
    assert rejected.value.is_configuration
    assert statuses(server) == [code]


def test_an_unknown_model_is_a_matter_of_configuration(server: ModelServer, paused: Time) -> None:
    with (
        client_of(ModelSettings("anthropic", "claude-of-yesterday", server.url), paused) as model,
        pytest.raises(ModelRejected, match="404 not_found_error") as rejected,
    ):
        model.ask(REQUEST, paused.now + 60)
    assert rejected.value.is_configuration


@pytest.mark.parametrize("reason", ["tool_use", "pause_turn"])
def test_a_stop_for_what_was_never_asked_is_rejected(
    server: ModelServer, model: AnthropicModel, paused: Time, reason: str
) -> None:
    server.behave(stops_for(reason))
    with pytest.raises(ModelRejected) as rejected:
        model.ask(REQUEST, paused.now + 60)
    assert not rejected.value.is_configuration


def test_no_redirect_takes_a_page_elsewhere(server: ModelServer, model: AnthropicModel, paused: Time) -> None:
    with ModelServer(says("caught")) as elsewhere:
        server.behave(status(307, location=f"{elsewhere.url}/v1/messages"))
        with pytest.raises(ModelRejected, match="307") as rejected:
            model.ask(REQUEST, paused.now + 60)
        assert rejected.value.is_configuration
        assert elsewhere.requests == []


# --- keys -----------------------------------------------------------------------------------------------------------


def test_a_wrong_key_is_a_matter_of_configuration(server: ModelServer, paused: Time) -> None:
    with (
        client_of(ModelSettings("anthropic", MODEL, server.url), paused, key="sk-wrong") as model,
        pytest.raises(ModelRejected, match="401 authentication_error") as rejected,
    ):
        model.ask(REQUEST, paused.now + 60)
    assert rejected.value.is_configuration
    assert statuses(server) == [401]


def test_a_key_that_was_changed_is_fetched_anew_and_kept(server: ModelServer, paused: Time) -> None:
    fetched: list[str] = []

    def renewed() -> str:
        fetched.append(KEY)
        return KEY

    retries = Retries(clock=lambda: paused.now, sleep=paused.sleep)
    model = AnthropicModel(
        ModelSettings("anthropic", MODEL, server.url), "sk-of-yesterday", renewed_key=renewed, retries=retries
    )
    assert [model.ask(REQUEST, paused.now + 60).text for _ in range(2)] == ["{}", "{}"]
    model.close()
    assert statuses(server) == [401, 200, 200]
    assert (fetched, paused.pauses) == ([KEY], [])


@pytest.mark.parametrize(("renewed", "asked"), [("sk-wrong", 1), ("sk-wrong-as-well", 2)])
def test_a_key_is_fetched_anew_only_once(server: ModelServer, paused: Time, renewed: str, asked: int) -> None:
    retries = Retries(clock=lambda: paused.now, sleep=paused.sleep)
    settings = ModelSettings("anthropic", MODEL, server.url)
    model = AnthropicModel(settings, "sk-wrong", renewed_key=lambda: renewed, retries=retries)
    with pytest.raises(ModelRejected) as rejected:
        model.ask(REQUEST, paused.now + 60)
    model.close()
    assert rejected.value.is_configuration
    assert statuses(server) == [401] * asked


def environment_of_somebody_else(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """All places where the SDK looks for keys and addresses by itself, filled."""
    (folder / "configs").mkdir()
    (folder / "credentials").mkdir()
    profile = {"version": "1.0", "authentication": {"type": "user_oauth"}, "base_url": "http://127.0.0.1:9"}
    credentials = folder / "credentials/leaked.json"
    (folder / "configs/leaked.json").write_text(json.dumps(profile))
    credentials.write_text(json.dumps({"version": "1.0", "type": "oauth_token", "access_token": "leaked-token"}))
    credentials.chmod(0o600)
    for name, value in {
        "ANTHROPIC_PROFILE": "leaked",
        "ANTHROPIC_CONFIG_DIR": str(folder),
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
        "ANTHROPIC_BEDROCK_BASE_URL": "http://127.0.0.1:9",
        "ANTHROPIC_CUSTOM_HEADERS": "Authorization: Bearer leaked-header\nX-Api-Key: leaked-header",
        "AWS_BEARER_TOKEN_BEDROCK": "leaked-bedrock",
    }.items():
        monkeypatch.setenv(name, value)


def test_the_profile_of_these_tests_is_one_that_the_sdk_takes(
    monkeypatch: pytest.MonkeyPatch, server: ModelServer, tmp_path: Path
) -> None:
    import anthropic

    environment_of_somebody_else(monkeypatch, tmp_path)
    monkeypatch.delenv("ANTHROPIC_CUSTOM_HEADERS")
    with anthropic.Anthropic(base_url=server.url, max_retries=0) as sdk, pytest.raises(anthropic.AuthenticationError):
        sdk.messages.create(model=MODEL, max_tokens=5, messages=[{"role": "user", "content": "?"}])
    assert server.requests[0].headers["authorization"] == "Bearer leaked-token"


@pytest.mark.parametrize("key", [KEY, ""])
@pytest.mark.parametrize("static", ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", None])
def test_nothing_of_the_environment_is_sent(
    monkeypatch: pytest.MonkeyPatch, paused: Time, tmp_path: Path, key: str, static: str | None
) -> None:
    """Not even where no key is given: a server of one's own may need none, and must not be sent another's."""
    environment_of_somebody_else(monkeypatch, tmp_path)
    if static is not None:
        monkeypatch.setenv(static, "leaked-static")
    with (
        ModelServer(says("{}"), key or None) as server,
        client_of(ModelSettings("anthropic", MODEL, server.url), paused, key) as model,
    ):
        model.ask(REQUEST, paused.now + 60)
    headers = server.requests[0].headers
    assert not [value for value in headers.values() if "leaked" in value]
    assert headers.get("authorization") == (f"Bearer {key}" if key else None)
    assert "x-api-key" not in headers


def test_the_address_of_the_hosted_api_is_not_taken_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment_of_somebody_else(monkeypatch, tmp_path)
    hosted = AnthropicModel(ModelSettings("anthropic", MODEL), KEY)
    bedrock = AnthropicModel(ModelSettings("bedrock", BEDROCK_MODELS[0], region="eu-central-1"))
    assert str(hosted._sdk.base_url) == "https://api.anthropic.com"
    assert str(bedrock._sdk.base_url) == "https://bedrock-runtime.eu-central-1.amazonaws.com"
    hosted.close()
    bedrock.close()


# --- what no log may hold -------------------------------------------------------------------------------------------


def quoting(code: int) -> Behaviour:
    """A server that says what it was sent, as some do of what they do not take."""
    error = {"type": "error", "error": {"type": f"bad {PAGE}", "message": f"{PAGE} is no {KEY}"}}
    return answers(json.dumps(error).encode(), code)


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All that any logger says."""
    monkeypatch.setenv("ANTHROPIC_LOG", "debug")
    caplog.set_level(logging.DEBUG)
    return caplog


def assert_discreet(told: str) -> None:
    assert "POST" in told, "nothing was logged at all"
    for secret in (KEY, SECRET_KEY, SESSION_TOKEN, PAGE, "DE02", REQUEST.system):
        assert secret not in told


def test_no_log_holds_the_key_or_the_page(
    server: ModelServer, model: AnthropicModel, paused: Time, logged: pytest.LogCaptureFixture
) -> None:
    server.behave(says(PAGE))
    assert model.ask(REQUEST, paused.now + 10).text == PAGE
    assert_discreet(logged.text)


@pytest.mark.parametrize(
    "behaviour",
    [
        quoting(400),
        quoting(401),
        quoting(529),
        answers(PAGE.encode()),
        answers(json.dumps({"content": [], "stop_reason": PAGE}).encode()),
        hangs_up(40),
    ],
)
def test_no_failure_tells_the_key_or_the_page(
    server: ModelServer,
    model: AnthropicModel,
    paused: Time,
    logged: pytest.LogCaptureFixture,
    behaviour: Behaviour,
) -> None:
    server.behave(behaviour)
    with pytest.raises((ModelBusy, ModelRejected)) as failure:
        model.ask(REQUEST, paused.now + 10)
    assert_discreet(logged.text + "".join(traceback.format_exception(failure.value)))


def test_no_log_holds_the_credentials_of_the_role(
    server: ModelServer, bedrock: AnthropicModel, paused: Time, logged: pytest.LogCaptureFixture
) -> None:
    bedrock.ask(REQUEST, paused.now + 60)
    assert_discreet(logged.text)


# --- Bedrock --------------------------------------------------------------------------------------------------------


def test_bedrock_is_asked_with_the_signature_of_the_role(
    server: ModelServer, bedrock: AnthropicModel, paused: Time, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment_of_somebody_else(monkeypatch, tmp_path)
    answer = bedrock.ask(REQUEST, paused.now + 60)
    assert (answer.text, answer.request_id) == ("{}", "req_00000001")
    request = server.requests[0]
    assert request.path == "/model/us.anthropic.claude-sonnet-5-5-v1:0/invoke"
    assert f"Credential={ACCESS_KEY}/" in request.headers["authorization"]
    assert "/eu-central-1/bedrock/aws4_request" in request.headers["authorization"]
    assert request.headers["x-amz-security-token"] == SESSION_TOKEN
    assert "model" not in request.body
    assert not [value for value in request.headers.values() if "leaked" in value]


def test_a_role_without_access_is_a_matter_of_configuration(
    server: ModelServer, bedrock: AnthropicModel, paused: Time
) -> None:
    server.behave(status(403))
    with pytest.raises(ModelRejected, match=r"403 AccessDeniedException \(request req_00000001\)") as rejected:
        bedrock.ask(REQUEST, paused.now + 60)
    assert rejected.value.is_configuration


def test_credentials_that_bedrock_does_not_know_are_a_matter_of_configuration(paused: Time) -> None:
    with (
        ModelServer(says("{}"), aws_secrets={ACCESS_KEY: "another"}) as server,
        client_of(ModelSettings("bedrock", BEDROCK_MODELS[0], server.url, region="eu-central-1"), paused) as model,
        pytest.raises(ModelRejected, match="403") as rejected,
    ):
        model.ask(REQUEST, paused.now + 60)
    assert rejected.value.is_configuration


def test_a_model_that_bedrock_has_retired_is_a_matter_of_configuration(server: ModelServer, paused: Time) -> None:
    settings = ModelSettings("bedrock", "anthropic.claude-2", server.url, region="eu-central-1")
    with (
        client_of(settings, paused) as model,
        pytest.raises(ModelRejected, match="404 ResourceNotFoundException") as rejected,
    ):
        model.ask(REQUEST, paused.now + 60)
    assert rejected.value.is_configuration


@pytest.mark.parametrize(
    ("message", "is_configuration"),
    [(b"The provided model identifier is invalid.", True), (b"messages: field required", False)],
)
def test_a_model_id_that_bedrock_never_had_is_told_from_a_bad_request(
    server: ModelServer, bedrock: AnthropicModel, paused: Time, message: bytes, is_configuration: bool
) -> None:
    server.behave(
        lambda _: Raw(b'{"message": "' + message + b'"}', 400, {"x-amzn-errortype": "ValidationException:http://x/"})
    )
    with pytest.raises(ModelRejected, match="400 ValidationException") as rejected:
        bedrock.ask(REQUEST, paused.now + 60)
    assert rejected.value.is_configuration is is_configuration


def test_a_throttled_model_is_waited_for(server: ModelServer, bedrock: AnthropicModel, paused: Time) -> None:
    server.behave(status(429), status(424), says("{}"))
    assert bedrock.ask(REQUEST, paused.now + 60).text == "{}"
    assert paused.pauses == [1.0, 2.0]


def test_without_credentials_bedrock_cannot_be_asked(
    server: ModelServer, bedrock: AnthropicModel, paused: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(ModelRejected, match="no AWS credentials") as rejected:
        bedrock.ask(REQUEST, paused.now + 60)
    assert rejected.value.is_configuration
    assert server.requests == []


# --- servers that can do less ---------------------------------------------------------------------------------------


def test_a_server_that_can_do_less_is_asked_for_no_more(paused: Time) -> None:
    """It refuses members that it does not know, as strict ones do."""
    limits = Limits(("our-own",), structured_output=False, prompt_caching=False, citations=False)
    with (
        ModelServer(says("{}"), None, limits) as server,
        client_of(ModelSettings("compatible", "our-own", server.url), paused, "") as model,
    ):
        answer = model.ask(REQUEST, paused.now + 60)
    assert answer.text == "{}"
    assert answer.usage == Usage(input_tokens=server.usage.fresh, output_tokens=server.usage.out)
    assert model.cost(answer.usage) == 0
    assert not model.prices.known
    assert json.dumps(SCHEMA) in server.requests[0].body["system"]


def test_a_server_that_can_do_more_than_is_usual_is_asked_for_it(paused: Time) -> None:
    with ModelServer(says("{}")) as server:
        settings = ModelSettings("compatible", MODEL, server.url, overrides={"structured_output": True})
        with client_of(settings, paused) as model:
            model.ask(REQUEST, paused.now + 60)
    assert server.requests[0].body["output_config"]["format"]["schema"]["required"] == ["total"]
    assert server.requests[0].body["system"] == REQUEST.system
