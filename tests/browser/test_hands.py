"""For every hand and eye: the keyboard alone, 200 % and more, forced colours, more contrast, less
motion. R: H3."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDE, Watched
from tests.browser.looks import LOOKS
from tests.browser.served import Served
from tests.browser.test_walk import PASSWORD, acme, pay, sign_in

__all__ = ["acme"]

PAGES = (
    "",
    "product/",
    "product/upgrade/",
    "product/terminate/",
    "accounts/",
    "usage/2026-03/",
    "usage/trend/",
    "bills/acme-202604-1/",
    "quote/",
    "notices/",
    "audit/",
    "help/charges/",
)

FOCUSED = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const hit = document.elementFromPoint(
    Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1),
    Math.min(Math.max(box.y + box.height / 2, 0), innerHeight - 1));
  const around = at.closest("label") ?? at;
  return {
    name: (at.labels?.[0]?.innerText ?? at.ariaLabel ?? at.innerText ?? "").trim(),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0
      && Boolean(hit && (around.contains(hit) || hit.contains(at))),
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      || getComputedStyle(around).outlineStyle !== "none",
  };
}"""


def go_to(page: Page, name: str, *, key: str = "Tab", most: int = 60) -> None:
    """Press a key until what has this name has the focus. Wherever it comes by, it is seen."""
    for _ in range(most):
        page.keyboard.press(key)
        at = page.evaluate(FOCUSED)
        assert at["seen"], at
        assert at["marked"], at
        if at["name"].startswith(name):
            return
    raise AssertionError(f"{name} is not to be reached")


def past_the_menu(page: Page) -> None:
    go_to(page, "본문으로 건너뛰기", most=1)
    page.keyboard.press("Enter")


def test_a_plan_is_reserved_by_keyboard_alone(acme: Served, browse: Callable[..., Watched]) -> None:
    page = browse().page
    page.goto(acme.url)
    page.keyboard.type("admin@acme.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("대시보드")

    past_the_menu(page)
    go_to(page, "유료 전환", most=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("유료 전환")
    past_the_menu(page)
    go_to(page, "WORKPLACE", most=10)
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=plan][value=collabo]")).to_be_checked()
    go_to(page, "신청", most=30)
    page.keyboard.press("Enter")

    expect(page.get_by_text("예약됨").first).to_be_visible()


@pytest.mark.thorough
def test_the_menus_are_opened_and_left_by_keyboard(
    acme: Served, browse: Callable[..., Watched]
) -> None:
    page = browse().page
    sign_in(page, acme)
    go_to(page, "내 계정")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="로그아웃")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="로그아웃")).to_be_hidden()
    assert page.evaluate(FOCUSED)["name"].startswith("내 계정")


@pytest.fixture
def seen(serve: Served, browse: Callable[..., Watched]) -> tuple[Served, Watched]:
    """Acme, which pays since January, and its owner's browser."""
    pay(serve, since="2026-01-10", today="2026-04-02")
    watched = browse()
    sign_in(watched.page, serve)
    return serve, watched


@pytest.mark.thorough
def test_nothing_is_lost_enlarged_or_in_forced_colours_or_with_more_contrast(
    seen: tuple[Served, Watched],
) -> None:
    served, watched = seen
    enlarged(served, watched)
    in_forced_colours(served, watched)
    with_more_contrast(served, watched)
    without_motion(served, watched)


def enlarged(served: Served, watched: Watched) -> None:
    """A window of 1440 at 200 %, and of 1280 at 400 %: the same as one so much smaller."""
    for path in PAGES:
        watched.page.goto(f"{served.url}/c/acme/{path}")
        for width in (WIDE // 2, 320):
            watched.page.set_viewport_size({"width": width, "height": 450})
            watched.check_fits()
            hidden = watched.page.evaluate(CUT)
            assert hidden == [], f"{path} at {width}: {hidden}"
    LOOKS[0].apply(watched.page)


# Buttons and headings whose words don't fit into them.
CUT = """() => [...document.querySelectorAll("main :is(h1, h2, .btn, .amount, .badge)")]
  .filter(at => at.checkVisibility() && at.scrollWidth > at.clientWidth + 1 && at.clientWidth > 0)
  .map(at => at.innerText)"""


def in_forced_colours(served: Served, watched: Watched) -> None:
    """Buttons have an edge, and where one is in the menu is marked by more than colour."""
    page = watched.page
    page.emulate_media(forced_colors="active")
    for path in PAGES:
        page.goto(f"{served.url}/c/acme/{path}")
        edges = page.eval_on_selector_all(
            "main .btn:not(.quiet)", "all => all.map(at => getComputedStyle(at).borderTopStyle)"
        )
        assert set(edges) <= {"solid"}, path
        assert page.evaluate(
            "() => getComputedStyle(document.querySelector('.nav [aria-current]'), '::before')"
            ".backgroundColor !== getComputedStyle(document.body).backgroundColor"
        )
        watched.check_accessible()
    page.emulate_media(forced_colors="none")


def with_more_contrast(served: Served, watched: Watched) -> None:
    """Seven to one for every text, in both themes."""
    page = watched.page
    for theme in ("light", "dark"):
        page.emulate_media(contrast="more", color_scheme=theme)
        for path in PAGES:
            page.goto(f"{served.url}/c/acme/{path}")
            watched.check_contrast()
    page.emulate_media(contrast="no-preference", color_scheme="light")


def without_motion(served: Served, watched: Watched) -> None:
    """Nothing moves, not even for a moment."""
    page = watched.page
    page.emulate_media(reduced_motion="reduce")
    for path in PAGES:
        page.goto(f"{served.url}/c/acme/{path}")
        assert page.evaluate(MOVES) == [], path
    page.emulate_media(reduced_motion="no-preference")


MOVES = """() => [...document.querySelectorAll("*")].filter(at => {
  const style = getComputedStyle(at);
  return style.animationName !== "none"
    || style.transitionDuration.split(",").some(time => parseFloat(time) > 0);
}).map(at => at.outerHTML.slice(0, 80))"""
