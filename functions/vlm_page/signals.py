"""The signals that tell a process to stop. They are held back, and waited for where there is time for them: a handler
could run anywhere, also while the lock is held that it needs."""

from __future__ import annotations

import signal

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Signals:
    """Made before any thread is, which hold them back then, too."""

    def __init__(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        self.came = False

    def pause(self, seconds: float) -> bool:
        """Waits for so long, or until one comes that was not seen before; whether one came."""
        came = signal.sigtimedwait(SIGNALS, seconds) is not None
        self.came = self.came or came
        return came
