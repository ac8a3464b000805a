from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from groupco.forms import read_roster
from products import operations
from workplace_console.management.command import ConsoleCommand, a_company, read_file


class Command(ConsoleCommand):
    help = (
        "사용자 명부(CSV)를 가져옵니다. 열은 employee, registered_on, excluded_on(마지막으로 세는 "
        "날, 비면 등록 중)이고, name과 email은 없어도 됩니다. company 열이 있으면 이 회사의 행만 "
        "읽습니다. 한 행이라도 틀리면 아무것도 가져오지 않으며, 같은 파일을 다시 가져와도 "
        "달라지지 않습니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("company", type=a_company, help="회사 id")
        parser.add_argument("file", help="CSV 파일(-: 표준 입력)")

    def handle(self, *_args: Any, **options: Any) -> None:
        company_id = options["company"]
        rows = read_roster(read_file(options["file"]), company_id=company_id)
        report = operations.import_accounts(
            company_id=company_id, rows=rows, today=self.today, by=self.by
        )
        self.stdout.write(
            f"{company_id}: 새 사원 {report.persons}명, 새 등록 {report.registered}건, "
            f"바뀐 등록 {report.changed}건, 그대로 {report.unchanged}건."
        )
