from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from workplace_console.management.command import BadInput, ConsoleCommand


class Command(ConsoleCommand):
    help = (
        "화면의 글을 모아 영어 번역 파일(locale/en)을 새로 씁니다. 번역이 없는 글을 알려 줍니다. "
        "개발용 패키지 Babel이 필요합니다."
    )
    reads_database = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="쓰지 않고, 파일이 낡았거나 번역이 빠졌으면 실패합니다.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        from workplace_console import catalogue  # Babel is there in development only

        catalog = catalogue.fresh()
        missing = catalogue.missing(catalog)
        files = {
            settings.BASE_DIR / catalogue.PO: catalogue.as_po(catalog),
            (settings.BASE_DIR / catalogue.PO).with_suffix(".mo"): catalogue.as_mo(catalog),
        }
        if options["check"]:
            old = [p.name for p, new in files.items() if not p.exists() or p.read_bytes() != new]
            if old:
                raise BadInput(f"{', '.join(old)}: manage.py catalogue로 새로 쓰세요.")
        else:
            for path, content in files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        if missing:
            raise BadInput(f"영어가 없는 글 {len(missing)}개: " + " · ".join(missing[:5]))
        self.stdout.write(f"{len(catalog)}개의 글이 모두 영어로 있습니다.")
