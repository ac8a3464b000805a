"""Demo data: six companies and eight months, lived through the operations and the daily jobs.

All days are reckoned from the day it is loaded. docs/demo.md says what each company shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Final

from django.db import transaction

from billing import operations as billing
from billing import queries as queries_of_billing
from billing.gateway import mock
from groupco import operations as groups
from groupco import queries
from groupco.choices import Role, StaffRole
from groupco.operations import Person
from products import operations as products
from products import queries as queries_of_products
from products.choices import Cycle, Plan, StorageCategory
from workplace_console import collection, daily
from workplace_console.common import clock, days, sql
from workplace_console.common.audit import Actor
from workplace_console.common.refusal import Refused, gettext_noop
from workplace_console.demo.group import FORMING
from workplace_console.demo.organisation import organise
from workplace_console.signup import sign_up

BY: Final = Actor.command("demo")
LOCK: Final = int.from_bytes(b"demo")
PASSWORD: Final = "demo-Console-2026!"  # noqa: S105 - printed at every start
STAFF: Final = "support@console.example"

SURNAMES: Final = "김이박최정강조윤장임한오서신권황안송류홍"
SYLLABLES: Final = "서연민준지우도윤하은예준시우수아주원건우유진채원현우지호다인은서태윤소율"


@dataclass(frozen=True)
class Paid:
    """What a company pays for, from so many days before today on."""

    plan: Plan
    cycle: Cycle
    since: int


@dataclass(frozen=True)
class DemoCompany:
    """A company of the demo; days are counted back from today."""

    id: str
    name: str
    business_number: str
    signed_up: int
    persons: int
    paid: Paid | None = None
    grows: bool = False

    @property
    def admin(self) -> str:
        return f"admin@{self.id}.example"


# Business numbers that pass the check and belong to nobody: there is no tax office 999.
COMPANIES: Final = (
    DemoCompany(
        "hanbit",
        "한빛테크",
        "9998100015",
        240,
        104,
        Paid(Plan.WORKPLACE, Cycle.MONTHLY, 225),
        grows=True,
    ),
    DemoCompany(
        "saebyeok", "새벽물류", "9998100029", 235, 46, Paid(Plan.COLLABO, Cycle.ANNUAL, 220)
    ),
    DemoCompany(
        "nuri", "누리디자인", "9998100034", 200, 23, Paid(Plan.COLLABO_PLUS, Cycle.MONTHLY, 190)
    ),
    DemoCompany(
        "garam",
        "가람식품",
        "9998100048",
        150,
        61,
        Paid(Plan.WORKPLACE, Cycle.MONTHLY, 130),
        grows=True,
    ),
    DemoCompany("dasom", "다솜소프트", "9998100053", 18, 14),
    DemoCompany("maru", "마루건설", "9998100067", 10, 32),
)


def is_loaded() -> bool:
    """Whether the demo's companies are there."""
    return queries.company(COMPANIES[0].id) is not None


def load(*, today: date) -> None:
    """Live through the demo's months. Raises Refused: not_empty, and then nothing is written."""
    random = Random(20260101)  # noqa: S311 - the same people every time
    with transaction.atomic():
        sql.rows("SELECT pg_advisory_xact_lock(%(lock)s)", lock=LOCK)
        if queries.first_sign_up() is not None:
            raise Refused(
                "not_empty",
                gettext_noop(
                    "이미 회사가 있는 데이터베이스입니다. 빈 데이터베이스에서 불러오세요."
                ),
            )
        groups.set_sign_in(email=STAFF, password=PASSWORD, staff_roles=list(StaffRole))
        first = today - timedelta(days=max(company.signed_up for company in COMPANIES))
        acts = [act for company in COMPANIES for act in _story(company, today, random)]
        for day in days.each(first, today):
            daily.run(until=day)
            collection.collect(today=day)
            for on, act in acts:
                if on == day:
                    act(day)
        _let_in_everywhere(today)
        organise(today=today, by=BY)


def sign_ins() -> str:
    """Who can sign in, as `make run` prints it."""
    lines = [f"{'콘솔 관리자':<8} {company.admin}" for company in COMPANIES]
    lines.append("WORKPLACE 관리자 manager@<회사 id>.example · 사원 employee@<회사 id>.example")
    lines.append(f"고객지원 {STAFF}")
    lines.append(f"비밀번호는 모두 {PASSWORD}")
    return "\n".join(lines)


Act = tuple[date, Callable[[date], None]]


def _story(company: DemoCompany, today: date, random: Random) -> Iterator[Act]:
    """What happens in a company, and when."""
    born = today - timedelta(days=company.signed_up)
    people = _people(company.id, random)
    first_persons = [next(people) for _ in range(company.persons)]

    def begin(day: date) -> None:
        sign_up(
            company_id=company.id,
            name=company.name,
            admin=company.admin,
            business_number=company.business_number,
            today=day,
            by=BY,
        )
        products.register_accounts(company_id=company.id, persons=first_persons, today=day, by=BY)
        _let_in(company)

    yield born, begin
    if company.paid:
        yield from _paid_story(company, company.paid, today, people, random)
    for ago in range(USE_KNOWN, -1, -7):
        yield today - timedelta(days=ago), partial(_use, company, ago)
    for ago, act in EPISODES.get(company.id, ()):
        yield today - timedelta(days=ago), act
    if company.id == "maru":
        yield (
            today - timedelta(days=2),
            lambda day: _reserve(
                company, Plan.COLLABO, Cycle.MONTHLY, day + timedelta(days=12), day
            ),
        )


def _paid_story(
    company: DemoCompany, paid: Paid, today: date, people: Iterator[Person], random: Random
) -> Iterator[Act]:
    start = today - timedelta(days=paid.since)
    yield (
        start - timedelta(days=7),
        lambda day: _reserve(company, paid.plan, paid.cycle, start, day),
    )
    for day in days.each(start, today - days.ONE_DAY):
        if random.random() < (0.14 if company.grows else 0.05):
            yield day, lambda day: _join(company, [next(people)], day)
        if random.random() < 0.04:
            yield day, lambda day: _leave(company, 1, day)


def _register_card(company_id: str) -> Callable[[date], None]:
    """Pay by one of the mock gateway's cards from a day on. R: E10."""

    def act(day: date) -> None:
        key = mock.issue(company_id, mock.APPROVES)
        billing.register_card(
            company_id=company_id,
            billing_key=key,
            brand=mock.BRAND,
            last_four=mock.APPROVES,
            today=day,
            by=BY,
        )

    return act


def _register_transfer(company_id: str, name: str) -> Callable[[date], None]:
    def act(day: date) -> None:
        billing.register_transfer(company_id=company_id, depositor=name, today=day, by=BY)

    return act


def _set_budget(company_id: str, amount: int) -> Callable[[date], None]:
    def act(day: date) -> None:
        billing.set_budget(company_id=company_id, amount=amount, today=day, by=BY)

    return act


def _transfer(company_id: str) -> Callable[[date], None]:
    """Staff records that what is due by a day has come. R: E12."""

    def act(day: date) -> None:
        for bill in queries_of_billing.open_bills([company_id]):
            if bill.due_on <= day:
                billing.record_transfer(
                    payer=company_id,
                    amount=bill.open,
                    received_on=day,
                    invoice=bill.number,
                    today=day,
                    by=BY,
                )

    return act


def _add_capacity(day: date) -> None:
    products.add_capacity(company_id="hanbit", tb=2, today=day, by=BY)


def _register_again(day: date) -> None:
    """A spreadsheet has dropped the zeros of a number: one person gets a second account."""
    person = queries.accounts_now("hanbit", day)[6].employee
    again = Person(person.number.lstrip("0"), person.name)
    products.register_accounts(company_id="hanbit", persons=[again], today=day, by=BY)


def _store(company_id: str, percent: int) -> Callable[[date], None]:
    """So many percent of a company's shared capacity are in use from a day on. R: D2, D3."""

    def act(day: date) -> None:
        total = queries_of_products.capacity(company_id, day).total
        for category, part in SHARES.items():
            products.report_storage(
                company_id=company_id,
                category=category,
                bytes=total * percent * part // 10_000,
                today=day,
                by=BY,
            )

    return act


def _count_cards(company_id: str, count: int) -> Callable[[date], None]:
    """So many corporate cards are linked to a company at nine in the morning of a day. R: F2."""

    def act(day: date) -> None:
        as_of = datetime.combine(day, time(9), tzinfo=clock.SEOUL)
        products.report_cards(company_id=company_id, count=count, as_of=as_of, today=day, by=BY)

    return act


# What uses shared capacity, in percent of the use.
SHARES: Final = {
    StorageCategory.ATTACHMENT: 52,
    StorageCategory.MESSENGER: 29,
    StorageCategory.BOARD: 14,
    StorageCategory.PHOTO: 5,
}

# What happens once, so many days ago: a group with one bill, added capacity, storage that fills up,
# cards that are counted.
EPISODES: Final[dict[str, Sequence[tuple[int, Callable[[date], None]]]]] = {
    "hanbit": (
        (224, _register_card("hanbit")),
        (200, _store("hanbit", 31)),
        *FORMING,
        (100, _store("hanbit", 88)),
        (96, _add_capacity),
        (75, _store("hanbit", 34)),
        (45, _store("hanbit", 37)),
        (40, _register_again),
        (30, _set_budget("hanbit", 1_900_000)),
        (20, _store("hanbit", 42)),
        (1, _count_cards("hanbit", 17)),
    ),
    "saebyeok": (
        (219, _register_card("saebyeok")),
        (120, _store("saebyeok", 37)),
        (1, _count_cards("saebyeok", 6)),
    ),
    "nuri": ((189, _register_card("nuri")), (90, _store("nuri", 18)), (2, _count_cards("nuri", 3))),
    "garam": (
        (129, _register_transfer("garam", "가람식품")),
        # The bills of the last weeks are still open.
        *((ago, _transfer("garam")) for ago in range(120, 45, -15)),
        (80, _store("garam", 61)),
        (30, _store("garam", 84)),
        (12, _store("garam", 89)),
        (3, _store("garam", 94)),
    ),
    "dasom": ((5, _store("dasom", 2)),),
}


def _reserve(company: DemoCompany, plan: Plan, cycle: Cycle, start: date, day: date) -> None:
    products.reserve(company_id=company.id, plan=plan, cycle=cycle, start=start, today=day, by=BY)


# WORKPLACE reports who uses it since so many days; in each company some stopped long ago.
USE_KNOWN: Final = 63
LAST_USE: Final = 40
ONE_IN: Final = 19


def _use(company: DemoCompany, ago: int, day: date) -> None:
    persons = [account.employee.number for account in queries.accounts_now(company.id, day)]
    numbers = [n for n in persons if ago > LAST_USE or int(n) % ONE_IN != ONE_IN - 1]
    if numbers:
        products.report_use(company_id=company.id, numbers=numbers, today=day, by=BY)


def _join(company: DemoCompany, persons: list[Person], day: date) -> None:
    products.register_accounts(company_id=company.id, persons=persons, today=day, by=BY)


def _leave(company: DemoCompany, count: int, day: date) -> None:
    products.exclude_newest(company_id=company.id, count=count, today=day, by=BY)


def _people(company_id: str, random: Random) -> Iterator[Person]:
    """Employees without end; the first two are those who sign in."""
    for number in count(1):
        name = random.choice(SURNAMES) + "".join(random.sample(SYLLABLES, 2))
        local = {1: "manager", 2: "employee"}.get(number, f"e{number:04d}")
        yield Person(f"{number:04d}", name, f"{local}@{company_id}.example")


def _let_in(company: DemoCompany) -> None:
    """The company's admin, its workplace admin and an employee can sign in from the start."""
    groups.set_sign_in(email=company.admin, password=PASSWORD)
    for number, who in (("0001", "manager"), ("0002", "employee")):
        user = groups.set_sign_in(email=f"{who}@{company.id}.example", password=PASSWORD)
        groups.link_employee(
            company_id=company.id,
            number=number,
            user=user,
            is_workplace_admin=who == "manager",
        )


def _let_in_everywhere(today: date) -> None:
    """The representative's admin, at the companies of the group."""
    for company_id in ("saebyeok", "nuri"):
        groups.add_admin(
            company_id=company_id,
            email=COMPANIES[0].admin,
            role=Role.OWNER,
            today=today,
            by=BY,
        )
