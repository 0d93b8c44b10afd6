"""SnapStart: what a function loads before Lambda takes the snapshot that all its instances start from.

Only code and clients without a connection may be in it: a secret would be as old as the deployment. `uuid4` and
`secrets` ask the kernel, which is given new entropy; `random` is seeded anew in each copy, or all would wait equally
long before they try again, and meet again.
"""

from __future__ import annotations

import random
from collections.abc import Callable


def before_snapshot(prepare: Callable[[], object]) -> None:
    """Where there is no snapshot `prepare` is never called, and the first request does what it would have done."""
    from snapshot_restore_py import register_after_restore, register_before_snapshot

    register_before_snapshot(prepare)
    register_after_restore(random.seed)
