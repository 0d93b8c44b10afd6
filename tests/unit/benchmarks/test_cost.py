"""The cost model: its arithmetic by hand, and that what it prints follows from the template and the price list."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.cost.__main__ import REFERENCE, SIZES, Costs, report
from benchmarks.cost.dollars import PRICES, bill, compute, price
from benchmarks.cost.durations import Page, Timed, looks, makespan, timed
from benchmarks.cost.measuring import Measured
from benchmarks.cost.requests import Job, by_function, until_done
from benchmarks.cost.standing import busy, costs
from benchmarks.cost.template import Template
from cleanup.audit import Audit
from cleanup.orphans import Orphans
from cleanup.reconcile import Reconciler
from cleanup.sweep import Sweeper
from infra.metrics import USD_A_MONTH
from ocrchat import observe

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"

NOTHING = Measured(
    "never", {name: [0.0, 0.0] for name in ("Submit", "Inspect", "Split", "OcrPage", "Join", "VlmPage")}, 0, 0, 0, 0, 0
)
ASL: dict[str, Any] = {
    "StartAt": "Split",
    "States": {
        "Split": {"Type": "Task", "Next": "Tier"},
        "Tier": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.tier", "StringEquals": "vlm", "Next": "ReadByModel"}],
            "Default": "Read",
        },
        "Read": {
            "Type": "Map",
            "MaxConcurrency": 3,
            "ItemProcessor": {"StartAt": "Batch", "States": {"Batch": {"Type": "Task", "End": True}}},
            "Next": "Join",
        },
        "ReadByModel": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "Prepare",
                "States": {"Prepare": {"Type": "Task", "Next": "Ask"}, "Ask": {"Type": "Task", "End": True}},
            },
            "Next": "Join",
        },
        "Join": {"Type": "Task", "End": True},
    },
}


def small_template() -> Template:
    function = {"Type": "AWS::Serverless::Function", "Properties": {}}
    names = ("Submit", "Inspect", "Split", "OcrPage", "Join", "Sweep", "VlmPage")
    resources: dict[str, Any] = {f"{name}Function": function for name in names}
    resources["OcrPageFunction"] = function | {
        "Properties": {"MemorySize": {"Ref": "Memory"}, "EphemeralStorage": {"Size": 1536}}
    }
    globals_ = {"Function": {"Architectures": ["arm64"], "MemorySize": 1024}}
    parameters = {"Memory": {"Default": 2048}}
    return Template({"Globals": globals_, "Parameters": parameters, "Resources": resources}, ASL)


def test_states_are_counted_along_the_way_that_a_job_takes_those_of_a_map_once_a_batch() -> None:
    template = small_template()
    assert template.transitions("cpu", 1) == len(["Split", "Tier", "Read", "Batch", "Join"])
    assert template.transitions("cpu", 10) == 4 + 10
    assert template.transitions("vlm", 10) == 4 + 2 * 10
    assert template.map_at_once() == 3


def test_runs_are_counted_by_the_schedules_of_functions() -> None:
    def every(rate: str) -> dict[str, Any]:
        event = {"Type": "ScheduleV2", "Properties": {"ScheduleExpression": rate}}
        polled = {"Type": "SQS", "Properties": {}}
        return {"Type": "AWS::Serverless::Function", "Properties": {"Events": {"Now": event, "Queue": polled}}}

    resources = {"AFunction": every("rate(5 minutes)"), "BFunction": every("rate(1 hour)")}
    assert Template({"Resources": resources}, ASL).runs_a_minute == {"A": 1 / 5, "B": 1 / 60}
    with pytest.raises(ValueError, match="cron"):
        _ = Template({"Resources": {"AFunction": every("cron(0 0 * * ? *)")}}, ASL).runs_a_minute


def test_an_alarm_has_the_metrics_that_it_computes_with_or_its_own_one() -> None:
    computed = {"Metrics": [{"Expression": "a + b"}, {"MetricStat": {}}, {"MetricStat": {}}]}
    alarms = [{"Type": "AWS::CloudWatch::Alarm", "Properties": one} for one in (computed, {"MetricName": "Errors"})]
    resources = dict(zip("ab", alarms, strict=True)) | {"c": {"Type": "AWS::CloudWatch::CompositeAlarm"}}
    assert Template({"Resources": resources}, ASL).metrics_of_alarms == 2 + 1


def test_a_function_costs_its_memory_its_storage_and_its_invocations() -> None:
    usd = compute({"OcrPage": 3.0, "Submit": 2.0}, {"OcrPage": 1, "Submit": 1}, small_template(), "arm64")
    by_hand = (3 * 2 + 2 * 1) * 0.0000133334 + 3 * 1 * 0.0000000309 + 2 * 0.0000002
    assert usd == pytest.approx(by_hand)


def test_a_job_of_one_page_is_what_it_is_by_hand() -> None:
    found = bill(Timed(Job(1), {}, 0.0, 0.0), small_template(), NOTHING, architecture="arm64").by_service
    assert found["Step Functions"] == pytest.approx(5 * 0.000025)
    written = 1 + 1 + 1 + 1 + 6  # the original, the page, its result, the document; lists when it expires
    read = 1 + 1 + 1 + 1 + 1  # by inspect, split, the reader, join; and for the answer
    assert found["S3"] == pytest.approx(written * 0.000005 + read * 0.0000004)
    rows_read = 2 + 2 + 2 + 1 + 2 + 1  # submit, split, the reader, join; wallet and bucket; conversations
    rows_written = 1 + 1 + 2 + 2 * (3 + 3) + 10  # requests, progress, sweeps; two transactions; indexes
    kept = (1410 * (0.25 + 0.20) + 1600 * 0.25) / 1e9 * (37 * 24) / 730  # GB-months of rows, their backups, indexes
    walked = 1 + 30 * (1 + 500 / 4096)  # the original's day and the results' thirty; entries of the ledger
    assert found["DynamoDB"] == pytest.approx((rows_read + walked) * 0.000000125 + rows_written * 0.000000625 + kept)
    assert found["SQS"] == pytest.approx(3 * 0.0000005)


def test_a_longer_job_makes_the_requests_of_its_pages_and_batches() -> None:
    job = Job(50)
    assert job.batches == [4] * 10 + [2] + [1] * 8
    made = by_function(job)
    assert made["OcrPage"]["states.SendTaskSuccess"] == 19
    assert made["OcrPage"]["dynamodb.GetItem"] == 38
    assert until_done(job)["s3.PutObject"] == 1 + 50 + 50 + 1
    assert until_done(Job(50, as_it_came=False, looks=7, fetches=2)) - until_done(job) == Counter(
        {"dynamodb.BatchGetItem": 9, "dynamodb.GetItem": 4, "s3.GetObject": 2}
    )


def test_the_time_of_a_job_is_that_of_its_slowest_way_through_the_workers() -> None:
    assert makespan([3.0, 1.0, 1.0, 1.0], 2) == 3.0
    assert makespan([1.0] * 5, 2) == 3.0
    assert looks(0.0) == 0
    assert looks(0.02) == 1
    assert looks(0.02 + 0.025) == 2


def test_less_than_one_vcpu_takes_longer_and_a_second_one_is_not_used() -> None:
    def reading(memory: int) -> float:
        template = small_template()
        template._template["Parameters"]["Memory"]["Default"] = memory
        span = timed(Job(1), Page(1.0), template, NOTHING, architecture="x86_64", workers=1)
        return span.billed["OcrPage"]

    assert reading(1769) == reading(3538)
    assert reading(1769 // 2) - reading(1769) == pytest.approx(1.0, abs=0.01)


def test_cold_processes_and_slower_pages_cost_more_and_larger_jobs_less() -> None:
    costs = Costs(Template(), Measured.kept())
    by_size = [costs.of(Job(pages)).per_thousand for pages in SIZES]
    assert by_size == sorted(by_size, reverse=True)
    assert costs.of(Job(50), cold=True).total > costs.of(Job(50)).total
    assert costs.of(Job(50), Page(2 * REFERENCE.cpu_s)).total > costs.of(Job(50)).total
    assert costs.of(Job(50), architecture="x86_64").total > costs.of(Job(50)).total


def test_every_price_says_where_and_when_it_was_read_or_that_it_was_not() -> None:
    listed = json.loads(PRICES.read_text())
    for name, entry in (listed["prices"] | listed["peers"]).items():
        assert entry["url"].startswith("https://"), name
        assert len({"read", "memory"} & entry.keys()) == 1, name
        date.fromisoformat(entry.get("read") or entry["memory"])
    assert price("s3.write") == 0.000005


def test_every_price_is_used() -> None:
    folder = PRICES.parent
    code = "".join(file.read_text() for file in folder.glob("*.py")) + "arm64 x86_64"
    for name in json.loads(PRICES.read_text())["prices"]:
        assert f'"{name}"' in code or name.startswith("lambda.gb_s."), name


def test_what_runs_on_a_schedule_and_finds_nothing_to_do_sends_no_metric(capsys: pytest.CaptureFixture[str]) -> None:
    through: Any = SimpleNamespace(place=lambda *_, **__: None)
    empty: Any = SimpleNamespace(unsettled=lambda *_: iter(()), due=lambda *_: iter(()))
    unused: Any = None
    functions: dict[str, Any] = {
        "Reconcile": Reconciler(empty, unused, unused, "join"),
        "Sweep": Sweeper(empty, unused, unused, unused),
        "Orphans": Orphans(unused, unused, unused, through),
        "Audit": Audit(unused, unused, through),
    }
    assert functions.keys() == Template().runs_a_minute.keys()
    observe.ended("what other tests have counted")
    capsys.readouterr()
    for idle in functions.values():
        idle.run(datetime.now(UTC))
        observe.ended("idle")
    assert "CloudWatchMetrics" not in capsys.readouterr().out


def test_the_page_on_operations_says_what_the_benchmark_says_of_a_stack_that_nobody_uses() -> None:
    told = OPERATIONS.read_text().split("\n## What it costs when nobody uses it\n")[1].split("\n## ")[0]
    found = costs(Template())
    rows = [f"| {name} | ${usd:.2f} |" for name, usd in found.items()]
    assert [line for line in told.splitlines() if line.endswith(" |")][1:] == [
        *rows,
        f"| **all** | **${sum(found.values()):.2f}** |",
    ]
    assert "{} metrics more, ${:.2f} a month".format(*busy()) in told


def test_a_metric_has_the_same_price_everywhere() -> None:
    assert price("cloudwatch.metric_month") == USD_A_MONTH


def test_the_report_names_the_goal_and_each_part() -> None:
    text = report(Costs(Template(), Measured.kept()))
    assert "1,000 pages in jobs of 50, arm64" in text
    for part in ("By the size of a job", "pages a batch", "Tier vlm", "Beside others", "nobody uses"):
        assert part in text
