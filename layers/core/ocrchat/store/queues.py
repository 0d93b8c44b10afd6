"""The queues of pages, for who works on their messages. On AWS, Lambda receives and deletes them; a worker in a
container does so itself."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from ocrchat.store.errors import code_of

LONGEST_DELAY_S = 43_200
"""Twelve hours, counted from when the message was received: SQS lets no message be hidden for longer."""

GONE = frozenset(
    {
        "InvalidParameterValue",
        "ReceiptHandleIsInvalid",
        "MessageNotInflight",
        "AWS.SimpleQueueService.MessageNotInflight",
    }
)
"""What SQS answers where a message has come back already, or is deleted."""


@dataclass(slots=True)
class Queues:
    client: Any
    _urls: dict[str, str] = field(default_factory=dict)

    def delay(self, arn: str, receipt: str, seconds: float) -> None:
        """A message that was received comes back in so many seconds, and not when its visibility timeout ends. One that
        is somebody else's by now is left alone."""
        self.delay_at(self._url(arn), receipt, seconds)

    def delay_at(self, url: str, receipt: str, seconds: float) -> None:
        try:
            self.client.change_message_visibility(
                QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=min(math.ceil(seconds), LONGEST_DELAY_S)
            )
        except self.client.exceptions.ClientError as error:
            if code_of(error) not in GONE:
                raise

    def _url(self, arn: str) -> str:
        if arn not in self._urls:
            self._urls[arn] = self.client.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]
        return self._urls[arn]
