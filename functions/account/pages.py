"""The two pages of signing in: plain HTML, nothing from elsewhere, no script."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from starlette.responses import HTMLResponse

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;color:#1c1c1e}"
    "button{font:inherit;padding:.5rem 1.5rem}"
    "@media(prefers-color-scheme:dark){body{background:#16161a;color:#e6e6ea}a{color:#8ab4ff}}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    # Not no-referrer: with it a browser sends `Origin: null` with the form, which is what another site's would have.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def confirm(email: str, code: str, action: str) -> HTMLResponse:
    """The page that a link leads to. It names the address, so that nobody is signed in as somebody else unawares."""
    return _page(
        "Sign in",
        f'<form method="post" action="{escape(action)}"><input type="hidden" name="code" value="{escape(code)}">'
        f"<p>As {escape(email)}</p><p><button>Sign in</button></p></form>",
    )


def signed_in(email: str) -> HTMLResponse:
    return _page(
        "You are signed in",
        f'<p>As {escape(email)}. <a href="/api/v1/account/tokens/">Your API tokens</a>, '
        '<a href="/api/v1/account/">your account</a>, <a href="/docs">the documentation</a>.</p>',
    )


def refused(message: str, status: int) -> HTMLResponse:
    return _page("This did not work", f"<p>{escape(message)}.</p>", status)


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style>'
        f"<h1>{title}</h1>{body}</html>",
        status_code=status,
        headers=HEADERS,
    )
