"""The real servers: how they are set up, and what they come through."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis

from tests.local.conftest import eventually
from workplace_console.local.servers import Postgres, Server, Valkey, state_outside

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="what root does")


@contextmanager
def started(server: Server) -> Iterator[str]:
    """A server that is stopped in the end."""
    try:
        yield server.start()
    finally:
        server.stop()


def ask(url: str, query: str) -> object:
    """The one value that a query gives."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
        return row[0] if row else None


def postmaster(data: Path) -> int:
    return int((data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


def test_postgres_is_set_up_as_promised(new_var: Path) -> None:
    postgres = Postgres(new_var)
    with started(postgres) as url:
        for setting, value in {
            "server_version_num": "18",
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "max_connections": "100",
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
        }.items():
            assert str(ask(url, f"SHOW {setting}")).startswith(value), setting
        assert urlsplit(url).path == "/workplace"
        assert ask(url, "SELECT datlocprovider FROM pg_database WHERE datname = 'workplace'") == "b"
        # Under LC_CTYPE=C there would not be one trigram in Hangul, and no search in Korean.
        similar = "SELECT similarity('서울전자', '서울전기') > 0.2"
        assert ask(url, f"CREATE EXTENSION pg_trgm; {similar}") is True
        assert (postgres.var / "postgres.password").stat().st_mode & 0o777 == 0o600
        assert postgres.data.stat().st_mode & 0o777 == 0o700
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(url.replace(postgres.password, "wrong"))


def test_postgres_survives_kill_9_and_keeps_its_port(var: Path) -> None:
    postgres = Postgres(var)
    with started(postgres) as url:
        with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
            connection.commit()
        os.kill(postmaster(postgres.data), signal.SIGKILL)
        assert eventually(postgres.exited)
    # The stale file now names a process that lives and is not PostgreSQL: ours.
    stale = postgres.data / "postmaster.pid"
    lines = stale.read_text(encoding="utf-8").splitlines()
    stale.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n", encoding="utf-8")
    with started(Postgres(var)) as same_url:
        assert same_url == url
        assert ask(url, "SELECT answer FROM kept") == 42


def test_a_port_that_is_taken_is_replaced(new_var: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        (new_var / "valkey.port").write_text(str(taken), encoding="ascii")
        with started(Valkey(new_var)) as url:
            assert urlsplit(url).port != taken


def test_valkey_keeps_a_queue_through_kill_9(var: Path) -> None:
    server = Valkey(var)
    with started(server) as url:
        with closing(redis.Redis.from_url(url)) as client:
            settings = client.config_get("*")
            assert settings["maxmemory-policy"] == "noeviction"
            assert settings["appendfsync"] == "everysec"
            client.rpush("queue", "할 일")
            # The reply to a command goes out after its write to the file, if not to the disk.
        os.kill(int((var / "valkey.alive").read_text(encoding="ascii")), signal.SIGKILL)
        assert eventually(server.exited)
    with started(Valkey(var)) as url, closing(redis.Redis.from_url(url)) as client:
        assert client.lrange("queue", 0, -1) == ["할 일".encode()]
    with (
        pytest.raises(redis.exceptions.ConnectionError),
        closing(redis.Redis.from_url(url)) as gone,
    ):
        gone.ping()


@as_root
def test_root_runs_postgres_as_nobody(var: Path) -> None:
    server = Postgres(var, durable=False)
    assert server.data == var / "postgres-18"
    with started(server):
        process = Path("/proc") / str(postmaster(server.data))
        assert process.stat().st_uid != 0
        assert server.data.stat().st_uid == process.stat().st_uid


@as_root
def test_root_keeps_data_elsewhere_when_nobody_cannot_reach_the_clone() -> None:
    with tempfile.TemporaryDirectory() as closed:  # mode 0700
        var = Path(closed) / "var"
        var.mkdir()
        server = Postgres(var, durable=False)
        outside = state_outside(var)
        assert server.data == outside / "postgres-18"
        assert outside.parent == Path("/var/lib")
        try:
            with started(server) as url:
                assert ask(url, "SELECT 1") == 1
        finally:
            shutil.rmtree(outside)
