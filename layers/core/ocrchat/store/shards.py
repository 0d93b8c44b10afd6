"""Indexes that hold rows in the order of something: they are spread over sixteen keys, since one key takes a thousand
writes a second."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ocrchat.store.items import Item, attributes, timestamp

SHARDS = "0123456789abcdef"
"""The first digit of an id, or of its digest."""


def rows_before(client: Any, table: str, index: str, names: tuple[str, str], before: datetime) -> Iterator[Item]:
    """The rows of the index whose time is earlier, oldest first within a shard; the shards in any order, so that a
    reader which stops early does not see the same ones each time. `names`: the attributes of shard and time."""
    for shard in random.sample(SHARDS, len(SHARDS)):
        pages = client.get_paginator("query").paginate(
            TableName=table,
            IndexName=index,
            KeyConditionExpression="#shard = :shard AND #time < :before",
            ExpressionAttributeNames={"#shard": names[0], "#time": names[1]},
            ExpressionAttributeValues=attributes({":shard": shard, ":before": timestamp(before)}),
        )
        for page in pages:
            yield from page["Items"]
