"""Archives of code, each unpacked and compiled once, however many processes run it.

The embedded AWS would unpack a function and its layers anew for each process, some 7,000 files a start, and each
process would compile its own. That took half of a start's time.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

FOLDER = Path(__file__).resolve().parents[2] / ".tools" / "code"
"""Of all services of this checkout: an archive is known by its content."""

UNUSED_S = 7 * 86_400
"""After so long without a process that was started with it, an archive's files go."""


class UnpackedOnce(zipfile.ZipFile):
    """Its `extractall` puts links to the one copy into the new folder that it is given, which stays its process's."""

    _lock = threading.Lock()

    def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:
        assert self.filename is not None  # noqa: S101 - archives are files there
        unpacked = FOLDER / hashlib.sha256(Path(self.filename).read_bytes()).hexdigest()
        with self._lock:  # several processes of one function are started at the same time
            if not unpacked.exists():
                part = Path(tempfile.mkdtemp(dir=FOLDER))
                super().extractall(part, members, pwd)
                try:
                    part.rename(unpacked)
                except OSError:  # another service was first
                    shutil.rmtree(part)
        os.utime(unpacked)
        for entry in unpacked.iterdir():
            (Path(path) / entry.name).symlink_to(entry)


def prepare() -> IO[str]:
    """Makes the folder, and removes from it what is used no more, unless another service runs that may have been
    started with it long ago. What is returned is to be held while this service runs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    held = FOLDER.with_suffix(".lock").open("w")
    with suppress(BlockingIOError):
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for unpacked in FOLDER.iterdir():
            if unpacked.stat().st_mtime < time.time() - UNUSED_S:
                shutil.rmtree(unpacked, ignore_errors=True)
    fcntl.flock(held, fcntl.LOCK_SH)
    return held
