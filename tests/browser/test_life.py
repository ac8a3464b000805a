"""A product's whole life in the browser: capacity, upgrade, end. With script and without."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE, Watched
from tests.browser.served import Served
from tests.browser.test_walk import PASSWORD, open_from_menu, pay, sign_in


@pytest.fixture
def acme(serve: Served) -> Served:
    """Acme, paid by the month since 2 March, seven accounts, and an owner who can sign in."""
    pay(serve, since="2026-03-02", today="2026-03-10")
    return serve


# By default the narrow way without script; the other three in CI.
@pytest.mark.parametrize(
    ("width", "script"),
    [
        (NARROW, False),
        *(
            pytest.param(width, script, marks=pytest.mark.thorough)
            for width, script in ((WIDE, True), (WIDE, False), (NARROW, True))
        ),
    ],
)
def test_add_and_return_capacity_upgrade_take_the_data_and_terminate(
    acme: Served, browse: Callable[..., Watched], width: int, script: bool
) -> None:
    watched = browse(width=width, script=script)
    page = watched.page
    heading = page.get_by_role("heading", level=1)
    sign_in(page, acme)
    open_from_menu(page, "상품 관리")

    # Add 2 TB: a dialog over the list, or a page of its own; the price follows the number.
    page.get_by_role("link", name="용량 추가").click()
    if script:
        expect(page.get_by_role("dialog")).to_be_visible()
        watched.check_accessible()
    else:
        expect(heading).to_have_text("용량 추가")
    page.get_by_label("용량(TB)").fill("2")
    if not script:
        page.get_by_role("button", name="요금 미리 보기").click()
    # 22 of 31 days of 180,000 won.
    expect(page.locator("#preview")).to_contain_text("+127,741원")
    watched.check_fits()
    page.get_by_role("button", name="추가", exact=True).click()
    expect(page.get_by_text("추가 용량 2 TB").first).to_be_visible()

    # Return one. A wrong number is said beside it, and stays.
    page.get_by_role("link", name="용량 반납").click()
    page.get_by_label("용량(TB)").fill("둘")
    page.get_by_role("button", name="반납", exact=True).click()
    expect(heading).to_have_text("용량 반납")
    expect(page.get_by_text("용량을 1부터 100 사이의 숫자로 적으세요.").first).to_be_visible()
    expect(page.get_by_label("용량(TB)")).to_have_value("둘")
    page.get_by_label("용량(TB)").fill("1")
    page.get_by_role("button", name="반납", exact=True).click()
    expect(page.get_by_text("추가 용량 1 TB").first).to_be_visible()

    # Apply for Collabo+, withdraw it, apply for Collabo; the next day it is there.
    page.get_by_role("link", name="업그레이드", exact=True).click()
    page.locator("[name=plan][value=collabo_plus]").check()
    page.get_by_role("button", name="신청", exact=True).click()
    expect(page.get_by_role("button", name="신청 중")).to_be_disabled()
    page.get_by_role("link", name="신청 취소").click()
    page.get_by_role("button", name="신청 취소").click()
    page.get_by_role("link", name="업그레이드", exact=True).click()
    expect(page.locator("[name=plan][value=collabo]")).to_be_checked()
    page.get_by_role("button", name="신청", exact=True).click()
    acme.on("2026-03-11")
    page.goto(f"{acme.url}/c/acme/product/")
    expect(page.get_by_role("rowheader", name="WORKPLACE Collabo")).to_be_visible()
    expect(page.get_by_role("link", name="업그레이드", exact=True)).to_have_count(0)

    # The end: the data first, then id and password.
    page.goto(f"{acme.url}/return/")
    expect(heading).to_have_text("해지")
    watched.check_fits()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="데이터 내려받기").click()
    with zipfile.ZipFile(downloading.value.path()) as file:
        assert "accounts.csv" in file.namelist()
    page.get_by_label("회사 id").fill("acme")
    page.get_by_label("비밀번호").fill("not-this-one")
    page.get_by_role("button", name="해지", exact=True).click()
    expect(page.get_by_label("회사 id")).to_have_value("acme")
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="해지", exact=True).click()
    expect(heading).to_have_text("해지 기록")
    if script:
        watched.check_accessible()
    open_from_menu(page, "청구서")
    # 9 days at 5,000 and one at 8,000, seven accounts; ten days' capacity: 2 TB and 1 TB on the
    # last; all in March.
    page.get_by_role("link", name="acme-202603-1").click()
    seats = 7 * 9 * 5_000 // 31, 7 * 1 * 8_000 // 31
    capacity = (2 + 1) * 90_000 // 31
    supply = sum(seats) + capacity
    expect(page.get_by_text(f"{supply:,}원").first).to_be_visible()
    page.goto(f"{acme.url}/c/acme/accounts/")
    expect(heading).to_have_text("해지 기록")
    watched.check_quiet()
