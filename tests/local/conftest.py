"""A `var/` of its own for each test, and processes that use it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest

from tests.servers import PREFIX
from workplace_console.local.environment import ROOT
from workplace_console.local.processes import try_lock
from workplace_console.local.servers import Postgres

DEADLINE = 30.0


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether the condition comes true before a generous deadline."""
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock on a file."""
    with path.open("ab") as handle:
        return try_lock(handle)


def servers_gone(var: Path) -> bool:
    """Whether no process of either server is left, not even one that PostgreSQL has forked."""
    return eventually(lambda: all(is_free(path) for path in var.glob("*.alive")))


@contextmanager
def directory() -> Iterator[Path]:
    """A `var/` that PostgreSQL's own user can reach, with Hangul and a space in its path."""
    top = Path(tempfile.mkdtemp(prefix=PREFIX + "콘솔 시험 "))
    top.chmod(0o711)
    (top / "var").mkdir()
    (top / "var").chmod(0o711)
    yield top / "var"
    shutil.rmtree(top)


@pytest.fixture(scope="session")
def used_var() -> Iterator[Path]:
    """A `var/` in which PostgreSQL has run before: to create a cluster takes long."""
    with directory() as var:
        server = Postgres(var, durable=False)
        server.start()
        server.stop()
        (var / "postgres.port").unlink()
        yield var


@pytest.fixture
def new_var() -> Iterator[Path]:
    """A `var/` in which nothing has run."""
    with directory() as var:
        yield var


@pytest.fixture
def var(used_var: Path, new_var: Path) -> Path:
    """A copy of the used `var/`, for the test alone."""
    subprocess.run(["cp", "-a", f"{used_var}/.", str(new_var)], check=True)
    return new_var


class Process:
    """A Python process that runs a script, says `ready`, and goes on until it is released."""

    def __init__(self, script: str, *arguments: str, **variables: str) -> None:
        inherited = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        self._process = subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            cwd=ROOT,
            env={**inherited, "PYTHONUTF8": "1", **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.pid = self._process.pid
        self.output = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None and not stream.closed:
                stream.close()

    def until(self, text: str) -> str:
        """Read up to the line that holds `text`, and return that line."""
        for line in self._process.stdout or ():
            self.output += line
            if text in line:
                return line
        raise AssertionError(f"{text!r} never came; there was:\n{self.output}")

    def release(self) -> None:
        """Let the script go on behind its `sys.stdin.read()`."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    def signal(self, which: signal.Signals) -> None:
        """Send a signal."""
        self._process.send_signal(which)

    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def end(self) -> int:
        """Wait for its end; its exit status, with the rest of its output read."""
        self.output += self._process.stdout.read() if self._process.stdout else ""
        return self._process.wait(DEADLINE)
