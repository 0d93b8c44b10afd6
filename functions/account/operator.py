"""What an operator does, who may do all of it: the right to invoke the function is the proof.

    {"do": "account", "email"?, "plan"?}                                   -> {account, email, plan}
    {"do": "token", "account" | "email", "name"?}                          -> {account, id, name, token}
    {"do": "grant", "account" | "email", "credits", "reason", "key"}       -> {account, plan, balance, granted}

`key` makes a grant happen once, however often it is asked for: `granted` is false from the second time on. The plan of
the account stays as it is: credits are used first, whatever the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args

from ocrchat.accounts import FIRST_TOKEN, Account
from ocrchat.email import normalised
from ocrchat.errors import ParameterInvalid
from ocrchat.metering import CREDITS, Entry
from ocrchat.plans import MOST, PlanName
from ocrchat.settings import Settings
from ocrchat.store.accounts_table import AccountsTable
from ocrchat.store.balances_table import BalancesTable
from ocrchat.store.secrets import Secrets
from ocrchat.tokens import new_id

from .tokens import Tokens

PLANS: tuple[PlanName, ...] = tuple(name for name in get_args(PlanName) if name != "anonymous")
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Operator:
    accounts: AccountsTable
    balances: BalancesTable
    secrets: Secrets
    settings: Settings

    def perform(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Raises ParameterInvalid for what cannot be done."""
        actions = {"account": self._account, "token": self._token, "grant": self._grant}
        if order.get("do") not in actions:
            raise ParameterInvalid(f"`do` is one of {', '.join(actions)}", parameter="do")
        return actions[order["do"]](order)

    def _account(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Makes the account, or changes the plan of the one that has this e-mail address."""
        plan = order.get("plan", PLANS[0])
        if plan not in PLANS:
            raise ParameterInvalid(f"`plan` is one of {', '.join(PLANS)}", parameter="plan")
        email = normalised(_text(order, "email")) if "email" in order else None
        wanted = Account(new_id("acct"), email, plan, datetime.now(UTC))
        account = self.accounts.create(wanted)
        if "plan" in order and account.plan != plan:
            self.accounts.set_plan(account.id, plan)
        else:
            plan = account.plan
        return {"account": account.id, "email": email, "plan": plan}

    def _token(self, order: Mapping[str, Any]) -> dict[str, Any]:
        account = self._find(order)
        tokens = Tokens(self.accounts, self.secrets.get(self.settings.token_secret))
        name = _text(order, "name") if "name" in order else FIRST_TOKEN
        return {"account": account.id, **tokens.create(account.id, name)}

    def _grant(self, order: Mapping[str, Any]) -> dict[str, Any]:
        account, now = self._find(order), datetime.now(UTC)
        credits_, reason = order.get("credits"), _text(order, "reason")
        if type(credits_) is not int or not 1 <= credits_ <= MOST:
            raise ParameterInvalid(f"`credits` is a whole number from 1 to {MOST}", parameter="credits")
        entry = Entry(f"{_text(order, 'key')}#grant", now, "grant", CREDITS, credits_, reason=reason)
        granted = self.balances.grant(account.id, entry)
        balance = self.balances.standing(account.id, self.settings.plans.of(account.plan), now).balance
        return {"account": account.id, "plan": account.plan, "balance": balance, "granted": granted}

    def _find(self, order: Mapping[str, Any]) -> Account:
        if "account" in order:
            account = self.accounts.get(_text(order, "account"))
        elif "email" in order:
            account = self.accounts.by_email(normalised(_text(order, "email")))
        else:
            raise ParameterInvalid("Whose: `account` or `email` is needed", parameter="account")
        if account is None:
            raise ParameterInvalid("There is no such account", parameter="account" if "account" in order else "email")
        return account


def _text(order: Mapping[str, Any], name: str) -> str:
    value = order.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_TEXT or not value.isprintable():
        raise ParameterInvalid(f"`{name}` is text of 1 to {LONGEST_TEXT} characters", parameter=name)
    return value
