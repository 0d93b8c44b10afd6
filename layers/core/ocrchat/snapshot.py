"""SnapStart: what a function loads before Lambda takes the snapshot that all its instances start from.

Only code and clients without a connection may be in it: a secret would be as old as the deployment, and what is drawn
by `random` the same everywhere. (`uuid4` and `secrets` ask the kernel, which is given new entropy.)
"""

from __future__ import annotations

from collections.abc import Callable


def before_snapshot(prepare: Callable[[], object]) -> None:
    """Where there is no snapshot `prepare` is never called, and the first request does what it would have done."""
    from snapshot_restore_py import register_before_snapshot

    register_before_snapshot(prepare)
