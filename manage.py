#!/usr/bin/env python3
"""Django's commands, on the clone's own packages and, in the demo, on its own servers."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workplace_console.local import Urls

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"

WITHOUT_SERVERS = frozenset(
    {
        "collectstatic",
        "compilemessages",
        "docs_rules",
        "help",
        "makemessages",
        "makemigrations",
        "startapp",
        "version",
    }
)
# These decide for themselves what becomes of the schema.
WITHOUT_SCHEMA = frozenset({"dbshell", "migrate", "showmigrations", "sqlmigrate", "test"})
# Any number that nothing else locks: two commands at once must not migrate at once.
MIGRATION_LOCK = 5_418_001


def use_venv() -> None:
    """Go on with the clone's own packages when this Python has none."""
    if importlib.util.find_spec("django") is not None:
        return
    already_there = Path(sys.prefix).resolve() == VENV.resolve()
    if VENV_PYTHON.exists() and not already_there:
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), *sys.argv])  # noqa: S606 - our own interpreter
    sys.exit("설치된 패키지가 없습니다. 먼저 `make setup` 을 실행하세요.")


def needs_servers(arguments: list[str]) -> bool:
    """Whether the command will open a connection."""
    if not arguments or arguments[0].startswith("-") or {"-h", "--help"} & set(arguments):
        return False
    if arguments[0] == "check":
        return any(argument.startswith("--database") for argument in arguments)
    return arguments[0] not in WITHOUT_SERVERS


def embedded_servers(arguments: list[str]) -> AbstractContextManager[Urls | None]:
    """The clone's own servers where the command needs them and nobody gave others."""
    from workplace_console import local

    environment = local.Environment.read()
    given = local.Given(environment.database_url, environment.redis_url)
    complete = given.database and given.redis
    if complete or not environment.embedded or not needs_servers(arguments):
        return nullcontext()
    return local.servers(local.VAR, given)


def bring_schema_up_to_date() -> None:
    """Apply pending migrations, so that every command works on a fresh clone."""
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    def is_behind() -> bool:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    django.setup()
    if is_behind():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            try:
                if is_behind():
                    call_command("migrate", interactive=False, verbosity=0)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
    connection.close()  # the command opens its own, or none


def execute(arguments: list[str]) -> None:
    """Run the command; in the demo with the servers up and the schema in place."""
    from django.core.management import execute_from_command_line

    with embedded_servers(arguments) as urls:
        if urls is not None:
            os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = urls.database, urls.redis
            # A plain kill must end in an orderly stop too: others may be using our servers.
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
            if arguments[0] not in WITHOUT_SCHEMA:
                bring_schema_up_to_date()
        execute_from_command_line(sys.argv)


def main() -> None:
    """Run one of Django's commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workplace_console.settings")
    use_venv()
    from django.core.exceptions import ImproperlyConfigured

    from workplace_console import local

    local.use_utf8()
    try:
        execute(sys.argv[1:])
    except ImproperlyConfigured as missing:
        local.warn(str(missing))
        sys.exit(2)
    except local.Refusal as refusal:
        local.warn(str(refusal))
        sys.exit(refusal.code)
    except BrokenPipeError:  # whoever read our output has had enough: `… | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
