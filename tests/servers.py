"""A pytest plugin: the tests' own PostgreSQL and Valkey, new for each run and gone after it.

Loaded by `-p tests.servers`. TEST_DATABASE_URL and TEST_REDIS_URL name servers to use instead.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from workplace_console.local.ownership import Given, Urls, servers
from workplace_console.local.processes import try_lock
from workplace_console.local.servers import state_outside

PREFIX = "workplace-console-tests-"
# A younger directory may belong to a run that has not locked it yet.
LEFTOVER_AGE = 600


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Before anything else: pytest-django reads the settings in this very hook."""
    if not early_config.known_args_namespace.help:
        stack = ExitStack()
        early_config.add_cleanup(stack.close)  # runs however the run ends
        urls = stack.enter_context(servers_for_tests())
        # TEST_*: the processes of pytest-xdist inherit them, and start none of their own.
        for name, url in (("DATABASE_URL", urls.database), ("REDIS_URL", urls.redis)):
            os.environ[name] = os.environ[f"TEST_{name}"] = url
        os.environ["DEMO"] = "1"
        os.environ["DELETION_REGISTER"] = os.devnull  # nobody restores what tests have deleted
        os.environ.pop("CONSOLE_TODAY", None)
    return (yield)


def pytest_report_header() -> str:
    """Say which servers the tests use."""
    shown = [os.environ.get(name, "-") for name in ("DATABASE_URL", "REDIS_URL")]
    return "servers: " + ", ".join(url.rpartition("@")[2] for url in shown)


@contextmanager
def servers_for_tests() -> Generator[Urls]:
    """The servers that were named, else our own in a directory that goes with them."""
    given = Given(os.environ.get("TEST_DATABASE_URL"), os.environ.get("TEST_REDIS_URL"))
    if given.completed() is not None:
        with servers(Path(), given) as urls:
            yield urls
        return
    remove_leftovers()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # pytest ends in order on Ctrl-C
    directory = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        if os.geteuid() == 0:
            directory.chmod(0o711)  # PostgreSQL's own user must get through
        with servers(directory, given, durable=False) as urls:
            yield urls
    finally:
        remove(directory)


def remove(directory: Path) -> None:
    """Remove a run's directory, and what lay outside where the server's user could not reach it."""
    for path in (state_outside(directory), directory):
        shutil.rmtree(path, ignore_errors=True)


def remove_leftovers() -> None:
    """Remove what runs that were killed have left: nobody holds their lock any more."""
    for directory in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        with suppress(OSError):
            old = time.time() - directory.stat().st_mtime > LEFTOVER_AGE
            if not old or directory.stat().st_uid != os.geteuid():
                continue
            with (directory / "owner.lock").open("ab") as lock:
                if try_lock(lock):
                    remove(directory)
