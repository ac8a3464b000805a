"""A group's whole way in the browser: applied for, matched in Django admin, agreed to, its chart
scoped and ordered, and looked at as an employee. With script and without. R: F1, F4–F6."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from groupco.models import User
from groupco.operations import link_employee
from tests import databases
from tests.browser.conftest import NARROW, WIDE, Watched
from tests.browser.served import Served
from tests.browser.test_scripts import aside
from tests.browser.test_walk import PASSWORD, open_from_menu

STAFF = "staff@console.example"
EMPLOYEE = "ten@best.example"
DAY = "2026-03-02"
DEPARTMENTS = "department,employee\n본부,\n본부/1팀,10\n"
ACCOUNTS = "employee,registered_on,excluded_on,name,email\n"


@pytest.fixture
def companies(serve: Served, django_db_setup: None, django_db_blocker) -> Served:
    """Acme, which pays, and best in its trial, each with somebody in a department; owners, staff
    and an employee sign in."""
    story = []
    for company, name, number, who in (
        ("acme", "에이스", "999-81-00015", "박서준"),
        ("best", "베스트", "999-81-00029", "김서연"),
    ):
        roster = f"{ACCOUNTS}10,{DAY},,{who},ten@{company}.example\n"
        create = ["create_company", company, "--name", name, "--brn", number]
        story += [
            (DAY, [*create, "--admin", f"admin@{company}.example"], ""),
            (DAY, ["import_accounts", company, "-"], roster),
            (DAY, ["import_departments", company, "-"], DEPARTMENTS.replace("본부", f"{name}본부")),
        ]
    convert = ["convert", "acme", "--plan", "workplace", "--cycle", "monthly", "--start", DAY]
    databases.live([*story, (DAY, convert, "")], database=serve.database)
    for email in ("admin@acme.example", "admin@best.example", EMPLOYEE):
        databases.let_in(email, PASSWORD, database=serve.database)

    def link() -> None:
        link_employee(company_id="best", number="10", user=User.objects.get(email=EMPLOYEE))

    aside(django_db_blocker, serve, link)
    databases.let_in(STAFF, PASSWORD, database=serve.database, staff_roles=["support"])
    serve.on("2026-03-03")
    return serve


def sign_in(page: Page, address: str, email: str) -> None:
    """Sign in as somebody else than before."""
    page.context.clear_cookies()
    page.goto(address)
    page.get_by_label("이메일").fill(email)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("button", name="로그인").click()
    page.get_by_role("heading", level=1).wait_for()


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize(
    ("width", "script"),
    [
        pytest.param(WIDE, True, id="script", marks=pytest.mark.thorough),
        pytest.param(NARROW, False, id="no script"),
    ],
)
def test_apply_match_agree_set_scope_and_order_and_look(
    companies: Served, browse: Callable[..., Watched], width: int, script: bool
) -> None:
    watched = browse(width=width, script=script)
    page = watched.page

    # Acme applies; the id has a slip in it, which nobody says.
    sign_in(page, f"{companies.url}/login/", "admin@acme.example")
    open_from_menu(page, "그룹사 정보")
    page.get_by_label("회사 id").first.fill("bast")
    page.get_by_label("사업자등록번호").first.fill("999-81-00029")
    watched.check_fits()
    button(page, "그룹사 신청")
    expect(page.get_by_text("접수 대기")).to_be_visible()

    # Staff receives it, corrects the id, and matches.
    sign_in(page, f"{companies.url}/login/", STAFF)
    page.goto(f"{companies.url}/support/groupco/groupapplication/")
    page.locator("#result_list a").first.click()
    button(page, "접수")
    expect(page.get_by_text("이런 회사가 없습니다")).to_be_visible()
    page.get_by_label("회사 id").fill("best")
    button(page, "고치기")
    expect(page.get_by_text("모두 맞습니다.")).to_be_visible()
    watched.check_fits()
    if script:
        watched.check_accessible()
    button(page, "매칭")

    # Best is asked, and agrees: there is a group.
    sign_in(page, f"{companies.url}/login/", "admin@best.example")
    open_from_menu(page, "그룹사 정보")
    expect(page.get_by_text("이 회사의 동의를 기다립니다")).to_be_visible()
    watched.check_fits()
    if script:
        watched.check_accessible()
    button(page, "동의")
    expect(page.get_by_text("대표회사에 청구").first).to_be_visible()

    # Acme says what employees of best see, having looked before.
    sign_in(page, f"{companies.url}/login/", "admin@acme.example")
    open_from_menu(page, "그룹사 정보")
    page.get_by_role("link", name="그룹사 표시범위").click()
    preview = page.locator("#preview")
    page.get_by_label("어느 회사의 사원으로 볼까요").select_option("best")
    if script:
        expect(preview).to_contain_text("베스트 사원에게")
    page.locator("[name=scope_best][value=own]").check(force=True)
    if not script:
        button(page, "미리 보기")
    expect(preview).to_contain_text("베스트본부")
    expect(preview).not_to_contain_text("에이스")
    watched.check_fits()
    if script:
        watched.check_accessible()
    button(page, "저장")
    expect(page.get_by_text("그룹사 표시범위를 저장했습니다.")).to_be_visible()

    # And where best stands: by buttons, or by keys and by hand.
    page.get_by_role("link", name="그룹사 순서").click()
    best = page.get_by_role("radio", name="베스트")
    best.check()
    button(page, "하위로")
    expect(page.get_by_text("베스트: 맨 위 단계 → 에이스 아래")).to_be_visible()
    button(page, "하위로")
    expect(page.get_by_text("바로 위에 같은 단계의 회사가 없습니다.")).to_be_visible()
    if script:
        by_keys_and_by_hand(page)
        watched.check_accessible()
    watched.check_fits()
    button(page, "저장")
    expect(page.get_by_text("그룹사 순서를 저장했습니다.")).to_be_visible()
    expect(page.get_by_text("하위 회사", exact=True)).to_be_visible()

    look_as_an_employee(watched, companies, script=script)
    watched.check_quiet()


def look_as_an_employee(watched: Watched, served: Served, *, script: bool) -> None:
    """Of best, whose chart is its own: who is searched for, as one types, is found at acme too."""
    page = watched.page
    sign_in(page, served.company_url("best"), EMPLOYEE)
    page.goto(f"{served.company_url('best')}/people/")
    page.get_by_role("searchbox").press_sequentially("ㅂㅅㅈ")
    if not script:
        button(page, "검색")
    page.get_by_role("checkbox", name="박서준").check()
    button(page, "결재자로 추가")
    expect(page.get_by_role("heading", name="선택한 사원").locator("../..")).to_contain_text(
        "박서준"
    )
    page.get_by_role("link", name="조직도").click()
    chart = page.get_by_role("navigation", name="조직도")
    expect(chart).to_contain_text("베스트본부")
    expect(chart).not_to_contain_text("에이스")
    watched.check_fits()


def by_keys_and_by_hand(page: Page) -> None:
    """Out again by a key; dropped before acme; dropped on a department, which is refused; in."""
    best = page.get_by_role("radio", name="베스트")
    best.focus()
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.get_by_text("저장하지 않은 변경이 있습니다.")).to_have_count(0)
    expect(best).to_be_focused()
    drag(page, "best", onto='[data-place="acme"]', part=0.1)
    expect(page.get_by_text("순서: 베스트, 에이스")).to_be_visible()
    drag(page, "best", onto='[data-place^="department:"]', part=0.5, nth=-1)
    expect(page.get_by_text("회사는 부서 아래로 옮길 수 없습니다.")).to_be_visible()
    drag(page, "best", onto='[data-place="acme"]', part=0.5)
    expect(page.get_by_text("베스트: 맨 위 단계 → 에이스 아래")).to_be_visible()


def drag(page: Page, company: str, *, onto: str, part: float, nth: int = 0) -> None:
    """Take a company by its dots and let it go on another place, so far down that."""
    grip = page.locator(f'[data-place="{company}"] [data-grip]').bounding_box()
    found = page.locator(onto)
    place = (found.last if nth else found.first).bounding_box()
    assert grip
    assert place
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(place["x"] + 40, place["y"] + place["height"] * part, steps=4)
    page.mouse.up()
