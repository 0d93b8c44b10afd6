"""What some of the tests beside this file cannot do without."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

rapidfuzz = pytest.mark.skipif(find_spec("rapidfuzz") is None, reason="needs the dependency group `bench`")
