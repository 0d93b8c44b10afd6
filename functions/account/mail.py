"""What is written to people."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from ocrchat.accounts import LINK_LIFE

MINUTES = int(LINK_LIFE.total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Message:
    subject: str
    text: str
    html: str


def sign_in(link: str, public_url: str) -> Message:
    host = urlsplit(public_url).netloc
    what = f"Open this link to sign in to {host}. It is good once, for {MINUTES} minutes:"
    unasked = "If you did not ask for it, leave it: without the link nobody can sign in as you."
    return Message(
        f"Sign in to {host}",
        f"{what}\n\n{link}\n\n{unasked}\n",
        f"<!doctype html><html><body><p>{escape(what)}</p>"
        f'<p><a href="{escape(link)}">{escape(link)}</a></p><p>{escape(unasked)}</p></body></html>',
    )
