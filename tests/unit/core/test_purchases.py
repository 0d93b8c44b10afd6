"""What an account has of a payment, whatever is told of it in which order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat.purchases import DISPUTE_STATES, REFUND_STATES, Claim, Payment

PAID = Payment("pi_1").paid("acct_1", 1000, 500)
Fact = Callable[[Payment], Payment]


def refunded(name: str, cents: int, state: str) -> Fact:
    return lambda payment: payment.refunded(name, Claim(cents, state))


def disputed(name: str, cents: int, state: str) -> Fact:
    return lambda payment: payment.disputed(name, Claim(cents, state))


FACTS: st.SearchStrategy[Fact] = st.one_of(
    st.just(lambda payment: payment.paid("acct_1", 1000, 500)),
    st.builds(refunded, st.sampled_from("ab"), st.just(100), st.sampled_from(REFUND_STATES)),
    st.builds(disputed, st.sampled_from("cd"), st.just(200), st.sampled_from(DISPUTE_STATES)),
)


@given(st.lists(FACTS, max_size=8), st.randoms())
def test_the_order_of_events_and_how_often_they_come_do_not_matter(facts: list[Fact], chance: object) -> None:
    again = [*facts, *facts]
    chance.shuffle(again)  # type: ignore[attr-defined]
    first = second = Payment("pi_1")
    for fact in facts:
        first = fact(first)
    for fact in again:
        second = fact(second)
    assert first == second
    assert 0 <= first.due <= 1000


def test_nothing_is_due_before_it_is_paid() -> None:
    assert Payment("pi_1").due == Payment("pi_1").refunded("a", Claim(5, "succeeded")).due == 0
    assert PAID.due == 1000
    assert PAID.paid("acct_2", 1, 1) == PAID


@pytest.mark.parametrize(("cents", "due"), [(1, 998), (250, 500), (499, 2), (500, 0), (9999, 0)])
def test_a_part_of_the_money_is_that_part_of_the_credits(cents: int, due: int) -> None:
    assert PAID.refunded("a", Claim(cents, "succeeded")).due == due


def test_a_share_that_is_no_whole_number_of_credits_is_rounded_for_the_account() -> None:
    payment = Payment("pi_1").paid("acct_1", 10, 499)
    assert payment.refunded("a", Claim(499 // 2, "succeeded")).due == 6


def test_shares_that_are_taken_one_by_one_are_together_the_share_of_the_whole() -> None:
    for parts in permutations((1, 166, 333)):
        payment = PAID
        for number, cents in enumerate(parts):
            payment = payment.refunded(str(number), Claim(cents, "succeeded"))
        assert payment.due == 0


@pytest.mark.parametrize("states", [REFUND_STATES, DISPUTE_STATES])
def test_what_comes_later_in_the_way_of_a_claim_stays(states: tuple[str, ...]) -> None:
    learn = Payment.refunded if states is REFUND_STATES else Payment.disputed
    for before, after in pairwise(states):
        both = learn(learn(PAID, "a", Claim(100, before)), "a", Claim(100, after))
        assert both == learn(learn(PAID, "a", Claim(100, after)), "a", Claim(100, before))
        assert both == learn(PAID, "a", Claim(100, after))
