"""One owner, any number of guests: real processes against real servers."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path

import psycopg2
import pytest

from tests.local.conftest import Process, eventually, is_free, servers_gone
from workplace_console.local.ownership import Given, Urls, owned, servers
from workplace_console.local.terminal import Refusal

COMMAND = """
import sys
from contextlib import closing
from pathlib import Path
import psycopg2
from workplace_console import local

given = local.Given(sys.argv[2] or None) if len(sys.argv) > 2 else None
try:
    with local.servers(Path(sys.argv[1]), given, durable=False) as urls:
        print("ready", urls.database, flush=True)
        sys.stdin.read()
        with closing(psycopg2.connect(urls.database)):
            print("still there", flush=True)
except local.Refusal as refusal:
    print("refused", refusal, flush=True)
    sys.exit(refusal.code)
print("done", flush=True)
"""
RUN = """
import sys
from pathlib import Path
from workplace_console.local import ownership, terminal

ownership._TAKE_TIMEOUT = 1.0
try:
    with ownership.owned(Path(sys.argv[1]), ownership.Given()) as owner:
        print("ready", flush=True)
except terminal.Refusal as refusal:
    print("refused", refusal, flush=True)
    sys.exit(refusal.code)
"""


def test_a_second_command_joins_and_the_first_waits_for_it(var: Path) -> None:
    with Process(COMMAND, str(var)) as first:
        where = first.until("ready")
        with Process(COMMAND, str(var)) as second:
            assert second.until("ready") == where
            first.release()
            first.until("still there")
            first.until("기다립니다")  # it says so instead of hanging
            assert first.is_running()
            second.release()
            assert second.end() == 0, second.output
            assert "still there" in second.output
            assert first.end() == 0
    assert servers_gone(var)


def test_ctrl_c_ends_the_waiting_but_not_the_orderly_stop(var: Path) -> None:
    with Process(COMMAND, str(var)) as first:
        first.until("ready")
        with Process(COMMAND, str(var)) as second:
            second.until("ready")
            first.release()
            first.until("기다립니다")
            first.signal(signal.SIGINT)
            assert first.end() == 0, first.output
            assert servers_gone(var)
        assert "database system is shut down" in (var / "log/postgres.log").read_text("utf-8")


def test_many_commands_at_once_all_work(var: Path) -> None:
    with ExitStack() as stack:
        commands = [stack.enter_context(Process(COMMAND, str(var))) for _ in range(5)]
        for command in commands:
            command.release()
        for command in commands:
            assert command.end() == 0, command.output
            assert "still there" in command.output
    assert servers_gone(var)


def test_after_kill_9_of_the_owner_nothing_runs_and_the_next_command_works(var: Path) -> None:
    with Process(COMMAND, str(var)) as first:
        first.until("ready")
        first.signal(signal.SIGKILL)
        with Process(COMMAND, str(var)) as second:  # at once, while PostgreSQL is still dying
            second.until("ready")
            second.release()
            assert second.end() == 0, second.output
    assert servers_gone(var)


def test_after_kill_9_of_the_owner_postgres_goes_by_itself(var: Path) -> None:
    with Process(COMMAND, str(var)) as first:
        url = first.until("ready").split()[1]
        first.signal(signal.SIGKILL)
        first.end()
        assert servers_gone(var)
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(url)


def test_a_second_run_is_refused_at_once(new_var: Path) -> None:
    given = Given(database="postgres://elsewhere")
    with owned(new_var, given) as owner, owner.running(), Process(RUN, str(new_var)) as second:
        assert second.end() == 2
        assert "이미 실행 중입니다" in second.output


def test_a_run_waits_for_a_short_command(new_var: Path) -> None:
    given = Given(database="postgres://elsewhere")
    with ExitStack() as stack:
        with servers(new_var, given):
            second = stack.enter_context(Process(RUN, str(new_var)))
            second.until("기다립니다")
        assert second.end() == 0, second.output


def test_a_run_gives_up_on_a_long_command(new_var: Path) -> None:
    with (
        servers(new_var, Given(database="postgres://elsewhere")),
        Process(RUN, str(new_var)) as second,
    ):
        assert second.end() == 2
        assert "refused" in second.output


def test_given_servers_are_used_and_none_is_started(tmp_path: Path) -> None:
    var = tmp_path / "var"
    with servers(var, Given("postgres://elsewhere", "redis://elsewhere")) as urls:
        assert urls == Urls("postgres://elsewhere", "redis://elsewhere")
    assert not var.exists()


def test_only_what_is_not_given_is_started(new_var: Path) -> None:
    with servers(new_var, Given(database="postgres://elsewhere"), durable=False) as urls:
        assert urls.database == "postgres://elsewhere"
        assert "127.0.0.1" in urls.redis
        assert not list(new_var.glob("postgres*"))
        # A guest without that setting must not be led to the owner's database.
        with Process(COMMAND, str(new_var)) as other:
            assert other.end() == 2
            assert "elsewhere" not in other.output
    assert eventually(lambda: is_free(new_var / "valkey.alive"))


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(Refusal, match="쓸 수 없습니다"), servers(blocked / "var"):
        pass
