"""예산: what counts, and what is told of it, once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import operations, queries, reckoning, rules
from billing.models import Budget, BudgetAlert
from groupco.choices import Role
from products import operations as products
from products.choices import Cycle, Plan
from tests.companies import BY, paid
from tests.pages import people
from workplace_console import daily
from workplace_console.common.models import AuditEntry, Mail, Notice
from workplace_console.common.refusal import Refused

pytestmark = pytest.mark.django_db

BEGUN = date(2026, 3, 1)
TODAY = date(2026, 3, 16)


def budget(amount: int | None, *, on: date = BEGUN, company: str = "acme") -> None:
    operations.set_budget(company_id=company, amount=amount, today=on, by=BY)


def told() -> list[tuple[str, int, str]]:
    found = Mail.objects.filter(kind__startswith="budget_").order_by("pk")
    return [(mail.kind, mail.figures["percent"], str(mail.on)) for mail in found]


def spent(company: str = "acme", *, today: date = TODAY) -> queries.Spent:
    month = today.replace(day=1)
    return queries.spent([company], month=month, today=today).get(company, queries.Spent())


class TestWhatCounts:
    @pytest.mark.parametrize("cycle", list(Cycle))
    def test_the_dashboard_reckons_it_with_what_it_reads_anyway(self, cycle: Cycle) -> None:
        paid("acme", on=date(2026, 1, 10), accounts=7, cycle=cycle)
        paid("member", on=date(2026, 2, 20), accounts=3, plan=Plan.COLLABO)
        products.form_group(company_id="acme", members=["member"], today=BEGUN, by=BY)
        daily.run(until=TODAY)
        assert queries.outlook("acme", today=TODAY).budget is None

        budget(70_000)

        assert queries.outlook("acme", today=TODAY).budget == queries.BudgetSpent(70_000, spent())
        assert spent().actual > 0

    def test_of_monthly_companies_it_is_the_amount_due_next_month_with_vat(self) -> None:
        paid("acme", on=BEGUN, accounts=7)
        daily.run(until=TODAY)

        outlook = queries.outlook("acme", today=TODAY)

        assert spent() == queries.Spent(
            reckoning.sums(outlook.so_far).total, reckoning.sums(outlook.projected).total
        )

    def test_an_annual_contract_counts_with_what_accrues_in_the_month(self) -> None:
        paid("acme", on=date(2026, 1, 10), accounts=10, plan=Plan.COLLABO, cycle=Cycle.ANNUAL)
        daily.run(until=TODAY)

        year, per_day = 365, 10 * 80_000
        before, until, end = 50, 50 + 15, 50 + 31
        parts = [days * per_day // year for days in (before, until, end)]

        assert spent() == queries.Spent(
            reckoning.with_vat(parts[1] - parts[0]).total,
            reckoning.with_vat(parts[2] - parts[0]).total,
        )

    def test_a_representative_pays_for_members_and_they_pay_nothing(self) -> None:
        for company in ("acme", "member"):
            paid(company, on=BEGUN, accounts=3)
        products.form_group(company_id="acme", members=["member"], today=BEGUN, by=BY)
        daily.run(until=TODAY)

        outlook = queries.outlook("acme", today=TODAY)

        assert spent().actual == reckoning.sums(outlook.so_far).total
        assert (
            spent("member").projected
            == reckoning.sums(queries.outlook("member", today=TODAY).projected).total
        )


class TestWhatIsTold:
    def test_each_threshold_once_a_month_and_kind_by_mail_and_notice(self) -> None:
        """7 accounts cost 38,500 won a month with VAT, some 1,242 a day."""
        paid("acme", on=BEGUN, accounts=7)
        budget(40_000)

        daily.run(until=date(2026, 4, 1))
        first_month = told()
        daily.run(until=date(2026, 5, 1))

        assert first_month == [
            ("budget_expected", 80, "2026-03-02"),
            ("budget_reached", 80, "2026-03-27"),
        ]
        assert [(kind, percent) for kind, percent, _on in told()[2:]] == [
            ("budget_expected", 80),
            ("budget_reached", 80),
        ]
        assert Notice.objects.filter(kind__startswith="budget_").count() == 4

    def test_of_two_at_once_the_higher_is_told_and_the_lower_is_not_told_later(self) -> None:
        paid("acme", on=BEGUN, accounts=7)
        budget(30_000)

        daily.run(until=date(2026, 4, 1))

        assert [(kind, percent) for kind, percent, _on in told()] == [
            ("budget_expected", 100),
            ("budget_reached", 80),
            ("budget_reached", 100),
        ]
        assert BudgetAlert.objects.filter(kind="projected").count() == 2

    def test_running_again_tells_nothing_again(self) -> None:
        paid("acme", on=BEGUN, accounts=7)
        budget(30_000)
        daily.run(until=TODAY)
        before = told()

        operations.check_budgets(day=TODAY)

        assert told() == before

    def test_without_a_budget_nothing_is_told(self) -> None:
        paid("acme", on=BEGUN, accounts=7)
        budget(30_000)
        budget(None)

        daily.run(until=date(2026, 4, 1))

        assert told() == []


class TestSetting:
    def test_it_is_a_dated_fact_and_written_down(self) -> None:
        budget(1_000_000)
        budget(2_000_000, on=TODAY)
        budget(3_000_000, on=TODAY)
        budget(None, on=TODAY + timedelta(days=1))

        assert list(
            Budget.objects.order_by("pk").values_list("amount", "starts_on", "ends_on")
        ) == [
            (1_000_000, BEGUN, TODAY - timedelta(days=1)),
            (3_000_000, TODAY, TODAY),
        ]
        entries = AuditEntry.objects.filter(action="budget_set").order_by("pk")
        assert [(e.before, e.after) for e in entries] == [
            (None, {"budget_won": 1_000_000}),
            ({"budget_won": 1_000_000}, {"budget_won": 2_000_000}),
            ({"budget_won": 2_000_000}, {"budget_won": 3_000_000}),
            ({"budget_won": 3_000_000}, None),
        ]

    @pytest.mark.parametrize("amount", [0, -1, rules.MOST_BUDGET + 1])
    def test_an_amount_that_is_none_is_refused(self, amount: int) -> None:
        with pytest.raises(Refused):
            budget(amount)

    def test_the_page_saves_shows_and_refuses(self, settings: Any) -> None:
        settings.CONSOLE_TODAY = TODAY
        paid("acme", on=BEGUN, accounts=7)
        daily.run(until=TODAY)
        client = people.signed_in(people.admin("acme", Role.BILLING, today=TODAY))
        url = "/c/acme/budget/"

        answer = client.post(url, {"amount": "40,000"}, follow=True).content.decode()
        assert "예산을 저장했습니다." in answer
        assert f"{spent().actual:,}원" in answer
        assert "38,500원" in answer
        assert "32,000원" in answer

        wrong = client.post(url, {"amount": "0"}).content.decode()
        assert "월 예산은 1원부터 1,000,000,000,000원 사이로 적으세요." in wrong
        assert queries.budget("acme", today=TODAY).amount == 40_000  # type: ignore[union-attr]

        client.post(url, {"amount": ""})
        assert queries.budget("acme", today=TODAY) is None


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_what_is_told_is_reached_and_never_told_twice(budget: int, actual: int, more: int) -> None:
    figures = {"budget": budget, "actual": actual, "projected": actual + more}

    spent_news, expected = rules.news(**figures, told_actual=(), told_projected=())

    assert all(actual >= budget * percent / 100 for percent in spent_news)
    assert all(actual < budget * percent / 100 <= actual + more for percent in expected)
    again = rules.news(**figures, told_actual=spent_news, told_projected=expected)
    assert again == ([], [])
