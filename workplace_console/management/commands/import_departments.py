from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from groupco.forms import read_departments
from products import operations
from workplace_console.management.command import ConsoleCommand, a_company, read_file


class Command(ConsoleCommand):
    help = (
        "부서와 소속(CSV)을 가져옵니다. 열은 department(위에서부터의 부서 이름, 사이에 /)이고, "
        "employee(이 회사의 사번, 그룹사 다른 회사의 사원은 회사 id/사번), title(직위), main(주 "
        "소속이면 1), code(부서 코드)는 없어도 됩니다. employee가 빈 행은 부서만 만듭니다. company "
        "열이 있으면 이 회사의 행만 읽습니다. 파일에 없는 부서와 소속은 그대로 둡니다. 한 행이라도 "
        "틀리면 아무것도 가져오지 않으며, 같은 파일을 다시 가져와도 달라지지 않습니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("company", type=a_company, help="회사 id")
        parser.add_argument("file", help="CSV 파일(-: 표준 입력)")

    def handle(self, *_args: Any, **options: Any) -> None:
        company_id = options["company"]
        rows = read_departments(read_file(options["file"]), company_id=company_id)
        report = operations.import_departments(
            company_id=company_id, rows=rows, today=self.today, by=self.by
        )
        self.stdout.write(
            f"{company_id}: 새 부서 {report.departments}개, 바뀐 코드 {report.recoded}개, "
            f"새 소속 {report.postings}건, 바뀐 소속 {report.changed}건, "
            f"그대로 {report.unchanged}건."
        )
