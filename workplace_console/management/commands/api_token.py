from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from groupco import operations as groups
from groupco import queries
from groupco.choices import Scope
from products import operations as products
from workplace_console.management.command import BadInput, ConsoleCommand, a_company

ACTS = ("issue", "list", "withdraw")


class Command(ConsoleCommand):
    help = (
        "HTTP API의 토큰을 발급하고(issue), 보여 주고(list), 철회합니다(withdraw). "
        "--company를 주면 그 회사의 토큰, 주지 않으면 WORKPLACE 서비스의 토큰입니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=ACTS, help="할 일")
        parser.add_argument("--company", type=a_company, help="회사 id(기본: 모든 회사)")
        parser.add_argument("--name", help="issue: 토큰을 쓸 프로그램의 이름")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="issue: 쓸 수 있는 범위. 여러 번 줄 수 있습니다(기본: 모두).",
        )
        parser.add_argument("--number", type=int, help="withdraw: list가 보여 주는 번호")

    def handle(self, *_args: Any, **options: Any) -> None:
        common = {"company_id": options["company"], "today": self.today, "by": self.by}
        if options["act"] == "issue":
            self._issue(common, options["name"], options["scope"])
        elif options["act"] == "withdraw":
            self._withdraw(common, options["number"])
        else:
            self._list(options["company"])

    def _issue(self, common: dict[str, Any], name: str | None, scopes: list[str] | None) -> None:
        if not name:
            raise BadInput("--name에 토큰을 쓸 프로그램의 이름을 주세요.")
        wanted = [Scope(scope) for scope in scopes or Scope.values]
        issued = products.issue_token(name=name, scopes=wanted, **common)
        self.stderr.write(f"{issued.token.pk}번 토큰입니다. 지금만 보이니 안전한 곳에 적으세요.")
        self.stdout.write(issued.secret)

    def _withdraw(self, common: dict[str, Any], number: int | None) -> None:
        if number is None:
            raise BadInput("--number에 list가 보여 주는 번호를 주세요.")
        if not 0 < number < 2**63 or not groups.withdraw_token(token_id=number, **common):
            raise BadInput(f"{number}번 토큰이 없거나 이미 철회했습니다. list로 확인하세요.")
        self.stdout.write(f"{number}번 토큰을 철회했습니다.")

    def _list(self, company_id: str | None) -> None:
        for token in queries.tokens(company_id):
            used = f"마지막 사용 {token.last_used_on}" if token.last_used_on else "사용한 적 없음"
            end = f"  {token.withdrawn_on} 철회" if token.withdrawn_on else ""
            self.stdout.write(
                f"{token.pk}  {token.hint}  {token.name}  {','.join(token.scopes)}"
                f"  {token.issued_on} 발급  {used}{end}"
            )
