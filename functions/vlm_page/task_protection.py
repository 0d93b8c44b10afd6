"""Keeps ECS from ending this task to scale in, or to deploy, while it has pages: the agent that runs beside each task
is told so. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html"""

from __future__ import annotations

import json
import time
import urllib.request

from ocrchat import observe

EXPIRES_MIN = 5
"""A task that dies without a word is protected for so long."""

RENEWED_S = 60.0
TIMEOUT_S = 5.0


class TaskProtection:
    """`agent` is ECS_AGENT_URI; empty outside ECS, where there is nobody to tell. For one thread."""

    def __init__(self, agent: str) -> None:
        self._agent = agent
        self._told_at: float | None = None  # when it was last told that there are pages
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def update(self, *, has_pages: bool) -> None:
        """Tells what has changed, and again what expires. An agent that does not answer is no reason to stop."""
        if not self._agent or not self._is_due(has_pages):
            return
        body: dict[str, object] = {"ProtectionEnabled": has_pages}
        if has_pages:
            body["ExpiresInMinutes"] = EXPIRES_MIN
        request = urllib.request.Request(  # noqa: S310 - ECS says where
            f"{self._agent}/task-protection/v1/state",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method="PUT",
        )
        try:
            self._opener.open(request, timeout=TIMEOUT_S).close()
        except OSError as error:
            observe.logger().warning("task protection not set", extra={"has_pages": has_pages, "cause": str(error)})
            return
        self._told_at = time.monotonic() if has_pages else None

    def _is_due(self, has_pages: bool) -> bool:
        if not has_pages:
            return self._told_at is not None
        return self._told_at is None or time.monotonic() - self._told_at >= RENEWED_S
