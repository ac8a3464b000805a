"""The demo's departments, who works where, and how the group's chart is arranged."""

from __future__ import annotations

from datetime import date
from itertools import cycle
from random import Random
from typing import Final

from groupco import operations as groups
from groupco import queries
from groupco.choices import OrgChartScope
from groupco.rules import DepartmentRow, Placement
from products import operations as products
from workplace_console.common.audit import Actor

DEPARTMENTS: Final = {
    "hanbit": (
        *("경영지원실", "경영지원실/인사팀", "경영지원실/재무팀", "개발본부"),
        *("개발본부/플랫폼팀", "개발본부/앱팀", "영업본부", "영업본부/국내영업팀"),
        "영업본부/해외영업팀",
    ),
    "saebyeok": (
        *("경영지원팀", "운송관리팀", "물류센터", "물류센터/입고팀", "물류센터/출고팀"),
        "고객지원팀",
    ),
    "nuri": ("브랜드디자인팀", "제품디자인팀", "제품디자인팀/리서치셀"),
    "garam": ("생산본부", "생산본부/품질팀", "영업부", "총무부"),
    "dasom": ("개발팀", "기획팀"),
    "maru": ("공사부", "공사부/안전팀", "설계부", "총무부"),
}
HEADS: Final = {"실": "실장", "본부": "본부장", "센터": "센터장", "부": "부장"}
TITLES: Final = ("책임", "선임", "선임", "매니저", "매니저", "사원")

# 겸직: employees of saebyeok who work for hanbit too, by number.
ELSEWHERE: Final = (
    ("0002", "영업본부/국내영업팀"),
    ("0005", "영업본부"),
    ("0009", "개발본부/플랫폼팀"),
    ("0012", "경영지원실/재무팀"),
)


def organise(*, today: date, by: Actor) -> None:
    """Departments and postings in every company, 겸직 in hanbit, scopes and order of the group."""
    random = Random(20260102)  # noqa: S311 - the same places every time
    for company_id in DEPARTMENTS:
        rows = _rows(company_id, today, random)
        products.import_departments(company_id=company_id, rows=rows, today=today, by=by)
    elsewhere = [
        DepartmentRow(line, tuple(path.split("/")), employee=f"saebyeok/{number}", title="겸직")
        for line, (number, path) in enumerate(ELSEWHERE)
    ]
    products.import_departments(company_id="hanbit", rows=elsewhere, today=today, by=by)
    scopes = {
        "hanbit": OrgChartScope.GROUP,
        "saebyeok": OrgChartScope.OWN,
        "nuri": OrgChartScope.GROUP,
    }
    groups.set_scopes(company_id="hanbit", scopes=scopes, version=0, today=today, by=by)
    order = [Placement("hanbit"), Placement("nuri", "hanbit"), Placement("saebyeok")]
    groups.set_order(company_id="hanbit", order=order, version=0, today=today, by=by)


def _rows(company_id: str, today: date, random: Random) -> list[DepartmentRow]:
    """The company's departments, and its people spread over them; one in twelve has none."""
    paths = [tuple(path.split("/")) for path in DEPARTMENTS[company_id]]
    rows = [DepartmentRow(0, path) for path in paths]
    headed: set[tuple[str, ...]] = set()
    numbers = [account.employee.number for account in queries.accounts_now(company_id, today)]
    for number, path in zip(numbers, cycle(paths), strict=False):
        if random.random() < 1 / 12 and path in headed:
            continue
        title = random.choice(TITLES) if path in headed else _head_of(path[-1])
        headed.add(path)
        rows.append(DepartmentRow(0, path, employee=number, title=title))
    return rows


def _head_of(department: str) -> str:
    return next((title for end, title in HEADS.items() if department.endswith(end)), "팀장")
