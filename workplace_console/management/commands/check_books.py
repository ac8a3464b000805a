from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import CommandParser

from billing import books
from workplace_console.management.command import ConsoleCommand, a_company


class Command(ConsoleCommand):
    help = (
        "이번 달과 마감한 달의 일별 이용과 청구서를 계정 기록에서 다시 계산합니다. "
        "다른 것을 하나씩 적고, 하나라도 있으면 1로 끝납니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("company", type=a_company, nargs="?", help="회사 id(없으면 모두)")

    def handle(self, *_args: Any, **options: Any) -> None:
        found = books.differences(today=self.today, company=options["company"])
        for difference in found:
            self.stdout.write(str(difference))
        if found:
            self.stdout.write(f"다른 것이 {len(found):,}건 있습니다.")
            sys.exit(1)
        self.stdout.write("모두 맞습니다.")
