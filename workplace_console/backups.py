"""A backup of the database in a file, and the way back, both by PostgreSQL's own programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from workplace_console.common import sql
from workplace_console.common.refusal import Refused, gettext_noop
from workplace_console.local.servers import Postgres


def take(folder: Path, *, at: datetime) -> Path:
    """Write a backup into a folder, read it again, and only then give it its name.

    Raises Refused: no_program, backup_failed.
    """
    name = connection.settings_dict["NAME"]
    file = folder / f"{name}-{at:%Y%m%d-%H%M%S}.dump"
    part = file.with_suffix(".part")
    folder.mkdir(parents=True, exist_ok=True)
    part.touch(mode=0o600)
    try:
        _run("pg_dump", "--format=custom", "--file", part, "--dbname", name)
        _run("pg_restore", "--file", os.devnull, part)  # reads all of it
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.rename(file)
    return file


def put_back(file: Path) -> None:
    """Fill the empty database from a backup, all of it or nothing.

    Raises Refused: not_empty, no_program, backup_failed.
    """
    if connection.introspection.table_names():
        raise Refused(
            "not_empty",
            gettext_noop("데이터베이스가 비어 있지 않습니다. 빈 데이터베이스를 만들어 지정하세요."),
        )
    name = connection.settings_dict["NAME"]
    connection.close()
    options = ("--exit-on-error", "--single-transaction", "--no-owner")
    _run("pg_restore", *options, "--dbname", name, file)
    sql.changed("ANALYZE")


def _run(program: str, *arguments: str | Path) -> None:
    """The password goes by the environment, where no list of processes shows it."""
    found: dict[str, Any] = connection.get_connection_params()
    wanted = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}
    environment = {name: str(found[key]) for name, key in wanted.items() if found.get(key)}
    command: Sequence[str | Path] = [_program(program), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | environment, cwd="/"
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise Refused(
            "backup_failed",
            gettext_noop("{program}: {said} 원인을 고친 뒤 다시 실행하세요."),
            program=program,
            said=said,
        )


def _program(name: str) -> Path:
    """Of PG_BIN, of the embedded server in the demo, or wherever the shell would find it."""
    if settings.RELAXED or os.environ.get("PG_BIN"):
        return Postgres(settings.VAR_DIR).bin / name
    if found := shutil.which(name):
        return Path(found)
    raise Refused(
        "no_program",
        gettext_noop(
            "{name}이(가) 없습니다. PostgreSQL 클라이언트를 설치하거나 PG_BIN을 지정하세요."
        ),
        name=name,
    )
