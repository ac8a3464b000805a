"""The support site as a browser meets it: nothing blocked, nothing too wide, axe content."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import databases
from tests.browser.conftest import NARROW, WIDE, Watched, browse, chromium, serve
from tests.browser.served import Served

__all__ = ["browse", "chromium", "serve"]  # fixtures

EMAIL = "staff@console.example"
PASSWORD = "first-walk-2026!"

LET_IN = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "workplace_console.settings"
django.setup()
from groupco.operations import set_sign_in
set_sign_in(email="{email}", password="{password}", staff_roles=["billing", "support"])
"""

PAGES = (
    "",
    "groupco/company/",
    "groupco/company/acme/change/",
    "groupco/company/add/",
    "groupco/user/",
    "groupco/user/1/change/",
    "products/price/",
    "products/price/1/change/",
    "products/price/add/",
    "products/deletion/",
    "billing/invoice/",
    "billing/invoice/acme-202604-1/change/",
    "billing/payment/",
    "billing/payment/add/",
    "billing/holiday/",
    "billing/holiday/add/",
    "receivables/",
    "last-close/",
    "day-charges/?company=acme&month=2026-03",
    "common/mail/",
    "common/mail/1/change/",
    "common/notice/",
    "common/jobrun/?job=charge",
    "common/parked/",
    "groupco/apitoken/",
    "groupco/apitoken/add/",
    "common/auditentry/?q=acme",
    "common/auditentry/1/change/",
    "common/access/",
)


@pytest.fixture
def site(serve: Served) -> Served:
    """Acme, which has paid for a month, and somebody with both roles."""
    databases.live(
        [
            ("2026-03-02", ["create_company", "acme", "--name", "에이스", "--admin",
                            "admin@acme.example"], ""),
            ("2026-03-02", ["create_company", "fresh", "--name", "새 회사", "--admin",
                            "admin@fresh.example"], ""),
            ("2026-03-02", ["convert", "acme", "--plan", "workplace", "--cycle", "monthly",
                            "--start", "2026-03-02"], ""),
            ("2026-03-02", ["import_accounts", "acme", "-"],
             "employee,name,registered_on,excluded_on\n1,김,2026-03-02,\n"),
        ],
        database=serve.database,
    )  # fmt: skip
    # In a process of its own: Django talks to no database in the thread that drives the browser.
    subprocess.run(
        [sys.executable, "-c", LET_IN.format(email=EMAIL, password=PASSWORD)],
        cwd=databases.ROOT,
        env=os.environ | {"DATABASE_URL": databases.url(serve.database)},
        check=True,
    )
    serve.on("2026-04-01")
    return serve


def sign_in(page: Page, site: Served) -> None:
    page.goto(site.url + "/support/")
    page.get_by_label("이메일").fill(EMAIL)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("고객지원")


@pytest.mark.parametrize(
    ("width", "dark"),
    [
        pytest.param(WIDE, False, id="wide"),
        pytest.param(NARROW, False, id="phone", marks=pytest.mark.thorough),
        pytest.param(WIDE, True, id="dark", marks=pytest.mark.thorough),
    ],
)
def test_every_page_is_quiet_accessible_and_fits(
    site: Served, browse: Callable[..., Watched], width: int, dark: bool
) -> None:
    watched = browse(width=width, dark=dark)
    sign_in(watched.page, site)

    for path in PAGES:
        answer = watched.page.goto(f"{site.url}/support/{path}")
        assert answer
        assert answer.status == 200, path
        if folder := os.environ.get("SCREENSHOTS"):
            name = path.replace("/", "_").split("?")[0] or "index"
            watched.page.screenshot(path=Path(folder) / f"{name}{width}{'d' * dark}.png")
        watched.check_quiet()
        watched.check_fits()
        watched.check_accessible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_staff_makes_a_company_extends_its_trial_and_sets_a_price(
    site: Served, browse: Callable[..., Watched], script: bool
) -> None:
    watched = browse(script=script)
    page = watched.page
    sign_in(page, site)

    page.get_by_role("link", name="회사", exact=True).first.click()
    page.get_by_role("link", name="회사 만들기").click()
    page.get_by_label("회사 id").fill("admin")
    page.get_by_label("상호").fill("한빛")
    page.get_by_label("첫 관리자 이메일").fill("first@hanbit.example")
    page.get_by_role("button", name="회사 만들기").click()
    expect(page.get_by_text("쓸 수 없는 id입니다")).to_be_visible()
    page.get_by_label("회사 id").fill("hanbit")
    page.get_by_role("button", name="회사 만들기").click()
    expect(page.get_by_text("first@hanbit.example").first).to_be_visible()
    page.get_by_label("새 체험 마지막 날").fill("2026-05-31")
    page.get_by_role("button", name="체험 연장").click()
    expect(page.get_by_text("2026. 5. 31.까지").first).to_be_visible()

    page.goto(site.url + "/support/products/price/add/")
    page.get_by_label("상품").select_option("collabo")
    page.get_by_label("결제 주기").select_option("annual")
    page.get_by_label("시행일").fill("2026-04-02")
    page.get_by_label("단가").fill("90000")
    page.get_by_role("button", name="단가 등록").click()
    expect(page.get_by_text("90,000원 (예시)").first).to_be_visible()
    page.get_by_role("row", name="예정").get_by_role("link").click()
    page.get_by_role("button", name="철회").click()
    expect(page.get_by_text("단가를 철회했습니다.")).to_be_visible()

    page.goto(site.url + "/support/common/jobrun/")
    page.get_by_role("button", name="지금 다시 실행").click()
    expect(page.get_by_text("보류된 회사는 0곳입니다.")).to_be_visible()
    page.get_by_role("button", name="로그아웃").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("로그인")
    watched.check_quiet()
