"""사원 검색 over a group, and who works at one place of its chart. R: F4, F5."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from groupco import rules
from groupco.rules import Word
from workplace_console.common import sql

REGISTERED: Final = """
    JOIN groupco_account AS account ON account.employee_id = employee.id
        AND account.company_id = ANY(%(companies)s) AND account.registered_on <= %(day)s
        AND (account.excluded_on IS NULL OR account.excluded_on > %(day)s)"""

# One by one: of the few who are meant, not of everybody.
IS_REGISTERED: Final = """(
    SELECT true FROM groupco_account AS account
    WHERE account.employee_id = employee.id AND account.registered_on <= %(day)s
        AND (account.excluded_on IS NULL OR account.excluded_on > %(day)s) LIMIT 1)"""

# Of a person's rows (Employee.person) the one that was made first stands for them.
OF_EMPLOYEE: Final = """
    employee.id, employee.name, employee.number, employee.email, employee.company_id,
    employee.person"""

SOMEONE: Final = """
    id, name, number, email, company_id,
    (SELECT name FROM groupco_company AS company WHERE company.id = company_id) AS company,
    person"""

# Whoever has the word in their name or mail, or in that of their company, a department or a title.
WORD: Final = """(
    {own}
    OR employee.company_id IN (
        SELECT id FROM groupco_company AS company WHERE id = ANY(%(companies)s) AND {company})
    OR employee.id IN (
        SELECT posting.employee_id FROM groupco_department AS department
        JOIN groupco_posting AS posting ON posting.department_id = department.id
        WHERE department.company_id = ANY(%(companies)s) AND {department})
    OR employee.id IN (
        SELECT posting.employee_id FROM groupco_employee AS titled
        JOIN groupco_posting AS posting ON posting.employee_id = titled.id
        WHERE titled.company_id = ANY(%(companies)s) AND posting.title <> '' AND {title}))"""

SEARCH: Final = f"""
    WITH found AS (
        SELECT DISTINCT ON (employee.person) {OF_EMPLOYEE}
        FROM groupco_employee AS employee {REGISTERED}
        WHERE employee.company_id = ANY(%(companies)s) AND {{words}}
        ORDER BY employee.person, employee.id
    )
    SELECT {SOMEONE}, count(*) OVER () FROM found
    ORDER BY {{begins}} DESC, name, id OFFSET %(skip)s LIMIT %(most)s"""

IN_DEPARTMENT: Final = f"""
    WITH found AS (
        SELECT DISTINCT ON (employee.person) {OF_EMPLOYEE}, posting.title, posting.posted_on
        FROM groupco_posting AS posting
        JOIN groupco_employee AS employee ON employee.id = posting.employee_id
        WHERE posting.department_id = %(department)s
            AND employee.company_id = ANY(%(companies)s) AND {IS_REGISTERED}
        ORDER BY employee.person, employee.id
    )
    SELECT {SOMEONE}, title, count(*) OVER () FROM found
    ORDER BY title = '', posted_on, name, id OFFSET %(skip)s LIMIT %(most)s"""

# Whoever has no department of their own company, or stands below it with a title.
BELOW_COMPANY: Final = f"""
    WITH own AS (
        SELECT posting.employee_id FROM groupco_posting AS posting
        JOIN groupco_department AS department ON department.id = posting.department_id
        WHERE department.company_id = %(company)s
    ), found AS (
        SELECT {OF_EMPLOYEE}, coalesce(directly.title, '') AS title
        FROM groupco_employee AS employee {REGISTERED}
        LEFT JOIN groupco_posting AS directly
            ON directly.employee_id = employee.id AND directly.department_id IS NULL
        WHERE employee.company_id = %(company)s AND (
            directly.id IS NOT NULL OR employee.id NOT IN (SELECT employee_id FROM own))
    )
    SELECT {SOMEONE}, title, count(*) OVER () FROM found
    ORDER BY title = '', name, id OFFSET %(skip)s LIMIT %(most)s"""

# Where a posting is: the department, the one above it, and the company.
OF_POSTING: Final = """
    LEFT JOIN groupco_department AS department ON department.id = posting.department_id
    LEFT JOIN groupco_department AS above ON above.id = department.parent_id
    JOIN groupco_company AS company
        ON company.id = coalesce(department.company_id, employee.company_id)
        AND company.id = ANY(%(companies)s)"""

COLLEAGUES: Final = f"""
    SELECT employee.id, employee.name, employee.number, employee.email, employee.company_id,
        (SELECT name FROM groupco_company AS company WHERE company.id = employee.company_id),
        employee.person, place.company, place.above, place.department, place.title
    FROM groupco_employee AS employee
    LEFT JOIN LATERAL (
        SELECT company.name AS company, above.name AS above, department.name AS department,
            posting.title
        FROM groupco_posting AS posting {OF_POSTING}
        WHERE posting.employee_id = employee.id
        ORDER BY posting.is_main DESC, posting.posted_on, posting.id LIMIT 1
    ) AS place ON true
    WHERE employee.id = ANY(%(employees)s) AND employee.company_id = ANY(%(companies)s)
        AND {IS_REGISTERED}"""

# The first two of everybody, the main one first. Who is meant is settled first: some have dozens.
PLACES: Final = f"""
    WITH employee AS MATERIALIZED (
        SELECT id, company_id, person FROM groupco_employee AS employee
        WHERE person = ANY(%(persons)s) AND company_id = ANY(%(companies)s) AND {IS_REGISTERED}
    )
    SELECT person, company, above.name, posted.department, title FROM (
        SELECT person, company.name AS company, department.parent_id,
            department.name AS department, posting.title,
            row_number() OVER (
                PARTITION BY person
                ORDER BY posting.is_main DESC, posting.posted_on, posting.id) AS place
        FROM employee JOIN groupco_posting AS posting ON posting.employee_id = employee.id
        LEFT JOIN groupco_department AS department ON department.id = posting.department_id
        JOIN groupco_company AS company
            ON company.id = coalesce(department.company_id, employee.company_id)
            AND company.id = ANY(%(companies)s)
    ) AS posted LEFT JOIN groupco_department AS above ON above.id = posted.parent_id
    WHERE place <= 2 ORDER BY place"""


@dataclass(frozen=True)
class Place:
    """Where somebody works; no department: directly below the company."""

    company: str
    above: str
    department: str
    title: str

    @property
    def where(self) -> str:
        """The department and the one above it."""
        return " · ".join(name for name in (self.above, self.department) if name)


@dataclass(frozen=True)
class Someone:
    """A registered employee as colleagues of the group see them; one person once.

    `places`: the first two at most, the main one first.
    """

    id: int
    name: str
    number: str
    email: str
    company_id: str
    company: str
    person: str
    title: str = ""
    places: tuple[Place, ...] = ()

    @property
    def called(self) -> str:
        return self.name or self.number

    @property
    def main(self) -> Place:
        return self.places[0] if self.places else Place(self.company, "", "", self.title)

    @property
    def further(self) -> tuple[Place, ...]:
        return self.places[1:]


@dataclass(frozen=True)
class People:
    """Some of those who were found, and how many there are."""

    some: Sequence[Someone]
    count: int


def search(
    companies: Collection[str], asked: str, day: date, *, skip: int = 0, most: int
) -> People:
    """Registered people of these companies by name, initials, company, department, title, mail.

    R: F5. Every word has to be found. Who is called so comes first. At least one word is asked.
    """
    words = rules.words(asked)
    rows = sql.rows(
        SEARCH.format(
            words=" AND ".join(_has(word, f"word{place}") for place, word in enumerate(words)),
            begins=_begins(words[0]),
        ),
        companies=list(companies),
        begins=f"^{words[0].text}" if words[0].is_pattern else words[0].text,
        day=day,
        skip=skip,
        most=most,
        **{f"word{place}": word.text for place, word in enumerate(words)},
    )
    found = [Someone(*row[:7]) for row in rows]
    return People(with_places(found, companies, day), rows[0][7] if rows else 0)


def _has(word: Word, value: str) -> str:
    """The condition that somebody has a word, by the name of its value."""

    def within(column: str) -> str:
        if word.is_pattern:
            return f"{column} ~* %({value})s"
        return f'strpos(lower({column} COLLATE "C"), %({value})s) > 0'

    # An address has no Korean in it. One text is searched more quickly than two.
    own = "employee.name" if word.is_pattern else "(employee.name || ' ' || employee.email)"
    return WORD.format(
        own=within(own),
        company=within("company.name"),
        department=within("department.name"),
        title=within("posting.title"),
    )


def _begins(word: Word) -> str:
    """Whether a name begins with a word."""
    if word.is_pattern:
        return "name ~* %(begins)s"
    return 'starts_with(lower(name COLLATE "C"), %(begins)s)'


def working_at(
    company_id: str,
    department_id: int | None,
    companies: Collection[str],
    day: date,
    *,
    skip: int = 0,
    most: int,
) -> People:
    """Who works at one place of a chart, without those below it; titles first.

    Only for a line that rules.chart shows to who asks and that is no label. R: F4.
    """
    values = {"companies": list(companies), "day": day, "skip": skip, "most": most}
    if department_id is None:
        rows = sql.rows(BELOW_COMPANY, company=company_id, **values | {"companies": [company_id]})
    else:
        rows = sql.rows(IN_DEPARTMENT, department=department_id, **values)
    return People([Someone(*row[:8]) for row in rows], rows[0][8] if rows else 0)


def colleagues(
    employee_ids: Collection[int], companies: Collection[str], day: date
) -> dict[int, Someone]:
    """Those of the employees who are registered in these companies, by id, with main place."""
    rows = sql.rows(COLLEAGUES, companies=list(companies), day=day, employees=list(employee_ids))
    found = {}
    for *someone, company, above, department, title in rows:
        place = Place(company, above or "", department or "", title) if company else None
        found[someone[0]] = replace(Someone(*someone), places=(place,) if place else ())
    return found


def with_places(some: Sequence[Someone], companies: Collection[str], day: date) -> list[Someone]:
    """The same people with where they work in these companies, the main place first."""
    if not some:
        return []
    places: dict[str, list[Place]] = {}
    rows = sql.rows(
        PLACES,
        companies=list(companies),
        day=day,
        persons=[someone.person for someone in some],
    )
    for person, company, above, department, title in rows:
        place = Place(company, above or "", department or "", title)
        places.setdefault(person, []).append(place)
    return [replace(someone, places=tuple(places.get(someone.person, ()))) for someone in some]
