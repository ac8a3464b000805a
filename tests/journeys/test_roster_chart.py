"""A real organisation as one group of five companies: its chart, for everyone in it. R: F4.

What everyone should see is read off the roster by tests/reckoning, which imports nothing of the
project.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from groupco import operations as groups
from groupco import queries, rules
from groupco.choices import OrgChartScope
from groupco.forms import read_departments, read_roster
from groupco.models import Employee
from groupco.rules import ChartCompany, ChartDepartment, ChartLine, Viewer
from products import operations as products
from products.choices import Cycle, Plan
from tests.companies import BY
from tests.conftest import IN_CI
from tests.reckoning import directory, orgchart
from tests.reckoning.orgchart import Place
from workplace_console.common import sql
from workplace_console.signup import sign_up

DATA = Path(__file__).parent.parent / "data" / "org-roster"
ACCOUNTS, DEPARTMENTS = DATA / "accounts.csv", DATA / "departments.csv"
LEAD = "kubernetes"
TODAY = date(2026, 1, 1)
# By default every eighth of them looks at the chart; all do in CI.
EVERY = 8


def with_addresses(path: Path) -> bytes:
    """The roster with a mail address for each person: who is in several companies has one."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    written = io.StringIO()
    writer = csv.DictWriter(written, [*rows[0], "email"])
    writer.writeheader()
    writer.writerows(row | {"email": f"{row['employee']}@roster.example"} for row in rows)
    return written.getvalue().encode()


def form_the_group() -> list[str]:
    """The five companies with their people and departments, tied together."""
    content, departments = with_addresses(ACCOUNTS), DEPARTMENTS.read_bytes()
    companies = sorted({place[0] for place in orgchart.places(DEPARTMENTS)})
    for company in companies:
        sign_up(company_id=company, name=company, today=TODAY, by=BY)
        rows = read_roster(content, company_id=company)
        products.import_accounts(company_id=company, rows=rows, today=TODAY, by=BY)
        listed = read_departments(departments, company_id=company)
        products.import_departments(company_id=company, rows=listed, today=TODAY, by=BY)
    products.reserve(
        company_id=LEAD,
        plan=Plan.WORKPLACE,
        cycle=Cycle.MONTHLY,
        start=TODAY,
        today=TODAY,
        by=BY,
    )
    members = [company for company in companies if company != LEAD]
    products.form_group(company_id=LEAD, members=members, today=TODAY, by=BY)
    return companies


def with_scope(scope: OrgChartScope, companies: list[str]) -> list[ChartCompany]:
    """The group's companies, this being the scope of each."""
    version = queries.arrangement(group_id(), TODAY).group.scope_version
    scopes = dict.fromkeys(companies, scope)
    groups.set_scopes(company_id=LEAD, scopes=scopes, version=version, today=TODAY, by=BY)
    return queries.charted(LEAD, TODAY)


def group_id() -> int:
    return queries.memberships([LEAD], TODAY)[LEAD].group_id


def places_of(lines: list[ChartLine]) -> tuple[set[Place], set[Place]]:
    """What is shown and what is a label, by where it stands among the lines."""
    seen: tuple[set[Place], set[Place]] = (set(), set())
    trail: list[str] = []
    for line in lines:
        del trail[line.depth :]
        trail.append(line.name)
        seen[line.is_label].add(tuple(trail))
    return seen


@pytest.mark.django_db
def test_everyone_sees_and_stands_where_an_independent_reading_says(
    pytestconfig: pytest.Config,
) -> None:
    companies = form_the_group()
    sql.changed("ANALYZE")  # nobody else tells the planner how many there are now
    registered = directory.registered(ACCOUNTS, TODAY)
    everything = orgchart.places(DEPARTMENTS)
    assert (len(orgchart.listed(DEPARTMENTS)), len(everything), len(registered)) == (763, 830, 1312)
    departments = queries.chart_departments(companies)

    everyone = IN_CI or pytestconfig.getoption("--deep")
    assert_seen(companies, departments, registered, everything, everyone=everyone)
    assert_stand(companies, departments, registered)


def assert_seen(
    companies: list[str],
    departments: list[ChartDepartment],
    registered: dict[str, set[str]],
    everything: set[Place],
    *,
    everyone: bool,
) -> None:
    """Everyone in every company of theirs, and both scopes: the chart is what F4 says."""
    held = orgchart.postings(DEPARTMENTS)
    viewers = {
        (employee.number, employee.company_id): queries.viewer(employee, companies, TODAY)
        for employee in Employee.objects.all()
        if employee.company_id in registered.get(employee.number, ())
    }
    assert len(viewers) == sum(len(where) for where in registered.values())
    tried = list(viewers.items())[:: 1 if everyone else EVERY]
    for each in OrgChartScope:
        charted = with_scope(each, companies)
        known: dict[Viewer, tuple[set[Place], set[Place]]] = {}
        for (person, company), viewer in tried:
            if viewer not in known:
                known[viewer] = places_of(rules.chart(charted, departments, viewer=viewer))
            assert known[viewer] == orgchart.seen(
                company,
                scope=each.name,
                companies=set(companies),
                everything=everything,
                held=held.get(person, set()),
            )


def assert_stand(
    companies: list[str], departments: list[ChartDepartment], registered: dict[str, set[str]]
) -> None:
    """Everyone is found in their departments, or right below a company where they have none."""
    expected = directory.working_at(registered, orgchart.postings(DEPARTMENTS))
    paths = queries.paths(departments)
    places = {(company,): (company, None) for company in companies}
    places |= {(d.company, *paths[d.id].split("/")): (d.company, d.id) for d in departments}

    found: dict[Place, set[str]] = {}
    for place, (company, department) in places.items():
        people = queries.working_at(company, department, companies, TODAY, most=5000)
        assert people.count == len(people.some)
        if people.some:
            found[place] = {someone.number for someone in people.some}

    assert found == expected
