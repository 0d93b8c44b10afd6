"""What people read: pages and mail, which say nothing that somebody else has put there."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from starlette.responses import HTMLResponse

from account import mail, pages

HOSTILE = '"><script>alert(1)</script>'


def text(page: HTMLResponse) -> str:
    return bytes(page.body).decode()


@pytest.mark.parametrize(
    "page", [pages.confirm(HOSTILE, HOSTILE, "/x"), pages.signed_in(HOSTILE), pages.refused(HOSTILE, 400)]
)
def test_a_page_shows_what_it_is_given_as_text(page: HTMLResponse) -> None:
    assert "<script" not in text(page)
    assert "&lt;script&gt;" in text(page)


def test_the_policy_lets_in_the_pages_own_style_and_no_other() -> None:
    page = pages.refused("x", 400)
    style = re.search(r"<style>(.*?)</style>", text(page), re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]


def test_who_has_signed_in_is_led_to_the_account() -> None:
    page = text(pages.signed_in("ada@example.com"))
    assert '<meta http-equiv="refresh" content="0;url=/account#signed-in">' in page
    assert 'href="/account#signed-in"' in page


def test_a_mail_says_where_to_and_until_when_and_has_the_link_in_both_forms() -> None:
    link = "https://ocr.example/api/v1/account/sign-in/?code=abc"
    message = mail.sign_in(link, "https://ocr.example")
    assert message.subject == "Sign in to ocr.example"
    for body in (message.text, message.html):
        assert link in body
        assert "15 minutes" in body
