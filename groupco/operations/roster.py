"""A roster is taken over, whole or not at all; ten thousand rows in a few statements. R: E4, H4."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db import transaction

from groupco import rules
from groupco.models import Account, Company, Employee
from groupco.operations.accounts import BATCH, Person, _count, _locked
from groupco.rules import BadRoster, Held, RosterRow
from workplace_console.common import audit, sql
from workplace_console.common.audit import Actor, Change
from workplace_console.common.refusal import gettext_noop


@dataclass(frozen=True)
class Report:
    """What an import took: persons and registrations that are new, changed, or known already."""

    persons: int
    registered: int
    changed: int
    unchanged: int
    renamed: int = 0


@dataclass(frozen=True)
class Known:
    """A person whom the company knows, and their registrations by account."""

    employee: int
    name: str
    email: str
    accounts: dict[int, Held] = field(default_factory=dict)


@transaction.atomic
def import_accounts(
    *,
    company_id: str,
    rows: Sequence[RosterRow],
    first_paid: date | None,
    today: date,
    by: Actor,
) -> Report:
    """Take a roster over, whole or not at all; taking it again changes nothing. R: E4.

    A row is a registration known by its person and first day; the file says when it ends.
    `first_paid` is the company's first paid day, from which on the past can't change. Days to come
    are taken as they are written. Names and addresses that differ are taken over. Raises BadRoster,
    which names all rows that are wrong.
    """
    company = _locked(company_id)
    known = _known(company_id, {row.number for row in rows})
    new, changed = _compare(rows, known, first_paid=first_paid, today=today)
    told = {row.number: Person(row.number, row.name, row.email) for row in rows}
    strangers = [person for number, person in told.items() if number not in known]
    employees = {number: person.employee for number, person in known.items()}
    employees |= _make(company, strangers)
    renamed = _rename(known, told)
    _end(changed)
    Account.objects.bulk_create(
        (
            Account(
                company=company,
                employee_id=employees[row.number],
                registered_on=row.held.registered_on,
                excluded_on=row.held.excluded_on,
            )
            for row in new
        ),
        batch_size=BATCH,
    )
    _count(
        company_id,
        gone=[old for _account, old, _row in changed],
        come=[row.held for row in new] + [row.held for _account, _old, row in changed],
    )
    unchanged = len(rows) - len(new) - len(changed)
    report = Report(len(strangers), len(new), len(changed), unchanged, renamed)
    if new or changed or renamed:
        figures = {"registered": report.registered, "changed": report.changed}
        figures |= {"renamed": renamed} if renamed else {}
        audit.record(Change(company_id, "accounts_imported", after=figures), on=today, by=by)
    return report


KNOWN: Final = """
    SELECT employee.number, employee.id, employee.name, employee.email,
           account.id, account.registered_on, account.excluded_on
    FROM groupco_employee AS employee
    LEFT JOIN groupco_account AS account ON account.employee_id = employee.id
    WHERE employee.company_id = %(company)s AND employee.number = ANY(%(numbers)s)
    ORDER BY account.registered_on"""


def _known(company_id: str, numbers: Collection[str]) -> dict[str, Known]:
    """Those with these numbers whom the company knows."""
    known: dict[str, Known] = {}
    for number, employee, name, email, account, registered_on, excluded_on in sql.rows(
        KNOWN, company=company_id, numbers=list(numbers)
    ):
        person = known.setdefault(number, Known(employee, name, email))
        if account:
            person.accounts[account] = Held(registered_on, excluded_on)
    return known


Changed = list[tuple[int, Held, RosterRow]]


def _compare(
    rows: Sequence[RosterRow],
    known: Mapping[str, Known],
    *,
    first_paid: date | None,
    today: date,
) -> tuple[list[RosterRow], Changed]:
    """Which rows are new, and which change the end of a registration there is, whose account and
    days stand beside them. Raises BadRoster."""
    new: list[RosterRow] = []
    changed: Changed = []
    faults: list[BadRoster] = []
    in_file = {(row.number, row.held.registered_on) for row in rows}
    for row in rows:
        accounts = known[row.number].accounts if row.number in known else {}
        if row.is_now and any(_is_open(held, today) for held in accounts.values()):
            continue
        same = next(
            (a for a, held in accounts.items() if held.registered_on == row.held.registered_on),
            None,
        )
        old = accounts[same] if same else None
        if old == row.held:
            continue
        others = [h for h in accounts.values() if (row.number, h.registered_on) not in in_file]
        try:
            rules.check_unsettled(row, old=old, first_paid=first_paid, today=today)
            _check_free(row, others)
        except BadRoster as fault:
            faults.append(fault)
        if same and old:
            changed.append((same, old, row))
        else:
            new.append(row)
    rules.refuse_rows(faults)
    return new, changed


def _is_open(held: Held, today: date) -> bool:
    return held.registered_on <= today and held.excluded_on is None


def _check_free(row: RosterRow, others: Iterable[Held]) -> None:
    """The person's registrations that the file doesn't mention stay, so they may not overlap."""
    for other in others:
        if row.held.overlaps(other):
            raise BadRoster(
                row.line,
                gettext_noop(
                    "{day}에 등록된 같은 사람의 계정과 겹칩니다. 그 등록도 파일에 적으세요."
                ),
                day=other.registered_on,
            )


def _make(company: Company, persons: Sequence[Person]) -> dict[str, int]:
    """Employees for those whom the company doesn't know yet, by number. The company is locked."""
    made = Employee.objects.bulk_create(
        (
            Employee(company=company, number=person.number, name=person.name, email=person.email)
            for person in persons
        ),
        batch_size=BATCH,
    )
    return {employee.number: employee.pk for employee in made}


RENAME: Final = """
    UPDATE groupco_employee AS employee SET name = told.name, email = told.email
    FROM unnest(%(ids)s::bigint[], %(names)s::text[], %(emails)s::text[])
        AS told (id, name, email) WHERE employee.id = told.id"""


def _rename(known: Mapping[str, Known], told: Mapping[str, Person]) -> int:
    """Give those who are known the name and address that the file tells; how many changed."""
    renamed = []
    for number, person in known.items():
        name, email = told[number].name or person.name, told[number].email or person.email
        if (name, email) != (person.name, person.email):
            renamed.append((person.employee, name, email))
    if renamed:
        ids, names, emails = map(list, zip(*renamed, strict=True))
        sql.changed(RENAME, ids=ids, names=names, emails=emails)
    return len(renamed)


END: Final = """
    UPDATE groupco_account AS account SET excluded_on = told.excluded_on
    FROM unnest(%(ids)s::bigint[], %(days)s::date[]) AS told (id, excluded_on)
    WHERE account.id = told.id"""


def _end(changed: Changed) -> None:
    """Write when these registrations end, or that they go on."""
    if changed:
        ids = [account for account, _old, _row in changed]
        sql.changed(END, ids=ids, days=[row.held.excluded_on for _account, _old, row in changed])
