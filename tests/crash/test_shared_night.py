"""A night in shares: whoever takes them, and wherever they are killed, always the same rows."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from billing import operations as billing
from billing.models import DayCharge
from products import operations as products
from tests import databases
from tests.companies import BY, paid
from tests.crash.dump import dump
from tests.crash.killed import KILLS, killer, moments, order
from tests.crash.test_daily_run import UNTIL, eve, finished, start
from workplace_console import daily
from workplace_console.common import jobs
from workplace_console.common.models import JobRun, Share
from workplace_console.common.refusal import Refused

__all__ = ["eve"]

DAY = date(2026, 5, 11)


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """For processes that are started from now on."""
    monkeypatch.setenv("NIGHT_SHARES", "3")


def test_a_night_in_shares_that_many_take_writes_what_one_writes(eve: str, shares: None) -> None:
    with databases.copy_of(eve) as database:
        by_one = finished(start(database))
        alone = dump(database)
    with databases.copy_of(eve) as database:
        done = [finished(run) for run in [start(database) for _ in range(3)]]

        assert dump(database) == alone
        assert sum(done) == by_one


def test_and_they_are_the_rows_of_a_night_at_once(
    eve: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = []
    for number in ("1", "3"):
        monkeypatch.setenv("NIGHT_SHARES", number)
        with killer() as process, databases.copy_of(eve) as database:
            assert order(process, "run_daily", database, day=UNTIL)[1] == "done"
            rows.append(dump(database))
    assert rows[0] == rows[1]


def test_killed_at_any_statement_of_a_share_the_next_run_does_the_rest(
    eve: str, shares: None
) -> None:
    with killer() as process:
        with databases.copy_of(eve) as undisturbed:
            statements, _ended = order(process, "run_daily", undisturbed, day=UNTIL)
            expected = dump(undisturbed)

        for statement in moments(statements, most=KILLS):
            with databases.copy_of(eve) as database:
                killed = order(process, "run_daily", database, statement=statement, day=UNTIL)
                assert killed == (statement, "killed")
                assert order(process, "run_daily", database, day=UNTIL)[1] == "done"
                assert dump(database) == expected, f"killed at statement {statement}"


@pytest.mark.django_db
class TestADayThatIsBegun:
    """The first share of a night is done, the others are not."""

    @pytest.fixture(autouse=True)
    def _night(self) -> None:
        for name in ("acme", "beta", "gamma", "delta"):
            paid(name, on=date(2026, 5, 1), accounts=3)
        daily.run(until=DAY)
        (charge,) = (job for job in daily.the_night(grace_days=0) if job.name == "charge")
        self.charge = charge
        jobs._begin(charge, date(2026, 5, 12), 2)  # noqa: SLF001
        jobs._take_share(charge, date(2026, 5, 12), jobs._whole)  # noqa: SLF001

    def test_takes_nothing_more_as_of_the_day_before(self) -> None:
        with pytest.raises(Refused) as refused, transaction.atomic():
            products.register_new_persons(company_id="acme", count=1, today=DAY, by=BY)
        assert refused.value.code == "day_is_over"
        with transaction.atomic():
            products.register_new_persons(
                company_id="acme", count=1, today=date(2026, 5, 12), by=BY
            )

    def test_is_finished_by_the_next_run_whatever_its_setting(self) -> None:
        assert not JobRun.objects.filter(job="charge", day=date(2026, 5, 12)).exists()

        daily.run(until=date(2026, 5, 12))

        charged = DayCharge.objects.filter(day=DAY)
        assert set(charged.values_list("company", flat=True)) == {"acme", "beta", "gamma", "delta"}
        assert not Share.objects.exists()

    def test_charges_each_company_once(self) -> None:
        assert DayCharge.objects.filter(day=DAY).exists()
        assert billing.charge(day=DAY) == []
        assert DayCharge.objects.filter(day=DAY).count() == 4
