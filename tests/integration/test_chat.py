"""The chat over HTTP: questions about a finished job, their answers, and what is kept of both."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pymupdf
import pytest

from infra.local.service import Service
from ocrchat.store.chats_table import ChatsTable
from tests.integration.support import ROOMY, Api, logged, new_token, served_by
from tests.model_server import MODELS, ModelServer
from tests.model_server.behaviours import slow, status, truncated
from tests.model_server.chat_behaviours import LIARS, answers

PRICE = 2
FREE = {"pages": 100, "chat_messages_per_day": 40, "requests_per_minute": 100_000}
PLANS = json.dumps(json.loads(ROOMY) | {"free": FREE, "prices": {"chat": PRICE}})

PAGES = (
    "The invoice total is 42.00 USD, due on March 3.\nAcme Corporation, Lisbon",
    "The warranty of the pump ends after eighteen months.\nSpare parts are kept in Antwerp.",
)
TOTAL = {"message": "What is the invoice total and due date?"}


def pdf(*pages: str) -> bytes:
    with pymupdf.open() as document:
        for text in pages:
            document.new_page().insert_text((72, 72), text.split("\n"))
        data: bytes = document.tobytes()
    return data


@pytest.fixture(scope="module")
def by_passages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """No model answers; a message has a price."""
    with Service(0, tmp_path_factory.mktemp("passages"), Plans=PLANS) as running:
        yield running


@pytest.fixture(scope="module")
def by_model(tmp_path_factory: pytest.TempPathFactory, model_server: ModelServer) -> Iterator[Service]:
    asked = replace(served_by(model_server), name="", chat=MODELS[1])
    with Service(0, tmp_path_factory.mktemp("model"), Plans=PLANS, model=asked) as running:
        yield running


@pytest.fixture
def account(by_passages: Service) -> Iterator[Api]:
    with Api(by_passages, new_token(by_passages)) as client:
        yield client


@pytest.fixture
def asking(by_model: Service, model: ModelServer) -> Iterator[Api]:
    model.behave(answers())
    with Api(by_model, new_token(by_model)) as client:
        yield client


@pytest.fixture
def job(account: Api) -> dict[str, Any]:
    return account.read(pdf(*PAGES))


def path_of(job: dict[str, Any]) -> str:
    return f"/api/v1/chat/{job['uuid']}/"


def ask(api: Api, job: dict[str, Any], key: str | None = None, **body: object) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return api.http.post(path_of(job), json=TOTAL | body, headers=headers)


def history(api: Api, job: dict[str, Any], **query: Any) -> dict[str, Any]:
    answer = api.http.get(f"{path_of(job)}history/", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def said(api: Api, job: dict[str, Any]) -> list[tuple[str, str]]:
    """The transcript: who said what."""
    return [(one["role"], one["content"]) for talk in history(api, job)["conversations"] for one in talk["messages"]]


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def used(api: Api) -> int:
    count: int = api.http.get("/api/v1/account/").json()["used"]
    return count


def have_indexed(api: Api, job: dict[str, Any]) -> None:
    """By the function for long documents."""
    client = api.service.stack.client("lambda")
    (name,) = (one["FunctionName"] for one in client.list_functions()["Functions"] if "Index" in one["FunctionName"])
    payload = json.dumps({"job": job["uuid"]}).encode()
    assert "FunctionError" not in client.invoke(FunctionName=name, Payload=payload)


def released(job: dict[str, Any]) -> list[tuple[str, int]]:
    """The ledger of a message that was not answered."""
    return [(job["uuid"], -PRICE), (job["uuid"], PRICE)]


def ledger(api: Api) -> list[tuple[str, int]]:
    """Of messages, the oldest first."""
    entries = api.http.get("/api/v1/account/usage/", params={"limit": 100}).json()["data"]
    return [(entry["job"], entry["credits"]) for entry in reversed(entries) if entry["kind"] == "chat"]


def rows(api: Api, job: dict[str, Any]) -> list[dict[str, Any]]:
    stack = api.service.stack
    found: list[dict[str, Any]] = stack.client("dynamodb").query(
        TableName=stack.outputs["ChatsTableName"],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": f"chat#{job['uuid']}"}},
    )["Items"]
    return found


def objects(api: Api, job: dict[str, Any]) -> list[str]:
    stack = api.service.stack
    found = stack.client("s3").list_objects_v2(Bucket=stack.outputs["BucketName"], Prefix=f"chats/{job['uuid']}/")
    return [one["Key"] for one in found.get("Contents", [])]


def assert_verbatim(api: Api, job: dict[str, Any], message: dict[str, Any]) -> None:
    """Each citation stands on its page, in a box that lies on it."""
    pages = api.http.get(f"/api/v1/ocr/{job['uuid']}/").json()["pages"]
    for citation in message["citations"]:
        page = pages[citation["page"] - 1]
        assert citation["snippet"] in page["text"]
        assert citation["unit"] == page["unit"]
        x0, y0, x1, y1 = citation["bbox"]
        assert 0 <= x0 < x1 <= page["width"]
        assert 0 <= y0 < y1 <= page["height"]


# ---- answers --------------------------------------------------------------------------------------------------------


def test_without_a_model_the_document_s_own_words_answer(account: Api, job: dict[str, Any]) -> None:
    answer = ask(account, job)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert list(body) == ["conversation", "mode", "message"]
    assert body["mode"] == "extractive"
    message = body["message"]
    assert (message["role"], message["answerable"]) == ("assistant", True)
    first = message["citations"][0]
    assert first["page"] == 1
    assert "42.00 USD, due on March 3" in first["snippet"]
    assert_verbatim(account, job, message)


def test_what_the_document_does_not_say_is_not_answered(account: Api, job: dict[str, Any]) -> None:
    message = ask(account, job, message="Who won the football championship in Brazil?").json()["message"]
    assert (message["answerable"], message["citations"]) == (False, [])


def test_a_model_answers_where_there_is_one(asking: Api, model: ModelServer) -> None:
    job = asking.read(pdf(*PAGES))
    body = ask(asking, job).json()
    assert body["mode"] == "model"
    assert "42.00 USD" in body["message"]["content"]
    assert [citation["page"] for citation in body["message"]["citations"]] == [1]
    assert_verbatim(asking, job, body["message"])
    ask(asking, job, message="And when is it due?", conversation=body["conversation"])
    assert TOTAL["message"] in json.dumps(model.requests[-1].body), "it is told what was said before"


@pytest.mark.parametrize("liar", LIARS)
def test_a_model_that_lies_is_not_repeated(asking: Api, model: ModelServer, liar: str) -> None:
    model.behave(LIARS[liar]())
    message = ask(asking, asking.read(pdf(*PAGES))).json()["message"]
    assert (message["answerable"], message["citations"]) == (False, [])


def test_both_paths_and_any_content_type_answer(account: Api, job: dict[str, Any]) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        for path in (path_of(job), path_of(job).rstrip("/")):
            answer = account.http.post(path, content=json.dumps(TOTAL), headers={"Content-Type": kind})
            assert answer.status_code == 200
    assert account.http.get(f"{path_of(job)}history").json() == history(account, job)


def test_a_job_says_where_it_is_asked(account: Api, job: dict[str, Any]) -> None:
    assert job["links"]["chat"] == f"{account.service.url}{path_of(job)}"
    with Api(account.service) as nobody:
        assert nobody.read(pdf("a page"))["links"]["chat"] is None


# ---- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"{}",
        b'{"message": ""}',
        b'{"message": " \\n "}',
        b'{"message": "\\u200b\\u2060\\u3164\\u0000"}',
        b'{"message": 7}',
        b'{"message": null}',
        b'{"message": "a", "conversation": 7}',
        b"\xff\xfe",
        b"[" * 20_000,
        json.dumps({"message": "a" * 4001}).encode(),
        b'{"message": "a", "more": "' + b"a" * 70_000 + b'"}',
    ],
    ids=range(15),
)
def test_a_body_that_is_no_question_is_refused(account: Api, job: dict[str, Any], body: bytes) -> None:
    refused(account.http.post(path_of(job), content=body), 400, "parameter_invalid")
    assert rows(account, job) == []


def test_a_message_of_the_longest_length_is_taken_in_any_script(account: Api, job: dict[str, Any]) -> None:
    for message in ("\U0001f600" * 4000, "\ud800 total"):
        answer = account.http.post(path_of(job), content=json.dumps({"message": message}))
        assert answer.status_code == 200, answer.text


def test_a_conversation_is_continued_where_it_is_one_of_this_job(account: Api, job: dict[str, Any]) -> None:
    other = ask(account, account.read(pdf("another page"))).json()["conversation"]
    for conversation in (other, uuid4().hex, "nonsense", "x" * 5000):
        refused(ask(account, job, conversation=conversation), 404, "conversation_not_found")
    assert rows(account, job) == []
    new = [ask(account, job, conversation=conversation).json()["conversation"] for conversation in ("", None)]
    assert len(set(new)) == 2


def test_a_job_that_has_no_result_is_not_talked_about(account: Api, job: dict[str, Any]) -> None:
    refused(ask(account, {"uuid": uuid4().hex}), 404, "job_not_found")
    refused(ask(account, {"uuid": "nonsense"}), 404, "job_not_found")
    change(account, job, "pending")
    refused(ask(account, job), 409, "job_not_finished")
    refused(account.http.get(f"{path_of(job)}history/"), 409, "job_not_finished")
    change(account, job, "failed")
    refused(ask(account, job), 409, "job_failed")


def test_an_expired_job_is_not_talked_about(account: Api, job: dict[str, Any]) -> None:
    assert ask(account, job).status_code == 200
    change(account, job, "done", expires_at="2020-01-01T00:00:00.000000+00:00")
    refused(ask(account, job), 410, "job_expired")
    refused(account.http.get(f"{path_of(job)}history/"), 410, "job_expired")


def change(api: Api, job: dict[str, Any], status: str, **values: str) -> None:
    """Of the job's row."""
    stack, settings = api.service.stack, {"status": status} | values
    stack.client("dynamodb").update_item(
        TableName=stack.outputs["JobsTableName"],
        Key={"pk": {"S": f"job#{job['uuid']}"}},
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in settings),
        ExpressionAttributeNames={f"#{name}": name for name in settings},
        ExpressionAttributeValues={f":{name}": {"S": value} for name, value in settings.items()},
    )


def test_a_job_without_an_account_has_no_owner_to_ask_about_it(account: Api) -> None:
    with Api(account.service) as nobody:
        anonymous = nobody.read(pdf("a page"))
        refused(ask(nobody, anonymous), 401, "token_missing")
    refused(ask(account, anonymous), 404, "job_not_found")


# ---- conversations --------------------------------------------------------------------------------------------------


def test_the_history_tells_all_conversations_of_a_job_in_order(account: Api, job: dict[str, Any]) -> None:
    first = ask(account, job).json()
    second = ask(account, job, message="Where are spare parts kept?").json()
    again = ask(account, job, message="And the warranty?", conversation=first["conversation"]).json()
    assert again["conversation"] == first["conversation"] != second["conversation"]
    told = history(account, job)
    assert (told["has_more"], told["after"]) == (False, None)
    talks = told["conversations"]
    assert [talk["conversation"] for talk in talks] == [first["conversation"], second["conversation"]]
    assert [one["role"] for one in talks[0]["messages"]] == ["user", "assistant"] * 2
    assert [one["content"] for one in talks[0]["messages"][::2]] == [TOTAL["message"], "And the warranty?"]
    for one, given in zip(talks[0]["messages"][1::2], (first, again), strict=True):
        assert {name: one[name] for name in given["message"]} == given["message"]
        assert one["mode"] == "extractive"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one["created_at"])


@pytest.mark.parametrize("limit", [1, 3, 4, 100])
def test_the_pages_of_a_history_are_the_whole_of_it(account: Api, job: dict[str, Any], limit: int) -> None:
    first = ask(account, job).json()["conversation"]
    ask(account, job, message="Where are spare parts kept?")
    ask(account, job, message="And the warranty?", conversation=first)
    pages: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = history(account, job, limit=limit, **after)
        pages.append(page)
        if not page["has_more"]:
            break
        after = {"after": page["after"]}
    sizes = [sum(len(talk["messages"]) for talk in page["conversations"]) for page in pages]
    assert sizes[:-1] == [limit] * (len(pages) - 1)
    told = [one["content"] for page in pages for talk in page["conversations"] for one in talk["messages"]]
    assert told == [content for _, content in said(account, job)]
    assert sum(sizes) == 6


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"after": "x"}, {"after": "a" * 32}])
def test_a_page_of_a_history_that_cannot_be_is_refused(
    account: Api, job: dict[str, Any], query: dict[str, Any]
) -> None:
    refused(account.http.get(f"{path_of(job)}history/", params=query), 400, "parameter_invalid")


def test_messages_at_once_in_one_conversation_are_all_kept_in_order(account: Api, job: dict[str, Any]) -> None:
    conversation = ask(account, job).json()["conversation"]
    questions = [f"What is the invoice total, question {number}?" for number in range(8)]
    start = threading.Barrier(len(questions))

    def send(question: str) -> httpx.Response:
        start.wait()
        return ask(account, job, message=question, conversation=conversation)

    with ThreadPoolExecutor(len(questions)) as pool:
        given = list(pool.map(send, questions))
    assert [answer.status_code for answer in given] == [200] * len(questions)
    (talk,) = history(account, job)["conversations"]
    told = talk["messages"][2:]
    assert [one["role"] for one in told] == ["user", "assistant"] * len(questions)
    assert sorted(one["content"] for one in told[::2]) == sorted(questions)
    by_question = {question: answer.json()["message"] for question, answer in zip(questions, given, strict=True)}
    for question, answer in zip(told[::2], told[1::2], strict=True):
        assert by_question[question["content"]]["content"] == answer["content"]


# ---- what is paid ---------------------------------------------------------------------------------------------------


def test_an_answer_is_charged_once_with_an_entry_of_the_ledger(account: Api, job: dict[str, Any]) -> None:
    before = used(account)
    answer = ask(account, job)
    assert used(account) == before + PRICE
    assert ledger(account) == [(job["uuid"], -PRICE)]
    left = FREE["pages"] - before - PRICE
    assert f"r={left};" in answer.headers["ratelimit"]


def test_the_same_key_is_the_same_answer_asked_and_paid_once(asking: Api, model: ModelServer) -> None:
    job = asking.read(pdf(*PAGES))
    first, again = ask(asking, job, "key"), ask(asking, job, "key")
    assert first.json() == again.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len(model.requests) == 1
    assert ledger(asking) == [(job["uuid"], -PRICE)]
    assert len(said(asking, job)) == 2
    for body in ({"message": "Something else?"}, {"conversation": first.json()["conversation"]}):
        refused(ask(asking, job, "key", **body), 422, "idempotency_key_reused")
    refused(ask(asking, asking.read(pdf("x")), "key"), 422, "idempotency_key_reused")
    refused(ask(asking, job, "a key"), 400, "parameter_invalid")


def test_the_same_key_at_once_is_asked_once(asking: Api, model: ModelServer) -> None:
    job = asking.read(pdf(*PAGES))
    with ThreadPoolExecutor(6) as pool:
        given = list(pool.map(lambda _: ask(asking, job, "key"), range(6)))
    codes = {answer.status_code for answer in given}
    assert 200 in codes <= {200, 409}
    assert len(model.requests) == 1
    assert len(said(asking, job)) == 2


def test_who_cannot_pay_is_refused_before_the_model_is_asked(asking: Api, model: ModelServer) -> None:
    job = asking.read(pdf(*PAGES))
    spent = FREE["pages"] - used(asking) - PRICE + 1
    asking.read(pdf(*["x"] * spent))
    refused(ask(asking, job, "key"), 402, "out_of_pages")
    assert model.requests == []
    assert rows(asking, job) == []
    asking.service.stack.operate(
        do="grant", account=account_of(asking), credits=PRICE, reason="a test", key=uuid4().hex
    )
    assert ask(asking, job, "key").status_code == 200
    refused(ask(asking, job), 402, "out_of_pages")


def account_of(api: Api) -> str:
    name: str = api.http.get("/api/v1/account/").json()["account"]
    return name


def test_a_model_that_fails_leaves_nothing_written_and_nothing_charged(asking: Api, model: ModelServer) -> None:
    job = asking.read(pdf(*PAGES))
    model.behave(status(400))
    answer = ask(asking, job, "key")
    refused(answer, 503, "overloaded")
    assert int(answer.headers["retry-after"]) > 0
    assert (rows(asking, job), ledger(asking)) == ([], released(job))
    model.behave(answers())
    assert ask(asking, job, "key").status_code == 200


def test_a_model_that_is_slow_is_given_up_in_time(asking: Api, model: ModelServer) -> None:
    job = asking.read(pdf(*PAGES))
    model.behave(slow(60, answers()))
    before = used(asking)
    answer = ask(asking, job)
    refused(answer, 503, "overloaded")
    assert int(answer.headers["retry-after"]) >= 30
    assert (rows(asking, job), ledger(asking), used(asking)) == ([], released(job), before)


def test_a_plan_gives_so_many_messages_a_day_and_those_that_fail_are_none(asking: Api, model: ModelServer) -> None:
    job, most = asking.read(pdf(*PAGES)), FREE["chat_messages_per_day"]
    model.behave(status(400))
    refused(ask(asking, job), 503, "overloaded")
    model.behave(answers())
    stack = asking.service.stack
    stack.operate(do="grant", account=account_of(asking), credits=100, reason="a test", key=uuid4().hex)
    for _ in range(most):
        assert ask(asking, job).status_code == 200
    answer = ask(asking, job)
    refused(answer, 429, "rate_limited")
    assert 0 < int(answer.headers["retry-after"]) <= 86_400
    assert [taken for _, taken in ledger(asking)] == [-PRICE, PRICE, *[-PRICE] * most]


def test_those_that_a_model_was_paid_for_are_of_the_day_whatever_came_of_them(asking: Api, model: ModelServer) -> None:
    """Else who asks for what makes no answer could have it paid for without an end."""
    job, most = asking.read(pdf(*PAGES)), FREE["chat_messages_per_day"]
    model.behave(truncated(0.0, answers()))
    before = len(model.requests)
    for _ in range(most):
        refused(ask(asking, job), 503, "overloaded")
    refused(ask(asking, job), 429, "rate_limited")
    assert len(model.requests) == before + most
    assert sum(taken for _, taken in ledger(asking)) == 0
    assert logged(asking.service).count("ChatTokensIn") >= most


def test_a_model_is_not_asked_for_more_at_once_than_there_are_credits_for(asking: Api, model: ModelServer) -> None:
    job = asking.read(pdf(*PAGES, *["x"] * (FREE["pages"] - PRICE - len(PAGES))))
    assert used(asking) == FREE["pages"] - PRICE
    have_indexed(asking, job)
    model.behave(slow(1, answers()))
    before, at_once = len(model.requests), 8
    start = threading.Barrier(at_once)

    def send(_: int) -> httpx.Response:
        start.wait()
        return ask(asking, job)

    with ThreadPoolExecutor(at_once) as pool:
        given = list(pool.map(send, range(at_once)))
    assert sorted(answer.status_code for answer in given) == [200] + [402] * (at_once - 1)
    assert len(model.requests) == before + 1
    assert (used(asking), ledger(asking)) == (FREE["pages"], [(job["uuid"], -PRICE)])
    assert {answer.json()["detail"].split(" and ")[0] for answer in given if answer.status_code == 402} == {
        f"A message costs {PRICE} pages"
    }


# ---- what is deleted ------------------------------------------------------------------------------------------------


def test_conversations_and_index_go_with_the_job(account: Api, job: dict[str, Any]) -> None:
    for _ in range(14):  # more rows than one request deletes
        ask(account, job)
    assert len(rows(account, job)) == 3 * 14
    assert len(objects(account, job)) == 1
    expires = {int(row["expires"]["N"]) for row in rows(account, job)}
    assert len(expires) == 1
    assert account.http.delete(f"/api/v1/ocr/{job['uuid']}/").status_code == 204
    assert (rows(account, job), objects(account, job)) == ([], [])
    refused(ask(account, job), 410, "job_deleted")
    refused(account.http.get(f"{path_of(job)}history/"), 410, "job_deleted")


def test_a_job_that_is_deleted_while_the_model_answers_keeps_nothing(asking: Api, model: ModelServer) -> None:
    job, asked = asking.read(pdf(*PAGES)), threading.Event()

    def behave(request: Any) -> Any:
        asked.set()
        assert gone.wait(20)
        return answers()(request)

    gone = threading.Event()
    model.behave(behave)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask, asking, job)
        assert asked.wait(20)
        assert asking.http.delete(f"/api/v1/ocr/{job['uuid']}/").status_code == 204
        gone.set()
        refused(answer.result(), 410, "job_deleted")
    assert (rows(asking, job), objects(asking, job), ledger(asking)) == ([], [], released(job))


def test_what_there_is_no_time_to_delete_is_left_to_the_sweep(account: Api, job: dict[str, Any]) -> None:
    for _ in range(4):
        ask(account, job)
    stack = account.service.stack
    chats = ChatsTable(stack.client("dynamodb"), stack.outputs["ChatsTableName"])
    assert not chats.delete_job(job["uuid"], until=time.monotonic())
    assert rows(account, job)
    assert chats.delete_job(job["uuid"])
    assert rows(account, job) == []


def test_a_job_with_more_conversations_than_there_is_time_for_is_deleted_all_the_same(
    account: Api, job: dict[str, Any]
) -> None:
    ask(account, job)
    stack, (key, *_) = account.service.stack, rows(account, job)
    puts = [
        {"PutRequest": {"Item": {**key, "sk": {"S": f"message#{number:032x}#{'0' * 6}"}}}} for number in range(4000)
    ]
    name, client = stack.outputs["ChatsTableName"], stack.client("dynamodb")
    for first in range(0, len(puts), 25):
        client.batch_write_item(RequestItems={name: puts[first : first + 25]})
    assert account.http.delete(f"/api/v1/ocr/{job['uuid']}/").status_code == 204
    refused(account.http.get(f"{path_of(job)}history/"), 410, "job_deleted")
    stack.reconcile(min_age_seconds=3600)


def test_what_has_expired_is_swept(account: Api, job: dict[str, Any]) -> None:
    ask(account, job)
    past = "2020-01-01T00:00:00.000000+00:00"
    change(account, job, "done", expires_at=past, due=f"{past}#{job['uuid']}")
    account.service.stack.sweep()
    assert (rows(account, job), objects(account, job)) == ([], [])


# ---- long documents, and what is logged -----------------------------------------------------------------------------


def test_the_index_is_built_once(account: Api, job: dict[str, Any]) -> None:
    ask(account, job)
    (key,) = objects(account, job)
    stack = account.service.stack
    client, bucket = stack.client("s3"), stack.outputs["BucketName"]
    written = client.head_object(Bucket=bucket, Key=key)["LastModified"]
    ask(account, job, message="Where are spare parts kept?")
    assert client.head_object(Bucket=bucket, Key=key)["LastModified"] == written


@pytest.mark.parametrize("share", [0, 0.5])
def test_a_damaged_index_is_built_anew(account: Api, job: dict[str, Any], share: float) -> None:
    ask(account, job)
    (key,) = objects(account, job)
    stack = account.service.stack
    client, bucket = stack.client("s3"), stack.outputs["BucketName"]
    body = client.get_object(Bucket=bucket, Key=key)["Body"].read()
    other = account.read(pdf(*PAGES))
    damaged = body[: int(share * len(body))] or b"garbage"
    client.put_object(Bucket=bucket, Key=key.replace(job["uuid"], other["uuid"]), Body=damaged)
    assert ask(account, other).status_code in {200, 503}, (
        "where it is only found while it is read, the next one mends it"
    )
    assert ask(account, other).json()["message"]["answerable"]
    (key,) = objects(account, other)
    assert client.head_object(Bucket=bucket, Key=key)["ContentLength"] == len(body)


def test_the_function_for_long_documents_writes_the_same_index(account: Api, job: dict[str, Any]) -> None:
    have_indexed(account, job)
    assert len(objects(account, job)) == 1
    assert ask(account, job).json()["message"]["answerable"]


def test_no_log_holds_a_question_an_answer_or_the_document(asking: Api, model: ModelServer) -> None:
    job = asking.read(pdf("The Xylophone Quagmire costs 77 guilders.", *PAGES))
    body = ask(asking, job, message="What does the Xylophone Quagmire cost, by Zanzibar rates?").json()
    assert "guilders" in body["message"]["content"]
    written = logged(asking.service)
    assert "ChatTokensIn" in written
    for word in ("Quagmire", "guilders", "Zanzibar"):
        assert word not in written
