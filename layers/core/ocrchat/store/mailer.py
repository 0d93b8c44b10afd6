"""Mail, by SES."""

from __future__ import annotations

from typing import Any


class Mailer:
    """`sender` is a verified identity of SES, or an address of one."""

    def __init__(self, client: Any, sender: str) -> None:
        self._client = client
        self.sender = sender

    def send(self, to: str, subject: str, text: str, html: str) -> None:
        self._client.send_email(
            FromEmailAddress=self.sender,
            Destination={"ToAddresses": [to]},
            Content={
                "Simple": {
                    "Subject": _utf8(subject),
                    "Body": {"Text": _utf8(text), "Html": _utf8(html)},
                }
            },
        )


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
