from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from workplace_console.common.particles import fitted
from workplace_console.management.command import BadInput, ConsoleCommand, read_file, read_lines
from workplace_console.simulation import play
from workplace_console.simulation.database import own_database
from workplace_console.simulation.scenario import Malformed, Scenario, ScenarioPrice, read
from workplace_console.simulation.table import table


class Command(ConsoleCommand):
    help = (
        "시나리오(JSON)의 날들을 콘솔의 규칙과 작업 그대로 살아 보고 청구서, 상태, 메일, 거절을 "
        "보여 줍니다. 실제 회사는 건드리지 않고, 메일도 나가지 않습니다. "
        "형식은 docs/simulate.md에 있습니다."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scenario", help="시나리오 파일(-: 표준 입력)")
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--table", action="store_true", help="사람이 읽는 표로 답합니다.")
        way.add_argument(
            "--lines",
            action="store_true",
            help="한 줄에 시나리오 하나씩 읽고, 한 줄에 답 하나씩 씁니다.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        prices = play.catalogue()
        if options["lines"]:
            with own_database():
                self._answer_lines(options["scenario"], prices)
            return
        try:
            scenario = _read(read_file(options["scenario"]))
            with own_database():
                answer = play.answer(scenario, prices)
        except Malformed as fault:
            raise BadInput(str(fault)) from None
        if options["table"]:
            self.stdout.write(table(answer), ending="")
        else:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))

    def _answer_lines(self, name: str, prices: list[ScenarioPrice]) -> None:
        """Answer each line as soon as it is there: the other side may wait for it."""
        for line in read_lines(name):
            try:
                answer: Any = play.answer(_read(line), prices)
            except Malformed as fault:
                answer = {"error": str(fault)}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            self.stdout.flush()


def _read(content: bytes) -> Scenario:
    return read(_decoded(content))


def _decoded(content: bytes) -> Any:
    """JSON as the standard has it: no NaN, no key twice."""
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_each_key_once,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError) as fault:
        raise Malformed("", f"JSON이 아닙니다: {fault}") from None


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("같은 키가 두 번 있습니다.")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(fitted(f"{name}은(는) 쓸 수 없습니다."))
