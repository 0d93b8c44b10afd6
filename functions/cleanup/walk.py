"""A walk over everything, in as many runs as it takes: each goes on where the one before has saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ocrchat import observe
from ocrchat.store.cursors import Cursors

BEGINS_EVERY = timedelta(hours=23)
"""A walk that was through begins anew with the first run of the next day. Less than a day: the runs are an hour apart,
give or take."""

Place = Mapping[str, Any]
"""Where a walk is, as JSON; empty at its beginning."""


class Walk:
    def __init__(self, cursors: Cursors, name: str) -> None:
        self._cursors = cursors
        self._name = name

    def place(self, now: datetime, *, anew: bool = False) -> Place | None:
        """Where to go on; None where the walk is through and the next one is not due. `anew`: begins now."""
        self._cursor = self._cursors.get(self._name)
        self._began = self._cursor.state.get("began")
        place: Place | None = self._cursor.state.get("place")
        if anew or self._began is None or (place is None and now - datetime.fromisoformat(self._began) > BEGINS_EVERY):
            self._began, place = now.isoformat(), {}
        return place

    def save(self, place: Place | None) -> bool:
        """None where the walk is through. False if another run has saved meanwhile: that one goes on alone."""
        saved = self._cursors.save(self._cursor, {"began": self._began, "place": place})
        if saved is None:
            observe.logger().info("another run goes on", extra={"walk": self._name})
            return False
        self._cursor = saved
        return True
