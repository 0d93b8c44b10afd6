"""The Lambda entry points of this folder."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ocrchat import observe
from ocrchat.snapshot import before_snapshot

if TYPE_CHECKING:
    from ocrchat.http.app import Handler


def http(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway: the routes for accounts."""
    if not event:  # a warm-up call
        _load()
        return {}
    return _app()(event, context)


def operate(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """What an operator asks for, see `operator`; or {"error": {"code", "message"}}. No HTTP leads here."""
    from ocrchat import wiring
    from ocrchat.errors import OcrChatError

    from .operator import Operator

    operator = Operator(wiring.accounts_table(), wiring.balances_table(), wiring.secrets(), wiring.settings())
    if not event:  # a warm-up call
        return {}
    try:
        answer = operator.perform(event)
    except OcrChatError as error:
        observe.ended("operator refused", do=str(event.get("do")), code=error.code)
        return {"error": {"code": error.code, "message": error.detail}}
    audit = {name: event[name] for name in ("plan", "credits", "reason", "key") if name in event}
    observe.ended("operated", do=event["do"], account=answer["account"], **audit)
    return answer


def _load() -> None:
    """All that the first request would wait for, without asking anybody."""
    from .routes import sign_in

    _app(), sign_in()


@cache
def _app() -> Handler:
    from ocrchat.http.app import create_app, lambda_handler

    from .routes import router

    return lambda_handler(create_app(router))


before_snapshot(_load)
