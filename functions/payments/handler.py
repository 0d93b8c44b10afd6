"""The Lambda entry point of this folder."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ocrchat.snapshot import before_snapshot

if TYPE_CHECKING:
    from ocrchat.http.app import Handler


def http(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway: the events of Stripe."""
    if not event:  # a warm-up call
        _load()
        return {}
    return _app()(event, context)


def _load() -> None:
    """All that the first event would wait for, without asking anybody."""
    from .events import is_signed
    from .routes import payments

    _app(), payments(), is_signed(b"{}", "", "")


@cache
def _app() -> Handler:
    from ocrchat.http.app import create_app, lambda_handler

    from .routes import router

    return lambda_handler(create_app(router))


before_snapshot(_load)
