"""A second, independent reckoning of the simulator's contract, for tests to judge the product by.

Plain Python, day by day, as close to the words of the contract as possible and with no thought
for speed. It shares no code with the product. Rule numbers (B3, E2 ...) are those of the
requirements; "contract" is the page on ``manage.py simulate``.

To add a kind of event: its keys in ``EVENT_KEYS``, a function in ``EVENTS``, and where the day's
jobs must know of it, a step in ``jobs_of_midnight``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

Json = dict[str, Any]

PLANS = ["workplace", "collabo", "collabo_plus"]  # low to high
CYCLES = ["monthly", "annual"]
ITEMS = ["seat", "capacity"]  # the order of an invoice's lines
ONE_DAY = timedelta(days=1)
GIB = 1024**3
BASE_GB = {"workplace": 512, "collabo": 512, "collabo_plus": 1024}  # D1
REMINDER_DAYS = [7, 3, 1]  # B6
DEFAULT_TRIAL_DAYS = 30

CATEGORIES = ["attachment", "photo", "messenger", "board"]  # D2

# What a run can pass through (see ``seen`` of ``answer``).
EVENT_KINDS = [
    "reserve",
    "change_reservation",
    "cancel_reservation",
    "register_accounts",
    "exclude_accounts",
    "request_upgrade",
    "cancel_upgrade",
    "add_capacity",
    "return_capacity",
    "report_storage",
    "form_group",
    "join_group",
    "terminate",
]
REJECTION_CODES = [
    "not_active",
    "already_paid",
    "already_reserved",
    "reservation_out_of_range",
    "reservation_started",
    "no_reservation",
    "not_that_many_accounts",
    "not_paid",
    "not_an_upgrade",
    "upgrade_pending",
    "no_upgrade_pending",
    "capacity_in_use",
    "nothing_to_return",
    "already_grouped",
    "not_a_representative",
    "representative_of_group",
]
MAIL_KINDS = [
    "trial_started",
    "conversion_reserved",
    "conversion_changed",
    "conversion_cancelled",
    "conversion_started",
    "trial_ending",
    "trial_expired",
    "data_deleted",
    "invoice_issued",
    "upgrade_requested",
    "upgrade_cancelled",
    "upgrade_applied",
    "capacity_added",
    "capacity_returned",
    "capacity_low",
    "capacity_full",
    "group_formed",
    "terminated",
]
STATES = ["trial", "reserved", "paid", "expired", "terminated"]
SITUATIONS = [
    "immediate conversion by reserve",
    "immediate conversion by change",
    "first paid day is the last trial day",
    "begun on the day until",
    "trial of one day",
    "registered and excluded on one day",
    "event before sign-up",
    "event after expiry",
    "several companies expire on one day",
    "month partly paid",
    "price change splits a monthly line",
    "price change splits an annual line",
    "invoice of 0 won",
    "annual invoice",
    "annual invoice over a 29 February",
    "contract year from a 29 February",
    "two invoices on one day",
    "upgrade in mid month",
    "upgrade of an annual contract",
    "upgrade pending at termination",
    "terminated in trial",
    "member terminated",
    "member terminated on a 1st",
    "annual line of an ended member on its representative's invoice",
    "annual line on a final invoice",
    "final invoice beside a regular one",
    "representative terminated after its members",
    "final invoice with days of former members",
    "two payers of one company in one period",
    "member expired",
    "capacity returned and added on one day",
    "capacity line",
]

# Each kind's own keys: those it must have, those it may have.
EVENT_KEYS: dict[str, tuple[set[str], set[str]]] = {
    "reserve": ({"plan", "cycle", "start"}, set()),
    "change_reservation": (set(), {"plan", "cycle", "start"}),
    "cancel_reservation": (set(), set()),
    "register_accounts": ({"count"}, set()),
    "exclude_accounts": ({"count"}, set()),
    "request_upgrade": ({"plan"}, set()),
    "cancel_upgrade": (set(), set()),
    "add_capacity": ({"tb"}, set()),
    "return_capacity": ({"tb"}, set()),
    "report_storage": ({"category", "bytes"}, set()),
    "form_group": ({"members"}, set()),
    "join_group": ({"representative"}, set()),
    "terminate": (set(), set()),
}

# E11, in force when the scenario leaves `prices` out.
CATALOGUE: list[Json] = [
    {"item": "seat", "plan": plan, "cycle": cycle, "unit_price": price, "from": "0001-01-01"}
    for cycle, prices in (("monthly", (5000, 8000, 12000)), ("annual", (50000, 80000, 120000)))
    for plan, price in zip(PLANS, prices, strict=True)
] + [{"item": "capacity", "unit_price": 90000, "from": "0001-01-01"}]


class Malformed(ValueError):
    """The scenario itself is wrong: there is no answer."""


class Refused(Exception):
    """The rules refuse an event; nothing has been changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# --- Days -----------------------------------------------------------------------------------------


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """The last day of the day's calendar month: walk until the month changes."""
    while (day + ONE_DAY).month == day.month:
        day += ONE_DAY
    return day


def anniversary(first_day: date, years: int) -> date:
    """Contract: a start on 29 February has its anniversary on 28 February in common years."""
    try:
        return first_day.replace(year=first_day.year + years)
    except ValueError:
        return date(first_day.year + years, 2, 28)


def contract_year(first_day: date, day: date) -> tuple[date, date]:
    """First and last day of the contract year holding the day, reckoned from the first start."""
    years = 0
    while anniversary(first_day, years + 1) <= day:
        years += 1
    return anniversary(first_day, years), anniversary(first_day, years + 1) - ONE_DAY


def length(first: date, last: date) -> int:
    """Both ends count."""
    return (last - first).days + 1


# --- What a run holds -----------------------------------------------------------------------------


@dataclass
class Account:
    registered_on: date
    excluded_on: date | None = None  # the last day it counts

    def counts_on(self, day: date) -> bool:
        """E4: every day of [registered_on, excluded_on]."""
        return self.registered_on <= day and (self.excluded_on is None or day <= self.excluded_on)


@dataclass
class Reservation:
    plan: str
    cycle: str
    start: date


@dataclass
class Company:
    id: str
    signed_up_on: date
    last_trial_day: date
    accounts: list[Account] = field(default_factory=list)  # in the order of registration
    reservation: Reservation | None = None  # not begun yet
    paid_from: date | None = None
    plan: str | None = None
    cycle: str | None = None
    expired: bool = False
    terminated_on: date | None = None
    upgrade_to: str | None = None  # from the next 00:00 on
    tb: int = 0  # held now
    most_tb_today: int = 0
    stored: dict[str, int] = field(default_factory=dict)
    told: str | None = None  # "low", "full": the alert that stands
    is_representative: bool = False
    representative: str | None = None  # of the group it is a member of

    def registered(self) -> list[Account]:
        """The accounts registered at this moment."""
        return [account for account in self.accounts if account.excluded_on is None]

    def capacity(self) -> int:
        """D1: base of the plan (in trial the WORKPLACE one's), 1 GB an account, added TB."""
        base = BASE_GB[self.plan or "workplace"]
        return (base + len(self.registered()) + self.tb * 1024) * GIB

    def in_group(self) -> bool:
        return self.is_representative or self.representative is not None

    def ended(self) -> bool:
        return self.expired or self.terminated_on is not None

    def state(self) -> str:
        if self.terminated_on is not None:
            return "terminated"
        if self.expired:
            return "expired"
        if self.paid_from is not None:
            return "paid"
        if self.reservation is not None:
            return "reserved"
        return "trial"


@dataclass
class Charge:
    """E1: a company's quantity of one item on one day, with price and payer of that day."""

    day: date
    payer: str
    company: str
    item: str
    plan: str | None
    cycle: str | None
    unit_price: int
    quantity: int
    period: tuple[date, date]  # the calendar month, or of an annual line the contract year
    invoiced: bool = False


@dataclass
class Run:
    prices: list[Json]
    seen: set[str]
    companies: dict[str, Company] = field(default_factory=dict)  # only those signed up
    charges: list[Charge] = field(default_factory=list)
    payers: dict[tuple[Any, ...], set[str]] = field(default_factory=dict)  # of a company's period
    invoices: list[Json] = field(default_factory=list)
    rejected: list[Json] = field(default_factory=list)
    mails: list[Json] = field(default_factory=list)
    deleted: list[Json] = field(default_factory=list)

    def by_id(self) -> list[Company]:
        return [self.companies[company_id] for company_id in sorted(self.companies)]

    def mail(self, on: date, company: str, kind: str) -> None:
        self.mails.append({"on": on.isoformat(), "company": company, "kind": kind})
        self.seen.add(f"mail:{kind}")

    def met(self, situation: str) -> None:
        assert situation in SITUATIONS, situation
        self.seen.add(f"situation:{situation}")


# --- The whole ------------------------------------------------------------------------------------


def answer(scenario: Json, seen: set[str] | None = None) -> Json:
    """The answer to a scenario.

    ``seen`` collects what was passed through: ``event:<kind>``, ``code:<rejection code>``,
    ``mail:<kind>``, ``state:<final state>`` and ``situation:<one of SITUATIONS>``.
    """
    check(scenario)
    run = Run(
        prices=scenario.get("prices", CATALOGUE),
        seen=set() if seen is None else seen,
    )
    start = date.fromisoformat(scenario["start"])
    until = date.fromisoformat(scenario["until"])

    # Contract: on each day first the jobs of its 00:00, then its companies sign up, then its
    # events happen, in the order written.
    day = start
    while day < until:
        jobs_of_midnight(run, day)
        for described in scenario["companies"]:
            if described.get("on", scenario["start"]) == day.isoformat():
                sign_up(run, described, day)
        for index, event in enumerate(scenario["events"]):
            if event["on"] == day.isoformat():
                happen(run, index, event, day)
        day += ONE_DAY
    # Contract: the daily jobs of 00:00 on `until` are the last thing to run.
    jobs_of_midnight(run, until)

    return {
        # Contract: by issue day, then payer; one made later on a day follows.
        "invoices": sorted(run.invoices, key=lambda row: (row["issued_on"], row["payer"])),
        "companies": {company.id: figures(run, company, until) for company in run.by_id()},
        "rejected": run.rejected,
        "mails": run.mails,
        "deleted": run.deleted,
    }


def comparable(given: Json) -> Json:
    """A copy of an answer without the messages of its refusals, whose wording is free.

    That each is a string that says something is checked here.
    """
    rows: list[Json] = []
    for row in given["rejected"]:
        message = row["message"]
        assert isinstance(message, str), f"no message in {row}"
        assert message.strip(), f"an empty message in {row}"
        rows.append({key: value for key, value in row.items() if key != "message"})
    return {**given, "rejected": rows}


# --- 00:00 ----------------------------------------------------------------------------------------


def jobs_of_midnight(run: Run, today: date) -> None:
    """The daily jobs of one day, in their order, each over the companies by id."""
    charge(run, today - ONE_DAY)
    close(run, today)
    expire(run, today)
    begin(run, today)
    upgrade(run, today)
    remind(run, today)
    for company in run.by_id():
        look_at_capacity(run, company, today)


def charge(run: Run, day: date) -> None:
    """E1: record the day's quantities of every company that was paid on it."""
    for company in run.by_id():
        if not company.ended():
            charge_company(run, company, day)
        company.most_tb_today = company.tb


def charge_company(run: Run, company: Company, day: date) -> None:
    if company.paid_from is None or company.paid_from > day:
        return  # B7
    month = first_of_month(day), last_of_month(day)  # E2
    period = contract_year(company.paid_from, day) if company.cycle == "annual" else month  # E3
    accounts = len([account for account in company.accounts if account.counts_on(day)])
    record(run, company, day, "seat", company.plan, company.cycle, accounts, period)
    # Contract: capacity counts, on each day, with the most that was held at any time of it.
    record(run, company, day, "capacity", None, None, company.most_tb_today, month)


def record(
    run: Run,
    company: Company,
    day: date,
    item: str,
    plan: str | None,
    cycle: str | None,
    quantity: int,
    period: tuple[date, date],
) -> None:
    if quantity == 0:
        return
    payer = company.representative or company.id  # F3
    run.payers.setdefault((company.id, item, period), set()).add(payer)
    run.charges.append(
        Charge(
            day=day,
            payer=payer,
            company=company.id,
            item=item,
            plan=plan,
            cycle=cycle,
            unit_price=price_on(run, day, item, plan, cycle),
            quantity=quantity,
            period=period,
        )
    )


def due_on(run: Run, row: Charge) -> date:
    """When a row falls due, unless a final invoice takes it.

    E2, E3: the day after its period. Contract: what another payer owes for a terminated company,
    on the next 1st at the latest.
    """
    due = row.period[1] + ONE_DAY
    terminated_on = run.companies[row.company].terminated_on
    if terminated_on is not None and row.payer != row.company:
        due = min(due, last_of_month(terminated_on) + ONE_DAY)
    return due


def price_on(run: Run, day: date, item: str, plan: str | None, cycle: str | None) -> int:
    """E11: the price in force on the day, the one that began last."""
    in_force = [
        price
        for price in run.prices
        if (price["item"], price.get("plan"), price.get("cycle")) == (item, plan, cycle)
        and date.fromisoformat(price["from"]) <= day
    ]
    if not in_force:
        raise Malformed(f"prices: none for {item} {plan} {cycle} on {day}")
    latest = max(in_force, key=lambda price: date.fromisoformat(price["from"]))
    unit_price: int = latest["unit_price"]
    return unit_price


def close(run: Run, today: date) -> None:
    """E5, E3: invoice, per payer, everything that has fallen due."""
    issued = 0
    for payer in sorted(run.companies):
        due = [
            row
            for row in run.charges
            if row.payer == payer and not row.invoiced and due_on(run, row) <= today
        ]
        if not due:
            continue  # no lines, no invoice
        invoice(run, payer, due, today, until=max(row.period[1] for row in due))
        issued += 1
        for row in due:
            if row.cycle == "annual" and row.period[1] >= today:
                run.met("annual line of an ended member on its representative's invoice")
    if issued > 1:
        run.met("two invoices on one day")


def invoice(run: Run, payer: str, due: list[Charge], today: date, *, until: date) -> None:
    """One invoice of these rows, issued today."""
    lines = lines_of(due)
    supply = sum(line["amount"] for line in lines)
    vat = floor(Fraction(supply, 10))
    run.invoices.append(
        {
            "payer": payer,
            "issued_on": today.isoformat(),
            "period": [min(row.period[0] for row in due).isoformat(), until.isoformat()],
            "supply": supply,
            "vat": vat,
            "total": supply + vat,
            "lines": lines,
        }
    )
    for row in due:
        row.invoiced = True
    run.mail(today, payer, "invoice_issued")
    note_invoice(run, due, lines, supply)


def lines_of(rows: list[Charge]) -> list[Json]:
    """E2, E3: one line per company, item, plan, cycle, unit price and period, floored by itself.

    Contract: ordered by company, item (seat before capacity), plan (low to high), unit price.
    """
    groups: dict[tuple[Any, ...], list[Charge]] = {}
    for row in rows:
        what = (row.company, row.item, row.plan, row.cycle, row.unit_price, row.period)
        groups.setdefault(what, []).append(row)

    lines: list[tuple[tuple[Any, ...], Json]] = []
    for (company, item, plan, cycle, unit_price, period), group in groups.items():
        quantity_days = sum(row.quantity for row in group)
        days_in_period = length(*period)
        rank = -1 if plan is None else PLANS.index(plan)
        order = (company, ITEMS.index(item), rank, unit_price, period)
        line = {
            "company": company,
            "item": item,
            "plan": plan,
            "cycle": cycle,
            "unit_price": unit_price,
            "quantity_days": quantity_days,
            "days_in_period": days_in_period,
            "amount": floor(Fraction(quantity_days * unit_price, days_in_period)),
        }
        lines.append((order, line))
    lines.sort(key=lambda pair: pair[0])
    return [line for _, line in lines]


def expire(run: Run, today: date) -> None:
    """B6: the last trial day has passed with no paid phase; the data goes in the same run (G3)."""
    over = [
        company
        for company in run.by_id()
        if not company.ended()
        and company.paid_from is None
        and company.last_trial_day == today - ONE_DAY
    ]
    for company in over:
        # A reservation lies within the trial, so it has begun by its last day.
        assert company.reservation is None
        company.expired = True
        if company.in_group():
            run.met("member expired")
        company.representative = None  # contract: it leaves its group
        run.mail(today, company.id, "trial_expired")
    for company in over:
        run.deleted.append(
            {"company": company.id, "on": today.isoformat(), "reason": "trial_expired"}
        )
        run.mail(today, company.id, "data_deleted")
    if len(over) > 1:
        run.met("several companies expire on one day")


def begin(run: Run, today: date) -> None:
    """B3, B5: the paid phases reserved for today on an earlier day."""
    for company in run.by_id():
        if company.reservation is not None and company.reservation.start == today:
            start_paid_phase(run, company, today)


def start_paid_phase(run: Run, company: Company, today: date) -> None:
    """B3: the reserved day is the first paid day and ends the trial."""
    assert company.reservation is not None
    assert company.reservation.start == today
    company.plan = company.reservation.plan
    company.cycle = company.reservation.cycle
    company.paid_from = today
    company.reservation = None
    run.mail(today, company.id, "conversion_started")
    if today == company.last_trial_day:
        run.met("first paid day is the last trial day")


def upgrade(run: Run, today: date) -> None:
    """C4: the plan asked for yesterday takes effect at this 00:00."""
    for company in run.by_id():
        if company.upgrade_to is not None:
            company.plan, company.upgrade_to = company.upgrade_to, None
            run.mail(today, company.id, "upgrade_applied")
            if today.day > 1:
                run.met("upgrade in mid month")
            if company.cycle == "annual":
                run.met("upgrade of an annual contract")


def look_at_capacity(run: Run, company: Company, today: date) -> None:
    """D3: tell once per crossing; again only after 2 points more than the bound were free."""
    if company.ended():
        return
    total, used = company.capacity(), sum(company.stored.values())
    free = Fraction(100 * (total - used), total)
    if free >= 12:
        company.told = None
    elif free >= 2 and company.told == "full":
        company.told = "low"
    if used >= total:
        if company.told != "full":
            company.told = "full"
            run.mail(today, company.id, "capacity_full")
    elif free <= 10 and company.told is None:
        company.told = "low"
        run.mail(today, company.id, "capacity_low")


def remind(run: Run, today: date) -> None:
    """B6: 7, 3 and 1 days before the end, while nothing is reserved."""
    for company in run.by_id():
        days_left = (company.last_trial_day - today).days
        if company.state() == "trial" and days_left in REMINDER_DAYS:
            run.mail(today, company.id, "trial_ending")


# --- Sign-up and events ---------------------------------------------------------------------------


def sign_up(run: Run, described: Json, today: date) -> None:
    """B1; contract: `companies`."""
    trial_days = described.get("trial_days", DEFAULT_TRIAL_DAYS)
    company = Company(
        id=described["id"],
        signed_up_on=today,
        last_trial_day=today + timedelta(days=trial_days - 1),
    )
    run.companies[company.id] = company
    run.mail(today, company.id, "trial_started")
    company.accounts += [Account(today) for _ in range(described.get("accounts", 0))]
    if trial_days == 1:
        run.met("trial of one day")


def happen(run: Run, index: int, event: Json, today: date) -> None:
    """Contract: a refused event changes nothing, and the run goes on."""
    run.seen.add(f"event:{event['do']}")
    try:
        company = active(run, event["company"])
        EVENTS[event["do"]](run, company, event, today)
        look_at_capacity(run, company, today)
    except Refused as refusal:
        run.rejected.append({"event": index, "code": refusal.code, "message": refusal.code})
        run.seen.add(f"code:{refusal.code}")


def active(run: Run, company_id: str) -> Company:
    """Contract: not_active is checked first, for the event's own company."""
    company = run.companies.get(company_id)
    if company is None:
        run.met("event before sign-up")
        raise Refused("not_active")
    if company.ended():
        if company.expired:
            run.met("event after expiry")
        raise Refused("not_active")
    return company


def reserve(run: Run, company: Company, event: Json, today: date) -> None:
    """B2, B3."""
    start = date.fromisoformat(event["start"])
    if company.paid_from is not None:
        raise Refused("already_paid")
    if company.reservation is not None:
        raise Refused("already_reserved")
    if start < today or start > company.last_trial_day:
        raise Refused("reservation_out_of_range")
    company.reservation = Reservation(event["plan"], event["cycle"], start)
    if start == today:  # contract: an immediate conversion mails conversion_started alone
        start_paid_phase(run, company, today)
        run.met("immediate conversion by reserve")
    else:
        run.mail(today, company.id, "conversion_reserved")


def change_reservation(run: Run, company: Company, event: Json, today: date) -> None:
    """B5; what is not given stays."""
    if company.paid_from is not None:
        raise Refused("reservation_started")
    if company.reservation is None:
        raise Refused("no_reservation")
    plan = event.get("plan", company.reservation.plan)
    cycle = event.get("cycle", company.reservation.cycle)
    start = company.reservation.start
    if "start" in event:
        start = date.fromisoformat(event["start"])
    if start < today or start > company.last_trial_day:
        raise Refused("reservation_out_of_range")
    company.reservation = Reservation(plan, cycle, start)
    if start == today:
        start_paid_phase(run, company, today)
        run.met("immediate conversion by change")
    else:
        run.mail(today, company.id, "conversion_changed")


def cancel_reservation(run: Run, company: Company, event: Json, today: date) -> None:
    """B5."""
    if company.paid_from is not None:
        raise Refused("reservation_started")
    if company.reservation is None:
        raise Refused("no_reservation")
    company.reservation = None
    run.mail(today, company.id, "conversion_cancelled")


def register_accounts(run: Run, company: Company, event: Json, today: date) -> None:
    """E4: new persons, from today on."""
    company.accounts += [Account(today) for _ in range(event["count"])]


def exclude_accounts(run: Run, company: Company, event: Json, today: date) -> None:
    """E4: those registered last go first; today still counts."""
    registered = company.registered()
    if event["count"] > len(registered):
        raise Refused("not_that_many_accounts")
    for account in registered[-event["count"] :]:
        account.excluded_on = today
        if account.registered_on == today:
            run.met("registered and excluded on one day")


def paid(company: Company) -> None:
    if company.paid_from is None:
        raise Refused("not_paid")


def request_upgrade(run: Run, company: Company, event: Json, today: date) -> None:
    """C1-C4."""
    paid(company)
    if company.upgrade_to is not None:
        raise Refused("upgrade_pending")
    if company.plan != "workplace" or event["plan"] == "workplace":
        raise Refused("not_an_upgrade")
    company.upgrade_to = event["plan"]
    run.mail(today, company.id, "upgrade_requested")


def cancel_upgrade(run: Run, company: Company, event: Json, today: date) -> None:
    """C4."""
    paid(company)
    if company.upgrade_to is None:
        raise Refused("no_upgrade_pending")
    company.upgrade_to = None
    run.mail(today, company.id, "upgrade_cancelled")


def add_capacity(run: Run, company: Company, event: Json, today: date) -> None:
    """D4."""
    paid(company)
    if company.most_tb_today > company.tb:
        run.met("capacity returned and added on one day")
    company.tb += event["tb"]
    company.most_tb_today = max(company.most_tb_today, company.tb)
    run.mail(today, company.id, "capacity_added")


def return_capacity(run: Run, company: Company, event: Json, today: date) -> None:
    """D5; contract: use equal to the capacity is allowed."""
    paid(company)
    if event["tb"] > company.tb:
        raise Refused("nothing_to_return")
    if sum(company.stored.values()) > company.capacity() - event["tb"] * 1024 * GIB:
        raise Refused("capacity_in_use")
    company.tb -= event["tb"]
    run.mail(today, company.id, "capacity_returned")


def report_storage(run: Run, company: Company, event: Json, today: date) -> None:
    """D2; contract: the category's new total."""
    company.stored[event["category"]] = event["bytes"]


def form_group(run: Run, company: Company, event: Json, today: date) -> None:
    """F1, F3, F7."""
    paid(company)
    everyone = [company.id, *event["members"]]
    for company_id in everyone:
        known = run.companies.get(company_id)
        if known is not None and known.in_group():
            raise Refused("already_grouped")
    for member in event["members"]:
        if member not in run.companies or run.companies[member].ended():
            raise Refused("not_active")
    company.is_representative = True
    for member in event["members"]:
        run.companies[member].representative = company.id
    for company_id in everyone:
        run.mail(today, company_id, "group_formed")


def join_group(run: Run, company: Company, event: Json, today: date) -> None:
    """F3, F7."""
    if company.in_group():
        raise Refused("already_grouped")
    representative = run.companies.get(event["representative"])
    if representative is None or not representative.is_representative:
        raise Refused("not_a_representative")
    company.representative = representative.id


def terminate(run: Run, company: Company, event: Json, today: date) -> None:
    """G3, G4: today is the last day charged, and what it owes is billed at once."""
    if any(other.representative == company.id for other in run.companies.values()):
        raise Refused("representative_of_group")
    note_end(run, company, today)
    charge_company(run, company, today)
    company.terminated_on = today
    company.reservation = company.upgrade_to = None
    rest = [row for row in run.charges if row.payer == company.id and not row.invoiced]
    if rest:
        invoice(run, company.id, rest, today, until=today)
        note_final(run, company, rest, today)
    company.is_representative, company.representative = False, None
    run.mail(today, company.id, "terminated")
    run.deleted.append({"company": company.id, "on": today.isoformat(), "reason": "terminated"})
    run.mail(today, company.id, "data_deleted")


EVENTS: dict[str, Callable[[Run, Company, Json, date], None]] = {
    "reserve": reserve,
    "change_reservation": change_reservation,
    "cancel_reservation": cancel_reservation,
    "register_accounts": register_accounts,
    "exclude_accounts": exclude_accounts,
    "request_upgrade": request_upgrade,
    "cancel_upgrade": cancel_upgrade,
    "add_capacity": add_capacity,
    "return_capacity": return_capacity,
    "report_storage": report_storage,
    "form_group": form_group,
    "join_group": join_group,
    "terminate": terminate,
}


# --- The state at the end -------------------------------------------------------------------------


def figures(run: Run, company: Company, until: date) -> Json:
    """Contract: `companies` of the answer, at the 00:00 of `until`, after its jobs."""
    state = company.state()
    run.seen.add(f"state:{state}")
    if company.paid_from == until:
        run.met("begun on the day until")
    if state in ("expired", "terminated"):
        return {
            "state": state,
            "plan": None,
            "cycle": None,
            "accounts": 0,
            "added_tb": 0,
            "shared_capacity_bytes": 0,
            "next_charge": 0,
        }
    return {
        "state": state,
        "plan": company.plan,
        "cycle": company.cycle,
        "accounts": len(company.registered()),
        "added_tb": company.tb,
        "shared_capacity_bytes": company.capacity(),
        "next_charge": next_charge(run, company.id, until),
    }


def next_charge(run: Run, payer: str, until: date) -> int:
    """E6: what closing the running month with the days charged so far would bill, annual apart."""
    rows = [
        row
        for row in run.charges
        if row.payer == payer
        and row.cycle != "annual"
        and first_of_month(until) <= row.day < until
        and not row.invoiced
    ]
    return sum(line["amount"] for line in lines_of(rows))


# --- For tests: what an invoice was an instance of ------------------------------------------------


def note_invoice(run: Run, due: list[Charge], lines: list[Json], supply: int) -> None:
    if supply == 0:
        run.met("invoice of 0 won")
    for cycle, label in (("monthly", "a monthly"), ("annual", "an annual")):
        if len({line["unit_price"] for line in lines if line["cycle"] == cycle}) > 1:
            run.met(f"price change splits {label} line")
    for row in due:
        note_charge(run, row)


def note_end(run: Run, company: Company, today: date) -> None:
    if company.paid_from is None:
        run.met("terminated in trial")
    if company.upgrade_to is not None:
        run.met("upgrade pending at termination")
    if company.representative is not None:
        run.met("member terminated")
        if today.day == 1:
            run.met("member terminated on a 1st")
    if company.is_representative:
        run.met("representative terminated after its members")


def note_final(run: Run, company: Company, rows: list[Charge], today: date) -> None:
    if any(row.cycle == "annual" for row in rows):
        run.met("annual line on a final invoice")
    if any(row.company != company.id for row in rows):
        run.met("final invoice with days of former members")
    of_today = [row for row in run.invoices if row["issued_on"] == today.isoformat()]
    if len([row for row in of_today if row["payer"] == company.id]) > 1:
        run.met("final invoice beside a regular one")


def note_charge(run: Run, row: Charge) -> None:
    if row.item == "capacity":
        run.met("capacity line")
    if len(run.payers[row.company, row.item, row.period]) > 1:
        run.met("two payers of one company in one period")
    paid_from = run.companies[row.company].paid_from
    assert paid_from is not None
    if row.cycle != "annual":
        if row.period[0] < paid_from:
            run.met("month partly paid")
        return
    run.met("annual invoice")
    if length(*row.period) == 366:
        run.met("annual invoice over a 29 February")
    if (paid_from.month, paid_from.day) == (2, 29):
        run.met("contract year from a 29 February")


# --- Malformed scenarios --------------------------------------------------------------------------


def check(scenario: Json) -> None:
    """Contract: what makes a scenario malformed (a missing price shows only when it is needed)."""
    require_keys("scenario", scenario, {"start", "until", "companies", "events"}, {"prices"})
    start = a_day("start", scenario["start"])
    until = a_day("until", scenario["until"])
    if until <= start:
        raise Malformed("until: not after start")

    known: set[str] = set()
    for index, company in enumerate(scenario["companies"]):
        place = f"companies[{index}]"
        check_company(place, company)
        in_run(f"{place}.on", company.get("on", scenario["start"]), start, until)
        if company["id"] in known:
            raise Malformed(f"{place}.id: given twice")
        known.add(company["id"])

    given: set[tuple[Any, ...]] = set()
    for index, price in enumerate(scenario.get("prices", [])):
        place = f"prices[{index}]"
        check_price(place, price)
        thing = (price["item"], price.get("plan"), price.get("cycle"), price["from"])
        if thing in given:
            raise Malformed(f"{place}: a second price for the same thing from the same day")
        given.add(thing)

    for index, event in enumerate(scenario["events"]):
        place = f"events[{index}]"
        check_event(place, event)
        in_run(f"{place}.on", event["on"], start, until)
        check_companies(place, event, known)


def check_companies(place: str, event: Json, known: set[str]) -> None:
    """The companies that an event names."""
    one_of(sorted(known), f"{place}.company", event["company"])
    if event["do"] == "join_group":
        one_of(sorted(known), f"{place}.representative", event["representative"])
    if event["do"] == "form_group":
        check_members(f"{place}.members", event, known)


def check_company(place: str, company: Json) -> None:
    require_keys(place, company, {"id"}, {"on", "accounts", "trial_days"})
    company_id = str(company["id"])
    if not re.fullmatch("[a-z]([a-z0-9-]{1,28}[a-z0-9])", company_id):
        raise Malformed(f"{place}.id: not a company id")  # A3
    if company_id.startswith("xn--"):
        raise Malformed(f"{place}.id: reserved")
    at_least(0, f"{place}.accounts", company.get("accounts", 0))
    at_least(1, f"{place}.trial_days", company.get("trial_days", DEFAULT_TRIAL_DAYS))


def check_price(place: str, price: Json) -> None:
    if price.get("item") == "capacity":
        require_keys(place, price, {"item", "unit_price", "from"}, set())
    else:
        require_keys(place, price, {"item", "plan", "cycle", "unit_price", "from"}, set())
        one_of(["seat"], f"{place}.item", price["item"])
        one_of(PLANS, f"{place}.plan", price["plan"])
        one_of(CYCLES, f"{place}.cycle", price["cycle"])
    at_least(0, f"{place}.unit_price", price["unit_price"])
    a_day(f"{place}.from", price["from"])  # any day: in the run, before it or after it


def check_event(place: str, event: Json) -> None:
    one_of(list(EVENT_KEYS), f"{place}.do", event.get("do"))
    must, may = EVENT_KEYS[event["do"]]
    require_keys(place, event, {"on", "company", "do"} | must, may)
    if event["do"] == "change_reservation" and not may & set(event):
        raise Malformed(f"{place}: nothing to change")
    for key, value in event.items():
        if key in VALUES:
            VALUES[key](f"{place}.{key}", value)


def check_members(place: str, event: Json, known: set[str]) -> None:
    members = event["members"]
    if not isinstance(members, list) or not members:
        raise Malformed(f"{place}: no members")
    for member in members:
        one_of(sorted(known - {event["company"]}), place, member)
    if len(set(members)) < len(members):
        raise Malformed(f"{place}: given twice")


def require_keys(place: str, value: Any, must: set[str], may: set[str]) -> None:
    if not isinstance(value, dict):
        raise Malformed(f"{place}: not an object")
    if must - set(value):
        raise Malformed(f"{place}: lacks {sorted(must - set(value))}")
    if set(value) - must - may:
        raise Malformed(f"{place}: unknown {sorted(set(value) - must - may)}")


def a_day(place: str, value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise Malformed(f"{place}: not a day")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Malformed(f"{place}: not a day") from error


def in_run(place: str, value: Any, start: date, until: date) -> None:
    if not start <= a_day(place, value) < until:
        raise Malformed(f"{place}: outside the run")


def at_least(least: int, place: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Malformed(f"{place}: not a whole number of {least} or more")


def at_most(most: int, place: str, value: int) -> None:
    if value > most:
        raise Malformed(f"{place}: more than {most}")


def one_of(allowed: list[str], place: str, value: Any) -> None:
    if value not in allowed:
        raise Malformed(f"{place}: not one of {allowed}")


def tb(place: str, value: Any) -> None:
    """D4: 1 to 100 at a time."""
    at_least(1, place, value)
    at_most(100, place, value)


# What an event's own keys may hold. A start may be any day: one outside the run may still lie in
# the trial (else `reserved` could not be a final state), and one outside the trial is refused.
VALUES: dict[str, Callable[[str, Any], object]] = {
    "plan": lambda place, value: one_of(PLANS, place, value),
    "cycle": lambda place, value: one_of(CYCLES, place, value),
    "category": lambda place, value: one_of(CATEGORIES, place, value),
    "start": a_day,
    "count": lambda place, value: at_least(1, place, value),
    "bytes": lambda place, value: at_least(0, place, value),
    "tb": tb,
}
