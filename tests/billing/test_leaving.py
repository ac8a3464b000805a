"""A company leaves, another represents: who is billed for which days, counted a second way. R: F9.

Nothing of billing is asked here for what should be: days are counted by hand, amounts as the rule
says (⌊ Σ quantity × price ÷ days of the month ⌋, VAT ⌊10 %⌋ of an invoice's sum).
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.models import Invoice, InvoiceLine
from groupco import queries
from groupco.models import Company, Membership, Payer
from products import operations
from products.choices import Cycle, Plan
from tests.billing.stories import undone
from tests.companies import BY, paid
from tests.groupco.rivals import code_of
from workplace_console import daily
from workplace_console.common.models import Notice
from workplace_console.termination import terminate

pytestmark = pytest.mark.django_db

BEGUN = date(2026, 3, 1)
FORMED = date(2026, 3, 10)
ACCOUNTS = {"lead": 3, "one": 2, "two": 5}
PRICE = {"lead": 5000, "one": 8000, "two": 12000}
PLANS = {"lead": Plan.WORKPLACE, "one": Plan.COLLABO, "two": Plan.COLLABO_PLUS}


@pytest.fixture
def _group() -> None:
    for company_id, plan in PLANS.items():
        paid(company_id, on=BEGUN, accounts=ACCOUNTS[company_id], plan=plan)
        Company.objects.filter(pk=company_id).update(business_number="9998100015")
    daily.run(until=FORMED)
    operations.form_group(company_id="lead", members=["one", "two"], today=FORMED, by=BY)


def leave(company_id: str, today: date) -> None:
    operations.leave_group(company_id=company_id, reason="분사", today=today, by=BY)


def replace(company_id: str, today: date) -> None:
    """Staff asks, and all agree the same day."""
    found = operations.ask_to_replace(company_id=company_id, reason="합병", today=today, by=BY)
    for entry in found.companies:
        operations.agree_to_group(company_id=entry.wanted_id, today=today, by=BY)


def each(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def expected(first: date, last: date, payer_on: Callable[[str, date], str]) -> dict[str, int]:
    """What each payer is billed for a month's days, in won with VAT, line by line by hand."""
    days: defaultdict[tuple[str, str], int] = defaultdict(int)
    for company_id in ACCOUNTS:
        for day in each(first, last):
            days[payer_on(company_id, day), company_id] += ACCOUNTS[company_id]
    supply: defaultdict[str, int] = defaultdict(int)
    for (payer, company_id), quantity in days.items():
        supply[payer] += quantity * PRICE[company_id] // monthrange(first.year, first.month)[1]
    return {payer: amount + amount // 10 for payer, amount in supply.items()}


def billed(issued_on: date) -> dict[str, int]:
    return dict(Invoice.objects.filter(issued_on=issued_on).values_list("payer", "total"))


@pytest.mark.usefixtures("_group")
class TestLeaving:
    def test_the_day_of_leaving_is_the_representative_s_and_the_next_the_company_s_own(
        self,
    ) -> None:
        left = date(2026, 3, 20)
        daily.run(until=left)

        leave("one", left)
        daily.run(until=date(2026, 4, 1))

        def payer_on(company_id: str, day: date) -> str:
            in_group = day >= FORMED and (company_id != "one" or day <= left)
            return "lead" if in_group else company_id

        assert billed(date(2026, 4, 1)) == expected(BEGUN, date(2026, 3, 31), payer_on)

    def test_all_are_told_and_the_leaver_may_join_again_the_next_day(self) -> None:
        leave("one", FORMED)

        told = Notice.objects.filter(kind="group_left").values_list("company", flat=True)
        assert set(told) == set(ACCOUNTS)
        again: dict[str, Any] = {"company_id": "one", "representative": "lead", "by": BY}
        assert code_of(lambda: operations.join_group(today=FORMED, **again)) == "already_grouped"
        tomorrow = FORMED + timedelta(days=1)
        daily.run(until=tomorrow)
        operations.join_group(today=tomorrow, **again)

        found = {m.id: m for m in queries.group_of("lead", tomorrow)}
        assert found["one"].since == FORMED

    def test_the_representative_stays_while_others_do(self) -> None:
        assert code_of(lambda: leave("lead", FORMED)) == "representative_stays"
        leave("one", FORMED)
        leave("two", FORMED)
        assert code_of(lambda: leave("one", FORMED)) == "not_grouped"

        leave("lead", FORMED)

        assert queries.memberships(list(ACCOUNTS), FORMED) == {}

    @pytest.mark.deep
    def test_of_a_contract_year_each_payer_is_billed_its_own_days_when_it_ends(self) -> None:
        paid("yearly", on=FORMED, accounts=2, cycle=Cycle.ANNUAL)
        operations.join_group(company_id="yearly", representative="lead", today=FORMED, by=BY)
        left = date(2026, 9, 1)
        daily.run(until=left)

        leave("yearly", left)
        daily.run(until=date(2027, 3, 10))

        amounts = dict(
            InvoiceLine.objects.filter(company="yearly").values_list("invoice__payer", "amount")
        )
        of_lead = (left - FORMED).days + 1
        assert amounts == {
            "lead": 2 * of_lead * 50_000 // 365,
            "yearly": 2 * (365 - of_lead) * 50_000 // 365,
        }


@pytest.mark.usefixtures("_group")
class TestReplacing:
    def test_from_the_next_midnight_the_new_one_represents_and_pays(self) -> None:
        asked = date(2026, 3, 20)
        daily.run(until=asked)

        replace("two", asked)
        assert queries.group_of("one", asked)[0].id == "lead"
        daily.run(until=date(2026, 4, 1))

        def payer_on(company_id: str, day: date) -> str:
            if day < FORMED:
                return company_id
            return "lead" if day <= asked else "two"

        assert billed(date(2026, 4, 1)) == expected(BEGUN, date(2026, 3, 31), payer_on)
        assert queries.group_of("one", date(2026, 4, 1))[0].id == "two"
        assert {m.since for m in queries.group_of("one", asked)} == {FORMED}
        assert {m.since for m in queries.group_of("one", date(2026, 4, 1))} == {FORMED}

    def test_nothing_changes_before_the_last_has_agreed(self) -> None:
        operations.ask_to_replace(company_id="two", reason="합병", today=FORMED, by=BY)
        for company_id in ("lead", "two"):
            operations.agree_to_group(company_id=company_id, today=FORMED, by=BY)

        assert queries.memberships(["lead"], FORMED)["lead"].is_representative
        assert Notice.objects.filter(kind="group_agreement_asked").count() == 3
        assert not Notice.objects.filter(kind="representative_replaced").exists()

        operations.agree_to_group(company_id="one", today=FORMED, by=BY)
        assert Notice.objects.filter(kind="representative_replaced").count() == 3

    def test_who_does_not_pay_or_represents_already_can_t(self) -> None:
        for company_id, code in (("lead", "is_representative"), ("nosuch", "not_active")):

            def act(company_id: str = company_id) -> None:
                operations.ask_to_replace(company_id=company_id, reason="x", today=FORMED, by=BY)

            assert code_of(act) in (code, "not_grouped")

    def test_a_company_that_leaves_meanwhile_ends_it(self) -> None:
        operations.ask_to_replace(company_id="two", reason="합병", today=FORMED, by=BY)

        leave("one", FORMED)

        assert queries.open_applications(list(ACCOUNTS)) == {}

    def test_the_old_representative_may_leave_or_end_the_same_day(self) -> None:
        replace("two", FORMED)

        terminate(company_id="lead", grace_days=5, today=FORMED, by=BY)
        daily.run(until=date(2026, 4, 1))

        assert [m.id for m in queries.group_of("two", date(2026, 4, 1))] == ["two", "one"]
        assert "lead" not in billed(date(2026, 4, 1))
        until = Invoice.objects.get(payer="lead", kind="final")
        assert until.issued_on == FORMED

    def test_the_new_one_ends_no_sooner_than_the_others(self) -> None:
        replace("two", FORMED)

        def end() -> None:
            terminate(company_id="two", grace_days=5, today=FORMED, by=BY)

        assert code_of(end) == "representative_of_group"

    def test_on_the_day_itself_nobody_joins(self) -> None:
        replace("two", FORMED)
        paid("late", on=FORMED)

        for lead in ("lead", "two"):

            def join(lead: str = lead) -> None:
                operations.join_group(company_id="late", representative=lead, today=FORMED, by=BY)

            assert code_of(join) == "not_a_representative"


ACTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["leave", "replace", "join", "end"]),
        st.sampled_from(["lead", "one", "two"]),
    ),
    max_size=8,
)


@pytest.mark.usefixtures("_group")
def test_whatever_happens_nobody_is_an_orphan(examples: Any) -> None:
    """After any acts: each company has one payer on each day, and a group one representative, who
    pays for all of it."""

    @settings(max_examples=examples(few=6, deep=300))
    @given(ACTS)
    def check(acts: list[tuple[int, str, str]]) -> None:
        with undone():
            day = FORMED
            for wait, act, company_id in acts:
                day += timedelta(days=wait)
                daily.run(until=day)
                code_of(lambda day=day, act=act, id=company_id: do(act, id, day))  # type: ignore[misc]
            for on in each(FORMED, day + timedelta(days=2)):
                check_day(on)

    check()


def do(act: str, company_id: str, day: date) -> None:
    if act == "leave":
        leave(company_id, day)
    elif act == "replace":
        replace(company_id, day)
    elif act == "join":
        for lead in set(ACCOUNTS) - {company_id}:
            if queries.memberships([lead], day).get(lead):
                operations.join_group(company_id=company_id, representative=lead, today=day, by=BY)
    else:
        terminate(company_id=company_id, grace_days=99, today=day, by=BY)


def check_day(day: date) -> None:
    paid_by = dict(
        Payer.objects.filter(starts_on__lte=day, ends_on__gte=day).values_list("company", "payer")
    )
    assert set(paid_by) == set(ACCOUNTS)
    member_of: defaultdict[int, list[Membership]] = defaultdict(list)
    for membership in Membership.objects.filter(starts_on__lte=day, ends_on__gte=day):
        member_of[membership.group_id].append(membership)
    grouped = set()
    for rows in member_of.values():
        leads = [row.company_id for row in rows if row.is_representative]
        assert len(leads) == 1, day
        assert {paid_by[row.company_id] for row in rows} == set(leads), day
        grouped |= {row.company_id for row in rows}
    assert all(paid_by[id] == id for id in set(ACCOUNTS) - grouped), day
