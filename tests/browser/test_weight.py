"""How heavy pages are, how still they stand, and how soon there is something to see."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response

from tests.browser.conftest import NARROW, WIDE, Watched
from tests.browser.served import Served
from tests.browser.test_walk import pay, sign_in

KIB = 1024
FIRST, AFTER = 60 * KIB, 20 * KIB
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
def test_there_is_something_to_see_within_half_a_second(
    acme: Served, browse: Callable[..., Watched]
) -> None:
    page = browse().page
    sign_in(page, acme)
    for path in PAGES:
        times = []
        for _ in range(3):
            page.goto(f"{acme.url}/c/acme/{path}")
            times.append(page.evaluate(PAINTED))
        assert min(times) <= 500, path
