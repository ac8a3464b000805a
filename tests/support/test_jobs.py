"""작업 on the support site: what was done, what stands parked, and one more try. R: I4."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from billing.models import DayCharge
from products.choices import Plan
from products.models import Price
from tests.companies import paid, trial
from tests.support.conftest import DAY
from tests.support.written import entries
from workplace_console import daily
from workplace_console.common import jobs
from workplace_console.common.models import JobRun, Parked

pytestmark = pytest.mark.usefixtures("a_day")

RUNS = "/support/common/jobrun/"
PARKED = "/support/common/parked/"


def test_missed_days_are_done_at_once_and_written_down(support: Client, settings: Any) -> None:
    trial("acme", on=DAY)
    settings.CONSOLE_TODAY = date(2026, 3, 4)

    answer = support.post(RUNS + "run/", follow=True)

    assert answer.redirect_chain[0][0] == PARKED
    assert "작업 24건을 마쳤습니다. 보류된 회사는 0곳입니다." in answer.content.decode()
    assert jobs.last_day_run() == date(2026, 3, 4)
    (entry,) = entries("jobs_run")
    assert entry.actor == f"user:{support.session['_auth_user_id']}"
    assert (entry.company, entry.after) == ("", {"day": "2026-03-04"})


def test_a_company_that_stood_parked_is_tried_again(support: Client, settings: Any) -> None:
    paid("acme", on=DAY)
    prices = list(Price.objects.all())
    Price.objects.all().delete()
    settings.CONSOLE_TODAY = date(2026, 3, 3)
    daily.run(until=date(2026, 3, 3))
    assert "acme" in support.get(PARKED).content.decode()
    Price.objects.bulk_create(prices)

    answer = support.post(RUNS + "run/", follow=True)

    assert "보류된 회사는 0곳입니다." in answer.content.decode()
    assert not Parked.objects.exists()


def test_a_clock_that_lies_behind_is_refused_and_said(support: Client, settings: Any) -> None:
    trial("acme", on=DAY)
    daily.run(until=date(2026, 3, 10))

    answer = support.post(RUNS + "run/", follow=True)

    assert "마지막으로 처리된 날(2026. 3. 10.)보다 빠릅니다" in answer.content.decode()
    assert entries("jobs_run") == []


def test_it_is_no_link_and_nothing_for_the_staff_of_billing(
    support: Client, billing: Client
) -> None:
    assert support.get(RUNS + "run/").status_code == 405
    assert billing.post(RUNS + "run/").status_code == 403
    assert "지금 다시 실행" in support.get(RUNS).content.decode()
    assert "지금 다시 실행" not in billing.get(RUNS).content.decode()
    assert entries("jobs_run") == []


def test_the_list_says_which_job_did_which_day(support: Client) -> None:
    JobRun.objects.create(job="charge", day=DAY)
    JobRun.objects.create(job="close", day=DAY)

    page = support.get(RUNS, {"job": "charge"}).content.decode()

    assert page.count("2026. 3. 2.") == 1
    assert "이용 기록" in page


def test_one_company_is_tried_again_alone(support: Client, settings: Any) -> None:
    paid("acme", on=DAY)
    paid("other", on=DAY)
    prices = list(Price.objects.all())
    Price.objects.all().delete()
    settings.CONSOLE_TODAY = date(2026, 3, 4)
    daily.run(until=date(2026, 3, 4))
    Price.objects.bulk_create(prices)
    row = Parked.objects.filter(company="acme").earliest("day")
    page = f"{PARKED}{row.pk}/change/"
    assert "이 회사만 다시 실행" in support.get(page).content.decode()

    answer = support.post(page, {"act": "retry"}, follow=True)

    assert "밀린 작업을 모두 마쳤습니다." in answer.content.decode()
    assert not Parked.objects.filter(company="acme").exists()
    assert Parked.objects.filter(company="other").count() == 2
    assert DayCharge.objects.values_list("company", flat=True).distinct().get() == "acme"
    assert entries("jobs_run")[0].company == "acme"


def test_the_last_close_as_a_page(support: Client, settings: Any) -> None:
    paid("acme", on=DAY, accounts=31)
    paid("beta", on=DAY, accounts=31, plan=Plan.COLLABO)
    paid("waits", on=DAY, accounts=1, plan=Plan.COLLABO_PLUS)
    Price.objects.filter(plan=Plan.COLLABO_PLUS).delete()
    settings.CONSOLE_TODAY = date(2026, 4, 5)
    daily.run(until=date(2026, 4, 5))

    page = support.get("/support/last-close/").content.decode()

    # From 2 March on: 30 of 31 days.
    supply = 31 * 30 * 5_000 // 31 + 31 * 30 * 8_000 // 31
    for words in (
        "2026년 3월분, 2026. 4. 1. 발행",
        f"{supply:,}원",
        f"{supply // 10:,}원",
        "waits",
    ):
        assert words in page
    assert "no_price" in page
    assert support.post("/support/last-close/").status_code == 405
