"""Signing in while AWS fails: who asks again is signed in, and is kept out by no mail that never came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from account.sign_in import PER_EMAIL, SignIn
from infra.local.deploy import MAIL_FROM
from infra.local.mailbox import Mailbox
from infra.local.service import Service
from ocrchat.errors import MailUnavailable, Overloaded, ParameterInvalid
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.store.admissions import Admissions
from ocrchat.store.mailer import Mailer
from ocrchat.store.secrets import Secrets
from ocrchat.tokens import digest
from tests.integration.cleanup_parts import NOW, Parts, Through, made_like
from tests.integration.test_lost_answers import twice

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def own(service: Service) -> Parts:
    return made_like(service)


@dataclass
class Person:
    """Somebody new, and calls of AWS that go through functions of a test's."""

    service: Service
    own: Parts
    email: str

    def __post_init__(self) -> None:
        self.mailbox = Mailbox(self.service.stack.mail)

    def at(self, send_email: Call | None = None, **calls: Call) -> SignIn:
        stack, dynamodb = self.service.stack, Through(self.own.dynamodb, **calls)
        ses = stack.client("sesv2")
        return SignIn(
            AccountsTable(dynamodb, self.own.names["BalancesTable"]),
            self.own.balances,
            Admissions(dynamodb, self.own.names["BalancesTable"]),
            Secrets(stack.client("secretsmanager")),
            Mailer(Through(ses, send_email=send_email) if send_email else ses, MAIL_FROM),
            stack.outputs["OriginSecretArn"],
            "http://host",
        )

    def ask(self, **calls: Call) -> list[str]:
        """The codes that come by mail."""
        self.at(**calls).send_link(self.email, uuid4().hex, NOW)
        return [link.partition("code=")[2] for to, link in self.mailbox.new_links() if to == self.email]


@pytest.fixture
def ada(service: Service, own: Parts) -> Person:
    return Person(service, own, f"{uuid4().hex}@example.com")


def failing(code: str, times: int = 1) -> Call:
    """The first calls are answered so, the others go through."""
    left = [code] * times

    def call(real: Call, **request: Any) -> Any:
        if left:
            raise ClientError({"Error": {"Code": left.pop()}}, "any")
        return real(**request)

    return call


def hanging_up(_real: Call, **_: Any) -> Any:
    raise ConnectionClosedError(endpoint_url="https://email.us-east-1.amazonaws.com")


@pytest.mark.parametrize("fault", [failing("TooManyRequestsException"), failing("InternalFailure"), hanging_up])
def test_a_mail_that_cannot_be_sent_now_is_an_answer_that_says_to_ask_again_soon(ada: Person, fault: Call) -> None:
    with pytest.raises(Overloaded) as raised:
        ada.ask(send_email=fault)
    assert (raised.value.status, raised.value.retryable, raised.value.retry_after) == (503, True, 5)


def test_a_mail_that_ses_refuses_is_an_answer_that_does_not(ada: Person) -> None:
    with pytest.raises(MailUnavailable):
        ada.ask(send_email=failing("MessageRejected"))


@pytest.mark.parametrize("failed", [{"send_email": hanging_up}, {"put_item": failing("InternalServerError", 99)}])
def test_a_mail_that_was_not_sent_does_not_count(ada: Person, failed: dict[str, Call]) -> None:
    for _ in range(PER_EMAIL):
        with pytest.raises((Overloaded, ClientError)):
            ada.ask(**failed)
    sent = [len(ada.ask()) for _ in range(PER_EMAIL + 1)]
    assert sent == [1] * PER_EMAIL + [0]


def test_a_mail_counts_once_though_the_answer_to_counting_it_was_lost(ada: Person) -> None:
    sent = [len(ada.ask(update_item=twice)) for _ in range(PER_EMAIL + 1)]
    assert sent == [1] * PER_EMAIL + [0]


def test_a_link_whose_session_could_not_begin_is_still_good(ada: Person) -> None:
    (code,) = ada.ask()
    made = ada.at().sign_in(ada.ask()[0], NOW)[0]
    with pytest.raises(ClientError):
        ada.at(transact_write_items=failing("InternalServerError")).sign_in(code, NOW)
    account, _ = ada.at().sign_in(code, NOW)
    assert account == made
    with pytest.raises(ParameterInvalid):
        ada.at().sign_in(code, NOW)


def test_a_link_is_good_though_the_answer_to_taking_it_was_lost(ada: Person) -> None:
    (code,) = ada.ask()
    account, session = ada.at(transact_write_items=twice).sign_in(code, NOW)
    assert ada.at().accounts.session(digest(session), NOW) == account.id
    with pytest.raises(ParameterInvalid):
        ada.at().sign_in(code, NOW)
