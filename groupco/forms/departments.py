"""A file of departments and of who works there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from groupco.forms import table
from groupco.forms.table import check_rows, check_size, check_text, decoded
from groupco.rules import (
    BETWEEN,
    LONGEST_CODE,
    LONGEST_DEPARTMENT,
    LONGEST_TITLE,
    BadRoster,
    DepartmentRow,
    is_department_name,
)
from workplace_console.common.refusal import gettext_noop

REQUIRED: Final = ("department",)
OPTIONAL: Final = ("employee", "title", "main", "code")

HEADINGS: Final = {
    "부서": "department",
    "사번": "employee",
    "직위": "title",
    "주 소속": "main",
    "코드": "code",
}

# What says that a posting is somebody's main one.
YES: Final = ("1", "y", "yes", "true", "예", "o")
NO: Final = ("", "0", "n", "no", "false", "아니요", "x")


def read_departments_upload(content: bytes, *, company_id: str) -> list[DepartmentRow]:
    """As read_departments, of what is uploaded: at most 20,000 rows and 5 MB. Raises BadRoster."""
    check_size(content)
    rows = read_departments(content, company_id=company_id)
    check_rows([row.line for row in rows])
    return rows


def read_departments(content: bytes, *, company_id: str) -> list[DepartmentRow]:
    """The rows of a CSV of departments that are this company's.

    Columns: department (names from the top down, / between them); optional employee (a number of
    this company, or <company id>/<number> of another one of the group), title, main, code, and
    company, which picks the rows. Raises BadRoster with the line and the reason.
    """
    cells = table.rows(
        decoded(content),
        company_id=company_id,
        headings=HEADINGS,
        required=REQUIRED,
        optional=OPTIONAL,
    )
    rows = [_row(line, values) for line, values in cells]
    if not rows:
        raise BadRoster(1, gettext_noop("이 회사의 행이 없습니다. 파일을 확인하세요."))
    _check_once(rows)
    return rows


def _row(line: int, values: dict[str, str]) -> DepartmentRow:
    employee, title = values.get("employee", ""), values.get("title", "")
    code, main = values.get("code", ""), values.get("main", "")
    check_text(line, "employee", employee, most=100)
    check_text(line, "title", title, most=LONGEST_TITLE)
    check_text(line, "code", code, most=LONGEST_CODE)
    path = _path(line, values["department"])
    if not path and (not employee or code):
        raise BadRoster(line, gettext_noop("부서가 비었습니다. 부서를 적으세요."))
    if not employee and (title or main):
        raise BadRoster(
            line, gettext_noop("사번이 비었습니다. 직위를 적은 행에는 사번도 적으세요.")
        )
    return DepartmentRow(line, path, code, employee, title, _is_main(line, main))


def _path(line: int, text: str) -> tuple[str, ...]:
    if not text:
        return ()
    path = tuple(name.strip() for name in text.split(BETWEEN))
    for name in path:
        if not is_department_name(name):
            raise BadRoster(
                line,
                gettext_noop(
                    "부서 이름 {name}이(가) 올바르지 않습니다. 1자 이상 {most}자 이하로 적고, "
                    "하위 부서는 /로 나누세요."
                ),
                name=repr(name[:40]),
                most=LONGEST_DEPARTMENT,
            )
    return path


def _is_main(line: int, text: str) -> bool:
    if text.lower() in NO:
        return False
    if text.lower() in YES:
        return True
    raise BadRoster(
        line,
        gettext_noop("주 소속 {text}을(를) 읽을 수 없습니다. 주 소속이면 1, 아니면 비우세요."),
        text=repr(text[:40]),
    )


def _check_once(rows: Sequence[DepartmentRow]) -> None:
    """Nobody stands twice in one department, and nobody has two main ones."""
    places: dict[tuple[str, tuple[str, ...]], int] = {}
    mains: dict[str, int] = {}
    for row in rows:
        if not row.employee:
            continue
        other = places.setdefault((row.employee, row.path), row.line)
        if row.is_main:
            other = min(other, mains.setdefault(row.employee, row.line))
        if other != row.line:
            raise BadRoster(
                row.line,
                gettext_noop(
                    "{other}행과 같은 사원의 소속이 겹치거나 주 소속이 둘입니다. "
                    "한 행을 지우거나 고치세요."
                ),
                other=other,
            )
