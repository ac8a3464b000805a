"""How heavy pages are, how still they stand, and how soon there is something to see."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from statistics import median

import pytest
from playwright.sync_api import Page, Response

from tests import databases
from tests.browser.conftest import NARROW, WIDE, Watched
from tests.browser.served import Served
from tests.browser.test_walk import pay, sign_in
from workplace_console.demo import PASSWORD as DEMO_PASSWORD

KIB = 1024
FIRST, AFTER = 60 * KIB, 20 * KIB
DEMO_DAY = "2026-11-22"
PAGES = ("", "product/", "accounts/", "usage/", "usage/trend/", "bills/", "quote/", "help/")

SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; })
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 200);
})"""
PAINTED = """() => new Promise(done => {
  new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true});
})"""


@pytest.fixture
def acme(serve: Served) -> Served:
    pay(serve, since="2026-01-10", today="2026-04-02")
    return serve


class Scales:
    """Weighs what comes over the wire, fonts apart, as a server in earnest sends it: files of ours
    are compressed there once and for all, which the demo does not do. What has come stays."""

    def __init__(self, page: Page) -> None:
        self.came: dict[str, int] = {}
        page.on("response", self._weigh)

    def _weigh(self, answer: Response) -> None:
        path = answer.url.partition("#")[0]
        if answer.status == 200 and not path.endswith(".woff2") and path not in self.came:
            self.came[path] = len(gzip.compress(answer.body(), 6))

    def weight(self) -> int:
        """What has come since it was asked last."""
        total = sum(self.came.values())
        self.came = dict.fromkeys(self.came, 0)
        return total


@pytest.mark.parametrize("width", [WIDE, pytest.param(NARROW, marks=pytest.mark.thorough)])
def test_pages_are_light_and_stand_still(
    acme: Served, browse: Callable[..., Watched], width: int
) -> None:
    page = browse(width=width).page
    scales = Scales(page)
    page.goto(f"{acme.url}/login/", wait_until="networkidle")
    assert scales.weight() <= FIRST
    sign_in(page, acme)
    scales.weight()
    for path in PAGES:
        page.goto(f"{acme.url}/c/acme/{path}", wait_until="networkidle")
        assert scales.weight() <= AFTER, path
        # In hundredths, as browsers tell it: the web font moves a line by a fraction of a pixel.
        assert round(page.evaluate(SHIFTS), 2) == 0, path


def test_a_page_is_compressed(acme: Served, browse: Callable[..., Watched]) -> None:
    answer = browse().page.goto(f"{acme.url}/login/")

    assert answer
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.deep  # a busy machine is no measure
def test_there_is_something_to_see_within_half_a_second_in_the_demo(
    serve: Served, browse: Callable[..., Watched]
) -> None:
    done = databases.manage("demo", database=serve.database, today=DEMO_DAY)
    assert done.returncode == 0, done.stderr
    serve.on(DEMO_DAY)
    painted = {"login/": median(first_visit(serve, browse) for _ in range(5))}
    page = browse().page
    page.goto(f"{serve.url}/login/")
    page.get_by_label("이메일").fill("admin@hanbit.example")
    page.get_by_label("비밀번호").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="로그인").click()
    page.wait_for_url("**/c/**")
    for path in PAGES:
        times = []
        for _ in range(5):
            page.goto(f"{serve.url}/c/hanbit/{path}")
            times.append(page.evaluate(PAINTED))
        painted[path] = median(times)

    assert max(painted.values()) <= 500, painted


def first_visit(served: Served, browse: Callable[..., Watched]) -> float:
    """When there is something to see with nothing in the browser's cache, in milliseconds."""
    page = browse().page
    page.goto(f"{served.url}/login/")
    painted: float = page.evaluate(PAINTED)
    return painted
