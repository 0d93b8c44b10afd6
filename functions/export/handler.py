"""The Lambda entry point of this folder."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ocrchat.http.app import Handler


def http(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway: the download route."""
    if not event:  # a warm-up call
        from .routes import downloads

        _app(), downloads()
        return {}
    return _app()(event, context)


@cache
def _app() -> Handler:
    from ocrchat.http.app import create_app, lambda_handler

    from .routes import router

    return lambda_handler(create_app(router))
