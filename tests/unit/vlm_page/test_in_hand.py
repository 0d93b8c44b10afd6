"""A message that a worker has in hand, and which pages are worked on together."""

from __future__ import annotations

import threading
from typing import Any, cast

import pytest

from ocrchat.page_worker import Marks
from ocrchat.store.queues import Queues, Received
from vlm_page.company import Closed, Company
from vlm_page.in_hand import Held, InHand

MESSAGE = Received("queue", "receipt", 1, "body")


class Recorded:
    """Queues and marks in one: what is asked of them, in order."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def hide(self, _received: Received, seconds: float) -> None:
        self.asked.append(seconds)

    def delete(self, _received: Received) -> None:
        self.asked.append("delete")

    def leave(self) -> None:
        self.asked.append("take back")


def held(recorded: Any) -> Held:
    return Held(cast("Queues", recorded), MESSAGE, cast("Marks", recorded))


def test_a_mark_is_taken_back_before_the_message_is() -> None:
    """Whoever receives it then must not see the mark."""
    recorded = Recorded()
    held(recorded).leave()
    assert recorded.asked == ["take back", 0]


@pytest.mark.parametrize("end", ["done", "come_back", "leave"])
def test_after_its_end_a_message_is_not_hidden_again(end: str) -> None:
    recorded = Recorded()
    one = held(recorded)
    one.keep(90)
    one.come_back(40) if end == "come_back" else getattr(one, end)()
    before = list(recorded.asked)
    one.keep(90)
    one.leave()
    one.come_back(5)
    assert recorded.asked == before
    assert before[0] == 90


def test_a_page_that_is_done_after_all_is_deleted_by_who_had_left_it() -> None:
    recorded = Recorded()
    one = held(recorded)
    one.leave()
    one.done()
    assert recorded.asked == ["take back", 0, "delete"]


def test_one_message_that_cannot_be_kept_or_left_does_not_stop_the_others() -> None:
    class Broken(Recorded):
        def hide(self, _received: Received, _seconds: float) -> None:
            raise OSError("no network")

    well, hands = Recorded(), InHand()
    with hands.holding(held(Broken())), hands.holding(held(well)), hands.holding(held(Broken())):
        hands.keep(90, longest_s=300)
        assert hands.leave(longest_s=300) == 3
    assert well.asked == [90, "take back", 0]
    assert len(hands) == 0


def test_who_wants_to_be_alone_is() -> None:
    company, inside, may_end = Company(), threading.Event(), threading.Event()
    seen: list[str] = []

    def alone() -> None:
        with company.turn(alone=True):
            seen.append("alone")
            inside.set()
            may_end.wait(30)
            seen.append("alone no more")

    def together() -> None:
        with company.turn(alone=False):
            seen.append("together")

    with company.turn(alone=False), company.turn(alone=False):
        first = threading.Thread(target=alone)
        first.start()
        assert not inside.wait(0.2)
    assert inside.wait(30)
    others = [threading.Thread(target=together), threading.Thread(target=together)]
    for other in others:
        other.start()
    may_end.set()
    for thread in (first, *others):
        thread.join(30)
    assert seen == ["alone", "alone no more", "together", "together"]


def test_who_waits_to_be_alone_goes_before_those_who_come_later() -> None:
    """Else it would wait for as long as there are others."""
    company, order = Company(), list[str]()

    def takes_its_turn(name: str, alone: bool) -> None:
        with company.turn(alone=alone):
            order.append(name)

    with company.turn(alone=False):
        first = threading.Thread(target=takes_its_turn, args=("alone", True))
        first.start()
        while not company._want_to_be_alone:
            threading.Event().wait(0.01)
        second = threading.Thread(target=takes_its_turn, args=("later", False))
        second.start()
        second.join(0.2)
        assert order == []
    first.join(30)
    second.join(30)
    assert order == ["alone", "later"]


@pytest.mark.parametrize("alone", [True, False])
def test_nobody_begins_after_it_was_closed(alone: bool) -> None:
    company, raised = Company(), threading.Event()

    def waits() -> None:
        try:
            with company.turn(alone=True):
                pass
        except Closed:
            raised.set()

    with company.turn(alone=False):
        waiting = threading.Thread(target=waits)
        waiting.start()
        company.close()
        assert raised.wait(30)
    with pytest.raises(Closed), company.turn(alone=alone):
        pass
    waiting.join(30)
