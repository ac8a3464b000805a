from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from groupco import operations as groups
from groupco import queries
from workplace_console.management.command import BadInput, ConsoleCommand, an_address


class Command(ConsoleCommand):
    help = (
        "인증 앱, 패스키와 복구 코드를 모두 잃은 사용자의 2단계 인증을 해제하고, 모든 로그인을 "
        "끊습니다. 변경 이력에 남고, 본인에게 메일을 보냅니다. 먼저 본인인지 다른 방법으로 "
        "확인하세요."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", type=an_address, help="로그인하는 이메일")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = queries.user(options["email"])
        if user is None:
            raise BadInput(f"{options['email']}: 그런 사용자가 없습니다. 이메일을 확인하세요.")
        if not groups.reset_second_factor(user=user, today=self.today, by=self.by):
            raise BadInput(f"{user.email}: 2단계 인증을 설정하지 않았습니다.")
        self.stdout.write(f"{user.email}: 2단계 인증을 해제하고 메일을 보냈습니다.")
