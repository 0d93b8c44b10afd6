"""`python -m tests.faults`: rounds until so many faults have happened. Called by `make chaos`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from infra.local.model import Workers
from tests.faults.campaign import attacked
from tests.faults.plan import round_of
from tests.faults.report import Report

ERRANDS, ATTACKS, LASTS_S = 10, 20, 25.0
"""Of a round."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=int, default=1000, help="how many are to happen, at least")
    parser.add_argument("--first", type=int, default=0, help="the number of the first round")
    parser.add_argument("--worker", choices=get_args(Workers), default="lambda", help="who asks the model")
    parser.add_argument("--state", type=Path, help="a folder, new or empty, that is kept to look into")
    parser.add_argument("--report", type=Path, help="a Markdown file")
    arguments = parser.parse_args()
    report = Report(arguments.seed)
    with (
        TemporaryDirectory() as folder,
        attacked(arguments.state or Path(folder) / "state", arguments.worker) as campaign,
    ):
        number = arguments.first
        while report.faults.total() < arguments.faults:
            planned = round_of(arguments.seed, number, errands=ERRANDS, lasts_s=LASTS_S, attacks=ATTACKS)
            print(report.add(campaign.run(planned)), flush=True)
            number += 1
            if arguments.report:  # after each round: what a campaign that is broken off has seen
                arguments.report.write_text(report.as_markdown(), encoding="utf-8")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
