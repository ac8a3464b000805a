"""A company in every state there is, all of one owner, for tests that look at every page.

An act of a story (`["states", <accounts of the largest>]`): a process of its own makes them, by the
console's own operations and daily jobs.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings

OWNER: Final = "admin@acme.example"
STAFF: Final = "staff@console.example"
PASSWORD: Final = "every-state-2026!"

BEGUN: Final = date(2026, 3, 2)
TODAY: Final = date(2026, 5, 12)
LONG: Final = "가나다라마바사아자차" * 6  # 60 letters without a place to break

STATES: Final = (
    "empty",  # just created: a trial with nobody in it
    "trial",  # nine more days, nothing reserved
    "lastday",  # the last day of a trial
    "reserved",
    "acme",  # paid by card: bills, papers, credit note, budget, token, invitation
    "unpaid",  # bills that are late, nothing to pay with, storage nearly full
    "upgrading",
    "grace",  # its trial is over, its data still there
    "ended",  # terminated, its last bill open
    "lead",  # represents a group
    "member",
    "asked",  # asked to join a group
    "names",  # all names are as long as may be
    "many",  # a thousand accounts or more, and what they cost
    "zero",  # paid, and nobody in it
)


def build(accounts: int) -> None:
    """All of STATES as they are on TODAY, for one owner; and support staff."""
    from tests.companies import paid, trial
    from workplace_console import daily

    settings.DELETION_GRACE_DAYS = 30
    settings.CONSOLE_TODAY = BEGUN
    for company in ("acme", "unpaid", "upgrading", "ended", "lead", "names"):
        paid(company, on=BEGUN, accounts=7)
    member()
    paid("many", on=BEGUN)
    register_many("many", accounts)
    paid("zero", on=BEGUN, accounts=0)
    trial("grace", on=BEGUN, accounts=3, trial_days=60)
    trial("lastday", on=BEGUN, accounts=3, trial_days=(TODAY - BEGUN).days + 1)
    pay_by_card("acme", "many")
    fill("unpaid")
    daily.run(until=TODAY - timedelta(days=1))
    settings.CONSOLE_TODAY = TODAY
    trial("empty", on=TODAY)
    trial("trial", on=TODAY, accounts=3, trial_days=9)
    trial("asked", on=TODAY, accounts=3)
    trial("reserved", on=TODAY, accounts=3)
    daily.run(until=TODAY)
    today()
    let_in()


def common(on: date) -> dict[str, Any]:
    from tests.companies import BY

    return {"today": on, "by": BY}


def register_many(company: str, count: int) -> None:
    from products import operations

    operations.register_new_persons(company_id=company, count=count, **common(BEGUN))


def member() -> None:
    """A group of two, the other one's contract for a year."""
    from products import operations
    from products.choices import Cycle, Plan
    from tests.companies import paid

    paid("member", on=BEGUN, accounts=5, plan=Plan.COLLABO, cycle=Cycle.ANNUAL)
    operations.form_group(company_id="lead", members=["member"], **common(BEGUN))


def pay_by_card(*companies: str) -> None:
    from billing import operations
    from billing.gateway import mock

    for company in companies:
        operations.register_card(
            company_id=company,
            billing_key=mock.issue(company, mock.APPROVES),
            brand=mock.BRAND,
            last_four=mock.APPROVES,
            **common(BEGUN),
        )


def fill(company: str) -> None:
    from products import operations
    from products.choices import StorageCategory
    from workplace_console.common import sizes

    for category in StorageCategory:
        operations.report_storage(
            company_id=company, category=category, bytes=120 * sizes.GB, **common(BEGUN)
        )


def today() -> None:
    """What is done on the day itself."""
    from products import operations as products
    from products.choices import Cycle, Plan
    from workplace_console.termination import terminate

    now = common(TODAY)
    products.reserve(
        company_id="reserved",
        plan=Plan.COLLABO,
        cycle=Cycle.ANNUAL,
        start=TODAY + timedelta(days=9),
        **now,
    )
    products.request_upgrade(company_id="upgrading", plan=Plan.COLLABO, **now)
    products.add_capacity(company_id="many", tb=100, **now)
    groups_asked()
    long_names()
    papers()
    people_and_programs()
    terminate(company_id="ended", **now)


def groups_asked() -> None:
    """A company asked to agree to be one of a group."""
    from groupco import operations as groups
    from groupco.models import Company
    from groupco.rules import Wanted
    from products import operations as products

    now = common(TODAY)
    Company.objects.filter(pk="asked").update(business_number="9998100015")
    found = products.apply_for_group(
        company_id="lead", companies=[Wanted("asked", "9998100015")], **now
    )
    groups.receive_application(application_id=found.row.pk, **now)
    products.match_application(application_id=found.row.pk, **now)


def long_names() -> None:
    from groupco import operations as groups
    from groupco.choices import Role
    from groupco.models import Company
    from groupco.operations import Person
    from products import operations as products

    now = common(TODAY)
    Company.objects.filter(pk="names").update(name=LONG, representative=LONG, address=LONG * 2)
    mails = [f"{'a-long-name' * 5}{n}@{'long-domain' * 4}.example" for n in range(3)]
    persons = [Person(f"N{n}{'0' * 17}", f"{LONG}{n}", mail) for n, mail in enumerate(mails)]
    products.register_accounts(company_id="names", persons=persons, **now)
    above = None
    for _depth in range(4):
        above = groups.add_department(
            company_id="names", name=LONG, parent_id=above and above.pk, **now
        )
    groups.set_billing_addresses(company_id="names", billing_addresses=mails, **now)
    groups.invite_admin(company_id="names", email=mails[0], role=Role.VIEWER, **now)


def papers() -> None:
    """A credit note and a budget that is passed; a tax invoice; a receipt that is asked for."""
    from billing import operations
    from billing.models import Purpose

    now = common(TODAY)
    operations.credit(number="acme-202605-1", supply=1000, reason=LONG, **now)
    operations.set_budget(company_id="acme", amount=10_000, **now)
    operations.set_budget(company_id="many", amount=2_000_000_000, **now)
    operations.record_tax_invoice(
        number="lead-202605-1",
        approval=f"{TODAY:%Y%m%d}4100001234567890",
        written_on=TODAY,
        **now,
    )
    operations.record_transfer(
        payer="unpaid", amount=5000, received_on=TODAY, invoice="unpaid-202604-1", **now
    )
    operations.ask_cash_receipt(
        payer="unpaid",
        number="unpaid-202604-1",
        purpose=Purpose.INCOME,
        identity="010-1234-5678",
        **now,
    )


def people_and_programs() -> None:
    from groupco import operations as groups
    from groupco.choices import Role, Scope
    from products import operations as products

    now = common(TODAY)
    products.issue_token(company_id="acme", name=LONG, scopes=list(Scope), **now)
    groups.invite_admin(company_id="acme", email="new@acme.example", role=Role.BILLING, **now)


def let_in() -> None:
    """One owner of all; one of the staff; a workplace admin of acme."""
    from groupco import operations as groups
    from groupco.choices import Role
    from groupco.models import Company, Employee, User

    for company in Company.objects.exclude(pk="acme").values_list("pk", flat=True):
        groups.add_admin(company_id=company, email=OWNER, role=Role.OWNER, **common(TODAY))
    for email in (OWNER, STAFF):
        groups.set_sign_in(email=email, password=PASSWORD)
    groups.set_sign_in(email=STAFF, password=PASSWORD, staff_roles=["support", "billing"])
    boss = User.objects.get(email=OWNER)
    first = Employee.objects.filter(company_id="acme").order_by("pk")[0]
    groups.link_employee(company_id="acme", number=first.number, user=boss, is_workplace_admin=True)
