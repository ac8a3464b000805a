"""A real Chromium. Where there is none these tests say so; with BROWSER_REQUIRED=1 they fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.browser.served import Served

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
WIDE, NARROW = 1440, 390


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Module by module: while it is there, an event loop runs in this thread, in which Django
    lets nobody query."""
    if not CHROMIUM:
        if os.environ.get("BROWSER_REQUIRED"):
            pytest.fail("Chromium is missing, and BROWSER_REQUIRED is set")
        pytest.skip("Chromium is missing: install it to run the browser tests")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def serve(database: str, tmp_path: Path) -> Iterator[Served]:
    """The console on an empty database of this test's own."""
    served = Served(database, tmp_path / "served.log")
    yield served
    served.stop()


class Watched:
    """A page, and everything that must not happen on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.left: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        self.said.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        host = urlsplit(request.url).hostname or ""
        if host != "localhost" and not host.endswith(".localhost"):
            self.left.append(request.url)

    def check_quiet(self) -> None:
        """Nothing in the browser's console, no request to another host."""
        assert self.said == []
        assert self.left == []

    def check_accessible(self) -> None:
        """axe finds nothing on the page as it stands."""
        self._ask_axe("{resultTypes: ['violations']}")

    def check_contrast(self) -> None:
        """Every text stands out seven to one."""
        self._ask_axe("{runOnly: ['color-contrast-enhanced'], resultTypes: ['violations']}")

    def _ask_axe(self, options: str) -> None:
        """It is brought along once for each page."""
        if not self.page.evaluate("() => Boolean(window.axe)"):
            self.page.evaluate(AXE_SCRIPT)
        found = AxeResults(self.page.evaluate(f"() => axe.run({options})"))
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"

    def check_fits(self) -> None:
        """Nothing scrolls sideways."""
        wider = self.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider <= 0, f"{self.page.url}: {wider} px too wide"


@pytest.fixture
def browse(chromium: Browser) -> Callable[..., Watched]:
    """Open a page: `browse(width=…, script=…, dark=…)`."""
    opened = []

    def open_page(*, width: int = WIDE, script: bool = True, dark: bool = False) -> Watched:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            locale="en-US",  # Korean must come from the console, not from the browser
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        return Watched(context.new_page())

    yield open_page
    for context in opened:
        context.close()
