"""Pictures of every page, into var/pictures: `make pictures`.

    make pictures                                everything, of a demo of its own
    make pictures ARGS="--only usage"            one address, by its name in addresses.py
    make pictures ARGS="--url http://localhost:8000"    of a console that runs
    make pictures ARGS="--docs"                  those that the documents show, into docs/pictures

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
from urllib.parse import parse_qsl, urlsplit

import django

ROOT: Final = Path(__file__).resolve().parent.parent
INTO: Final = ROOT / "var" / "pictures"
TODAY: Final = "2026-11-22"
# What the documents show: hanbit's pages, by their names in addresses.py.
DOCUMENTED: Final = {"dashboard", "usage", "upgrade"}
DOCUMENTS: Final = ROOT / "docs" / "pictures"

# Who is looked at, and by whom; the first has every page, of the others what their state changes.
COMPANIES: Final = ("hanbit", "dasom", "maru", "garam", "saebyeok")
BY_STATE: Final = {"dashboard", "product", "convert", "upgrade", "usage", "bills", "trend", "group"}
AT_THE_DOOR: Final = ("/login/", "/login/reset/")
OF_ONES_OWN: Final = ("/return/", "/no-such-page/")
# What opens another part of a page.
TABS: Final = ("show", "tab")
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
        if options.docs:
            document(browser, url)
            return
        for width, theme, language in product(options.width, options.theme, options.language):
            for name in take(browser, url, Look(width, theme, language), set(options.only)):
                sys.stdout.write(f"{name}\n")


def document(browser, url: str) -> None:  # type: ignore[no-untyped-def]
    """The pictures that the documents show, taken anew."""
    for picture in take(browser, url, Look(1440, "light", "ko"), DOCUMENTED):
        name, _minus, company = picture.stem.partition("-")
        if company == COMPANIES[0]:
            shutil.copy(picture, DOCUMENTS / f"{name}.png")
            sys.stdout.write(f"{DOCUMENTS / name}.png\n")


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    parser.add_argument("--url", help="a console with the demo, which runs already")
    parser.add_argument("--docs", action="store_true", help="the pictures of the documents")
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
            INTO.mkdir(parents=True, exist_ok=True)
            served = Served(name, INTO.parent / "pictures.log")
            try:
                served.on(TODAY)
                yield served.url
            finally:
                served.stop()


def take(browser, url: str, look: Look, only: set[str]) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """Every page as it looks this way; the files, as they are written."""
    context = browser.new_context(
        viewport={"width": look.width, "height": 900},
        color_scheme=look.theme,
        locale={"ko": "ko-KR", "en": "en-US"}[look.language],
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    speak(page, url, look)
    if not only:
        for path in AT_THE_DOOR:
            yield shoot(page, url + path, look, path.strip("/").replace("/", "-"))
    yield from take_companies(page, url, look, only)
    if not only or "account" in only:
        yield from take_ones_own(page, url, look)
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

        def visit(address: str, company: str = company) -> Path | None:
            name = name_of(address) or ""
            if (name in seen and name not in BY_STATE) or (only and name not in only):
                page.goto(address)
                return None
            seen.add(name)
            return shoot(page, address, look, f"{name}-{company}")

        yield from walked(page, f"{url}/c/{company}/", visit, within=f"/c/{company}/")


def take_ones_own(page, url: str, look: Look) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """One's own account, as the last company's admin; what is nowhere; who is no admin."""
    for path in OF_ONES_OWN:
        yield shoot(page, url + path, look, path.strip("/"))
    yield from walked(
        page,
        f"{url}/account/",
        lambda address: shoot(page, address, look, name_of(address) or ""),
        within="/account/",
    )
    page.context.clear_cookies()
    fill_in(page, f"{url}/login/", "manager@hanbit.example")
    speak(page, url, look)
    yield shoot(page, f"{url}/c/hanbit/", look, "not-an-admin")


def take_support(page, url: str, look: Look) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """The support site: its lists, and of each the first record and what can be done to it."""
    page.context.clear_cookies()
    fill_in(page, f"{url}/support/", STAFF)
    speak(page, url, look)

    def visit(address: str) -> Path:
        return shoot(page, address, look, "-".join(name_of_support(address) or ()))

    yield from walked(page, f"{url}/support/", visit, within="/support/", kind_of=name_of_support)


def take_host(page, url: str, look: Look) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """A company's own host, as its employee and its workplace admin see it."""
    host = url.replace("localhost", "hanbit.localhost")
    page.context.clear_cookies()
    speak(page, host, look)
    yield shoot(page, f"{host}/", look, "host-login")
    for email, pages in (
        ("employee@hanbit.example", {"found": "/people/?q=김", "chart": "/people/?tab=chart"}),
        ("manager@hanbit.example", {"accounts": "/accounts/"}),
    ):
        page.context.clear_cookies()
        fill_in(page, f"{host}/", email)
        speak(page, host, look)
        for name, path in pages.items():
            yield shoot(page, host + path, look, f"host-{name}")


def walked(  # type: ignore[no-untyped-def]
    page, start: str, visit, *, within: str, kind_of=None
) -> Iterator[Path]:
    """The pictures that `visit` takes of the pages to which links lead, one of each kind."""
    from tests.browser.looks import walk

    left: list[Path | None] = []
    kind_of = kind_of or name_of
    for _page in walk(
        start, page, lambda url: left.append(visit(url)), kind_of=kind_of, within=within
    ):
        yield from filter(None, left)
        left.clear()


def name_of(address: str) -> str | None:
    """What an address is called, with the tab that it opens; None where nothing is to be seen."""
    from django.urls import Resolver404, resolve

    split = urlsplit(address)
    try:
        name = resolve(split.path).url_name or ""
    except Resolver404:
        return None
    asked = dict(parse_qsl(split.query))
    if name.endswith(("_csv", "_pdf")) or "format" in asked:
        return None
    return "-".join([name, *(asked[tab] for tab in TABS if tab in asked)])


def name_of_support(address: str) -> tuple[str, ...] | None:
    """A list, a record, or what can be done to one."""
    split = urlsplit(address)
    if "logout" in split.path or "." in split.path or split.query:
        return None
    parts = [part for part in split.path.split("/") if part]
    return (*parts[:3], *(["record"] if len(parts) > 3 else []), *parts[4:])


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


def shoot(page, address: str, look: Look, name: str) -> Path:  # type: ignore[no-untyped-def]
    look.folder.mkdir(parents=True, exist_ok=True)
    page.goto(address)
    file = look.folder / f"{name}.png"
    page.screenshot(path=file, full_page=True)
    return file


if __name__ == "__main__":
    main(sys.argv[1:])
