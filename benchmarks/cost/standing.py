"""What a stack costs in a month in which nobody uses it."""

from __future__ import annotations

from benchmarks.accuracy.report import table
from infra.local.package import INFRA, load_template
from infra.metrics import priced
from ocrchat.store.shards import SHARDS

from .dollars import PLATFORM_LOG_BYTES, price
from .template import Template

MONTH_S = 730 * 3600

POLLERS = 5
POLL_S = 20.0
"""Lambda keeps five long polls open for a queue (docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html), fewer
only where MaximumConcurrency is not set."""

RUN_S = 0.5
"""Of a scheduled function with nothing to do. Assumed."""

INDEXED = ("Reconcile", "Sweep")
"""Each asks every shard of an index in each run. A query that finds nothing is half a read unit, since indexes are read
eventually consistent. What the others ask, once a day, is less than a cent."""

LOGGED_BYTES = 500
"""What such a run logs beside what Lambda itself does: 350 of Reconcile and 645 of Sweep, as
measured on 2026-11-21."""


def costs(template: Template) -> dict[str, float]:
    """What -> US dollars."""
    watching = Template(load_template(INFRA / "watching.yaml"))
    runs = {name: number * MONTH_S / 60 for name, number in template.runs_a_minute.items()}
    polls = template.polled_queues * POLLERS * MONTH_S / POLL_S
    queries = sum(runs[name] for name in INDEXED) * len(SHARDS)
    logged = sum(runs.values()) * (LOGGED_BYTES + PLATFORM_LOG_BYTES)
    snapshots = sum(function.memory for function in template.functions.values() if function.has_snapshot) / 1024
    secrets = template.count("AWS::SecretsManager::Secret")
    found = {
        f"alarms: {watching.metrics_of_alarms} metrics and a composite one": watching.metrics_of_alarms
        * price("cloudwatch.alarm_month")
        + watching.count("AWS::CloudWatch::CompositeAlarm") * price("cloudwatch.composite_month"),
        "dashboard": watching.count("AWS::CloudWatch::Dashboard") * price("cloudwatch.dashboard_month"),
        "key of the alarms' topic": watching.count("AWS::KMS::Key") * price("kms.key_month"),
        f"{secrets} secrets": secrets * price("secrets.month"),
        f"{template.polled_queues} queues polled by Lambda: {polls / 1e6:.1f} million requests": polls
        * price("sqs.request"),
        _named(runs): sum(number * _run(template, name) for name, number in runs.items()),
        f"their queries, {queries / 1e6:.1f} million": queries / 2 * price("dynamodb.read_unit"),
        f"their logs, {logged / 1e9:.2f} GB": logged / 1e9 * (price("logs.gb") + price("logs.gb_month")),
        "their traces, all of which are kept": sum(runs.values()) * price("xray.trace") * template.is_traced,
        f"{snapshots:g} GB of snapshots (SnapStart), one version each": snapshots
        * MONTH_S
        * price("lambda.snapstart_gb_s"),
    }
    return {name: usd for name, usd in found.items() if usd}


def busy() -> tuple[int, float]:
    """How many metrics more a service sends that is always busy, without those by the code of an error; US dollars."""
    more = priced(by_code=False)
    return more, more * price("cloudwatch.metric_month")


def listed(template: Template) -> str:
    found = costs(template)
    rows = [[name, f"{usd:.2f}"] for name, usd in found.items()]
    rows.append(["**all**", f"**{sum(found.values()):.2f}**"])
    more, usd = busy()
    rows.append([f"at most, {more} metrics more of a service that is always busy", f"{usd:.2f}"])
    return table("in a month|$ >", rows)


def _named(runs: dict[str, float]) -> str:
    return "runs on a schedule: " + ", ".join(f"{number:,.0f} of {name}" for name, number in runs.items())


def _run(template: Template, name: str) -> float:
    seconds = RUN_S * template.functions[name].memory / 1024
    return price("scheduler.run") + price("lambda.request") + seconds * price("lambda.gb_s.arm64")
