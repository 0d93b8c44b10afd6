"""`python -m vlm_page.worker`: the vlm tier outside Lambda, beside the server of a model, or anywhere.

It ends with 0 when it was told to (SIGTERM, SIGINT; a second one is urgent) or had nothing to do for long enough, and
with 1 when its supervisor should start another: the model's server did not come up, or a page hangs.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import NoReturn

from ocrchat import observe, wiring
from ocrchat.settings import WorkerSettings

from .lanes import Lanes, Times, WorkerBroken
from .model_server import wait_until_up
from .signals import Signals


def main(times: Times | None = None) -> int:
    signals = Signals()
    settings = WorkerSettings.from_environment()
    model = wiring.settings().model
    log = observe.logger()
    log.info("worker starts", extra={"pages_at_once": settings.pages_at_once})
    if model is not None and model.provider == "compatible":
        if not wait_until_up(model.base_url, settings.model_start_s, signals.pause):
            log.error("the model's server did not come up", extra={"told_to_stop": signals.came})
            return 0 if signals.came else 1
        log.info("the model's server is up")
    from .work import page_worker, preload

    preload()
    try:
        Lanes(page_worker(), settings, times).run(signals.pause)
    except WorkerBroken:
        log.exception("worker ends")
        return 1
    return 0


def leave(status: int) -> NoReturn:
    """Ends the process at once: threads that are left at their work may hold what the interpreter wants at its end."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(status)


if __name__ == "__main__":
    leave(main())
