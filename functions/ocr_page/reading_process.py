"""Pages are read in a process of their own, which may die of one: the worker lives on, and says what became of it.

The process is a fork of the worker with its engines loaded. It is kept from page to page, and forked anew when it died.
What travels between the two is JSON and bytes, never objects: whoever takes the reader over can make up the text of
pages, but hands the worker nothing to run.

    -> lengths of head and data (2 x 4 bytes), head {"task", "prepare"}, data of the page
    <- lengths of head and data, head {"result"} | {"error"} | {"fault"}, the picture of a prepared page
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import socket
import struct
import time
import traceback
import warnings
from dataclasses import asdict
from typing import Any, NoReturn

from ocrchat import confinement, errors
from ocrchat.errors import PageCrashed, PageError, PageTimedOut, PageTooDense, PageUnreadable
from ocrchat.limits import LIMITS, MB
from ocrchat.pages import PageResult, PageTask, PreparedPage

LENGTHS = struct.Struct("<II")
MOST_BYTES = 64 * MB
"""Of an answer: a result of `page_result_bytes` and a picture for a model. A longer one is none of ours."""

GRACE_S = 10.0
"""Beyond the time that the reader gives itself for a page, which it looks at between two steps only."""

TOO_FAT = "This page takes more memory to read than a page may"

TRIES = 2
"""Of a page that its process died of: it may have been another's fault, such as the kernel's need for memory."""

PAGES = 50
"""Of one process, which a new fork then takes over from: each scanned page leaves it some 2 MB larger, and at
`reader_memory_bytes` good pages would be refused (docs/reliability.md, Load)."""

PR_SET_PDEATHSIG = 1  # linux/prctl.h


class ReaderFailed(Exception):
    """The reader raised something unforeseen; the message is its traceback."""


class _Died(Exception):
    """`by` is the signal, or None for a process that ended by itself."""

    def __init__(self, by: int | None) -> None:
        super().__init__(by)
        self.by = by


class ReadingProcess:
    """One page at a time."""

    def __init__(self) -> None:
        from .reader import preload

        preload()
        gc.freeze()  # or the first collection of each fork would copy it all
        self._pid, self._socket = _start()
        self._pages = 0

    def read(self, data: bytes, task: PageTask, *, prepare: bool) -> PageResult | PreparedPage:
        """Raises PageError; PageTimedOut also for one that takes too much CPU, PageCrashed for one that its process
        died of twice; ReaderFailed."""
        if self._pages >= PAGES:
            self.restart()
        self._pages += 1
        for _ in range(TRIES):
            try:
                head, picture = self._exchange(data, task, prepare=prepare)
            except _Died as death:
                if death.by == signal.SIGPROF:
                    raise PageTimedOut from death
            except TimeoutError as error:
                self.restart()
                raise PageTimedOut from error
            else:
                return _answered(head, picture)
        raise PageCrashed

    def close(self) -> None:
        """Ends the process."""
        self._socket.close()
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    def _exchange(self, data: bytes, task: PageTask, *, prepare: bool) -> tuple[dict[str, Any], bytes]:
        """Raises _Died, when there is a new process already, and TimeoutError, when there is none yet."""
        deadline = time.monotonic() + LIMITS.page_read_s + GRACE_S
        head = json.dumps({"task": asdict(task), "prepare": prepare}).encode()
        try:
            _wait(self._socket, deadline)
            self._socket.sendall(LENGTHS.pack(len(head), len(data)) + head)
            self._socket.sendall(data)
            return _receive(self._socket, deadline)
        except (ConnectionError, EOFError) as error:
            raise _Died(self.restart()) from error

    def restart(self) -> int | None:
        """Ends the process and forks another one. Returns the signal that the old one died of."""
        self._socket.close()
        os.kill(self._pid, signal.SIGKILL)  # one that is dead keeps what it died of until it is waited for
        _, status = os.waitpid(self._pid, 0)
        self._pid, self._socket = _start()
        self._pages = 0
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else None


def _answered(head: dict[str, Any], picture: bytes) -> PageResult | PreparedPage:
    if "fault" in head:
        raise ReaderFailed(head["fault"])
    if "error" in head:
        raise errors.from_json(head["error"], PageError)
    result = PageResult.from_json(head["result"])
    return PreparedPage(result, picture) if picture else result


def _start() -> tuple[int, socket.socket]:
    ours, theirs = socket.socketpair()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks beside threads: the engines have one each
        pid = os.fork()
    if pid == 0:
        _serve(theirs)
    theirs.close()
    return pid, ours


def _serve(theirs: socket.socket) -> NoReturn:
    """The process: reads pages until the worker is gone."""
    code = 1
    try:
        _leave_behind(theirs.fileno())
        confinement.limit_process(LIMITS.reader_memory_bytes, LIMITS.scratch_bytes)
        while True:
            head, data = _receive(theirs, None)
            theirs.sendall(_answer(*_read(data, PageTask(**head["task"]), prepare=head["prepare"])))
    except (ConnectionError, EOFError):  # the worker has ended
        code = 0
    finally:
        os._exit(code)


def _leave_behind(descriptor: int) -> None:
    """What is the worker's: its open files, among them the pipes by which Lambda talks to it, and the credentials in
    its environment. What lies in its memory is still there."""
    if ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0):
        raise OSError("prctl")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    os.closerange(3, descriptor)
    os.closerange(descriptor + 1, os.sysconf("SC_OPEN_MAX"))
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]


def _read(data: bytes, task: PageTask, *, prepare: bool) -> tuple[dict[str, Any], bytes]:
    from .preparing import prepare_page
    from .reader import read_page

    try:
        if not prepare:
            return {"result": read_page(data, task).as_json(words=True)}, b""
        prepared = prepare_page(data, task)
        return {"result": prepared.reading.as_json(words=True)}, prepared.picture
    except PageError as error:
        return {"error": errors.as_json(error)}, b""
    except MemoryError:
        return {"error": errors.as_json(PageUnreadable(TOO_FAT))}, b""
    except Exception:  # noqa: BLE001 - the worker raises it again
        return {"fault": traceback.format_exc()}, b""


def _answer(head: dict[str, Any], picture: bytes) -> bytes:
    packed = json.dumps(head).encode()
    if len(packed) + len(picture) > MOST_BYTES:
        packed, picture = json.dumps({"error": errors.as_json(PageTooDense())}).encode(), b""
    return LENGTHS.pack(len(packed), len(picture)) + packed + picture


def _receive(by: socket.socket, deadline: float | None) -> tuple[dict[str, Any], bytes]:
    head_bytes, data_bytes = LENGTHS.unpack(_exactly(by, LENGTHS.size, deadline))
    if deadline is not None and head_bytes + data_bytes > MOST_BYTES:
        raise EOFError
    head: dict[str, Any] = json.loads(_exactly(by, head_bytes, deadline))
    return head, _exactly(by, data_bytes, deadline)


def _exactly(by: socket.socket, count: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        _wait(by, deadline)
        part = by.recv(min(count - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _wait(channel: socket.socket, deadline: float | None) -> None:
    """Sets what an operation may wait. Raises TimeoutError when there is no time left."""
    if deadline is not None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        channel.settimeout(left)
