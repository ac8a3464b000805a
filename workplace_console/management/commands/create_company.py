from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from workplace_console.common.particles import fitted
from workplace_console.management.command import BadInput, ConsoleCommand, a_day, an_address
from workplace_console.signup import sign_up


class Command(ConsoleCommand):
    help = "회사를 만듭니다. 가입일부터 무료 체험이 시작됩니다."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "company", help="회사 id(영문 소문자·숫자·-, 3–30자). 바꿀 수 없습니다."
        )
        parser.add_argument("--name", help="상호(기본: 회사 id)")
        parser.add_argument("--on", type=a_day, metavar="YYYY-MM-DD", help="가입일(기본: 오늘)")
        parser.add_argument(
            "--admin",
            type=an_address,
            metavar="MAIL",
            help="첫 콘솔 관리자의 주소",
        )
        parser.add_argument("--brn", default="", metavar="NUMBER", help="사업자등록번호 10자리")

    def handle(self, *_args: Any, **options: Any) -> None:
        on = options["on"] or self.today
        if on > self.today:
            raise BadInput(f"--on은 오늘({self.today}) 이후일 수 없습니다.")
        sign_up(
            company_id=options["company"],
            name=options["company"] if options["name"] is None else options["name"],
            admin=options["admin"] or "",
            business_number=options["brn"],
            invite=True,
            today=on,
            by=self.by,
        )
        self.stdout.write(fitted(f"{options['company']}을(를) 만들었습니다. 가입일은 {on}입니다."))
