"""What all commands of the console have in common."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workplace_console import daily
from workplace_console.common import clock, days
from workplace_console.common.audit import Actor
from workplace_console.common.refusal import Refused


class BadInput(CommandError):
    """Something in the arguments or in a file is wrong: one clear line, exit 2."""

    def __init__(self, line: str) -> None:
        super().__init__(line, returncode=2)


class ConsoleCommand(BaseCommand):
    """A command that answers bad input with one clear line and exit 2.

    Refusals of the rules are bad input too. `today` is the business day, read once; commands that
    do without a database say so.
    """

    today: date
    reads_database = True

    @property
    def by(self) -> Actor:
        """Who stands in the audit log for what the command does."""
        return Actor.command(type(self).__module__.rpartition(".")[2])

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)

        def one_line(message: str) -> NoReturn:
            raise BadInput(f"{message} (사용법: manage.py {subcommand} --help)")

        # argparse prints its whole usage; one line says it better.
        parser.error = one_line  # type: ignore[method-assign]
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except BadInput as bad:  # raised while the arguments were read
            self._exit(bad)

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.today = clock.today()
        try:
            try:
                if self.reads_database:
                    daily.check_clock(self.today)
                return super().execute(*args, **options)
            except Refused as no:
                raise BadInput(str(no)) from None
        except BadInput as bad:
            if not getattr(self, "_called_from_command_line", False):
                raise
            self._exit(bad)

    def _exit(self, bad: BadInput) -> NoReturn:
        self.stderr.write(str(bad))
        sys.exit(bad.returncode)


def a_day(text: str) -> date:
    """An argument that is a day."""
    try:
        return days.parse(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r}은(는) 날짜가 아닙니다. YYYY-MM-DD로 적으세요.") from None


def read_file(name: str) -> bytes:
    """What a file holds; - is standard input."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as why:
        raise BadInput(f"{name}: 읽을 수 없습니다({why.strerror}). 경로를 확인하세요.") from None
