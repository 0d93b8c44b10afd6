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


@dataclass(frozen=True, slots=True)
class Received:
    """A message that is hidden from others; `receives`: how often it was received, this time included."""

    queue: str
    receipt: str
    receives: int
    body: str


@dataclass(slots=True)
class Queues:
    """Messages are named by their receipt; queues by their URL, or their ARN where Lambda says no other. Threads may
    share it."""

    client: Any
    _urls: dict[str, str] = field(default_factory=dict)

    def receive(self, url: str, *, wait_s: int, hidden_s: int) -> Received | None:
        """The next message, which is hidden for so many seconds from then on; None where none came while it waited."""
        answer = self.client.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=1,
            WaitTimeSeconds=wait_s,
            VisibilityTimeout=hidden_s,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        for message in answer.get("Messages", ()):
            receives = int(message["Attributes"]["ApproximateReceiveCount"])
            return Received(url, message["ReceiptHandle"], receives, message["Body"])
        return None

    def delete(self, received: Received) -> None:
        """It is done with. One that has come back and is somebody else's by now may stay, and come once more."""
        try:
            self.client.delete_message(QueueUrl=received.queue, ReceiptHandle=received.receipt)
        except self.client.exceptions.ClientError as error:
            if code_of(error) not in GONE:
                raise

    def hide(self, received: Received, seconds: float) -> None:
        """For so many seconds from now, however long it was hidden for until now; 0 gives it back at once."""
        self._hide(received.queue, received.receipt, seconds)

    def delay(self, arn: str, receipt: str, seconds: float) -> None:
        """A message that was received comes back in so many seconds, and not when its visibility timeout ends. One that
        is somebody else's by now is left alone."""
        self._hide(self._url(arn), receipt, seconds)

    def _hide(self, url: str, receipt: str, seconds: float) -> None:
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
