"""What the service on this machine has mailed: files, since nothing is sent to anybody."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path

_LINK = re.compile(r"https?://\S+")


class Mailbox:
    """Gives each mail once. What lies in the folder at first is old, and left out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = set(folder.glob("*.eml"))

    def new_links(self) -> Iterator[tuple[str, str]]:
        """(recipient, the first link) of each mail that has come since."""
        for path in sorted(self._folder.glob("*.eml")):
            if path not in self._seen:
                self._seen.add(path)
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                body = message.get_body(("plain",))
                link = _LINK.search(body.get_content()) if body else None
                if link:
                    yield str(message["To"]), link[0]
