"""Runs commands one after another, each on its own business day, in one process.

Reads a JSON list of [day, arguments, standard input] and stops at the first that fails. For long
stories: starting a process for each command takes a second.
"""

from __future__ import annotations

import io
import json
import os
import sys
from datetime import date

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workplace_console.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    for day, arguments, stdin in json.load(sys.stdin):
        settings.CONSOLE_TODAY = date.fromisoformat(day)
        sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()))
        call_command(*arguments)


if __name__ == "__main__":
    main()
