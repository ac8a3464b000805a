from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localtime

from workplace_console import backups, register
from workplace_console.management.command import BadInput, ConsoleCommand


class Command(ConsoleCommand):
    help = (
        "데이터베이스를 파일 하나로 백업하고, 끝까지 읽히는지 확인합니다. 삭제 대장"
        "(DELETION_REGISTER)은 백업과 따로, 언제나 가장 새것을 보관하세요. 복원할 때 씁니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="파일을 둘 폴더")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            file = backups.take(options["folder"], at=localtime())
        except OSError as why:
            raise BadInput(f"{options['folder']}: 쓸 수 없습니다({why}).") from None
        register.keep()
        self.stdout.write(str(file))
