"""Wallets, buckets, the ledger and the counters of requests, in the balances table.

    wallet#{holder}   wallet            {balance, running, wallet_shard, hold#{message}?}: credits, jobs that are not
                                        finished, and what messages hold that are being answered
    wallet#{holder}   bucket#{period}   {used}: of the pages that a plan gives for the period
    ledger#{holder}   {time}#{id}       an entry, written with the row that it stands for: a job's or a grant's
    rate#{key}        {window}          {count}: requests
    rate#{key}        begun             {expires}: that something is at work, until then at the longest
    once#{key}        once              an operation that was asked for by that key

`holder` is an account's id, or stands for the address of an anonymous caller. By `wallet_shard`, which those of
accounts have, the index `wallets` lists them for the audit. The rows of accounts themselves are in `accounts_table.py`.
Writes that belong together are handed out as members of a transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from ocrchat.errors import IdempotencyKeyReused, RateLimited
from ocrchat.metering import CREDITS, Entry, Hold, Standing, Wallet, period_name, resets_at
from ocrchat.plans import Plan
from ocrchat.store.batch import get_all
from ocrchat.store.errors import is_condition_failure
from ocrchat.store.items import Item, attribute, attributes, plain, timestamp
from ocrchat.store.transaction import NotWritten, Write, write
from ocrchat.tokens import digest

ANONYMOUS = "anon_"
MINUTE = 60
ANONYMOUS_DAYS = timedelta(days=30)
"""How long what is known of an anonymous caller is kept after the last job."""

BUCKET_DAYS = timedelta(days=400)
"""How long a period's bucket is kept after the period: longer than any job lives."""

BEGUN = "begun"
_HOLD = "hold#"


class BalancesTable:
    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def standing(self, holder: str, plan: Plan, at: datetime) -> Standing:
        """What the holder has now. One request."""
        bucket = f"bucket#{period_name(plan.period, at)}"
        keys = [_key(f"wallet#{holder}", "wallet"), _key(f"wallet#{holder}", bucket)]
        found = {item["sk"]["S"]: plain(item) for item in get_all(self._client, self._name, keys)}
        wallet = found.get("wallet", {})
        holds = tuple(_hold(name, values) for name, values in wallet.items() if name.startswith(_HOLD))
        used = found.get(bucket, {}).get("used", 0)
        return Standing(wallet.get("balance", 0), used, wallet.get("running", 0), holds)

    def reserve(self, holder: str, plan: Plan, entry: Entry) -> list[Write]:
        """Takes `-entry.credits` from the entry's source and counts one more running job. The writes are `wallet`,
        `bucket` where the source is a period, and `entry`."""
        cost = -entry.credits
        updates, values = ["running :one"], {":one": 1, ":most": plan.concurrent_jobs}
        condition = "(attribute_not_exists(running) OR running < :most)"
        if entry.source == CREDITS:
            updates.append("balance :taken")
            values |= {":taken": -cost, ":cost": cost}
            condition += " AND balance >= :cost"
        update = "ADD " + ", ".join(updates)
        if holder.startswith(ANONYMOUS):
            update += " SET expires = :expires"
            values[":expires"] = int((entry.at + ANONYMOUS_DAYS).timestamp())
            wallet = self._update(f"wallet#{holder}", "wallet", update, condition, values)
        else:
            wallet = self._listed(holder, update, condition, values)
        writes = [Write("wallet", {"Update": wallet})]
        if entry.source != CREDITS and cost:
            writes.append(self._bucket_taken(holder, plan, entry))
        return [*writes, self._entry(holder, entry)]

    def hold(self, holder: str, plan: Plan, hold: Hold, entry: Entry) -> list[Write]:
        """Takes `-entry.credits`, more than none, from the entry's source. The writes are `wallet`, `bucket` where the
        source is a period, and `entry`."""
        wallet = self._update(f"wallet#{holder}", "wallet", "SET #hold = :hold", "attribute_not_exists(#hold)", {})
        if entry.source == CREDITS:
            wallet["UpdateExpression"] += " ADD balance :taken"
            wallet["ConditionExpression"] += " AND balance >= :cost"
            wallet["ExpressionAttributeValues"] = attributes({":taken": entry.credits, ":cost": -entry.credits})
        wallet["ExpressionAttributeNames"] = {"#hold": _HOLD + hold.message}
        held = {"at": timestamp(hold.at), "source": hold.source, "credits": hold.credits, "job": hold.job}
        wallet["ExpressionAttributeValues"][":hold"] = attribute(held)
        taken = [] if entry.source == CREDITS else [self._bucket_taken(holder, plan, entry)]
        return [Write("wallet", {"Update": wallet}), *taken, self._entry(holder, entry)]

    def keep(self, holder: str, hold: Hold) -> Write:
        """The write `hold` of the transaction that stores the answer: what was held is spent."""
        return Write("hold", {"Update": self._held_no_more(holder, hold)})

    def release(self, holder: str, hold: Hold, entry: Entry) -> list[Write]:
        """Gives back what was held. The writes are `hold`, `bucket` where the source is a period, and `entry`."""
        wallet = self._held_no_more(holder, hold)
        if hold.source == CREDITS:
            wallet["UpdateExpression"] += " ADD balance :back"
            wallet["ExpressionAttributeValues"] = attributes({":back": entry.credits})
            return [Write("hold", {"Update": wallet}), self._entry(holder, entry)]
        return [Write("hold", {"Update": wallet}), self._bucket_back(holder, entry), self._entry(holder, entry)]

    def _held_no_more(self, holder: str, hold: Hold) -> dict[str, Any]:
        return {
            "TableName": self._name,
            "Key": _key(f"wallet#{holder}", "wallet"),
            "UpdateExpression": "REMOVE #hold",
            "ConditionExpression": "attribute_exists(#hold)",
            "ExpressionAttributeNames": {"#hold": _HOLD + hold.message},
        }

    def settle(self, holder: str, entry: Entry) -> list[Write]:
        """Gives `entry.credits` back to the entry's source, and counts one running job less."""
        updates, values = ["running :less"], {":less": -1}
        if entry.source == CREDITS and entry.credits:
            updates.append("balance :back")
            values[":back"] = entry.credits
        wallet = self._update(f"wallet#{holder}", "wallet", "ADD " + ", ".join(updates), None, values)
        writes = [Write("wallet", {"Update": wallet})]
        if entry.source != CREDITS and entry.credits:
            writes.append(self._bucket_back(holder, entry))
        return [*writes, self._entry(holder, entry)]

    def grant(self, holder: str, entry: Entry) -> bool:
        """Adds bought or given credits, once for each id of an entry; False if that was done before. Raises
        IdempotencyKeyReused where it was done for another holder or of another amount."""
        once: dict[str, Any] = {
            "pk": f"once#{entry.id}",
            "sk": "once",
            "at": timestamp(entry.at),
            "holder": holder,
            "credits": entry.credits,
        }
        put = {
            "TableName": self._name,
            "Item": attributes(once),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        writes = [Write("once", {"Put": put}), *self.given(holder, entry)]
        try:
            write(self._client, writes)
        except NotWritten as refusal:
            if "once" not in refusal.names:
                raise
            answer = self._client.get_item(TableName=self._name, Key=_key(once["pk"], "once"), ConsistentRead=True)
            before = plain(answer["Item"])
            if (before["holder"], before["credits"]) != (holder, entry.credits):
                raise IdempotencyKeyReused("This key was used for another grant: take a new one") from refusal
            return False
        return True

    def given(self, account: str, entry: Entry) -> list[Write]:
        """Adds `entry.credits` to the balance, or takes them, spent or not. The writes are `wallet`, `entry`."""
        wallet = self._listed(account, "ADD balance :given", None, {":given": entry.credits})
        return [Write("wallet", {"Update": wallet}), self._entry(account, entry)]

    def entries(self, holder: str, limit: int, after: str | None = None) -> tuple[list[Entry], str | None]:
        """A cursor page of the ledger, newest first; and the cursor of the next one, None after the last. `after` is
        such a cursor."""
        start = {"ExclusiveStartKey": _key(f"ledger#{holder}", after)} if after else {}
        answer = self._client.query(
            TableName=self._name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=attributes({":pk": f"ledger#{holder}"}),
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit + 1,
            **start,
        )
        rows = [plain(item) for item in answer["Items"]]
        more = rows[limit - 1]["sk"] if len(rows) > limit else None
        return [Entry.from_values(row) for row in rows[:limit]], more

    def listed(self, shard: str, after: str, limit: int) -> list[str]:
        """Accounts that have a wallet, by their ids: those of the shard that come after `after`, which may be empty."""
        answer = self._client.query(
            TableName=self._name,
            IndexName="wallets",
            KeyConditionExpression="wallet_shard = :shard AND pk > :after",
            ExpressionAttributeValues=attributes({":shard": shard, ":after": f"wallet#{after}"}),
            Limit=limit,
        )
        return [item["pk"]["S"].removeprefix("wallet#") for item in answer["Items"]]

    def wallet(self, holder: str) -> Wallet:
        """All that the holder has, in one look, which a transaction may pass: rows are read one after the other."""
        rows = [plain(item) for page in self._pages("pk = :pk", {":pk": f"wallet#{holder}"}) for item in page]
        own = next((row for row in rows if row["sk"] == "wallet"), {})
        used = {row["sk"].removeprefix("bucket#"): row["used"] for row in rows if row["sk"] != "wallet"}
        return Wallet(own.get("balance", 0), own.get("running", 0), used)

    def ledger_until(self, holder: str, until: datetime, after: str | None) -> Iterator[tuple[list[Entry], str]]:
        """The entries that are dated before, oldest first, a page of the table after the other; each with the place
        that the next ones come behind, which `after` may name."""
        start = {"ExclusiveStartKey": _key(f"ledger#{holder}", after)} if after else {}
        values = {":pk": f"ledger#{holder}", ":until": timestamp(until)}
        for page in self._pages("pk = :pk AND sk < :until", values, **start):
            if page:
                yield [Entry.from_values(plain(item)) for item in page], page[-1]["sk"]["S"]

    def ledger_since(self, holder: str, since: datetime) -> list[Entry]:
        """The entries that are dated then or later, oldest first."""
        values = {":pk": f"ledger#{holder}", ":since": timestamp(since)}
        pages = self._pages("pk = :pk AND sk >= :since", values)
        return [Entry.from_values(plain(item)) for page in pages for item in page]

    def _pages(self, condition: str, values: dict[str, str], **how: object) -> Iterator[list[Item]]:
        while True:
            answer = self._client.query(
                TableName=self._name,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=attributes(values),
                ConsistentRead=True,
                **how,
            )
            yield answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            how = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def count_request(self, key: str, at: datetime, window_s: int, by: int = 1) -> int:
        """Counts one more request of `key` in the window of so many seconds that `at` lies in; how many that makes."""
        window = int(at.timestamp()) // window_s * window_s
        answer = self._client.update_item(
            TableName=self._name,
            Key=_key(f"rate#{key}", str(window)),
            UpdateExpression="ADD #count :one SET expires = :expires",
            ExpressionAttributeNames={"#count": "count"},
            ExpressionAttributeValues=attributes({":one": by, ":expires": window + 2 * window_s}),
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["count"]["N"])

    def limit_requests(self, holder: str, plan: Plan, at: datetime) -> None:
        """Uses one request more of the holder's minute. Raises RateLimited."""
        most = plan.requests_per_minute
        if self.count_request(holder, at, MINUTE) > most:
            raise RateLimited(f"More than {most} requests in a minute: wait", MINUTE - at.second)

    def begin(self, key: str, at: datetime, lasts_s: int) -> bool:
        """Marks `key` as begun for so many seconds; False where somebody has and they are not over."""
        until = int(at.timestamp()) + lasts_s
        update = self._update(
            f"rate#{key}",
            BEGUN,
            "SET expires = :until",
            "attribute_not_exists(expires) OR expires <= :now",
            {":until": until, ":now": int(at.timestamp())},
        )
        try:
            self._client.update_item(**update)
        except self._client.exceptions.ClientError as error:
            if not is_condition_failure(error):
                raise
            return False
        return True

    def end(self, key: str) -> None:
        """Before its time is over."""
        self._client.update_item(**self._update(f"rate#{key}", BEGUN, "SET expires = :now", None, {":now": 0}))

    def is_begun(self, key: str, at: datetime) -> bool:
        """Whether `begin` would say False."""
        answer = self._client.get_item(TableName=self._name, Key=_key(f"rate#{key}", BEGUN), ConsistentRead=True)
        return "Item" in answer and bool(plain(answer["Item"])["expires"] > int(at.timestamp()))

    def _bucket_back(self, holder: str, entry: Entry) -> Write:
        update = self._update(
            f"wallet#{holder}", f"bucket#{entry.source}", "ADD used :back", None, {":back": -entry.credits}
        )
        return Write("bucket", {"Update": update})

    def _bucket_taken(self, holder: str, plan: Plan, entry: Entry) -> Write:
        cost = -entry.credits
        kept = ANONYMOUS_DAYS if holder.startswith(ANONYMOUS) else BUCKET_DAYS
        expires = int((resets_at(plan.period, entry.at) + kept).timestamp())
        bucket = self._update(
            f"wallet#{holder}",
            f"bucket#{entry.source}",
            "ADD used :cost SET expires = :expires",
            "used <= :room OR (attribute_not_exists(used) AND :room >= :none)",
            {":cost": cost, ":room": plan.pages - cost, ":expires": expires, ":none": 0},
        )
        return Write("bucket", {"Update": bucket})

    def _entry(self, holder: str, entry: Entry) -> Write:
        values: dict[str, object] = {
            "pk": f"ledger#{holder}",
            "sk": f"{timestamp(entry.at)}#{entry.id}",
            "id": entry.id,
            "at": timestamp(entry.at),
            "kind": entry.kind,
            "source": entry.source,
            "credits": entry.credits,
        }
        if entry.job is not None:
            values["job"] = entry.job
        if entry.reason is not None:
            values["reason"] = entry.reason
        if holder.startswith(ANONYMOUS):
            values["expires"] = int((entry.at + ANONYMOUS_DAYS).timestamp())
        put = {
            "TableName": self._name,
            "Item": attributes(values),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return Write("entry", {"Put": put})

    def _listed(self, holder: str, expression: str, condition: str | None, values: dict[str, int]) -> dict[str, Any]:
        """The update of an account's wallet that may make it."""
        wallet = self._update(
            f"wallet#{holder}", "wallet", f"{expression} SET wallet_shard = :shard", condition, values
        )
        wallet["ExpressionAttributeValues"][":shard"] = attribute(wallet_shard(holder))
        return wallet

    def _update(
        self, pk: str, sk: str, expression: str, condition: str | None, values: dict[str, int]
    ) -> dict[str, Any]:
        update: dict[str, Any] = {
            "TableName": self._name,
            "Key": _key(pk, sk),
            "UpdateExpression": expression,
            "ExpressionAttributeValues": attributes(values),
        }
        if condition is not None:
            update["ConditionExpression"] = condition
        return update


def wallet_shard(holder: str) -> str:
    """One of `SHARDS`."""
    return digest(holder)[0]


def _hold(name: str, values: Mapping[str, Any]) -> Hold:
    at = datetime.fromisoformat(values["at"])
    return Hold(name.removeprefix(_HOLD), at, values["source"], values["credits"], values["job"])


def _key(pk: str, sk: str) -> Item:
    return attributes({"pk": pk, "sk": sk})
