"""The two pages of signing in: plain HTML, nothing from elsewhere, no script."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from starlette.responses import HTMLResponse

ACCOUNT_PAGE = "/account#signed-in"
"""The website's page for accounts. It cannot see the session's cookie, and is told that there is one."""

_STYLE = (
    ":root{color-scheme:light dark;--page:light-dark(#fbfbfc,#131418);--surface:light-dark(#fff,#1b1d23);"
    "--line:light-dark(#dfe1e7,#31343d);--text:light-dark(#1a1c22,#ececf1);--muted:light-dark(#5a5f6e,#a2a7b5);"
    "--accent:light-dark(#3b5bdb,#91a7ff);--on-accent:light-dark(#fff,#10131c);"
    "font:16px/1.55 system-ui,-apple-system,'Segoe UI','Noto Sans',sans-serif}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--page);color:var(--text)}"
    "header{display:flex;align-items:center;gap:.5rem;font-weight:650;"
    "padding:.75rem clamp(1rem,4vw,2.5rem);border-bottom:1px solid var(--line);background:var(--surface)}"
    "main{max-width:28rem;margin:clamp(1.5rem,10vh,6rem) auto;padding:0 1rem}"
    ".card{padding:1.5rem;border:1px solid var(--line);border-radius:12px;background:var(--surface);"
    "box-shadow:0 1px 2px rgb(0 0 0/6%),0 8px 24px rgb(0 0 0/5%)}"
    "h1{margin:0 0 .75rem;font-size:1.6rem;line-height:1.2;letter-spacing:-.015em}"
    "p{margin:0 0 1rem;overflow-wrap:anywhere}"
    "a{color:var(--accent);text-underline-offset:.2em}"
    ".primary{display:flex;align-items:center;justify-content:center;width:100%;min-height:2.75rem;padding:.4rem 1rem;"
    "border:0;border-radius:8px;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;"
    "text-decoration:none;cursor:pointer}"
    ":focus-visible{outline:2px solid var(--accent);outline-offset:2px}"
    ".muted{margin:1rem 0 0;color:var(--muted);font-size:.9rem}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_ICON = (
    '<svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true"><rect width="32" height="32" rx="8" '
    'fill="#3b5bdb"/><path d="M9 10h14M9 16h9M9 22h11" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>'
)

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
        f'<p>As <b>{escape(email)}</b></p><button class="primary">Sign in</button></form>'
        '<p class="muted">You did not ask for this? Then close this page: nothing happens.</p>',
    )


def signed_in(email: str) -> HTMLResponse:
    """Leads on at once; the links are for browsers that do not."""
    return _page(
        "You are signed in",
        f'<p>As <b>{escape(email)}</b></p><a class="primary" href="{ACCOUNT_PAGE}">Go to your account</a>'
        '<p class="muted">Or to <a href="/api/v1/account/tokens/">your API tokens</a> as JSON, or '
        '<a href="/docs">the documentation</a>.</p>',
        head=f'<meta http-equiv="refresh" content="0;url={ACCOUNT_PAGE}">',
    )


def refused(message: str, status: int) -> HTMLResponse:
    return _page(
        "This did not work",
        f'<p>{escape(message)}.</p><a class="primary" href="/account">Ask for a new link</a>',
        status,
    )


def _page(title: str, body: str, status: int = 200, head: str = "") -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} &ndash; OCR.chat</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}<style>{_STYLE}</style></head>'
        f"<body><header>{_ICON} OCR.chat</header>"
        f'<main><div class="card"><h1>{title}</h1>{body}</div></main></body></html>',
        status_code=status,
        headers=HEADERS,
    )
