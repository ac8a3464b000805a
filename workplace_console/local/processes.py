"""Child processes that never outlive the process that started them."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 10 * 1024 * 1024

Handler = Callable[[int, FrameType | None], Any] | signal.Handlers
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# Looked up here, not after the fork: a child that has become `nobody` may not be able to import
# anything from an interpreter below /root.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def die_with_parent(how: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: when this process goes, even by kill -9, the child gets the signal `how`.

    Linux ties that to the *thread* that forked, so only the main thread may start children.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("children must be started from the main thread")
    parent = os.getpid()

    def prepare() -> None:
        for one in (*_STOPPING, signal.SIGQUIT):  # a shell's background job ignores some of them
            signal.signal(one, signal.SIG_DFL)
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
        if os.getppid() != parent:  # it went between the fork and the line above
            os._exit(1)

    return prepare


def open_log(path: Path) -> IO[bytes]:
    """Append to a log; one that has grown large is put aside once instead of growing for ever."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


def try_lock(handle: IO[bytes], *, shared: bool = False) -> bool:
    """Take an flock on an open file without waiting; a crash releases it, whatever the crash."""
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def handling_signals(handler: Handler, *which: signal.Signals) -> Iterator[None]:
    """Handle the signals that ask a process to stop (or only those named) in a way of our own."""
    handled = [one for one in which or _STOPPING if not _is_under_nohup(one)]
    before = {one: signal.signal(one, handler) for one in handled}
    try:
        yield
    finally:
        for one, previous in before.items():
            signal.signal(one, previous)


def _is_under_nohup(which: signal.Signals) -> bool:
    return which == signal.SIGHUP and signal.getsignal(which) == signal.SIG_IGN


def ignoring_signals() -> contextlib.AbstractContextManager[None]:
    """Nothing short of kill -9 breaks into a stop, which takes a moment only."""
    return handling_signals(signal.SIG_IGN)


def is_alive(pid: int) -> bool:
    """Whether a process of that number exists (someone else's counts too)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
