from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandParser

from workplace_console import backups, daily, register, restoring, self_check
from workplace_console.management.command import BadInput, ConsoleCommand
from workplace_console.restoring import Report


class Command(ConsoleCommand):
    help = (
        "빈 데이터베이스를 백업으로 채우고, 그 뒤에 삭제한 회사를 삭제 대장대로 다시 삭제하고, "
        "데이터를 다시 셉니다. 웹과 작업자를 켜기 전에 하세요. 어긋난 것이 있으면 1로 끝납니다."
    )
    # There is nothing in it yet.
    reads_database = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="manage.py backup이 만든 파일")
        parser.add_argument(
            "--register",
            type=Path,
            default=Path(settings.DELETION_REGISTER),
            help="삭제 대장(기본: DELETION_REGISTER). 가장 새것이어야 합니다.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["register"].exists():
            raise BadInput(f"{options['register']}: 삭제 대장이 없습니다. --register로 지정하세요.")
        known = register.read(options["register"])
        if known.unreadable:
            raise BadInput(
                f"{options['register']}: {known.unreadable[0]}번째 줄을 읽을 수 없습니다."
            )
        backups.put_back(options["file"].resolve())
        call_command("migrate", verbosity=0, interactive=False)
        daily.check_clock(self.today)
        self._tell(restoring.reapply(known.entries, today=self.today, by=self.by))
        register.keep()
        found = self_check.run(today=self.today)
        for finding in found:
            self.stdout.write(str(finding))
        if found:
            self.stdout.write(f"어긋난 것이 {len(found):,}건 있습니다.")
            sys.exit(1)
        self.stdout.write("모두 맞습니다.")

    def _tell(self, report: Report) -> None:
        for says, companies in (
            ("다시 삭제한 회사", report.deleted),
            ("삭제를 미룬 회사(전환, 연장이나 해지 취소가 백업에 없습니다)", report.spared),
            ("마지막 청구서를 다시 만들지 못한 회사", report.unbilled),
        ):
            self.stdout.write(f"{says}: {', '.join(companies) or '없음'}")
