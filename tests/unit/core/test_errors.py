"""The error tree: every class has what users and operators need, and none goes unanswered."""

from __future__ import annotations

import json
import re

import pytest

from ocrchat import errors
from ocrchat.errors import OcrChatError, PageError, error_classes

CLASSES = list(error_classes())


def test_the_docstring_draws_every_class() -> None:
    drawn = set(re.findall(r"\b[A-Z][A-Za-z]+\b", errors.__doc__ or ""))
    assert {kind.__name__ for kind in CLASSES} <= drawn


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_a_class_has_a_stable_code_a_status_and_a_message(kind: type[OcrChatError]) -> None:
    assert re.fullmatch(r"[a-z_]+", kind.code)
    assert 400 <= kind.status <= 599
    assert kind().detail == kind.title
    assert len(kind.title) > 10


def test_what_can_be_retried_or_is_a_503_says_when() -> None:
    for kind in CLASSES:
        if kind.status in (429, 503):
            assert kind.retry_after is not None, kind


def test_codes_differ_where_classes_do() -> None:
    bases = {OcrChatError, errors.RequestError, PageError}
    codes = [kind.code for kind in CLASSES if kind not in bases]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_an_error_travels_between_functions_as_itself(kind: type[OcrChatError]) -> None:
    found = errors.from_json(json.loads(json.dumps(errors.as_json(kind("What is wrong")))))
    assert (type(found), found.detail, found.extra) == (kind, "What is wrong", {})


def test_what_an_error_tells_besides_travels_with_it() -> None:
    sent = errors.ParameterInvalid("No such format", parameter="format", allowed=["txt"])
    assert errors.from_json(errors.as_json(sent)).extra == {"parameter": "format", "allowed": ["txt"]}


def test_an_error_of_another_branch_is_not_taken() -> None:
    with pytest.raises(LookupError):
        errors.from_json(errors.as_json(errors.JobDeleted()), errors.RequestError)
    with pytest.raises(LookupError):
        errors.from_json({"kind": "SystemExit", "detail": "", "extra": {}})
