"""Companies in every state, with one of everything that they can have, and every text chosen.

`write(field)` says what stands in a field: a mark, a formula, a piece of script. All that people of
a company can write goes through it, so whoever reads a page, a file or a mail meets it there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.test import Client

from billing import operations as billing
from billing.gateway import mock
from billing.models import Invoice, Payment
from billing.models.evidence import Purpose
from groupco import operations as groups
from groupco.choices import Role, Scope, StaffRole
from groupco.models import Department, Employee, User
from groupco.operations import Person
from groupco.rules import Wanted
from products import operations as products
from products.choices import Cycle, Plan, StorageCategory
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily, password_reset
from workplace_console.common import sql
from workplace_console.common.audit import Actor
from workplace_console.common.models import Mail, Parked
from workplace_console.termination import terminate

BEGUN: Final = date(2026, 3, 2)
TODAY: Final = date(2026, 4, 13)
PASSWORD: Final = "correct-horse-2026"

Write = Callable[[str], str]


def plain(field: str) -> str:
    """What a well-meaning person writes."""
    return f"보통 {field}"


@dataclass(frozen=True)
class Everybody:
    """Who signs in: the owner of all these companies, people at the first one's host, staff. The
    clerk has a second factor."""

    owner: User
    boss: User
    clerk: User
    staff: User

    def at_console(self) -> Client:
        return people.signed_in(self.owner)

    def at_host(self, company: str) -> Client:
        return people.signed_in(self.boss, host=f"{company}.localhost")

    def halfway(self) -> Client:
        """The password was right; a second factor is asked for."""
        client = Client()
        client.post("/login/", {"login": self.clerk.email, "password": PASSWORD})
        return client

    def at_support(self) -> Client:
        return people.signed_in(self.staff)


def begin(company: str, write: Write = plain) -> None:
    """On the first day: a company that represents a group of two, its people and what they own."""
    kin = f"{company}-kin"
    for one in (company, kin):
        paid(one, on=BEGUN, accounts=2)
    products.form_group(company_id=company, members=[kin], today=BEGUN, by=BY)
    employ(company, write, today=BEGUN)
    clerk = groups.set_sign_in(email=f"p1@{company}.example", password=PASSWORD)
    people.app(clerk, today=BEGUN)
    groups.set_profile(user=owner_of(company), name=write("profile"), language="ko")
    details(company, write)
    for category in StorageCategory:
        products.report_storage(
            company_id=company, category=category, bytes=10**11, today=BEGUN, by=BY
        )
    products.report_cards(
        company_id=company, count=3, as_of=datetime(2026, 3, 2, 9, tzinfo=UTC), today=BEGUN, by=BY
    )
    products.add_capacity(company_id=company, tb=2, today=BEGUN, by=BY)
    products.issue_token(
        company_id=company, name=write("token"), scopes=list(Scope), today=BEGUN, by=BY
    )
    billing.register_transfer(
        company_id=company, depositor=write("depositor")[:30], today=BEGUN, by=BY
    )
    card(company)
    billing.set_budget(company_id=company, amount=10_000, today=BEGUN, by=BY)


def card(company: str) -> None:
    billing.register_card(
        company_id=company,
        billing_key=mock.issue(company, mock.APPROVES),
        brand=mock.BRAND,
        last_four=mock.APPROVES,
        today=BEGUN,
        by=BY,
    )


def owner_of(company: str) -> User:
    return people.admin(company, Role.OWNER, today=BEGUN, email=f"owner@{company}.example")


def details(company: str, write: Write) -> None:
    fields = ("name", "representative", "address", "business_type", "business_item")
    groups.update_company(
        company_id=company,
        details={field: write(field)[:60] for field in fields} | {"business_number": ""},
        billing_addresses=[f"bills@{company}.example"],
        today=BEGUN,
        by=BY,
    )


def employ(company: str, write: Write, *, today: date) -> None:
    """Persons with departments and titles; the first runs WORKPLACE there, the second asks."""
    persons = [
        Person(f"{company}-{n}"[:60], write("person"), f"p{n}@{company}.example") for n in range(3)
    ]
    products.register_accounts(company_id=company, persons=persons, today=today, by=BY)
    top = products.add_department(
        company_id=company, name=write("department"), code=f"{company}-top", today=today, by=BY
    )
    products.add_department(
        company_id=company, name=write("team"), parent_id=top.pk, today=today, by=BY
    )
    for employee in Employee.objects.filter(company=company, number__startswith=f"{company}-"):
        products.post_employee(
            company_id=company,
            employee_id=employee.pk,
            department_id=top.pk,
            title=write("title")[:30],
            today=today,
            by=BY,
        )
    groups.invite_admin(
        company_id=company, email=f"guest@{company}.example", role=Role.VIEWER, today=today, by=BY
    )
    people.admin(company, Role.VIEWER, today=today, email=f"viewer@{company}.example")
    for n in range(2):
        user = groups.let_employee_in(
            company_id=company, email=f"p{n}@{company}.example", today=today
        )
        assert user
        Employee.objects.filter(user=user).update(is_workplace_admin=n == 0)
    groups.request_change(company_id=company, user=user, text=write("request"), today=today, by=BY)


def bill(company: str, write: Write = plain) -> None:
    """Once there is a bill: paid in part, credited, refunded, with evidence asked for."""
    number = Invoice.objects.filter(payer=company).earliest("issued_on").number
    billing.record_transfer(
        payer=company,
        amount=5_000_000,
        received_on=TODAY,
        depositor=write("paid by")[:30],
        invoice=number,
        today=TODAY,
        by=BY,
    )
    billing.credit(number=number, supply=10, reason=write("credit"), today=TODAY, by=BY)
    payment = Payment.objects.filter(payer=company).latest("pk")
    refund = billing.begin_refund(
        number=payment.number, amount=1, reason=write("refund"), today=TODAY, by=BY
    )
    billing.record_refund(
        number=refund.number, is_done=True, gateway_id="", reason="", today=TODAY, by=BY
    )
    for asked in billing.ask_cash_receipt(
        payer=company,
        number=number,
        purpose=Purpose.INCOME,
        identity="01012345678",
        today=TODAY,
        by=BY,
    ):
        billing.refuse_cash_receipt(
            evidence_id=asked.pk, reason=write("evidence"), today=TODAY, by=BY
        )


def others(company: str, write: Write = plain) -> None:
    """The same owner's companies in the other states: in trial, with a reservation, expired, at
    their end, and one that owes its own bill."""
    for state in ("fresh", "kept", "late", "ended", "owes"):
        one = f"{company}-{state}"
        if state in ("ended", "owes"):
            paid(one, on=BEGUN, accounts=1)
        else:
            trial(one, on=BEGUN, accounts=1, trial_days={"late": 40}.get(state, 60))
        details(one, write)
        groups.add_admin(
            company_id=one, email=f"owner@{company}.example", role=Role.OWNER, today=BEGUN, by=BY
        )
    card(f"{company}-owes")
    products.reserve(
        company_id=f"{company}-kept",
        plan=Plan.COLLABO,
        cycle=Cycle.MONTHLY,
        start=date(2026, 4, 20),
        today=BEGUN,
        by=BY,
    )
    groups.add_admin(
        company_id=f"{company}-kin",
        email=f"owner@{company}.example",
        role=Role.OWNER,
        today=BEGUN,
        by=BY,
    )


def waiting(company: str, write: Write = plain) -> None:
    """On the last day: an application that staff looks at, an upgrade, an end, a mail given up."""
    products.request_upgrade(
        company_id=f"{company}-kin", plan=Plan.COLLABO, by_support=False, today=TODAY, by=BY
    )
    terminate(company_id=f"{company}-ended", grace_days=9, today=TODAY, by=BY)
    applied = products.apply_for_group(
        company_id=company, companies=[Wanted(f"{company}-no", "9998100015")], today=TODAY, by=BY
    )
    groups.receive_application(application_id=applied.row.pk, today=TODAY, by=BY)
    billing.record_transfer(
        payer=f"{company}-owes",
        amount=1_000,
        received_on=TODAY,
        invoice=f"{company}-owes-202604-1",
        today=TODAY,
        by=BY,
    )
    Mail.objects.filter(company=f"{company}-fresh").update(
        state=Mail.State.FAILED, last_error=write("mail error")
    )
    Parked.objects.create(
        job="charge", day=TODAY, company=f"{company}-fresh", reason="error", detail=write("detail")
    )
    groups.invite_admin(
        company_id=company, email=f"new@{company}.example", role=Role.VIEWER, today=TODAY, by=BY
    )
    password_reset.send(email=f"viewer@{company}.example", company_id=None, today=TODAY)
    password_reset.send(email=f"p1@{company}.example", company_id=company, today=TODAY)
    actor = Actor.user(owner_of(company).pk, address="192.0.2.7")
    groups.set_billing_addresses(
        company_id=company,
        billing_addresses=[f"bills@{company}.example", f"more@{company}.example"],
        topics=None,
        today=TODAY,
        by=actor,
    )


def build(*companies: str, write: Callable[[str], Write] = lambda _company: plain) -> None:
    """Each of these companies with all that is theirs, up to today. Their keys lie far apart."""
    for company in companies:
        begin(company, write(company))
        others(company, write(company))
        lift_sequences()
    billing.set_holiday(
        day=date(2026, 4, 30), name=write(companies[0])("holiday"), today=BEGUN, by=BY
    )
    daily.run(until=TODAY, grace_days=30)
    for company in companies:
        bill(company, write(company))
        waiting(company, write(company))
        lift_sequences()


def everybody(company: str) -> Everybody:
    return Everybody(
        owner=User.objects.get(email=f"owner@{company}.example"),
        boss=User.objects.get(email=f"p0@{company}.example"),
        clerk=User.objects.get(email=f"p1@{company}.example"),
        staff=groups.set_sign_in(
            email="staff@console.example", password="", staff_roles=list(StaffRole)
        ),
    )


def lift_sequences() -> None:
    """From here on, no new key is one that any row of any table has: each sequence begins anew,
    in a range of its own."""
    names = sql.column("SELECT sequencename::text FROM pg_sequences WHERE schemaname = 'public'")
    (most,) = sql.column(
        "SELECT coalesce(max(last_value), 0) FROM pg_sequences WHERE schemaname = 'public'"
    )
    for number, name in enumerate(sorted(names), start=most // 1000 + 1):
        sql.rows("SELECT setval(%(name)s::regclass, %(to)s)", name=f'"{name}"', to=1000 * number)


def departments(company: str) -> list[int]:
    return list(Department.objects.filter(company=company).values_list("pk", flat=True))
