"""Parameters that several functions take."""

from __future__ import annotations

import pytest

from ocrchat.errors import ParameterInvalid
from ocrchat.http.parameters import whole_number


@pytest.mark.parametrize("text", ["0", "3", "20"])
def test_a_wait_within_its_bounds_is_taken(text: str) -> None:
    assert whole_number("wait", text, 0, 20, 0) == int(text)


@pytest.mark.parametrize("text", ["-1", "21", "1.5", "", "abc", "١", "9" * 400])
def test_a_number_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(ParameterInvalid, match="from 0 to 20"):
        whole_number("wait", text, 0, 20, 0)
