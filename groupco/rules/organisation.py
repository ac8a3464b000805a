"""What departments may be called, where they may lie, and what may be said of a posting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workplace_console.common.refusal import Refused, gettext_noop

LONGEST_DEPARTMENT: Final = 100
LONGEST_CODE: Final = 60
LONGEST_TITLE: Final = 60

# Between the levels of a department's path.
BETWEEN: Final = "/"


@dataclass(frozen=True)
class DepartmentRow:
    """A line of a file: a department by its names from the top down, and one who works there.

    No path: directly below the company. `employee`: a number of the company, or
    <company id>/<number> of another one; empty: the line is about the department only.
    """

    line: int
    path: tuple[str, ...]
    code: str = ""
    employee: str = ""
    title: str = ""
    is_main: bool = False


def is_department_name(name: str) -> bool:
    """1 to 100 characters that can be printed, without / and without blanks around them."""
    fits = 1 <= len(name) <= LONGEST_DEPARTMENT and name.isprintable()
    return fits and BETWEEN not in name and name == name.strip()


def check_department(name: str, code: str) -> None:
    """Raises Refused: bad_department_name, bad_department_code."""
    if not is_department_name(name):
        raise Refused(
            "bad_department_name",
            gettext_noop("부서 이름을 1자 이상 {most}자 이하로, / 없이 적으세요."),
            most=LONGEST_DEPARTMENT,
        )
    if len(code) > LONGEST_CODE or not code.isprintable():
        raise Refused(
            "bad_department_code",
            gettext_noop("코드를 {most}자 이하로, 줄을 바꾸지 말고 적으세요."),
            most=LONGEST_CODE,
        )


def is_title(title: str) -> bool:
    return len(title) <= LONGEST_TITLE and title.isprintable()


def check_title(title: str) -> None:
    """Raises Refused: bad_title."""
    if not is_title(title):
        raise Refused(
            "bad_title",
            gettext_noop("직위를 {most}자 이하로, 줄을 바꾸지 말고 적으세요."),
            most=LONGEST_TITLE,
        )


def check_parent(department: int, parent: int | None, *, parents: Mapping[int, int | None]) -> None:
    """A department lies below one of its company, never below itself or what lies below it.

    Raises Refused: no_such_department, department_below_itself.
    """
    step = parent
    while step is not None:
        if step == department:
            raise Refused(
                "department_below_itself",
                gettext_noop(
                    "부서를 자기나 그 하위 부서 아래로 옮길 수 없습니다. 다른 부서를 고르세요."
                ),
            )
        if step not in parents:
            raise Refused(
                "no_such_department",
                gettext_noop("상위 부서가 없어졌습니다. 목록을 다시 확인하세요."),
            )
        step = parents[step]


def check_deletable(*, departments: int, people: int) -> None:
    """Nobody loses their place unsaid. Raises Refused: has_departments, has_people."""
    if departments:
        raise Refused(
            "has_departments",
            gettext_noop(
                "하위 부서가 {count}개 있어 삭제할 수 없습니다. 먼저 옮기거나 삭제하세요."
            ),
            count=departments,
        )
    if people:
        raise Refused(
            "has_people",
            gettext_noop("소속 사원이 {count}명 있어 삭제할 수 없습니다. 먼저 옮기세요."),
            count=people,
        )
