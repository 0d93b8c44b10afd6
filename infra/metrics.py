"""Writes the page of metrics from their table: `python -m infra.metrics`."""

from __future__ import annotations

from pathlib import Path

from ocrchat.metrics import METRICS, Metric, dimensions_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "metrics.md"

USD_A_MONTH = 0.30
"""For a custom metric, the first 10,000 of an account in us-east-1, from https://aws.amazon.com/cloudwatch/pricing/ as
remembered in November 2026; by the hour, for hours in which it was sent."""

_HEAD = """# Metrics

`make metrics` writes this page from `layers/core/ocrchat/metrics.py`. The functions write them into their log (embedded
metric format), from where CloudWatch takes them, under a namespace that is the stack's name. Each has the dimension
`service`; some have one more.

| metric | unit | by | functions | what is counted |
|---|---|---|---|---|
"""

_PRICE = """
Each name with each combination of dimensions is a custom metric, $%(price).2f a month if it is sent in every hour, and
nothing for hours in which it is not. There are %(fixed)d without codes ($%(fixed_usd).2f a month on a service that is
always busy, with both tiers and the chat), and at most %(codes)d by the code of an error, most of which no function can
answer or nobody sees in a month.
"""


def priced(*, by_code: bool) -> int:
    """How many metrics there may be by the code of an error, or all others."""
    return sum(len(dimensions_of(metric)) for metric in METRICS.values() if (metric.by == "code") == by_code)


def page() -> str:
    fixed, codes = priced(by_code=False), priced(by_code=True)
    price = {"price": USD_A_MONTH, "fixed": fixed, "fixed_usd": fixed * USD_A_MONTH, "codes": codes}
    return _HEAD + "\n".join(_row(metric) for metric in METRICS.values()) + "\n" + _PRICE % price


def _row(metric: Metric) -> str:
    services = " ".join(f"`{service}`" for service in metric.services)
    by = f"`{metric.by}`" if metric.by else ""
    return f"| `{metric.name}` | {metric.unit} | {by} | {services} | {metric.means} |"


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
