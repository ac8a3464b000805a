"""Pictures of every page, into var/pictures: `make pictures`.

    make pictures                                everything, of a demo of its own
    make pictures ARGS="--only usage"            one address, by its name in addresses.py
    make pictures ARGS="--url http://localhost:8000"    of a console that runs

Nothing is listed here: from a dashboard it follows the console's own links, to one page
of each address. So a new page is in the next pictures by itself.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import django

ROOT: Final = Path(__file__).resolve().parent.parent
INTO: Final = ROOT / "var" / "pictures"
TODAY: Final = "2026-11-22"

# Who is looked at, and by whom; the first has every page, of the others what their state changes.
COMPANIES: Final = ("hanbit", "dasom", "maru", "garam", "saebyeok")
BY_STATE: Final = {"dashboard", "product", "convert", "upgrade", "usage", "bills", "trend", "group"}
AT_THE_DOOR: Final = ("/login/", "/login/reset/")
OF_ONES_OWN: Final = ("/account/", "/return/")
STAFF: Final = "support@console.example"
WIDTHS: Final = (1440, 390)
THEMES: Final = ("light", "dark")
LANGUAGES: Final = ("ko", "en")


@dataclass(frozen=True)
class Look:
    width: int
    theme: str
    language: str

    @property
    def folder(self) -> Path:
        return INTO / self.language / f"{self.width}-{self.theme}"


def main(arguments: list[str]) -> None:
    options = parsed(arguments)
    with ExitStack() as stack:
        url = options.url or stack.enter_context(a_demo())
        set_up()
        from playwright.sync_api import sync_playwright

        playwright = stack.enter_context(sync_playwright())
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium(), args=root)
        stack.callback(browser.close)
        for width, theme, language in product(options.width, options.theme, options.language):
            for name in take(browser, url, Look(width, theme, language), set(options.only)):
                sys.stdout.write(f"{name}\n")


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    parser.add_argument("--url", help="a console with the demo, which runs already")
    parser.add_argument("--only", nargs="*", default=[], help="names of addresses")
    parser.add_argument("--width", nargs="*", type=int, default=WIDTHS)
    parser.add_argument("--theme", nargs="*", choices=THEMES, default=THEMES)
    parser.add_argument("--language", nargs="*", choices=LANGUAGES, default=LANGUAGES)
    return parser.parse_args(arguments)


def set_up() -> None:
    """Django, for the console's own addresses; no database is asked."""
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workplace_console.settings")
    django.setup()


def chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("Chromium is missing. Install it, or name it in CHROMIUM.")
    return found


@contextmanager
def a_demo() -> Iterator[str]:
    """The demo on servers of its own, on a fixed day, so that pictures can be compared."""
    from tests.servers import servers_for_tests

    with servers_for_tests() as urls:
        os.environ |= {"DATABASE_URL": urls.database, "REDIS_URL": urls.redis, "DEMO": "1"}
        from tests import databases
        from tests.browser.served import Served

        with databases.copy_of(None) as name:
            for command in ("migrate", "demo"):
                done = databases.manage(command, database=name, today=TODAY)
                if done.returncode:
                    raise SystemExit(done.stderr)
            served = Served(name, INTO.parent / "pictures.log")
            try:
                served.on(TODAY)
                yield served.url
            finally:
                served.stop()


def take(browser, url: str, look: Look, only: set[str]) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """Every page as it looks this way; the files, as they are written."""
    context = browser.new_context(
        viewport={"width": look.width, "height": 900}, color_scheme=look.theme
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    if not only:
        for path in AT_THE_DOOR:
            yield shoot(page, url + path, look, path.strip("/").replace("/", "-"))
    yield from take_companies(page, url, look, only)
    if not only:
        for path in OF_ONES_OWN:
            yield shoot(page, url + path, look, path.strip("/"))
    if not only or "support" in only:
        yield from take_support(page, url, look)
    if not only or "people" in only:
        yield from take_host(page, url, look)
    context.close()


def take_companies(page, url: str, look: Look, only: set[str]) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    seen: set[str] = set()
    for company in COMPANIES:
        page.context.clear_cookies()
        sign_in(page, url, f"admin@{company}.example")
        speak(page, url, look)
        for name, path in pages(page, url, company):
            if (name in seen and name not in BY_STATE) or (only and name not in only):
                continue
            seen.add(name)
            yield shoot(page, url + path, look, f"{name}-{company}")


def take_support(page, url: str, look: Look) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """The support site: the pages that its first page leads to."""
    page.context.clear_cookies()
    fill_in(page, f"{url}/support/", STAFF)
    speak(page, url, look)
    page.goto(f"{url}/support/")
    for path in sorted({link for link in links(page) if link.startswith("/support/")}):
        if "logout" not in path:
            name = path.strip("/").replace("/", "-")
            yield shoot(page, url + path, look, name)


def take_host(page, url: str, look: Look) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """A company's own host, as its employee and its workplace admin see it."""
    host = url.replace("localhost", "hanbit.localhost")
    yield shoot(page, f"{host}/", look, "host-login")
    for email, paths in (
        ("employee@hanbit.example", ("/people/?q=김", "/people/?tab=chart")),
        ("manager@hanbit.example", ("/accounts/",)),
    ):
        page.context.clear_cookies()
        fill_in(page, f"{host}/", email)
        speak(page, host, look)
        for path in paths:
            name = "host" + path.partition("?")[0].replace("/", "-") + path[-5:]
            yield shoot(page, host + path, look, name.strip("-/"))


def sign_in(page, url: str, email: str) -> None:  # type: ignore[no-untyped-def]
    fill_in(page, f"{url}/login/", email)
    page.wait_for_url("**/c/**")


def fill_in(page, address: str, email: str) -> None:  # type: ignore[no-untyped-def]
    """The form of a sign-in, wherever it is."""
    from workplace_console.demo import PASSWORD

    page.goto(address)
    page.locator("[name=login], [name=username]").first.fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main [type=submit], [type=submit]").first.click()
    page.wait_for_load_state()


def speak(page, url: str, look: Look) -> None:  # type: ignore[no-untyped-def]
    from django.conf import settings

    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": look.language, "url": url}
    page.context.add_cookies([cookie])


def pages(page, url: str, company: str) -> Iterator[tuple[str, str]]:  # type: ignore[no-untyped-def]
    """The addresses that a company's pages lead to, one of each name, nearest first."""
    from django.urls import Resolver404, resolve

    waiting, known = [f"/c/{company}/"], set()
    while waiting:
        path = waiting.pop(0)
        try:
            name = resolve(urlsplit(path).path).url_name
        except Resolver404:
            continue
        if name in known or name.endswith("_csv"):
            continue
        known.add(name)
        yield name, path
        page.goto(url + path)
        waiting += [link for link in links(page) if link.startswith(f"/c/{company}/")]


def links(page) -> list[str]:  # type: ignore[no-untyped-def]
    found: list[str] = page.eval_on_selector_all(
        "a[href]:not([download])", "links => links.map(link => link.getAttribute('href'))"
    )
    return found


def shoot(page, address: str, look: Look, name: str) -> Path:  # type: ignore[no-untyped-def]
    look.folder.mkdir(parents=True, exist_ok=True)
    page.goto(address)
    file = look.folder / f"{name}.png"
    page.screenshot(path=file, full_page=True)
    return file


if __name__ == "__main__":
    main(sys.argv[1:])
