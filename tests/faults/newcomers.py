"""Who has no account yet: asks for a link, signs in by it, makes a token. What cannot be asked again as it was, since a
link is good once, begins anew with another link, as the service says."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from infra.local.mailbox import Mailbox
from tests.faults.client import Client, GaveUp, Unknown

ACCOUNT = "/api/v1/account/"
SESSION = ACCOUNT + "session/"
TOKENS = ACCOUNT + "tokens/"

LINKS = 3
"""That one asks for, and is sent (`PER_EMAIL`)."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A new account, its id, and a token that has worked `at`, as `time.time()`."""

    email: str
    account: str
    token: str
    at: float


class Newcomer:
    """`mail`: the folder of what the service has mailed; `address`: from which the newcomer asks, for few links are sent
    to any one."""

    def __init__(self, url: str, mail: Path, name: str, address: str) -> None:
        self.email = f"{name}@customers.example"
        self.asked_again = 0
        self.trouble: list[str] = []
        self._url = url
        self._name = name
        self._address = address
        self._mailbox = Mailbox(mail)

    def sign_up(self) -> Membership:
        """Raises GaveUp."""
        told = ""
        for _ in range(LINKS):
            with closing(Client(self._url, self._name, address=self._address)) as browser:
                try:
                    made = self._once(browser)
                    if made is not None:
                        return made
                    told = "its link had been used"
                except Unknown as error:  # the power was cut, and what was written last is lost
                    told = str(error)
                finally:
                    self.asked_again += browser.asked_again
        raise GaveUp(f"{self.email}: could not sign in by {LINKS} links: {told}")

    def _once(self, browser: Client) -> Membership | None:
        """None where the link is good no more: it was taken, and the answer was lost."""
        code = self._code(browser)
        answer = browser.request("POST", SESSION, json={"code": code})
        if answer.status_code == 400:
            return None
        if answer.status_code != 200:
            raise GaveUp(f"{self.email}: signing in is answered with {answer.status_code} {answer.text[:200]}")
        account = answer.json()["account"]
        if browser.request("POST", SESSION, json={"code": code}).status_code == 200:
            self.trouble.append(f"{self.email}: was signed in twice by one link")
        own = {"Origin": self._url}
        made = browser.request("POST", TOKENS, json={"name": self._name}, headers=own)
        if made.status_code != 201:
            raise GaveUp(f"{self.email}: a token is answered with {made.status_code} {made.text[:200]}")
        token = made.json()["token"]
        self._try(token, account)
        return Membership(self.email, account, token, time.time())

    def _code(self, browser: Client) -> str:
        """Of the newest link. Raises GaveUp."""
        answer = browser.request("POST", ACCOUNT, json={"email": self.email})
        if answer.status_code != 202:
            raise GaveUp(f"{self.email}: asking for a link is answered with {answer.status_code} {answer.text[:200]}")
        links = [link for to, link in self._mailbox.new_links() if to == self.email]
        if not links:
            raise GaveUp(f"{self.email}: a link is on its way, says the service, and never comes")
        return links[-1].partition("code=")[2]

    def _try(self, token: str, account: str) -> None:
        with closing(Client(self._url, self._name, token)) as program:
            seen = program.request("GET", ACCOUNT).json()
            self.asked_again += program.asked_again
        if (seen.get("account"), seen.get("email")) != (account, self.email):
            self.trouble.append(f"{self.email}: is account {account}, and its token leads to {seen}")
