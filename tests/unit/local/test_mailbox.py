"""The mail of one machine: each told once, and what is old not at all."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from infra.local.aws import into_files
from infra.local.mailbox import Mailbox


def mail(to: str, text: str) -> str:
    message = EmailMessage()
    message["To"] = to
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    return message.as_string()


def test_a_mail_is_told_once_by_its_recipient_and_link(tmp_path: Path) -> None:
    keep = into_files(tmp_path / "mail")
    keep("service@x", ["old@x.org"], mail("old@x.org", "http://h/old"))
    mailbox = Mailbox(tmp_path / "mail")
    keep("service@x", ["b@x.org"], mail("b@x.org", "Open this:\n\nhttp://h/?code=1\n\nor leave it"))
    keep("service@x", ["a@x.org"], mail("a@x.org", "http://h/?code=2"))
    keep("service@x", ["c@x.org"], mail("c@x.org", "no link"))
    assert list(mailbox.new_links()) == [("b@x.org", "http://h/?code=1"), ("a@x.org", "http://h/?code=2")]
    assert list(mailbox.new_links()) == []
