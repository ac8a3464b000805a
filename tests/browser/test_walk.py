"""The administrator's first walk: sign in, convert, see the bill. With script and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import databases
from tests.browser.conftest import NARROW, WIDE, Watched
from tests.browser.served import Served

PASSWORD = "first-walk-2026!"
ROSTER = "employee,name,registered_on,excluded_on\n" + "".join(
    f"E{number},김{number},2026-03-02,\n" for number in range(1, 8)
)


def sign_in(page: Page, served: Served) -> None:
    page.goto(served.url)
    page.get_by_label("이메일").fill("admin@acme.example")
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("대시보드")


def pay(served: Served, *, since: str, today: str) -> None:
    """Acme, paid by the month, seven accounts, and an owner who can sign in."""
    create = ["create_company", "acme", "--name", "에이스", "--admin", "admin@acme.example"]
    convert = ["convert", "acme", "--plan", "workplace", "--cycle", "monthly", "--start", since]
    databases.live(
        [
            (since, create, ""),
            (since, ["import_accounts", "acme", "-"], ROSTER),
            (since, convert, ""),
        ],
        database=served.database,
    )
    databases.let_in("admin@acme.example", PASSWORD, database=served.database)
    served.on(today)


def open_from_menu(page: Page, name: str) -> None:
    """Follow the menu, which a phone opens by its button."""
    button = page.get_by_role("button", name="메뉴 열기")
    if button.is_visible():
        button.click()
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.fixture
def acme(serve: Served) -> Served:
    """Acme in its trial, seven accounts, and an owner who can sign in."""
    databases.live(
        [
            ("2026-03-02", ["create_company", "acme", "--name", "에이스", "--admin",
                            "admin@acme.example"], ""),
            ("2026-03-02", ["import_accounts", "acme", "-"], ROSTER),
        ],
        database=serve.database,
    )  # fmt: skip
    databases.let_in("admin@acme.example", PASSWORD, database=serve.database)
    serve.on("2026-03-10")
    return serve


# By default the wide way with script; the other three in CI.
WAYS = [
    (WIDE, True),
    *(
        pytest.param(width, script, marks=pytest.mark.thorough)
        for width, script in ((NARROW, False), (WIDE, False), (NARROW, True))
    ),
]


@pytest.mark.parametrize(("width", "script"), WAYS)
def test_sign_in_convert_change_withdraw_reserve_again_and_see_the_first_bill(
    acme: Served, browse: Callable[..., Watched], width: int, script: bool
) -> None:
    watched = browse(width=width, script=script)
    page = watched.page

    sign_in(page, acme)
    expect(page.get_by_text("체험 22일 남음").first).to_be_visible()

    # Convert: the last trial day is filled in; another day is refused and everything typed stays.
    open_from_menu(page, "상품 관리")
    page.get_by_role("link", name="유료 전환").click()
    start = page.get_by_label("예약일")
    expect(start).to_have_value("2026-03-31")
    page.locator("[name=plan][value=collabo]").check()
    start.fill("2026-04-20")
    page.get_by_role("button", name="신청").click()
    expect(page.get_by_text("예약일은 2026. 3. 10.부터 2026. 3. 31. 사이로")).to_be_visible()
    expect(start).to_have_value("2026-04-20")
    expect(page.locator("[name=plan][value=collabo]")).to_be_checked()
    watched.check_fits()

    # The price follows what is chosen, at once or by its button.
    start.fill("2026-03-22")
    if not script:
        page.get_by_role("button", name="요금 미리 보기").click()
    # 7 × 8,000 a month; from the 22nd on, 10 of 31 days.
    expect(page.locator("#preview")).to_contain_text("56,000원")
    expect(page.locator("#preview")).to_contain_text("18,064원")
    page.get_by_role("button", name="신청").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("상품 관리")
    expect(page.get_by_text("2026. 3. 22. 예정")).to_be_visible()

    # Change it, withdraw it, reserve again.
    page.get_by_role("link", name="예약 변경").click()
    expect(page.get_by_label("예약일")).to_have_value("2026-03-22")
    page.get_by_label("예약일").fill("2026-03-25")
    page.get_by_role("button", name="변경", exact=True).click()
    expect(page.get_by_text("2026. 3. 25. 예정")).to_be_visible()
    page.get_by_role("link", name="예약 변경").click()
    page.get_by_role("button", name="예약 취소").click()
    expect(page.get_by_role("link", name="유료 전환")).to_be_visible()
    page.get_by_role("link", name="유료 전환").click()
    page.get_by_label("예약일").fill("2026-03-17")
    page.get_by_role("button", name="신청").click()
    expect(page.get_by_text("2026. 3. 17. 예정")).to_be_visible()

    # The day comes.
    acme.on("2026-03-17")
    page.reload()
    expect(page.get_by_text("이용 중").first).to_be_visible()
    page.goto(f"{acme.url}/c/acme/product/convert/")
    expect(page.get_by_text("바꾸거나 취소할 수 없습니다")).to_be_visible()

    # The first bill: 15 of 31 days, 7 × 5,000, rounded down; VAT on top.
    acme.on("2026-04-01")
    page.goto(acme.url)
    open_from_menu(page, "청구서")
    page.get_by_role("link", name="acme-202604-1").click()
    expect(page.get_by_text("18,628원").first).to_be_visible()
    supply = 7 * 5000 * 15 // 31
    assert supply + supply // 10 == 18_628
    watched.check_fits()
    watched.check_quiet()
