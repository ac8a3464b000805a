"""사원 검색 over a group, and who works at one place of its chart. R: F4, F5."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from groupco import rules
from workplace_console.common import sql

# Employees of several companies with one mail address are one person (A5); of their rows the one
# that was made first stands for them.
STAFF: Final = """
    staff AS (
        SELECT employee.id, employee.name, employee.number, employee.email, employee.company_id,
            company.name AS company,
            CASE employee.email WHEN '' THEN employee.id::text ELSE upper(employee.email) END
                AS person
        FROM groupco_employee AS employee
        JOIN groupco_account AS account ON account.employee_id = employee.id
            AND account.company_id = ANY(%(companies)s) AND account.registered_on <= %(day)s
            AND (account.excluded_on IS NULL OR account.excluded_on > %(day)s)
        JOIN groupco_company AS company ON company.id = employee.company_id
        WHERE employee.company_id = ANY(%(companies)s)
    )"""

COLUMNS: Final = "id, name, number, email, company_id, company, person"

SEARCH: Final = f"""
    WITH {STAFF}, word AS (
        SELECT word FROM unnest(%(words)s::text[]) AS word
    ), posted AS (
        SELECT word.word, posting.employee_id
        FROM groupco_department AS department
        JOIN word ON department.name ~* word.word
        JOIN groupco_posting AS posting ON posting.department_id = department.id
        WHERE department.company_id = ANY(%(companies)s)
        UNION
        SELECT word.word, posting.employee_id
        FROM groupco_employee AS employee
        JOIN groupco_posting AS posting ON posting.employee_id = employee.id
        JOIN word ON posting.title ~* word.word
        WHERE employee.company_id = ANY(%(companies)s) AND posting.title <> ''
    ), found AS (
        SELECT DISTINCT ON (person) * FROM staff
        WHERE NOT EXISTS (
            SELECT FROM word
            WHERE NOT (staff.name ~* word.word OR staff.email ~* word.word
                       OR staff.company ~* word.word)
              AND NOT EXISTS (
                SELECT FROM posted
                WHERE posted.employee_id = staff.id AND posted.word = word.word))
        ORDER BY person, id
    )
    SELECT {COLUMNS}, count(*) OVER () FROM found
    ORDER BY name ~* ('^' || %(first)s) DESC, name, id
    OFFSET %(skip)s LIMIT %(most)s"""

IN_DEPARTMENT: Final = f"""
    WITH {STAFF}, found AS (
        SELECT DISTINCT ON (person) staff.*, posting.title, posting.posted_on FROM staff
        JOIN groupco_posting AS posting ON posting.employee_id = staff.id
            AND posting.department_id = %(department)s
        ORDER BY person, staff.id
    )
    SELECT {COLUMNS}, title, count(*) OVER () FROM found
    ORDER BY title = '', posted_on, name, id OFFSET %(skip)s LIMIT %(most)s"""

# Whoever has no department of their own company, or stands below it with a title.
BELOW_COMPANY: Final = f"""
    WITH {STAFF}, own AS (
        SELECT posting.employee_id FROM groupco_posting AS posting
        JOIN groupco_department AS department ON department.id = posting.department_id
        WHERE department.company_id = %(company)s
    ), directly AS (
        SELECT posting.employee_id, posting.title FROM groupco_posting AS posting
        JOIN groupco_employee AS employee ON employee.id = posting.employee_id
        WHERE employee.company_id = %(company)s AND posting.department_id IS NULL
    ), found AS (
        SELECT DISTINCT ON (person) staff.*, coalesce(directly.title, '') AS title FROM staff
        LEFT JOIN directly ON directly.employee_id = staff.id
        WHERE company_id = %(company)s AND (
            directly.employee_id IS NOT NULL
            OR NOT EXISTS (SELECT FROM own WHERE own.employee_id = staff.id))
        ORDER BY person, id
    )
    SELECT {COLUMNS}, title, count(*) OVER () FROM found
    ORDER BY title = '', name, id OFFSET %(skip)s LIMIT %(most)s"""

PEOPLE: Final = f"""
    WITH {STAFF}
    SELECT staff.*, place.company, place.above, place.department, place.title
    FROM staff LEFT JOIN LATERAL (
        SELECT of_place.name AS company, above.name AS above, department.name AS department,
            posting.title
        FROM groupco_posting AS posting
        LEFT JOIN groupco_department AS department ON department.id = posting.department_id
        LEFT JOIN groupco_department AS above ON above.id = department.parent_id
        JOIN groupco_company AS of_place
            ON of_place.id = coalesce(department.company_id, staff.company_id)
        WHERE posting.employee_id = staff.id AND of_place.id = ANY(%(companies)s)
        ORDER BY posting.is_main DESC, posting.posted_on, posting.id LIMIT 1
    ) AS place ON true
    WHERE staff.id = ANY(%(employees)s)"""

PLACES: Final = f"""
    WITH {STAFF}
    SELECT staff.person, company.name, above.name, department.name, posting.title
    FROM staff JOIN groupco_posting AS posting ON posting.employee_id = staff.id
    LEFT JOIN groupco_department AS department ON department.id = posting.department_id
    LEFT JOIN groupco_department AS above ON above.id = department.parent_id
    JOIN groupco_company AS company
        ON company.id = coalesce(department.company_id, staff.company_id)
    WHERE staff.person = ANY(%(persons)s) AND company.id = ANY(%(companies)s)
    ORDER BY posting.is_main DESC, posting.posted_on, posting.id"""


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
    """A registered employee as colleagues of the group see them; one person once."""

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
    words = rules.patterns(asked)
    rows = sql.rows(
        SEARCH,
        companies=list(companies),
        words=words,
        first=words[0],
        day=day,
        skip=skip,
        most=most,
    )
    found = [Someone(*row[:7]) for row in rows]
    return People(with_places(found, companies, day), rows[0][7] if rows else 0)


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
        rows = sql.rows(BELOW_COMPANY, company=company_id, **values)
    else:
        rows = sql.rows(IN_DEPARTMENT, department=department_id, **values)
    return People([Someone(*row[:8]) for row in rows], rows[0][8] if rows else 0)


def people(
    employee_ids: Collection[int], companies: Collection[str], day: date
) -> dict[int, Someone]:
    """Those of the employees who are registered in these companies, by id, with main place."""
    rows = sql.rows(PEOPLE, companies=list(companies), day=day, employees=list(employee_ids))
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
    persons = [someone.person for someone in some]
    for person, company, above, department, title in sql.rows(
        PLACES, companies=list(companies), day=day, persons=persons
    ):
        place = Place(company, above or "", department or "", title)
        places.setdefault(person, []).append(place)
    return [replace(someone, places=tuple(places.get(someone.person, ()))) for someone in some]
