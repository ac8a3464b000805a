from __future__ import annotations

from typing import Any

from workplace_console.management.command import BadInput, ConsoleCommand
from workplace_console.rewriting import rewrite_tables


class Command(ConsoleCommand):
    help = (
        "데이터를 삭제한 뒤 테이블 파일을 다시 써서, 지운 값이 파일에도 남지 않게 합니다. "
        "매일 4시(Asia/Seoul)에도 합니다. 할 일이 없으면 아무것도 하지 않습니다."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not rewrite_tables():
            raise BadInput("다른 작업이 테이블을 쓰고 있습니다. 잠시 뒤 다시 실행하세요.")
        self.stdout.write("지운 데이터가 남은 파일이 없습니다.")
