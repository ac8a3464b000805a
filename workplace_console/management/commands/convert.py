from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from products import operations
from products.choices import Cycle, Plan
from workplace_console.common.particles import fitted
from workplace_console.management.command import BadInput, ConsoleCommand, a_company, a_day


class Command(ConsoleCommand):
    help = "유료 전환을 예약하고(--plan --cycle --start), 바꾸고(--change), 취소합니다(--withdraw)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("company", type=a_company, help="회사 id")
        parser.add_argument("--plan", choices=Plan.codes(), help="상품")
        parser.add_argument("--cycle", choices=Cycle.codes(), help="결제 주기")
        parser.add_argument(
            "--start",
            type=a_day,
            metavar="YYYY-MM-DD",
            help="예약일: 유료 이용의 첫날(오늘이면 바로)",
        )
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--change", action="store_true", help="있는 예약에서 준 값만 바꿉니다.")
        way.add_argument("--withdraw", action="store_true", help="예약을 취소합니다.")

    def handle(self, *_args: Any, **options: Any) -> None:
        company_id = options["company"]
        common = {"company_id": company_id, "today": self.today, "by": self.by}
        given = {
            "plan": options["plan"] and Plan.of(options["plan"]),
            "cycle": options["cycle"] and Cycle.of(options["cycle"]),
            "start": options["start"],
        }
        if options["withdraw"]:
            if any(given.values()):
                raise BadInput("--withdraw에는 다른 값을 주지 않습니다.")
            operations.withdraw_reservation(**common)
            self.stdout.write(f"{company_id}: 예약을 취소했습니다.")
            return
        if options["change"]:
            if not any(given.values()):
                raise BadInput("--change에는 --plan, --cycle, --start 중 하나를 주세요.")
            phase = operations.change_reservation(**common, **given)
        else:
            if not all(given.values()):
                raise BadInput("--plan, --cycle, --start를 모두 주세요.")
            phase = operations.reserve(**common, **given)
        told = f"{company_id}: {phase.starts_on}부터 {Plan(phase.plan).label}을(를) 이용합니다."
        self.stdout.write(fitted(told))
