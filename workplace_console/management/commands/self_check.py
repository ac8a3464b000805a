from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import CommandParser

from workplace_console import self_check
from workplace_console.management.command import ConsoleCommand


class Command(ConsoleCommand):
    help = (
        "데이터가 지켜야 할 것을 다시 셉니다(합계, 장부, 작업한 날, 삭제, 메일, 비밀 값, 목록). "
        "어긋난 것을 한 줄에 하나씩 적고, 하나라도 있으면 1로 끝납니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--without-books", action="store_true", help="오래 걸리는 장부는 세지 않습니다."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        found = self_check.run(today=self.today, with_books=not options["without_books"])
        for finding in found:
            self.stdout.write(str(finding))
        if found:
            self.stdout.write(f"어긋난 것이 {len(found):,}건 있습니다.")
            sys.exit(1)
        self.stdout.write("모두 맞습니다.")
