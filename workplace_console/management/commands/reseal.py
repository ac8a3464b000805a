from __future__ import annotations

from typing import Any

from workplace_console.common import sealed
from workplace_console.management.command import BadInput, ConsoleCommand


class Command(ConsoleCommand):
    help = (
        "암호화해 저장한 값(카드의 빌링키, 현금영수증 번호, 인증 앱의 키)을 SEALING_KEYS의 첫 "
        "열쇠로 다시 암호화합니다. 새 열쇠를 맨 앞에 넣고 실행하면, 끝난 뒤에 옛 열쇠를 지울 수 "
        "있습니다."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = sealed.reseal()
        except sealed.Unreadable:
            raise BadInput(
                "SEALING_KEYS: 열 수 없는 값이 있습니다. 옛 열쇠를 뒤에 함께 지정하세요."
            ) from None
        self.stdout.write(f"저장한 값 {count}개를 첫 열쇠로 다시 암호화했습니다.")
