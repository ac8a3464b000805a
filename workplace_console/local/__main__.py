"""`python -m workplace_console.local run`: what `make run` calls."""

from __future__ import annotations

import sys

from workplace_console.local import supervisor
from workplace_console.local.environment import VAR, Environment
from workplace_console.local.ownership import refuse_second_run
from workplace_console.local.terminal import Refusal, use_utf8, warn


def main(arguments: list[str]) -> int:
    """Run the console; the exit status says how it ended."""
    use_utf8()
    if arguments != ["run"]:
        warn("사용법: python -m workplace_console.local run (또는 make run)")
        return 2
    environment = Environment.read()
    try:
        refuse_second_run(VAR)  # before its port looks like some other program's
        port = supervisor.usable_port(environment.get("PORT") or str(supervisor.DEFAULT_PORT))
        supervisor.run(supervisor.console(port, VAR), VAR, environment)
    except Refusal as refusal:
        warn(str(refusal))
        return refusal.code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
