"""Accounts are registered and excluded; the daily counts follow in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Upper

from groupco import queries, rules
from groupco.models import Account, Company, Employee, Headcount
from groupco.rules import Held
from workplace_console.common import audit, days
from workplace_console.common.audit import Actor, Change
from workplace_console.common.refusal import Refused, gettext_noop
from workplace_console.common.spans import Span, shifted

BATCH: Final = 5000


@dataclass(frozen=True)
class Person:
    """Who gets an account. `number` is the company's own; a known one means that person."""

    number: str
    name: str = ""
    email: str = ""


@transaction.atomic
def register_accounts(*, company_id: str, persons: Sequence[Person], today: date, by: Actor) -> int:
    """Register an account for each person from today on; returns how many. R: E4.

    Someone who holds one already is passed over; one who was excluded today simply stays; one who
    was to come later comes today.
    """
    company = _locked(company_id)
    employees = _employees(company, persons)
    held, planned = _held_or_planned(employees.values(), today)
    come = [
        Account(company=company, employee=employee, registered_on=today)
        for employee in employees.values()
        if employee.pk not in held and employee.pk not in planned
    ]
    stay = [account for account in held.values() if account.excluded_on == today]
    early = [account for pk, account in planned.items() if pk not in held]
    gone = [_held(account) for account in stay + early]
    Account.objects.bulk_create(come, batch_size=BATCH)
    for account in stay:
        later = planned.get(account.employee_id)
        account.excluded_on = later.registered_on - days.ONE_DAY if later else None
    for account in early:
        account.registered_on = today
    Account.objects.bulk_update(stay + early, ["registered_on", "excluded_on"], batch_size=BATCH)
    _count(company_id, gone=gone, come=map(_held, come + stay + early))
    number = len(come) + len(stay) + len(early)
    _record(company_id, "accounts_registered", number, today=today, by=by)
    return number


@transaction.atomic
def register_person(*, company_id: str, person: Person, today: date, by: Actor) -> str:
    """Register one person from today on; the number they have, or get now. R: E4, H4.

    A number that is known means that person, who comes back. Raises Refused: nobody,
    already_registered, email_taken.
    """
    company = _locked(company_id)
    rules.check_person(person.name, person.number)
    known = Employee.objects.filter(company=company, number=person.number).first()
    if known and Account.objects.filter(queries.still_there(today), employee=known).exists():
        raise Refused(
            "already_registered",
            gettext_noop("{number}은(는) 이미 등록된 사번입니다. 다른 사번을 적으세요."),
            number=person.number,
        )
    others = Employee.objects.filter(company=company, person=Upper(Value(person.email)))
    if person.email and others.exclude(number=person.number).exists():
        raise Refused(
            "email_taken",
            gettext_noop("다른 사원이 쓰는 이메일입니다. 사번과 이메일을 확인하세요."),
        )
    if not person.number:
        person = replace(person, number=_new_numbers(company, 1)[0])
    _rename(_employees(company, [person]).values(), {person.number: person})
    register_accounts(company_id=company_id, persons=[person], today=today, by=by)
    return person.number


@transaction.atomic
def register_new_persons(*, company_id: str, count: int, today: date, by: Actor) -> int:
    """Register accounts for so many persons who are not known yet and get a number here."""
    company = _locked(company_id)
    persons = [Person(number) for number in _new_numbers(company, count)]
    return register_accounts(company_id=company_id, persons=persons, today=today, by=by)


@transaction.atomic
def exclude_accounts(
    *, company_id: str, account_ids: Collection[int], today: date, by: Actor
) -> int:
    """Exclude these accounts of the company; today still counts. Returns how many. R: E4.

    Accounts of others, or not registered now, are passed over.
    """
    _locked(company_id)
    accounts = Account.objects.filter(
        queries.still_there(today), company_id=company_id, pk__in=account_ids
    )
    return _exclude(company_id, list(accounts), today=today, by=by)


@transaction.atomic
def exclude_person(*, company_id: str, number: str, today: date, by: Actor) -> None:
    """Exclude the person with this number; today still counts. R: E4, H4.

    Raises Refused: not_registered.
    """
    _locked(company_id)
    accounts = Account.objects.filter(
        queries.still_there(today), company_id=company_id, employee__number=number
    )
    if not _exclude(company_id, list(accounts), today=today, by=by):
        raise Refused(
            "not_registered",
            gettext_noop("{number}은(는) 등록된 사번이 아닙니다. 사번을 확인하세요."),
            number=number,
        )


@transaction.atomic
def exclude_newest(*, company_id: str, count: int, today: date, by: Actor) -> int:
    """Exclude so many accounts, those registered last first.

    Raises Refused: not_that_many_accounts.
    """
    _locked(company_id)
    accounts = queries.newest_registered(company_id, today, most=count)
    rules.check_enough(wanted=count, registered=len(accounts))
    return _exclude(company_id, accounts, today=today, by=by)


def _new_numbers(company: Company, count: int) -> list[str]:
    """Numbers for persons whose company gives them none; the company is locked."""
    taken = set(
        Employee.objects.filter(company=company, number__startswith="W").values_list(
            "number", flat=True
        )
    )
    numbers: list[str] = []
    while len(numbers) < count:
        company.numbered += 1
        if (number := f"W{company.numbered:06d}") not in taken:
            numbers.append(number)
    company.save(update_fields=["numbered"])
    return numbers


def _rename(employees: Iterable[Employee], persons: Mapping[str, Person]) -> int:
    """Give employees the name and address that was told of them now; how many changed."""
    renamed = []
    for employee in employees:
        person = persons[employee.number]
        name, email = person.name or employee.name, person.email or employee.email
        if (name, email) != (employee.name, employee.email):
            employee.name, employee.email = name, email
            renamed.append(employee)
    Employee.objects.bulk_update(renamed, ["name", "email"], batch_size=BATCH)
    return len(renamed)


def _locked(company_id: str) -> Company:
    company = queries.locked(company_id)
    if company is None:
        raise rules.unknown_company(company_id)
    return company


def _employees(company: Company, persons: Sequence[Person]) -> dict[str, Employee]:
    """The employees with these numbers, those not known yet made now; by number."""
    Employee.objects.bulk_create(
        (
            Employee(company=company, number=number, name=person.name, email=person.email)
            for number, person in {person.number: person for person in persons}.items()
        ),
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    numbers = [person.number for person in persons]
    found = Employee.objects.filter(company=company, number__in=numbers)
    return {employee.number: employee for employee in found}


def _held_or_planned(
    employees: Iterable[Employee], today: date
) -> tuple[dict[int, Account], dict[int, Account]]:
    """By employee: the account that counts today, and the first one that begins later."""
    held: dict[int, Account] = {}
    planned: dict[int, Account] = {}
    accounts = Account.objects.filter(employee__in=employees).order_by("registered_on")
    for account in accounts:
        if account.registered_on > today:
            planned.setdefault(account.employee_id, account)
        elif _held(account).last_day >= today:
            held[account.employee_id] = account
    return held, planned


def _exclude(company_id: str, accounts: Sequence[Account], *, today: date, by: Actor) -> int:
    gone = [_held(account) for account in accounts]
    Account.objects.filter(pk__in=[account.pk for account in accounts]).update(excluded_on=today)
    _count(company_id, gone=gone, come=[Held(held.registered_on, today) for held in gone])
    _record(company_id, "accounts_excluded", len(gone), today=today, by=by)
    return len(gone)


def _record(company_id: str, action: str, number: int, *, today: date, by: Actor) -> None:
    if number:
        audit.record(Change(company_id, action, after={"count": number}), on=today, by=by)


def _count(company_id: str, *, gone: Iterable[Held], come: Iterable[Held]) -> None:
    """Carry a change of registrations into the daily counts; the company is locked."""
    changes = rules.count_changes(gone=gone, come=come)
    if not changes:
        return
    tail = Headcount.objects.filter(company_id=company_id, ends_on__gte=min(changes))
    spans = [Span(s.starts_on, s.ends_on, s.count) for s in tail.order_by("starts_on")]
    after = shifted(spans, changes)
    tail.delete()
    Headcount.objects.bulk_create(
        Headcount(
            company_id=company_id,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            count=span.count,
        )
        for span in after
    )


def _held(account: Account) -> Held:
    return Held(account.registered_on, account.excluded_on)
