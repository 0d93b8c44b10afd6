"""Mail, by SES."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError

from ocrchat import observe
from ocrchat.errors import MailUnavailable, Overloaded
from ocrchat.store.errors import code_of, is_throttled


class Mailer:
    """`sender` is a verified identity of SES, or an address of one."""

    def __init__(self, client: Any, sender: str) -> None:
        self._client = client
        self.sender = sender

    def send(self, to: str, subject: str, text: str, html: str) -> None:
        """Raises MailUnavailable where SES does not take it, and Overloaded where it cannot now, or does not answer."""
        try:
            self._send(to, subject, text, html)
        except self._client.exceptions.ClientError as error:
            # its text would name the address
            observe.logger().error("mail not sent", extra={"code": code_of(error)})
            raise (Overloaded() if is_throttled(error) else MailUnavailable()) from None
        except BotoCoreError as error:
            observe.logger().error("mail not sent", extra={"code": type(error).__name__})
            raise Overloaded from None

    def _send(self, to: str, subject: str, text: str, html: str) -> None:
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
