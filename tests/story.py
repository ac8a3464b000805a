"""A process of its own that runs commands, each on its own business day, as an operator would.

It imports Django once and forks a child for each story, so that a story costs no start: reads a
line of JSON from standard input, {"database": url, "acts": [[day, arguments, standard input] …]},
stops at the first act that fails, and answers with a line of JSON, what went wrong or "".
"""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from datetime import date
from typing import Any

import django


def main() -> None:
    django.setup()
    # What a child would otherwise import each time.
    import workplace_console.daily
    import workplace_console.management.command
    import workplace_console.urls  # noqa: F401

    for line in sys.stdin:
        sys.stdout.write(json.dumps(in_child(json.loads(line))) + "\n")
        sys.stdout.flush()


def in_child(story: dict[str, Any]) -> str:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w", encoding="utf-8") as pipe:
            try:
                tell(story)
            except BaseException:
                pipe.write(traceback.format_exc())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        wrong = pipe.read()
    os.waitpid(child, 0)
    return wrong


def tell(story: dict[str, Any]) -> None:
    import environ
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    connection.settings_dict |= environ.Env.db_url_config(story["database"])
    for day, arguments, stdin in story["acts"]:
        settings.CONSOLE_TODAY = date.fromisoformat(day)
        sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()))
        sys.stdout = io.StringIO()  # answers go there otherwise
        if arguments[0] == "let_in":
            let_in(*arguments[1:])
        elif arguments[0] == "states":
            from tests.browser import states

            states.build(int(arguments[1]))
        else:
            call_command(*arguments)


def let_in(email: str, password: str, *staff_roles: str) -> None:
    """Somebody may sign in, as by the link of an invitation."""
    from groupco.operations import set_sign_in

    set_sign_in(email=email, password=password, staff_roles=staff_roles)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workplace_console.settings")
    main()
