from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from workplace_console import rulebook
from workplace_console.management.command import BadInput, ConsoleCommand


class Command(ConsoleCommand):
    help = "규칙과 그것을 지키는 함수의 표(docs/rules.md)를 만듭니다."
    requires_system_checks = ()
    reads_database = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="쓰지 않고 최신인지만 봅니다.")

    def handle(self, *_args: Any, **options: Any) -> None:
        page = rulebook.ROOT / "docs" / "rules.md"
        if unknown := rulebook.unknown_rules():
            raise BadInput(f"docs/requirements.md에 없는 규칙입니다: {', '.join(unknown)}")
        written = rulebook.rulebook()
        if not options["check"]:
            page.write_text(written, encoding="utf-8")
        elif not page.exists() or page.read_text(encoding="utf-8") != written:
            raise BadInput("docs/rules.md가 낡았습니다. manage.py docs_rules로 새로 만드세요.")
