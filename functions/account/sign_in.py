"""Signing in by a link that is sent by e-mail; the first time makes the account.

Nothing here tells whether an address has an account. The link itself changes nothing, since mail scanners follow links:
it leads to a page whose button sends the code.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from ocrchat import observe
from ocrchat.accounts import FIRST_TOKEN, LINK_LIFE, Account
from ocrchat.email import normalised
from ocrchat.errors import MailUnavailable, ParameterInvalid, RateLimited
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.store.admissions import Admissions
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.mailer import Mailer
from ocrchat.store.secrets import Secrets
from ocrchat.store.transaction import NotWritten
from ocrchat.tokens import digest, is_code, new_code, new_id

from . import mail, tokens

WINDOW = timedelta(hours=1)
MAIL_WINDOW = LINK_LIFE
PER_ADDRESS = 10
"""Links that one caller may ask for in a window: more than a household or a class needs, too few to flood a list of
strangers."""

PER_EMAIL = 3
"""Mails that one person is sent in as long as a link is good, whoever asks for them: who is flooded has a good link."""

USED_UP = "This link has been used, or is too old: ask for a new one"


@dataclass(frozen=True, slots=True)
class SignIn:
    accounts: AccountsTable
    balances: BalancesTable
    admissions: Admissions
    secrets: Secrets
    mailer: Mailer
    token_secret: str
    public_url: str

    def send_link(self, email: str, caller: str, now: datetime) -> None:
        """`caller` stands for the address that asks. Raises ParameterInvalid for what is no e-mail address,
        RateLimited, MailUnavailable and Overloaded."""
        address = normalised(email)
        if not self.mailer.sender:
            raise MailUnavailable
        window = int(WINDOW.total_seconds())
        if self.balances.count_request(f"links#{caller}", now, window) > PER_ADDRESS:
            raise RateLimited(
                f"More than {PER_ADDRESS} links in an hour were asked for from this network: wait",
                window - int(now.timestamp()) % window,
            )
        code = new_code()
        mails = f"mails#{digest(address)}", digest(code), now, int(MAIL_WINDOW.total_seconds())
        if not self.admissions.admit(*mails, PER_EMAIL):
            observe.logger().info("no more mail to this address for now")
            return
        message = mail.sign_in(f"{self.public_url}/api/v1/account/sign-in/?code={code}", self.public_url)
        with ExitStack() as unless_sent:  # else who asks again would be told of a mail that never comes
            unless_sent.callback(self.admissions.take_back, *mails)
            self.accounts.put_link(digest(code), address, now)
            self.mailer.send(address, message.subject, message.text, message.html)
            unless_sent.pop_all()
        observe.count("SignInLinksSent")

    def email_of(self, code: str, now: datetime) -> str:
        """Whom the link signs in. Raises ParameterInvalid for one that is not good any more."""
        email = self.accounts.link(digest(code), now) if is_code(code) else None
        if email is None:
            raise _used_up()
        return email

    def sign_in(self, code: str, now: datetime) -> tuple[Account, str]:
        """The account, and the code of its new session. Raises ParameterInvalid as before. A link is good once,
        and still good where this fails."""
        email = self.email_of(code, now)
        account = self.accounts.by_email(email) or self._new_account(email, now)
        session = new_code()
        try:
            self.accounts.begin_session(digest(code), digest(session), account.id, now)
        except NotWritten as refusal:
            raise _used_up() from refusal
        observe.logger().info("signed in", extra={"account": account.id})
        return account, session

    def _new_account(self, email: str, now: datetime) -> Account:
        account = Account(new_id("acct"), email, "free", now)
        token = tokens.first(account.id, FIRST_TOKEN, self.secrets.get(self.token_secret), now)
        created = self.accounts.create(account, token)
        if created == account:  # else another link of the same person was faster
            observe.count("AccountsCreated")
        return created


def _used_up() -> ParameterInvalid:
    return ParameterInvalid(USED_UP, parameter="code")
