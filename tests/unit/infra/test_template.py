"""The template and the state machine, held against each other and against the code."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from chat.handler import BUILT_WITHIN_S as INDEXED_WITHIN_S
from cleanup import audit, orphans, reconcile, sweep
from export.delivery import LONGEST_WAIT_S
from export.delivery import WAITED_S as DELIVERY_WAITED_S
from infra.local import differences
from infra.local.package import INFRA, package
from ocrchat.drops import DROPS, RESULTS
from ocrchat.http.documentation import docs_page, openapi_document
from ocrchat.limits import LIMITS
from ocrchat.page_worker import LONGEST_DELAY_S
from ocrchat.plans import AT_MOST
from ocrchat.store.bucket import INCOMING, JOB_FOLDERS
from ocrchat.store.deliveries import LATER_S
from ocrchat.store.exports_table import BEGUN_WITHIN
from ocrchat.store.idempotency import LOCK
from ocrchat.store.jobs_table import SWEPT_AFTER
from submit.drop import LONGEST_DELAY_S as LONGEST_DROP_DELAY_S
from submit.drop import MOST_RECEIVES
from submit.uploads import KEPT
from tests.unit.infra.deployed import FUNCTIONS, GLOBALS, MACHINE, RESOURCES, TEMPLATE, refs
from tests.unit.infra.settings_read import variables_read_by

WAYS = ("Read", "ReadByModel")
OF_ALL = set(GLOBALS["Environment"]["Variables"])


def naming(function: str) -> set[str]:
    """What names this function, but what watches all of them."""
    return {name for name, body in RESOURCES.items() if function in str(body)} - {"Watched"}


def statements(function: str) -> Iterator[dict[str, Any]]:
    """All of them, those under a condition, too."""
    for policy in FUNCTIONS[function].get("Policies", []):
        yield from (policy["Fn::If"][1] if "Fn::If" in policy else policy)["Statement"]


def actions_of(statement: dict[str, Any]) -> list[str]:
    return [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]


def rights(given: Iterator[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Each action with each resource that it may be done to, and on which condition."""
    return {
        (action, str(resource), str(statement.get("Condition")))
        for statement in given
        for action in actions_of(statement)
        for resource in (statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]])
    }


def worker_statements() -> Iterator[dict[str, Any]]:
    for policy in RESOURCES["VlmWorkerRole"]["Properties"]["Policies"]:
        yield from (policy["Fn::If"][1] if "Fn::If" in policy else policy)["PolicyDocument"]["Statement"]


def states() -> Iterator[tuple[str, dict[str, Any]]]:
    yield from MACHINE["States"].items()
    for way in WAYS:
        yield from MACHINE["States"][way]["ItemProcessor"]["States"].items()


def batches() -> Iterator[tuple[str, dict[str, Any]]]:
    """The states that send pages to a queue."""
    for name, state in states():
        if state.get("Resource", "").startswith("arn:aws:states:::sqs:"):
            yield name, state


@pytest.mark.parametrize("name", [name for name, body in FUNCTIONS.items() if "Handler" in body])
def test_every_handler_of_the_template_exists(name: str) -> None:
    module, _, function = FUNCTIONS[name]["Handler"].rpartition(".")
    assert callable(getattr(importlib.import_module(module), function))


def test_the_function_that_parses_what_strangers_send_has_no_rights_at_all() -> None:
    assert list(statements("InspectFunction")) == []


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("SplitFunction", []),
        ("OcrPageFunction", ["progress#*", "mark#*"]),
        ("VlmPageFunction", ["progress#*", "mark#*"]),
        ("RenderFunction", ["export#*"]),
        ("ChatFunction", ["idem#*"]),
        ("IndexFunction", []),
        ("DeliverFunction", ["export#*"]),
        ("DeadDropsFunction", []),
    ],
)
def test_what_parses_files_or_asks_a_model_cannot_settle_a_job(name: str, rows: list[str]) -> None:
    changed = []
    for statement in statements(name):
        if "JobsTable" not in str(statement["Resource"]):
            continue
        actions = actions_of(statement)
        if {"dynamodb:UpdateItem", "dynamodb:PutItem", "dynamodb:DeleteItem"} & set(actions):
            changed += statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    assert changed == rows


def test_what_answers_downloads_cannot_write_one() -> None:
    for statement in statements("ExportFunction"):
        assert not {"s3:PutObject", "s3:DeleteObject"} & set(actions_of(statement))


def test_a_renderer_that_has_not_begun_in_time_never_does() -> None:
    """The claim that it was invoked with is kept until then."""
    invocation = FUNCTIONS["RenderFunction"]["EventInvokeConfig"]
    assert invocation["MaximumRetryAttempts"] == 0
    assert invocation["MaximumEventAgeInSeconds"] < BEGUN_WITHIN.total_seconds()


def test_no_route_leads_to_the_renderer_and_two_functions_invoke_it() -> None:
    assert "Events" not in FUNCTIONS["RenderFunction"]
    assert naming("RenderFunction") == {"ExportFunction", "DeliverFunction"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_given_the_settings_that_its_code_reads_and_no_others(name: str) -> None:
    own = set(FUNCTIONS[name]["Environment"]["Variables"]) - OF_ALL - {"POWERTOOLS_SERVICE_NAME"}
    assert own == variables_read_by(FUNCTIONS[name].get("Handler", "ocr_page.handler.records")) - OF_ALL


def test_all_functions_are_given_names_of_what_several_of_them_use_and_no_name_of_a_secret() -> None:
    used = Counter(
        variable
        for body in FUNCTIONS.values()
        for variable in variables_read_by(body.get("Handler", "ocr_page.handler.records"))
    )
    settings = {name for name in OF_ALL if not name.startswith("POWERTOOLS_")}
    assert settings == {"BUCKET", "JOBS_TABLE", "BALANCES_TABLE", "CHATS_TABLE", "PUBLIC_URL"}
    assert all(used[name] > 1 for name in settings)


def test_only_who_makes_tokens_reads_what_they_are_derived_from() -> None:
    readers = {
        name
        for name in FUNCTIONS
        for statement in statements(name)
        if statement["Action"] == "secretsmanager:GetSecretValue" and "TokenSecret" in str(statement["Resource"])
    }
    given = {name for name, body in FUNCTIONS.items() if "TOKEN_SECRET" in body["Environment"]["Variables"]}
    assert readers == given == {"AccountFunction", "OperateFunction"}


def test_mail_is_sent_from_one_address_by_one_function() -> None:
    senders = [(name, one) for name in FUNCTIONS for one in statements(name) if "ses:" in str(one["Action"])]
    ((name, statement),) = senders
    assert (name, statement["Action"]) == ("AccountFunction", "ses:SendEmail")
    assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "MailFrom"}}}
    (sends,) = (one["Fn::If"] for one in FUNCTIONS["AccountFunction"]["Policies"] if "Fn::If" in one)
    assert (sends[0], sends[1]["Statement"]) == ("SendsMail", [statement])


def test_no_route_and_no_event_leads_to_the_operators_function() -> None:
    assert "Events" not in FUNCTIONS["OperateFunction"]
    assert naming("OperateFunction") == set()


def test_timeouts_nest() -> None:
    worker = FUNCTIONS["OcrPageFunction"]["Timeout"]
    assert TEMPLATE["Parameters"]["PagesPerBatch"]["MaxValue"] * LIMITS.page_read_s < worker
    asking = FUNCTIONS["VlmPageFunction"]["Timeout"]
    assert LIMITS.model_page_s + 60 <= asking
    for name, batch in batches():
        queue = "VlmQueue" if name == "Ask" else "CpuQueue"
        receives = RESOURCES[queue]["Properties"]["RedrivePolicy"]["maxReceiveCount"]
        delays = receives * 1.25 * LONGEST_DELAY_S if name == "Ask" else 0  # a busy model is waited for
        assert batch["TimeoutSeconds"] > receives * (max(worker, asking) + 30) + delays
        assert "HeartbeatSeconds" not in batch
    for name, function in (("Split", "SplitFunction"), ("Join", "JoinFunction")):
        assert MACHINE["States"][name]["TimeoutSeconds"] > FUNCTIONS[function]["Timeout"]


@pytest.mark.parametrize("queue", ["CpuQueue", "CpuPriorityQueue"])
def test_pages_that_kill_their_worker_are_all_stepped_around_before_their_message_dies(queue: str) -> None:
    """A batch of nothing else: the first receive marks nothing, each later one leaves one page out, and what is left is
    for receives that Lambda's throttling has used up."""
    pages = TEMPLATE["Parameters"]["PagesPerBatch"]["MaxValue"]
    assert RESOURCES[queue]["Properties"]["RedrivePolicy"]["maxReceiveCount"] >= pages + 2


def test_a_deleted_job_is_swept_once_more_when_no_step_of_it_can_run_any_longer() -> None:
    """A token's life, and the longest step that may have begun just before its end."""
    steps = (
        *("SplitFunction", "OcrPageFunction", "VlmPageFunction", "JoinFunction"),
        *("RenderFunction", "IndexFunction", "DeliverFunction"),
    )
    longest = max(FUNCTIONS[name]["Timeout"] for name in steps)
    for _, batch in batches():
        assert batch["TimeoutSeconds"] + 2 * longest <= SWEPT_AFTER.total_seconds()


@pytest.mark.parametrize("folder", [*JOB_FOLDERS, INCOMING])
@pytest.mark.parametrize("name", ["SubmitFunction", "SweepFunction", "OrphansFunction"])
def test_who_deletes_jobs_may_delete_every_object_of_them(name: str, folder: str) -> None:
    allowed = [
        resource
        for statement in statements(name)
        if "s3:DeleteObject" in statement["Action"]
        for resource in (statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]])
    ]
    assert any(f"/{folder}/*" in str(resource) for resource in allowed)


@pytest.mark.parametrize("name", ["SubmitFunction", "SweepFunction"])
def test_who_deletes_jobs_may_delete_what_was_brought_of_them(name: str) -> None:
    """Not the walk for what nobody owns: the results of drops say themselves whose they are."""
    results = [statement for statement in statements(name) if f"/{RESULTS}*" in str(statement["Resource"])]
    assert {action for statement in results for action in statement["Action"]} >= {"s3:GetObject", "s3:DeleteObject"}


@pytest.mark.parametrize("name", ["SubmitFunction", "SweepFunction"])
def test_who_deletes_jobs_may_delete_the_conversations_about_them(name: str) -> None:
    chats = str({"Fn::GetAtt": ["ChatsTable", "Arn"]})
    allowed = {action for action, resource, _ in rights(statements(name)) if resource == chats}
    assert allowed == {"dynamodb:Query", "dynamodb:BatchWriteItem"}


def test_of_drops_alone_anything_is_said_and_results_are_none() -> None:
    (told,) = RESOURCES["Bucket"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
    assert told["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": DROPS}]
    assert not RESULTS.startswith(DROPS)
    assert RESOURCES["Bucket"]["DependsOn"] == "DropQueuePolicy"


def test_what_is_dropped_is_worked_on_by_one_at_a_time_and_waited_for_as_long_as_the_queue_keeps_it() -> None:
    for queue, function in (("DropQueue", "DropFunction"), ("DeliverQueue", "DeliverFunction")):
        assert RESOURCES[queue]["Properties"]["VisibilityTimeout"] == FUNCTIONS[function]["Timeout"] + 30
    assert FUNCTIONS["DropFunction"]["Timeout"] < LOCK.total_seconds()
    assert FUNCTIONS["DeliverFunction"]["Timeout"] > 2 * DELIVERY_WAITED_S
    drop, deliver = (RESOURCES[queue]["Properties"] for queue in ("DropQueue", "DeliverQueue"))
    receives = drop["RedrivePolicy"]["maxReceiveCount"]
    assert receives > MOST_RECEIVES
    assert receives * 1.25 * LONGEST_DROP_DELAY_S < drop["MessageRetentionPeriod"]
    receives = deliver["RedrivePolicy"]["maxReceiveCount"]
    waits = [min(LATER_S * 2.0**number, LONGEST_WAIT_S) for number in range(receives)]
    assert 36 * 3600 < sum(waits) * 1.25 + LATER_S < deliver["MessageRetentionPeriod"]


def test_every_message_of_a_drop_that_dies_is_told_of() -> None:
    sources = [body["Properties"] for body in RESOURCES.values() if body["Type"] == "AWS::Lambda::EventSourceMapping"]
    letters = {
        str(source["EventSourceArn"]) for source in sources if source["FunctionName"] == {"Ref": "DeadDropsFunction"}
    }
    assert letters == {
        str(RESOURCES[queue]["Properties"]["RedrivePolicy"]["deadLetterTargetArn"])
        for queue in ("DropQueue", "DeliverQueue")
    }


SCHEDULED = {
    "ReconcileFunction": "rate(1 minute)",
    "SweepFunction": "rate(1 minute)",
    "OrphansFunction": "rate(1 hour)",
    "AuditFunction": "rate(1 hour)",
}


def test_what_runs_on_a_schedule_is_begun_again_by_the_next_run_and_not_by_lambda() -> None:
    """A run that could not be begun lies in a queue; one that failed has left its work to the next."""
    events = {
        name: event["Properties"]
        for name, body in FUNCTIONS.items()
        for event in body.get("Events", {}).values()
        if event["Type"] == "ScheduleV2"
    }
    assert {name: event["ScheduleExpression"] for name, event in events.items()} == SCHEDULED
    for name, event in events.items():
        assert event["OmitName"], "or two stacks would want one name"
        assert json.loads(event["Input"]), "an empty event is a warm-up call"
        assert event["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["SchedulesDeadLetters", "Arn"]}}
        assert event["RetryPolicy"]["MaximumEventAgeInSeconds"] <= (60 if "minute" in SCHEDULED[name] else 3600)
        assert FUNCTIONS[name]["EventInvokeConfig"]["MaximumRetryAttempts"] == 0


@pytest.mark.parametrize("run_s", [reconcile.RUN_S, sweep.RUN_S, orphans.RUN_S, audit.RUN_S])
def test_a_scheduled_run_ends_by_itself(run_s: float) -> None:
    """With a minute for what it has begun."""
    assert all(FUNCTIONS[name]["Timeout"] >= run_s + 60 for name in SCHEDULED)


def test_no_entry_is_dated_longer_before_it_is_written_than_the_audit_expects() -> None:
    """Join's is, by all that join does, and by what clocks differ."""
    assert audit.LATE.total_seconds() >= 2 * FUNCTIONS["JoinFunction"]["Timeout"]


@pytest.mark.parametrize("folder", [*JOB_FOLDERS, INCOMING])
def test_lifecycle_rules_stand_behind_the_sweep_and_never_before_it(folder: str) -> None:
    """Pages and readings are of use while a job runs, which is given two days here; an upload for an hour."""
    rules = RESOURCES["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (days,) = (rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == f"{folder}/")
    runs, hour = 48, KEPT.total_seconds() / 3600
    used = {"uploads": runs + AT_MOST["original_hours"], "pages": runs, "readings": runs, INCOMING: hour}
    assert 24 * days >= used.get(folder, runs + AT_MOST["result_hours"])


def test_whatever_happens_before_it_join_runs() -> None:
    for name in ("Split", *WAYS):
        caught = MACHINE["States"][name]["Catch"][-1]
        assert caught["ErrorEquals"] == ["States.ALL"]
        assert MACHINE["States"][caught["Next"]]["Parameters"]["FunctionName"] == "${JoinFunction}"
    assert {name for name, _ in batches()} == {"Batch", "Prepare", "Ask"}
    for _, batch in batches():
        assert batch["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


def test_the_longest_file_that_a_model_reads_fits_into_one_execution() -> None:
    """A page takes at most 16 events: two of its iteration, six of each of two tasks, two of the pass behind a lost
    one. An execution may have 25,000."""
    assert 16 * LIMITS.model_file_pages + 100 < 25_000


def test_who_parses_what_strangers_send_has_no_key_of_a_model_and_who_asks_it_sees_no_file_of_theirs() -> None:
    for name, body in FUNCTIONS.items():
        knows = {"MODEL_KEY_SECRET", "MODEL_BASE_URL"} & set(body["Environment"]["Variables"])
        assert bool(knows) == (name in ("VlmPageFunction", "ChatFunction"))
    for name in ("VlmPageFunction", "ChatFunction"):
        for statement in statements(name):
            assert "/uploads/" not in str(statement["Resource"])
            assert "/pages/*" not in str(statement["Resource"]).replace("results/*/pages/*", "")


def test_the_chat_may_use_the_key_of_a_model_only_where_it_asks_one() -> None:
    conditions = [policy["Fn::If"][0] for policy in FUNCTIONS["ChatFunction"]["Policies"] if "Fn::If" in policy]
    assert conditions == ["ChatHasKey", "ChatAsksBedrock"]
    for name in conditions:
        assert TEMPLATE["Conditions"][name]["Fn::And"][0] == {"Condition": "ChatAsksModel"}
    assert FUNCTIONS["ChatFunction"]["Environment"]["Variables"]["MODEL_NAME"] == {"Ref": "ChatModelName"}


def test_only_who_sells_may_read_the_keys_of_stripe_and_only_who_is_told_of_payments_turns_them_into_credits() -> None:
    readers = {name for name in FUNCTIONS if "StripeKeySecret" in refs(FUNCTIONS[name].get("Policies", []))}
    assert readers == {"AccountFunction", "PaymentsFunction"}
    assert {name for name in FUNCTIONS if "purchase#*" in str(FUNCTIONS[name].get("Policies"))} == {"PaymentsFunction"}
    assert RESOURCES["PaymentsFunction"]["Condition"] == "Sells"


def test_a_question_is_answered_before_its_function_ends() -> None:
    """With time left for the transaction that stores the answer."""
    assert LIMITS.chat_answer_s + 2 < TEMPLATE["Globals"]["Function"]["Timeout"]
    assert FUNCTIONS["IndexFunction"]["Timeout"] > INDEXED_WITHIN_S + 20


def test_one_function_begins_the_index_of_a_long_document() -> None:
    assert naming("IndexFunction") == {"ChatFunction"}


def test_a_worker_in_a_container_may_do_what_the_function_may_and_take_its_messages() -> None:
    function = rights(statements("VlmPageFunction"))
    queues = [str({"Fn::GetAtt": [queue, "Arn"]}) for queue in ("VlmQueue", "VlmPriorityQueue")]
    takes = {(action, queue, "None") for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage") for queue in queues}
    looks_up = {(action, queue, "None") for action in ("sqs:GetQueueUrl", "sqs:GetQueueAttributes") for queue in queues}
    assert rights(worker_statements()) == (function | takes) - looks_up
    assert {"HasModelKey", "AsksBedrock"} == {
        policy["Fn::If"][0] for policy in RESOURCES["VlmWorkerRole"]["Properties"]["Policies"] if "Fn::If" in policy
    }


def test_either_a_function_asks_the_model_or_a_container() -> None:
    conditions = TEMPLATE["Conditions"]
    for name, workers in (("AsksByFunction", "lambda"), ("AsksByContainer", "container")):
        assert conditions[name]["Fn::And"][1] == {"Fn::Equals": [{"Ref": "ModelWorkers"}, workers]}
    assert RESOURCES["VlmPageFunction"]["Condition"] == "AsksByFunction"
    assert RESOURCES["VlmWorkerRole"]["Condition"] == "AsksByContainer"


def test_every_task_has_a_timeout() -> None:
    for name, state in states():
        if state["Type"] == "Task":
            assert state["TimeoutSeconds"] > 0, name


def test_the_state_machine_is_given_what_it_asks_for() -> None:
    asked = {part.split("}")[0] for part in (INFRA / "pages.asl.yaml").read_text().split("${")[1:]}
    assert asked == set(RESOURCES["Pages"]["Properties"]["DefinitionSubstitutions"])


def test_every_difference_of_the_local_stack_gives_its_reason() -> None:
    for change in (
        differences.image_function_as_zip,
        differences.no_dependency_layers,
        differences.tokens_of_any_machine,
        differences.worker_without_ecs,
        differences.mail_of_any_identity,
        differences.concurrency_as_number,
        differences.no_tls_policy,
        differences.no_access_log,
        differences.no_edge_log,
    ):
        assert "emulator" in (change.__doc__ or "")


def test_the_same_sources_make_the_same_package() -> None:
    names = ("CpuConcurrency", "CpuPriorityConcurrency", "VlmConcurrency", "VlmPriorityConcurrency")
    parameters = dict.fromkeys(names, "2")
    assert package("bucket", parameters).digest == package("bucket", parameters).digest


def test_the_openapi_document_is_that_of_the_routes() -> None:
    """`make openapi` writes it anew."""
    from infra.openapi import document

    assert openapi_document() == document()


def test_the_documentation_page_shows_every_route_and_runs_no_script() -> None:
    page = docs_page(openapi_document())
    for path in openapi_document()["paths"]:
        assert path in page
    assert "<script" not in page
    assert "http" not in page.split("</style>")[1].replace("/openapi.json", "").replace("HTTP", "").replace(
        "http://", ""
    )
