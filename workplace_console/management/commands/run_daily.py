from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from workplace_console import collection, daily, deletion, register
from workplace_console.management.command import BadInput, ConsoleCommand, a_day


class Command(ConsoleCommand):
    help = (
        "매일 0시의 작업(이용 기록, 청구, 체험 종료, 유료 시작, 안내)을 합니다. 빠진 날은 순서대로 "
        "따라잡고, 이미 한 날은 그대로 둡니다. 오늘까지 마치면 결제일이 된 카드를 결제하고 미납을 "
        "안내합니다. 몇 번을, 몇 개를 동시에 실행해도 결과는 같습니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--until", type=a_day, metavar="YYYY-MM-DD", help="이날까지만 합니다(기본: 오늘)."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        until = options["until"] or self.today
        if until > self.today:
            raise BadInput(f"--until은 오늘({self.today}) 이후일 수 없습니다.")
        outcome = daily.run(until=until)
        deletion.sweep(day=until)
        register.keep()
        if until == self.today:
            collection.collect(today=until)
        self.stdout.write(f"{until}까지: 작업 {outcome.finished}건을 마쳤습니다.")
        if outcome.parked:
            self.stdout.write(f"보류 {outcome.parked}건: 원인을 고친 뒤 다시 실행하세요.")
