"""What is asked of every page, whichever way it is looked at, and how the pages are found."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page

from tests.browser.conftest import NARROW, WIDE, Watched


@dataclass(frozen=True)
class Look:
    """A width in pixels, and a theme."""

    width: int
    theme: str

    def apply(self, page: Page) -> None:
        page.set_viewport_size({"width": self.width, "height": 900})
        # Without motion the new colours are there at once, not after a moment.
        page.emulate_media(color_scheme=self.theme, reduced_motion="reduce")  # type: ignore[arg-type]

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}"


# Each follows another from which it differs in one thing: a page is drawn anew, not asked for.
LOOKS: Final = (
    Look(WIDE, "light"),
    Look(WIDE, "dark"),
    Look(NARROW, "dark"),
    Look(NARROW, "light"),
)


def look_at(watched: Watched, url: str, looks: Sequence[Look] = LOOKS, *, name: str = "") -> int:
    """Open a page, and look at it: no error, quiet, accessible, no wider than it is. Its status.

    With SCREENSHOTS=<folder> pictures are left there, by `name`.
    """
    looks[0].apply(watched.page)
    answer = watched.page.goto(url)
    assert answer
    assert answer.status < 500, url
    for look in looks:
        look.apply(watched.page)
        if folder := os.environ.get("SCREENSHOTS"):
            _picture(watched.page, Path(folder) / str(look), name or urlsplit(url).path)
        watched.check_fits()
        watched.check_accessible()
    if answer.status < 400:  # Chromium itself notes every answer that is an error
        watched.check_quiet()
    else:
        watched.said.clear()
    return answer.status


def _picture(page: Page, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name.strip('/').replace('/', '_')[:150]}.png", full_page=True)


LINKS: Final = "links => links.map(link => link.getAttribute('href'))"


def walk(
    start: str,
    page: Page,
    look: Callable[[str], object],
    *,
    kind_of: Callable[[str], object],
    within: str,
) -> Iterator[str]:
    """Look at the pages that links lead to, nearest first: one of each kind (None: not at all), of
    those whose path begins with `within`."""
    waiting, known = [start], set[object]()
    while waiting:
        url = waiting.pop(0)
        kind = kind_of(url)
        if kind is None or kind in known:
            continue
        known.add(kind)
        look(url)
        yield url
        found: Collection[str] = page.eval_on_selector_all("a[href]:not([download])", LINKS)
        links = (urljoin(page.url, link).partition("#")[0] for link in found)
        waiting += [link for link in links if urlsplit(link).path.startswith(within)]


def asked_of(url: str) -> tuple[str, ...]:
    """What the query asks for, by name: two pages that differ in its values only look alike."""
    return tuple(sorted(re.findall(r"(?:^|&)([^=&]+)", urlsplit(url).query)))
