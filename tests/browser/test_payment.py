"""Paying in a real browser: a card, its due day, one that is refused, a transfer. R: E10, E12."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import databases
from tests.browser.conftest import Watched
from tests.browser.served import Served
from tests.browser.test_walk import PASSWORD, pay, sign_in

STAFF = "billing@console.example"


@pytest.mark.parametrize("script", [pytest.param(True, marks=pytest.mark.thorough), False])
def test_from_a_card_over_a_refusal_to_a_transfer(
    serve: Served, browse: Callable[..., Watched], script: bool
) -> None:
    pay(serve, since="2026-03-03", today="2026-04-09")
    databases.let_in(STAFF, PASSWORD, database=serve.database, staff_roles=["billing"])
    admin = browse(script=script)
    page = admin.page

    # Before the due day: a card is registered.
    sign_in(page, serve)
    page.goto(f"{serve.url}/c/acme/bills/acme-202604-1/")
    expect(page.get_by_text("결제 전", exact=True)).to_be_visible()
    page.get_by_role("link", name="결제수단 관리").first.click()
    register(page, "모의카드 4242")
    expect(page.get_by_role("row", name="모의카드 4242")).to_contain_text("기본")

    # On the due day: it is charged by itself.
    serve.on("2026-04-10")
    page.goto(f"{serve.url}/c/acme/bills/acme-202604-1/")
    expect(page.get_by_text("결제 완료", exact=True).first).to_be_visible()
    expect(page.get_by_role("row", name="모의카드 4242")).to_contain_text("2026. 4. 10.")

    # The next month: another card, which is refused. Its due day is a Monday.
    page.goto(f"{serve.url}/c/acme/payment/")
    register(page, "모의카드 0002")
    serve.on("2026-05-12")
    page.goto(f"{serve.url}/c/acme/bills/acme-202605-1/")
    expect(page.get_by_text("미납", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name="모의카드 0002")).to_contain_text("거절됨")
    page.get_by_role("button", name="지금").click()
    expect(page.get_by_text("카드 결제가 거절되었습니다")).to_be_visible()
    admin.check_quiet()

    # Staff records a transfer: the bill is settled.
    staff = browse(script=script).page
    staff.goto(f"{serve.url}/support/")
    staff.get_by_label("이메일").fill(STAFF)
    staff.get_by_label("비밀번호").fill(PASSWORD)
    staff.get_by_role("button", name="로그인").click()
    staff.goto(f"{serve.url}/support/receivables/")
    expect(staff.get_by_role("row", name="acme-202605-1")).to_be_visible()
    amount = staff.get_by_role("row", name="acme-202605-1").get_by_role("cell").last.inner_text()
    staff.goto(f"{serve.url}/support/billing/payment/add/")
    staff.get_by_label("회사 id").fill("acme")
    staff.get_by_label("금액(원)").fill(amount.replace(",", "").removesuffix("원"))
    staff.get_by_label("입금일").fill("2026-05-12")
    staff.get_by_label("청구서 번호").fill("acme-202605-1")
    staff.get_by_role("button", name="입금 기록").click()
    expect(staff.get_by_text("입금을 기록하고 회사에 알렸습니다.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("결제 완료", exact=True).first).to_be_visible()


def register(page: Page, card: str) -> None:
    """From 결제수단 관리: choose one of the demo's cards."""
    page.get_by_role("link", name="카드 등록").click()
    expect(page.get_by_text("모의 결제입니다.")).to_be_visible()
    page.get_by_label(card).check()
    page.get_by_role("button", name="카드 등록").click()
    expect(page.get_by_text("카드를 등록했습니다.")).to_be_visible()
