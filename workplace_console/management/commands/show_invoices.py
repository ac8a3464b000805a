from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from billing import queries
from workplace_console.common import won
from workplace_console.management.command import ConsoleCommand, a_company


class Command(ConsoleCommand):
    help = "한 회사의 청구서와 다음 달 청구 예정 금액을 보여 줍니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("company", type=a_company, help="회사 id")

    def handle(self, *_args: Any, **options: Any) -> None:
        company_id = options["company"]
        for statement in queries.statements(company_id):
            invoice = statement.invoice
            supply, vat, total = map(won.in_words, (invoice.supply, invoice.vat, invoice.total))
            self.stdout.write(
                f"{invoice.number}  {invoice.issued_on} 발행"
                f"  공급가액 {supply}  부가세 {vat}  합계 {total}"
            )
            for line in statement.lines:
                self.stdout.write(
                    f"    {line.company} {line.what}: "
                    f"{won.in_words(line.unit_price)} × {line.quantity_days:,} ÷ "
                    f"{line.days_in_period} = {won.in_words(line.amount)}"
                )
        estimate = sum(line.amount for line in queries.estimate(company_id, today=self.today))
        self.stdout.write(f"다음 달 청구 예정 금액(어제까지): {won.in_words(estimate)}")
