"""Builds what the handlers need, once per process, from the environment. The only place that makes boto3 clients."""

from __future__ import annotations

from functools import cache
from typing import Any

from ocrchat.llm.port import Model
from ocrchat.settings import Settings
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.store.admissions import Admissions
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.bucket import Bucket
from ocrchat.store.chats_table import ChatsTable
from ocrchat.store.cursors import Cursors
from ocrchat.store.deliveries import Deliveries
from ocrchat.store.drop_folder import DropFolder
from ocrchat.store.due_index import DueIndex
from ocrchat.store.exports_table import ExportsTable
from ocrchat.store.functions import Functions
from ocrchat.store.idempotency import Idempotency
from ocrchat.store.jobs_table import JobsTable
from ocrchat.store.mailer import Mailer
from ocrchat.store.metering import Metering
from ocrchat.store.purchases_table import PurchasesTable
from ocrchat.store.queues import Queues
from ocrchat.store.secrets import Secrets
from ocrchat.store.uploads_table import UploadsTable
from ocrchat.store.workflow import Workflow


@cache
def settings() -> Settings:
    return Settings.from_environment()


@cache
def _client(service: str, endpoint_url: str | None = None) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        signature_version="s3v4" if service == "s3" else None,
        # On AWS the bucket's own regional host: a URL that is signed for the global one, which boto3 takes in us-east-1
        # if it is not told, is redirected, and then the signature, which covers the host, is wrong. The site may reach
        # no other host either.
        s3={
            "addressing_style": "path" if endpoint_url or settings().aws_endpoint else "virtual",
            "us_east_1_regional_endpoint": "regional",
        },
        retries={"mode": "standard", "total_max_attempts": 4},
        connect_timeout=3,
        read_timeout=60,
        max_pool_connections=32,
    )
    return boto3.client(service, endpoint_url=endpoint_url, config=config)


@cache
def jobs_table() -> JobsTable:
    return JobsTable(_client("dynamodb"), settings().jobs_table)


@cache
def due_index() -> DueIndex:
    return DueIndex(_client("dynamodb"), settings().jobs_table)


@cache
def cursors() -> Cursors:
    return Cursors(_client("dynamodb"), settings().jobs_table)


@cache
def balances_table() -> BalancesTable:
    return BalancesTable(_client("dynamodb"), settings().balances_table)


@cache
def admissions() -> Admissions:
    return Admissions(_client("dynamodb"), settings().balances_table)


@cache
def metering() -> Metering:
    return Metering(_client("dynamodb"), jobs_table(), balances_table())


@cache
def idempotency() -> Idempotency:
    return Idempotency(_client("dynamodb"), settings().jobs_table)


@cache
def accounts_table() -> AccountsTable:
    return AccountsTable(_client("dynamodb"), settings().balances_table)


@cache
def purchases_table() -> PurchasesTable:
    return PurchasesTable(_client("dynamodb"), settings().balances_table, accounts_table(), balances_table())


@cache
def mailer() -> Mailer:
    return Mailer(_client("sesv2"), settings().mail_from)


@cache
def secrets() -> Secrets:
    return Secrets(_client("secretsmanager"))


@cache
def uploads_table() -> UploadsTable:
    return UploadsTable(_client("dynamodb"), settings().jobs_table)


@cache
def exports_table() -> ExportsTable:
    return ExportsTable(_client("dynamodb"), settings().jobs_table)


@cache
def chats_table() -> ChatsTable:
    return ChatsTable(_client("dynamodb"), settings().chats_table)


@cache
def bucket() -> Bucket:
    endpoint = settings().presign_endpoint
    return Bucket(_client("s3"), settings().bucket, presigner=_client("s3", endpoint) if endpoint else None)


@cache
def drop_folder() -> DropFolder:
    return DropFolder(_client("s3"), settings().bucket)


@cache
def deliveries() -> Deliveries:
    return Deliveries(_client("sqs"), settings().deliver_queue)


@cache
def workflow() -> Workflow:
    return Workflow(_client("stepfunctions"), settings().state_machine)


@cache
def queues() -> Queues:
    return Queues(_client("sqs"))


@cache
def functions() -> Functions:
    return Functions(_client("lambda"))


@cache
def model() -> Model | None:
    """The model that this function asks; None where none is named."""
    asked = settings().model
    if asked is None:
        return None
    from ocrchat.llm.client import AnthropicModel
    from ocrchat.llm.settings import key_in

    if not asked.key_secret:
        return AnthropicModel(asked)
    name = asked.key_secret
    return AnthropicModel(
        asked, key_in(secrets().get(name)), renewed_key=lambda: key_in(secrets().get(name, anew=True))
    )
