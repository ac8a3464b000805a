"""What the operator reads at the terminal."""

from __future__ import annotations

import contextlib
import io
import sys


class Refusal(Exception):
    """Ends a command with one clear line: what is wrong, then what to do."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def use_utf8() -> None:
    """Korean must not raise UnicodeEncodeError because the terminal claims a legacy encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def say(message: str) -> None:
    """Tell the operator how things go.

    A terminal that was closed must not break the orderly stop that its closing caused.
    """
    with contextlib.suppress(OSError):
        sys.stdout.write(message + "\n")
        sys.stdout.flush()


def warn(message: str) -> None:
    """Tell the operator what is wrong, apart from a command's own output on stdout."""
    with contextlib.suppress(OSError):
        sys.stderr.write(message + "\n")
        sys.stderr.flush()
