"""The same form sent sixteen times at once, to a real server: it takes effect once. R: C4, D4, D5.

Needs no Chromium: what a browser and a proxy may do, done by hand.
"""

from __future__ import annotations

import http.cookiejar
import re
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from tests.browser.served import Served
from tests.browser.test_walk import PASSWORD, pay

AT_ONCE = 16


class Browser:
    """Cookies, and forms with their hidden fields."""

    def __init__(self, served: Served) -> None:
        self.url = served.url
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)

    def read(self, path: str) -> str:
        with self._opener.open(self.url + path) as answer:
            text: str = answer.read().decode()
        return text

    def form(self, path: str) -> dict[str, str]:
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.read(path))
        return {name: value for name, value in hidden if name in ("csrfmiddlewaretoken", "once")}

    def send(self, path: str, data: dict[str, str]) -> str:
        """Send a form; the address that the answer leads to."""
        request = urllib.request.Request(  # noqa: S310 - our own server
            self.url + path,
            data=urllib.parse.urlencode(data).encode(),
            headers={"Origin": self.url, "Referer": self.url + path},
        )
        with self._opener.open(request) as answer:
            answer.read()
            return urllib.parse.urlsplit(answer.url).path


def test_sixteen_at_once_are_one(serve: Served, examples) -> None:
    pay(serve, since="2026-03-02", today="2026-03-10")
    browser = Browser(serve)
    browser.send(
        "/login/",
        browser.form("/login/") | {"login": "admin@acme.example", "password": PASSWORD},
    )
    product = "/c/acme/product/"

    for number in range(1, examples(few=1, deep=20) + 1):
        assert sent_at_once(browser, f"{product}capacity/add/", {"tb": "2"}) == {product}
        assert f"추가 용량 {number + 1} TB" in browser.read(product)
        assert sent_at_once(browser, f"{product}capacity/return/", {"tb": "1"}) == {product}
        assert f"추가 용량 {number} TB" in browser.read(product)
        assert sent_at_once(browser, f"{product}upgrade/", {"plan": "collabo"}) == {product}
        assert "신청 중" in browser.read(product)
        assert sent_at_once(browser, f"{product}upgrade/", {"act": "withdraw"}) == {product}
        assert "신청 중" not in browser.read(product)


def sent_at_once(browser: Browser, path: str, data: dict[str, str]) -> set[str]:
    """Where all of them led."""
    filled = browser.form(path) | data
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return set(pool.map(lambda _n: browser.send(path, filled), range(AT_ONCE)))
