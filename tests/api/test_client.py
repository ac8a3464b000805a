"""docs/api/client.py against a real server: what its reader will copy works. R: H4."""

from __future__ import annotations

import importlib.util
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests import databases
from tests.api.callers import DAY, Caller, caller
from tests.browser.served import Served
from tests.companies import BY, paid
from workplace_console.common.models import AuditEntry

pytestmark = pytest.mark.django_db

CLIENT = databases.ROOT / "docs" / "api" / "client.py"
AT_ONCE = 16


@pytest.fixture(scope="module")
def client() -> ModuleType:
    spec = importlib.util.spec_from_file_location("client", CLIENT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Served]:
    server = Served(database, tmp_path / "served.log")
    yield server
    server.stop()


def program(database: str) -> Caller:
    with databases.connected(database):
        return caller(paid("acme", on=DAY, accounts=2))


def test_the_client_does_all_there_is_to_do_and_loses_nothing(
    client: ModuleType, served: Served, database: str
) -> None:
    secret = program(database).secret
    served.on(DAY.isoformat())
    waits: list[float] = []

    class Unlucky(client.Console):  # type: ignore[misc, name-defined]
        """Loses the first answer to everything, when it has arrived and taken effect."""

        def __init__(self, *args: Any) -> None:
            super().__init__(*args, waits.append)
            self.lost: list[urllib.request.Request] = []

        def _send(self, request: urllib.request.Request) -> dict[str, Any]:
            said: dict[str, Any] = super()._send(request)
            if request not in self.lost:
                self.lost.append(request)
                raise ConnectionResetError
            return said

    console = Unlucky(served.url, secret)
    kim = {"name": "김서연", "email": "kim@acme.example"}
    number = console.join("acme", **kim)["number"]
    console.report_storage("acme", board=7, photo=1)
    console.report_cards("acme", 3, "2026-03-02T09:00:00+09:00")
    console.leave("acme", "W000001")

    assert [person["number"] for person in console.accounts("acme")] == ["W000002", number]
    now = console.company("acme")
    assert (now["accounts"], now["shared_capacity"]["used_bytes"]) == (2, 8)
    assert now["corporate_cards"]["count"] == 3
    assert len(waits) == 6
    with pytest.raises(client.Problem) as no:
        console.leave("acme", "nobody")
    assert (no.value.status, no.value.code) == (409, "not_registered")
    sixteen_at_once(client.Console(served.url, secret), database)


def sixteen_at_once(console: Any, database: str) -> None:
    def join(_number: int) -> str:
        return str(console.join("acme", key="the-same", name="이민준"))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert len(set(pool.map(join, range(AT_ONCE)))) == 1
    assert console.company("acme")["accounts"] == 3
    with databases.connected(database):
        joins = AuditEntry.objects.filter(action="accounts_registered").exclude(actor=BY.name)
        assert joins.count() == 2
