"""What a stack costs in a month in which nobody uses it."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.accuracy.report import table

from .dollars import price
from .template import Template

ROOT = Path(__file__).resolve().parents[2]
MONTH_S = 730 * 3600

POLLERS = 5
POLL_S = 20.0
"""Lambda keeps five long polls open for a queue (docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html), fewer
only where MaximumConcurrency is not set."""

RUN_S, RUN_GB = 0.5, 1.0
"""Of a scheduled function with nothing to do. The time is assumed."""

INDEX_QUERIES = 2 * 16
"""Of a run of the reconciler: each shard of two indexes. A query that finds nothing is half a read unit, since indexes
are read eventually consistent."""

METRIC = re.compile(r'observe\.count\(\s*"(\w+)"(?: if .+? else "(\w+)")?')


def metrics() -> set[str]:
    """Names of the metrics that functions count; each costs for the hours in which it is counted, for each service."""
    found: set[str] = set()
    for folder in ("functions", "layers/core/ocrchat"):
        for file in (ROOT / folder).rglob("*.py"):
            found.update(name for pair in METRIC.findall(file.read_text()) for name in pair if name)
    return found


def listed(template: Template) -> str:
    queues = template.polled_queues
    runs = template.runs_a_minute() * MONTH_S / 60
    snapshots = sum(function.memory for function in template.functions.values() if function.has_snapshot) / 1024
    costs = {
        f"{queues} queues polled": MONTH_S / POLL_S * POLLERS * queues * price("sqs.request"),
        f"{runs:,.0f} scheduled runs": runs * (price("lambda.request") + RUN_S * RUN_GB * price("lambda.gb_s.arm64")),
        "queries of the reconciler": MONTH_S / 60 * INDEX_QUERIES / 2 * price("dynamodb.read_unit"),
        f"{template.count('AWS::SecretsManager::Secret')} secrets": template.count("AWS::SecretsManager::Secret")
        * price("secrets.month"),
        f"{template.count('AWS::CloudWatch::Alarm')} alarms": template.count("AWS::CloudWatch::Alarm")
        * price("cloudwatch.alarm_month"),
        f"{template.count('AWS::CloudWatch::Dashboard')} dashboards": template.count("AWS::CloudWatch::Dashboard")
        * price("cloudwatch.dashboard_month"),
        f"{snapshots:g} GB of snapshots (SnapStart), one version each": snapshots
        * MONTH_S
        * price("lambda.snapstart_gb_s"),
    }
    rows = [[name, f"{usd:.2f}"] for name, usd in costs.items() if usd]
    names = len(metrics())
    most = names * price("cloudwatch.metric_month")
    rows.append(["**all, without metrics**", f"**{sum(costs.values()):.2f}**"])
    rows.append([f"at most, {names} metrics that are counted in every hour, by one function each", f"{most:.2f}"])
    return table("in a month|$ >", rows)
