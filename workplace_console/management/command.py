"""What all commands of the console have in common."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from groupco import queries as groups
from groupco.forms import mail_address
from workplace_console import daily
from workplace_console.common import clock, days
from workplace_console.common.audit import Actor
from workplace_console.common.particles import fitted
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
                    _connect()
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


def _connect() -> None:
    """Say in one line that the database can't be reached, before anything is begun."""
    try:
        connection.ensure_connection()
    except OperationalError as down:
        reason = str(down).splitlines()[0]
        raise BadInput(f"DATABASE_URL: 데이터베이스에 연결할 수 없습니다({reason}).") from None


def a_day(text: str) -> date:
    """An argument that is a day."""
    try:
        return days.parse(text)
    except ValueError:
        raise ArgumentTypeError(
            fitted(f"{text!r}은(는) 날짜가 아닙니다. YYYY-MM-DD로 적으세요.")
        ) from None


def a_company(company_id: str) -> str:
    """An argument that is the id of a company there is."""
    if not company_id.isascii() or groups.company(company_id) is None:
        shown = company_id if company_id.isprintable() else ascii(company_id)
        raise ArgumentTypeError(f"{shown}: 그런 회사가 없습니다. 회사 id를 확인하세요.")
    return company_id


def an_address(text: str) -> str:
    """An argument that is a mail address."""
    try:
        return mail_address(text)
    except ValueError:
        raise ArgumentTypeError(
            fitted(f"{text!a}은(는) 메일 주소가 아닙니다. 고쳐 적으세요.")
        ) from None


def read_file(name: str) -> bytes:
    """What a file holds; - is standard input."""
    return b"".join(read_lines(name))


def read_lines(name: str) -> Iterator[bytes]:
    """The lines of a file, each when it is there; - is standard input."""
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
            yield from file
    except (OSError, ValueError) as why:
        raise BadInput(f"{name!a}: 읽을 수 없습니다({why}). 경로를 확인하세요.") from None
