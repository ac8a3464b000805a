"""What a new administrator asks, and finds from the dashboard within three clicks, without help."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import databases
from tests.browser.conftest import NARROW, WIDE, Watched
from tests.browser.served import Served
from tests.browser.test_walk import pay, sign_in

MOST = 3


class Clicks:
    """A page, and how often it was clicked since the dashboard."""

    def __init__(self, page: Page, served: Served, company: str = "acme") -> None:
        self.page, self.number = page, 0
        page.goto(f"{served.url}/c/{company}/")

    def on(self, what: Locator) -> None:
        expect(what).to_be_visible()
        what.click()
        self.number += 1
        assert self.number <= MOST

    def on_link(self, name: str | re.Pattern[str]) -> None:
        found = self.page.get_by_role("main").get_by_role("link", name=name)
        self.on(found.first)

    def on_menu(self, name: str) -> None:
        """On a phone the menu is opened first, which is a click as well."""
        button = self.page.get_by_role("button", name="메뉴 열기")
        if button.is_visible():
            self.on(button)
        self.on(self.page.get_by_role("link", name=name, exact=True).first)


@pytest.mark.parametrize("width", [WIDE, pytest.param(NARROW, marks=pytest.mark.thorough)])
def test_what_a_new_administrator_asks_is_three_clicks_away(
    serve: Served, browse: Callable[..., Watched], width: int
) -> None:
    create = ["create_company", "fresh", "--name", "새싹", "--admin", "admin@acme.example"]
    databases.live([("2026-03-30", create, "")], database=serve.database)
    pay(serve, since="2026-03-30", today="2026-04-12")
    page = browse(width=width).page
    sign_in(page, serve)

    # When does the trial's data go?
    Clicks(page, serve, "fresh")
    expect(
        page.get_by_text("2026. 4. 29. 0시에 로그인이 막히고 모든 데이터를 영구 삭제")
    ).to_be_visible()
    data_to_take = Clicks(page, serve, "fresh")
    data_to_take.on_link("상품 관리")
    data_to_take.on_link("해지")
    expect(page.get_by_role("button", name="데이터 내려받기")).to_be_visible()

    # Why did last month cost what it did?
    why = Clicks(page, serve)
    why.on_link(re.compile("청구서 acme-202604-1"))
    why.on_link(re.compile(r"^2,258원$"))
    expect(page.get_by_text("왜 이 금액인가요?").first).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^3. 30"))).to_contain_text("7")

    # How do I stop paying for someone?
    stop = Clicks(page, serve)
    stop.on_menu("사용자 관리")
    page.get_by_role("checkbox").first.check()
    stop.on(page.get_by_role("button", name="제외", exact=True).first)
    expect(page.get_by_text("이번 달").first).to_be_visible()
    expect(page.get_by_role("button", name="제외", exact=True).last).to_be_visible()

    # Where is the receipt?
    receipt = Clicks(page, serve)
    receipt.on_link(re.compile("청구서 acme-202604-1"))
    receipt.on_link("현금영수증 신청")
    expect(page.get_by_role("heading", level=1)).to_have_text("현금영수증")
    papers = Clicks(page, serve)
    papers.on_menu("청구서")
    papers.on_link("모든 문서")
    expect(page.get_by_role("link", name="PDF").first).to_be_visible()
