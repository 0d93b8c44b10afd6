"""What a round does is its seed's, and nothing else's."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from tests.faults.plan import CALL_KINDS, LONGEST, MODEL_PAGES, RECEIVES, WEIGHTS, Round, round_of


def planned(seed: int, number: int) -> Round:
    return round_of(seed, number, errands=14, lasts_s=30.0, attacks=24)


@pytest.mark.parametrize("number", range(4))
def test_a_round_is_the_same_each_time_it_is_planned(number: int) -> None:
    first, again = planned(7, number), planned(7, number)
    assert first == again
    assert list(islice(first.call_faults(), 100)) == list(islice(again.call_faults(), 100))


def test_another_seed_or_number_is_another_round() -> None:
    plans = {planned(seed, number) for seed in range(4) for number in range(4)}
    assert len(plans) == 16


def test_a_campaign_has_each_kind_of_fault_and_of_errand() -> None:
    rounds = [planned(1, number) for number in range(40)]
    kinds = Counter(attack.kind for one in rounds for attack in one.attacks)
    assert set(kinds) == {*WEIGHTS, "restart", "power cut"}
    assert {fault.kind for one in rounds for fault in islice(one.call_faults(), 50)} == set(CALL_KINDS)
    errands = [errand for one in rounds for errand in one.errands]
    assert {(errand.holder, errand.way) for errand in errands} == {
        *(("anonymous", way) for way in ("direct", "upload")),
        *((holder, way) for holder in ("free", "paid") for way in ("direct", "upload", "drop")),
    }
    assert {errand.pages for errand in errands} >= {1, LONGEST}
    assert max(errand.pages for errand in errands if errand.tier == "vlm") == MODEL_PAGES
    assert any(errand.repeats for errand in errands)
    assert any(errand.deleted_after_s is not None for errand in errands)
    assert any(errand.questions for errand in errands)
    assert {one.receives for one in rounds} == set(RECEIVES)
    newcomers = {(errand.holder, errand.way) for errand in errands if errand.signs_up}
    assert newcomers == {("free", "direct"), ("free", "upload")}


def test_everything_happens_while_the_round_lasts() -> None:
    for number in range(40):
        one = planned(1, number)
        assert all(0 <= attack.at_s <= one.lasts_s for attack in one.attacks)
        assert list(one.attacks) == sorted(one.attacks, key=lambda attack: attack.at_s)
        assert all(0 <= errand.at_s < one.lasts_s for errand in one.errands)
        assert sum(attack.kind in ("restart", "power cut") for attack in one.attacks) <= 1
