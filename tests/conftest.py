from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import transaction
from hypothesis import HealthCheck, settings

from tests import databases

# Examples talk to a real database: how long one takes says nothing about right or wrong.
settings.register_profile(
    "ci",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="also what takes long (make test-deep)")
    town = parser.getgroup("tests/crash/test_simulation.py")
    town.addoption("--seed", type=int, help="play the town of this seed alone")
    town.addoption("--companies", type=int, help="… with so many companies")
    town.addoption("--days", type=int, help="… over so many days")


# What takes long: tried in CI (.ci/run sets it) and with --deep, or only with --deep.
IN_CI = bool(os.environ.get("THOROUGH"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--deep"):
        return
    for item in items:
        if item.get_closest_marker("deep"):
            item.add_marker(pytest.mark.skip(reason="only with --deep"))
        if item.get_closest_marker("thorough") and not IN_CI:
            item.add_marker(pytest.mark.skip(reason="only with THOROUGH=1 or --deep"))


@pytest.fixture(scope="session")
def examples(pytestconfig: pytest.Config):
    """How many examples a property is tried on: so many, as EXAMPLES says times as many (in CI), or
    with --deep so many."""

    def number(*, few: int, deep: int) -> int:
        if pytestconfig.getoption("--deep"):
            return deep
        return min(few * int(os.environ.get("EXAMPLES", "1")), deep)

    return number


def pytest_configure() -> None:
    """Passwords take a tenth of a second on purpose; here they are hundreds, and nobody guesses."""
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 64


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A CONSOLE_TODAY of the developer's shell must not reach the tests."""
    assert "CONSOLE_TODAY" not in os.environ


@pytest.fixture(scope="class")
def kept_for_class(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What fixtures of this scope write is there for each test of a class, as it was written."""
    with _kept(django_db_blocker):
        yield


@pytest.fixture(scope="module")
def kept_for_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The same for a module, every test of which wants it."""
    with _kept(django_db_blocker):
        yield


@contextmanager
def _kept(blocker: Any) -> Iterator[None]:
    """A transaction around those of the tests, which are savepoints in it."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def migrated_database() -> Iterator[str]:
    """An empty database with the schema, to be copied; never written to."""
    with databases.copy_of(None) as name:
        done = databases.manage("migrate", "-v0", database=name, today="2024-01-01")
        assert done.returncode == 0, done.stderr
        yield name


@pytest.fixture
def database(migrated_database: str) -> Iterator[str]:
    """A database with the schema and nothing in it, for commands in processes of their own."""
    with databases.copy_of(migrated_database) as name:
        yield name
