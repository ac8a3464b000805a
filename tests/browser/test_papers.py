"""Addresses and a test mail, a budget, and a cash receipt from application to issue."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests import databases
from tests.browser.conftest import Watched
from tests.browser.served import Served
from tests.browser.test_walk import PASSWORD, open_from_menu, pay, sign_in

TRANSFER = f"""
from datetime import date
from billing.operations import record_transfer
from groupco.operations import set_sign_in
from workplace_console.common.audit import Actor
record_transfer(payer="acme", amount=37257, received_on=date(2026, 4, 5), invoice="acme-202604-1",
                today=date(2026, 4, 5), by=Actor.command("test"))
set_sign_in(email="staff@console.example", password="{PASSWORD}", staff_roles=["billing"])
"""


def test_addresses_budget_and_a_receipt_that_staff_issues(
    serve: Served, browse: Callable[..., Watched]
) -> None:
    pay(serve, since="2026-03-02", today="2026-04-05")
    done = databases.manage(
        "shell", "-v0", "-c", TRANSFER, database=serve.database, today="2026-04-05"
    )
    assert done.returncode == 0, done.stderr
    watched = browse()
    page = watched.page
    sign_in(page, serve)

    # Addresses, what one is mailed about, and a test mail that stands in the log.
    open_from_menu(page, "결제수단 관리")
    page.get_by_label("이용 요금 안내 주소").fill("bills@acme.example")
    page.get_by_role("button", name="저장", exact=True).click()
    page.get_by_label("계약과 용량").uncheck()
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_label("계약과 용량")).not_to_be_checked()
    page.get_by_role("button", name="시험 메일 보내기 bills@acme.example").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("발송 기록")
    expect(page.get_by_role("row").nth(1)).to_contain_text("시험 메일입니다")
    expect(page.get_by_role("row").nth(1)).to_contain_text("bills@acme.example")

    # A budget.
    open_from_menu(page, "예산")
    page.get_by_label("월 예산(원)").fill("40,000")
    page.get_by_role("button", name="저장", exact=True).click()
    expect(page.get_by_text("32,000원")).to_be_visible()

    # A cash receipt: a resident number is refused, a mobile number masked.
    page.goto(f"{serve.url}/c/acme/bills/acme-202604-1/")
    page.get_by_role("link", name="현금영수증 신청").click()
    page.get_by_text("소득공제", exact=True).click()
    page.get_by_label("휴대폰 번호 또는 사업자등록번호").fill("900101-1234567")
    page.get_by_role("button", name="현금영수증 신청").click()
    expect(page.get_by_text("주민등록번호는 받지 않습니다. 휴대폰 번호나")).to_be_visible()
    page.get_by_label("휴대폰 번호 또는 사업자등록번호").fill("010-1234-5678")
    page.get_by_role("button", name="현금영수증 신청").click()
    expect(page.get_by_text("010-****-5678")).to_be_visible()
    watched.check_quiet()

    staff = browse().page
    staff.goto(f"{serve.url}/login/?next=/support/billing/evidence/")
    staff.get_by_label("이메일").fill("staff@console.example")
    staff.get_by_label("비밀번호").fill(PASSWORD)
    staff.get_by_role("button", name="로그인").click()
    staff.locator("#result_list a").first.click()
    expect(staff.get_by_text("01012345678")).to_be_visible()
    staff.get_by_label("승인번호").fill("123456789")
    staff.get_by_role("button", name="발급 기록").click()
    expect(staff.get_by_text("010-****-5678")).to_be_visible()

    page.goto(f"{serve.url}/c/acme/bills/acme-202604-1/")
    expect(page.get_by_text("123456789")).to_be_visible()
    page.goto(f"{serve.url}/c/acme/documents/?kind=cash_receipt")
    expect(page.get_by_role("row").nth(1)).to_contain_text("발급")
    watched.check_fits()
    watched.check_accessible()
