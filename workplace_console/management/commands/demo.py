from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from workplace_console import demo
from workplace_console.common.refusal import Refused
from workplace_console.management.command import BadInput, ConsoleCommand


class Command(ConsoleCommand):
    help = (
        "시연용 회사 여섯 곳과 여덟 달의 기록을 만듭니다. 콘솔의 기능과 매일 작업으로 만들므로 "
        "청구서, 메일, 변경 이력이 모두 실제와 같습니다. 회사가 이미 있으면 거절합니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="회사가 이미 있으면 아무것도 하지 않습니다."
        )
        parser.add_argument("--sign-ins", action="store_true", help="시연용 로그인만 보여 줍니다.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["sign_ins"]:
            if demo.is_loaded():
                self.stdout.write(demo.sign_ins())
            return
        if not settings.RELAXED:
            raise BadInput("DEMO=1이나 DEBUG=1에서만 불러올 수 있습니다.")
        try:
            demo.load(today=self.today)
        except Refused:
            if not options["once"]:
                raise
        else:
            self.stdout.write("시연 데이터를 불러왔습니다.")
