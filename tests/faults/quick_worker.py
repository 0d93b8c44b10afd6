"""The worker that a campaign attacks: as it is, but for its clock. What a killed one had in hand is back as soon as what a
killed function had."""

from infra.local.worker import run
from tests.faults.plan import VISIBILITY_S
from vlm_page.lanes import Times

if __name__ == "__main__":
    run(Times(hidden_s=VISIBILITY_S, beat_s=VISIBILITY_S / 3))
