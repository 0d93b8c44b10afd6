"""Subsegments: what is sent to the daemon of X-Ray, and when nothing is."""

from __future__ import annotations

import json
import re
import socket
from typing import Any

import pytest

from ocrchat.tracing import HEADER, parent_of, traced

TRACE, SEGMENT = "1-5759e988-bd862e3fe1be46a994272793", "53995c3f42cd8ad8"
KEPT = f"Root={TRACE};Parent={SEGMENT};Sampled=1;Lineage=a87bd80c:0"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, tuple[str, int]]]:
    """In an invocation whose trace is kept: each datagram, and where it goes."""
    found: list[tuple[bytes, tuple[str, int]]] = []
    monkeypatch.setattr(socket.socket, "sendto", lambda _, data, address: found.append((data, address)))
    monkeypatch.setenv("_X_AMZN_TRACE_ID", KEPT)
    monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", "169.254.79.129:2000")
    return found


def document(datagram: tuple[bytes, tuple[str, int]]) -> dict[str, Any]:
    head, _, body = datagram[0].partition(b"\n")
    assert head + b"\n" == HEADER
    found: dict[str, Any] = json.loads(body)
    return found


def test_a_step_of_a_job_is_found_by_the_job(sent: list[Any]) -> None:
    with traced("pages", job="a" * 32, tier="cpu"):
        assert not sent
    (datagram,) = sent
    assert datagram[1] == ("169.254.79.129", 2000)
    found = document(datagram)
    assert re.fullmatch(r"[0-9a-f]{16}", found.pop("id"))
    assert found.pop("start_time") <= found.pop("end_time")
    assert found == {
        "type": "subsegment",
        "name": "pages",
        "trace_id": TRACE,
        "parent_id": SEGMENT,
        "annotations": {"job": "a" * 32, "tier": "cpu"},
        "fault": False,
    }


def test_what_raises_is_a_fault_and_goes_on(sent: list[Any]) -> None:
    with pytest.raises(LookupError), traced("join", job="a"):
        raise LookupError
    assert document(sent[0])["fault"]


@pytest.mark.parametrize("name", ["_X_AMZN_TRACE_ID", "AWS_XRAY_DAEMON_ADDRESS"])
def test_outside_lambda_nothing_is_sent(sent: list[Any], monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    with traced("join", job="a"):
        pass
    assert not sent


@pytest.mark.parametrize("header", ["", "Root=1;Parent=2", "Root=1;Parent=2;Sampled=0", "Root=1;Sampled=1", "nonsense"])
def test_a_trace_that_is_not_kept_gets_nothing(header: str) -> None:
    assert parent_of(header) is None


def test_a_daemon_that_is_away_fails_no_job(sent: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "sendto", away)
    done = []
    with traced("join", job="a"):
        done.append(True)
    assert done
