"""조직도: who sees what of a group's chart, and how its companies are arranged. R: F4, F6."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupco import operations, queries, rules
from groupco.choices import OrgChartScope
from groupco.models import ChartPlace, Group
from groupco.rules import ChartCompany, ChartDepartment, ChartLine, Placement, Viewer
from products import operations as products
from tests import companies, databases
from tests.companies import BY, NEW_YEAR
from tests.groupco.rivals import code_of
from tests.reckoning import orgchart
from workplace_console.common import days
from workplace_console.common.models import AuditEntry

DAY = date(2026, 1, 5)
OWN, GROUP = OrgChartScope.OWN, OrgChartScope.GROUP


def places_of(lines: list[ChartLine]) -> dict[orgchart.Place, bool]:
    """Each line by where it stands, as its depths say; whether it is only a label."""
    found: dict[orgchart.Place, bool] = {}
    trail: list[ChartLine] = []
    for line in lines:
        del trail[line.depth :]
        trail.append(line)
        names = [above.name for above in trail if above.company == line.company]
        place = (line.company, *names[1:])
        assert place not in found
        found[place] = line.is_label
    return found


@st.composite
def groups_of_companies(draw: st.DrawFn) -> tuple[list[ChartCompany], list[ChartDepartment]]:
    """One to four companies in any order and nesting, each with a forest of departments."""
    ids = [f"c{n}" for n in range(draw(st.integers(1, 4)))]
    above = {id: draw(st.sampled_from([None, *ids[:n]])) for n, id in enumerate(ids)}
    scopes = st.sampled_from(OrgChartScope)
    made = [ChartCompany(id, id, above[id], draw(scopes)) for id in draw(st.permutations(ids))]
    departments: list[ChartDepartment] = []
    for number in range(draw(st.integers(0, 12))):
        company = draw(st.sampled_from(ids))
        within = [d.id for d in departments if d.company == company]
        parent = draw(st.sampled_from([None, *within]))
        departments.append(ChartDepartment(number, company, parent, f"d{number}"))
    return made, draw(st.permutations(departments))


@given(group=groups_of_companies(), data=st.data())
def test_the_chart_is_what_an_independent_reading_of_f4_gives(
    group: tuple[list[ChartCompany], list[ChartDepartment]], data: st.DataObject
) -> None:
    made, departments = group
    company = data.draw(st.sampled_from(made))
    held = data.draw(st.sets(st.sampled_from([d.id for d in departments]))) if departments else []

    lines = rules.chart(made, departments, viewer=Viewer(company.id, frozenset(held)))

    paths = {
        id: (next(d.company for d in departments if d.id == id), *path.split("/"))
        for id, path in queries.paths(departments).items()
    }
    expected = orgchart.seen(
        company.id,
        scope=company.scope.name,
        companies={company.id for company in made},
        everything=set(paths.values()),
        held={paths[id] for id in held},
    )
    found = places_of(lines)
    assert {place for place, is_label in found.items() if not is_label} == expected.shown
    assert {place for place, is_label in found.items() if is_label} == expected.labels


def test_companies_stand_in_their_order_below_what_they_were_put_below() -> None:
    made = [
        ChartCompany("hanbit", "한빛테크"),
        ChartCompany("nuri", "누리디자인", parent="hanbit"),
        ChartCompany("saebyeok", "새벽물류"),
    ]
    departments = [
        ChartDepartment(1, "hanbit", None, "개발본부"),
        ChartDepartment(2, "hanbit", 1, "플랫폼팀"),
        ChartDepartment(3, "nuri", None, "디자인팀"),
    ]

    lines = rules.chart(made, departments, viewer=Viewer("saebyeok"))

    assert [(line.depth, line.name, line.has_children) for line in lines] == [
        (0, "한빛테크", True),
        (1, "개발본부", True),
        (2, "플랫폼팀", False),
        (1, "누리디자인", True),
        (2, "디자인팀", False),
        (0, "새벽물류", False),
    ]


def test_a_chart_is_as_deep_as_its_departments() -> None:
    departments = [ChartDepartment(n, "acme", n - 1 if n else None, f"d{n}") for n in range(5000)]

    lines = rules.chart([ChartCompany("acme", "acme")], departments, viewer=Viewer("acme"))

    assert lines[-1].depth == 5000


class TestOrder:
    """R: F6."""

    MEMBERS = ("hanbit", "nuri", "saebyeok")

    @pytest.mark.parametrize(
        ("order", "code"),
        [
            ([("hanbit", None), ("nuri", None)], "order_incomplete"),
            ([("hanbit", None), ("nuri", None), ("nuri", None)], "order_incomplete"),
            ([("hanbit", None), ("nuri", None), ("garam", None)], "order_incomplete"),
            ([("hanbit", "hanbit"), ("nuri", None), ("saebyeok", None)], "below_itself"),
            ([("hanbit", "garam"), ("nuri", None), ("saebyeok", None)], "not_a_member"),
            ([("hanbit", "department:7"), ("nuri", None), ("saebyeok", None)], "below_department"),
            ([("hanbit", "nuri"), ("nuri", "hanbit"), ("saebyeok", None)], "below_its_own"),
            (
                [("hanbit", "nuri"), ("nuri", "saebyeok"), ("saebyeok", "hanbit")],
                "below_its_own",
            ),
            ([("hanbit", "nuri"), ("nuri", None), ("saebyeok", "hanbit")], "done"),
        ],
    )
    def test_what_may_stand_where(self, order: list[tuple[str, str | None]], code: str) -> None:
        placements = [Placement(*place) for place in order]

        assert code_of(lambda: rules.check_order(placements, members=self.MEMBERS)) == code

    def test_who_left_is_passed_over_and_who_is_new_comes_last(self) -> None:
        known = [Placement("a"), Placement("gone", "a"), Placement("b", "gone"), Placement("c")]

        assert rules.arranged(["a", "b", "c", "new"], known) == [
            Placement("a"),
            Placement("b", "a"),
            Placement("c"),
            Placement("new"),
        ]


@pytest.fixture
def a_group() -> Group:
    """hanbit represents nuri and saebyeok."""
    for company_id in ("hanbit", "nuri", "saebyeok"):
        companies.paid(company_id)
    products.form_group(company_id="hanbit", members=["nuri", "saebyeok"], today=NEW_YEAR, by=BY)
    return Group.objects.get()


def put(*order: tuple[str, str | None], version: int = 0, by_company: str = "hanbit") -> None:
    operations.set_order(
        company_id=by_company,
        order=[Placement(*place) for place in order],
        version=version,
        today=DAY,
        by=BY,
    )


def set_scopes(version: int = 0, **scopes: OrgChartScope) -> None:
    operations.set_scopes(company_id="hanbit", scopes=scopes, version=version, today=DAY, by=BY)


@pytest.mark.django_db
class TestSetOrder:
    def test_is_saved_as_a_whole_and_recorded_with_every_company(self, a_group: Group) -> None:
        put(("saebyeok", None), ("hanbit", None), ("nuri", "saebyeok"))

        found = queries.charted("nuri", DAY)
        assert [(company.id, company.parent) for company in found] == [
            ("saebyeok", None),
            ("nuri", "saebyeok"),
            ("hanbit", None),
        ]
        entries = AuditEntry.objects.filter(action="chart_order_set").order_by("company")
        assert [entry.company for entry in entries] == ["hanbit", "nuri", "saebyeok"]
        assert entries[0].after == {"order": ["saebyeok", "saebyeok/nuri", "hanbit"]}

    def test_the_second_of_two_admins_is_told_that_it_changed(self, a_group: Group) -> None:
        put(("saebyeok", None), ("hanbit", None), ("nuri", None))

        def second() -> None:
            put(("nuri", None), ("hanbit", None), ("saebyeok", None))

        assert code_of(second) == "changed_meanwhile"
        assert queries.arrangement(a_group.pk, DAY).group.order_version == 1

    def test_the_same_order_again_changes_nothing(self, a_group: Group) -> None:
        put(("hanbit", None), ("nuri", None), ("saebyeok", None))

        assert not ChartPlace.objects.exists()
        assert not AuditEntry.objects.filter(action="chart_order_set").exists()

    def test_only_the_representative_says_it(self, a_group: Group) -> None:
        def member() -> None:
            put(("nuri", None), ("hanbit", None), ("saebyeok", None), by_company="nuri")

        assert code_of(member) == "not_the_representative"

    def test_scopes_stay(self, a_group: Group) -> None:
        set_scopes(hanbit=GROUP, nuri=OWN, saebyeok=GROUP)

        put(("saebyeok", None), ("hanbit", None), ("nuri", "saebyeok"))

        scopes = queries.arrangement(a_group.pk, DAY).scopes
        assert scopes == {"hanbit": GROUP, "nuri": OWN, "saebyeok": GROUP}

    def test_those_below_a_company_that_left_move_up(self, a_group: Group) -> None:
        put(("hanbit", None), ("nuri", "hanbit"), ("saebyeok", "nuri"))

        operations.leave_groups(["nuri"], last_day=DAY, today=DAY)

        tomorrow = queries.charted("saebyeok", DAY + days.ONE_DAY)
        assert [(company.id, company.parent) for company in tomorrow] == [
            ("hanbit", None),
            ("saebyeok", "hanbit"),
        ]
        assert [company.id for company in queries.charted("nuri", DAY + days.ONE_DAY)] == ["nuri"]


@pytest.mark.django_db
class TestSetScopes:
    def test_each_company_has_its_own_and_the_default_is_the_group(self, a_group: Group) -> None:
        set_scopes(hanbit=GROUP, nuri=GROUP, saebyeok=OWN)

        scopes = {company.id: company.scope for company in queries.charted("nuri", DAY)}
        assert scopes == {"hanbit": GROUP, "nuri": GROUP, "saebyeok": OWN}
        [entry] = AuditEntry.objects.filter(action="chart_scope_set")
        assert (entry.company, entry.before, entry.after) == (
            *("saebyeok", {"scope": "group"}),
            {"scope": "own"},
        )

    def test_the_second_of_two_admins_is_told_that_it_changed(self, a_group: Group) -> None:
        set_scopes(hanbit=GROUP, nuri=GROUP, saebyeok=OWN)

        def second() -> None:
            set_scopes(hanbit=OWN, nuri=GROUP, saebyeok=OWN)

        assert code_of(second) == "changed_meanwhile"

    def test_all_companies_or_none(self, a_group: Group) -> None:
        assert code_of(lambda: set_scopes(hanbit=OWN)) == "scopes_incomplete"


@pytest.mark.django_db
def test_two_who_nest_companies_below_each_other_at_once_never_make_a_circle(
    database: str, examples: Callable[..., int]
) -> None:
    """Two hundred rounds of A below B and B below A; one of the two is told. R: F6."""
    rounds = examples(few=200, deep=1000)
    start = Barrier(2)
    orders = (
        (("hanbit", None), ("nuri", "hanbit"), ("saebyeok", "nuri")),
        (("saebyeok", None), ("nuri", "saebyeok"), ("hanbit", "nuri")),
    )

    def admin(number: int) -> list[str]:
        codes = []
        with databases.connected(database):
            for turn in range(rounds):
                start.wait()
                order = orders[(number + turn) % 2]
                codes.append(code_of(lambda order=order, turn=turn: put(*order, version=turn)))
                start.wait()
                if number == 0:
                    places = queries.charted("nuri", DAY)
                    rules.check_order(
                        [Placement(place.id, place.parent) for place in places],
                        members=["hanbit", "nuri", "saebyeok"],
                    )
                    Group.objects.update(order_version=turn + 1)
        return codes

    with databases.connected(database):
        for company_id in ("hanbit", "nuri", "saebyeok"):
            companies.trial(company_id)
        operations.form_group(
            representative="hanbit", members=["nuri", "saebyeok"], today=NEW_YEAR, by=BY
        )
    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(admin, range(2)))

    assert {code for pair in codes for code in pair} == {"done", "changed_meanwhile"}
    for pair in zip(*codes, strict=True):
        assert "done" in pair
