"""Who sees what of a group's chart, and how its companies may be arranged. R: F4, F6."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from groupco.choices import OrgChartScope
from workplace_console.common.refusal import Refused, gettext_noop

# What a page that offers departments too may send as the company above.
DEPARTMENT: Final = "department:"


@dataclass(frozen=True)
class ChartCompany:
    """A company of a group: which one it stands below, and what its employees see."""

    id: str
    name: str
    parent: str | None = None
    scope: OrgChartScope = OrgChartScope.GROUP


class ChartDepartment(NamedTuple):
    """A department, and the one of the same company that it lies below."""

    id: int
    company: str
    parent: int | None
    name: str


@dataclass(frozen=True)
class Viewer:
    """Who looks: an employee of a company, and all departments where they hold a posting."""

    company: str
    departments: frozenset[int] = frozenset()


class ChartLine(NamedTuple):
    """A company (no department) or a department in a chart, so many levels down.

    A label is there to say where something lies: who works there is not shown.
    """

    company: str
    department: int | None
    name: str
    depth: int
    is_label: bool
    has_children: bool


def chart(
    companies: Sequence[ChartCompany], departments: Sequence[ChartDepartment], *, viewer: Viewer
) -> list[ChartLine]:
    """The chart that an employee may see, from top to bottom, both lists being in order. R: F4.

    GROUP: everything. OWN: their own company and, elsewhere, only the departments where they hold a
    posting; what lies between such a department and its company are labels, and so is the company.
    Whoever works at a line that is no label may be shown there. The tabs, the preview and what is
    asked about one department all go through this function.
    """
    scope = next(company.scope for company in companies if company.id == viewer.company)
    if scope is OrgChartScope.GROUP:
        return list(_lines(companies, departments, shown=None, people_at=None))
    seen = {d.id for d in departments if d.company == viewer.company or d.id in viewer.departments}
    above = _with_ancestors(seen, departments)
    shown = [department for department in departments if department.id in above]
    only = {viewer.company, *(department.company for department in shown)}
    return list(_lines(companies, shown, shown=only, people_at={viewer.company, *seen}))


def _with_ancestors(seen: set[int], departments: Iterable[ChartDepartment]) -> set[int]:
    parents = {department.id: department.parent for department in departments}
    found: set[int] = set()
    for department in seen:
        step: int | None = department
        while step is not None and step not in found:
            found.add(step)
            step = parents.get(step)
    return found


def _lines(
    companies: Sequence[ChartCompany],
    departments: Sequence[ChartDepartment],
    *,
    shown: Collection[str] | None,
    people_at: Collection[str | int] | None,
) -> Iterator[ChartLine]:
    """Each place once, those below it right after it. Without recursion: depth is free.

    `shown`: the companies that are; `people_at`: companies and departments that are no labels;
    None: all.
    """
    below: defaultdict[str | int | None, list[ChartCompany | ChartDepartment]] = defaultdict(list)
    for department in departments:
        below[department.company if department.parent is None else department.parent].append(
            department
        )
    parents = {company.id: company.parent for company in companies}
    among = parents if shown is None else shown
    for company in companies:
        if company.id in among:
            below[nearest(company.id, parents, among=among)].append(company)
    waiting = [(place, 0) for place in reversed(below[None])]
    while waiting:
        place, depth = waiting.pop()
        children = below.get(place.id)
        is_label = people_at is not None and place.id not in people_at
        if isinstance(place, ChartDepartment):
            yield ChartLine(place.company, place.id, place.name, depth, is_label, bool(children))
        else:
            yield ChartLine(place.id, None, place.name, depth, is_label, bool(children))
        if children:
            waiting += [(child, depth + 1) for child in reversed(children)]


def nearest(
    company: str, parents: Mapping[str, str | None], *, among: Collection[str]
) -> str | None:
    """The company among some that another stands below, directly or over others; None: none."""
    passed = {company}
    step = parents.get(company)
    while step is not None and step not in among and step not in passed:
        passed.add(step)
        step = parents.get(step)
    return step if step in among else None


@dataclass(frozen=True)
class Placement:
    """A company in the order of its group, and the one that it stands below."""

    company: str
    parent: str | None = None


def arranged(members: Sequence[str], known: Sequence[Placement]) -> list[Placement]:
    """The members as they stand, each before those below it. R: F6.

    `known`: what was saved, in order; whoever has left is passed over, whoever is new comes last.
    """
    parents = {placement.company: placement.parent for placement in known}
    order = [placement.company for placement in known if placement.company in members]
    order += [member for member in members if member not in parents]
    return in_order(
        [Placement(company, nearest(company, parents, among=order)) for company in order]
    )


def in_order(placements: Sequence[Placement]) -> list[Placement]:
    """The same, each company right before those below it; siblings stay in their order."""
    below: defaultdict[str | None, list[Placement]] = defaultdict(list)
    for placement in placements:
        below[placement.parent].append(placement)
    found: list[Placement] = []
    waiting = below[None][::-1]
    while waiting:
        found.append(waiting.pop())
        waiting += below[found[-1].company][::-1]
    return found


def check_order(order: Sequence[Placement], *, members: Collection[str]) -> None:
    """R: F6. Every company of the group once, below another one at most, in no circle.

    Raises Refused: order_incomplete, below_department, not_a_member, below_itself,
    below_its_own.
    """
    if sorted(placement.company for placement in order) != sorted(members):
        raise Refused(
            "order_incomplete",
            gettext_noop("그룹사의 회사가 달라졌습니다. 화면을 다시 열고 순서를 정하세요."),
        )
    for placement in order:
        _check_above(placement, members)
    if len(in_order(order)) < len(order):
        raise Refused(
            "below_its_own",
            gettext_noop("회사를 그 하위 회사 아래로 옮길 수 없습니다. 다른 회사를 고르세요."),
        )


def _check_above(placement: Placement, members: Collection[str]) -> None:
    if placement.parent is None or placement.parent in members:
        if placement.parent != placement.company:
            return
        raise Refused(
            "below_itself",
            gettext_noop("회사를 자기 아래로 옮길 수 없습니다. 다른 회사를 고르세요."),
        )
    if placement.parent.startswith(DEPARTMENT):
        raise Refused(
            "below_department",
            gettext_noop("회사는 부서 아래로 옮길 수 없습니다. 다른 회사 아래로 옮기세요."),
        )
    raise Refused(
        "not_a_member",
        gettext_noop("그룹사에 없는 회사 아래로는 옮길 수 없습니다. 다른 회사를 고르세요."),
    )


def check_version(mine: int, *, now: int) -> None:
    """What somebody else has saved meanwhile is not written over unseen. R: F6."""
    if mine != now:
        raise Refused(
            "changed_meanwhile",
            gettext_noop(
                "그 사이에 다른 관리자가 저장했습니다. 바뀐 내용을 확인하고 다시 저장하세요."
            ),
        )
