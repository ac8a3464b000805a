"""What holds for every template and style sheet: nothing inline, foreign or unused."""

from __future__ import annotations

import re
from pathlib import Path

import django
import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
PAGES = sorted(path for path in TEMPLATES.rglob("*.html"))
PARTS = sorted((TEMPLATES / "parts").glob("*.html"))
PYTHON = [
    path
    for folder in ("workplace_console", "groupco", "products", "billing")
    for path in (ROOT / folder).rglob("*.py")
]

# Django looks for these by itself.
BY_NAME = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"}
OF_DJANGO = [
    Path(django.__file__).parent / folder / "templates" for folder in ("forms", "contrib/admin")
]

FORBIDDEN = {
    "a style attribute": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "a script without src": r"<script\b(?![^>]*\ssrc=)",
    "an event handler": r"<[^>]*\s(hx-)?on[a-z:-]+\s*=",
    "a script as address": r"javascript:",
    "another host": r"""(["'(]|https?:)//[a-z]""",
}


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_template_has_nothing_inline_and_nothing_foreign(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text, re.I)]
    assert found == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a style attribute", '<p style="color:red">'),
        ("a style element", "<style>p{}</style>"),
        ("a script without src", "<script type='module'>x()</script>"),
        ("an event handler", '<a href="#" onclick="x()">'),
        ("an event handler", '<form hx-on:submit="x()">'),
        ("another host", '<img src="//elsewhere.example/x.png">'),
        ("another host", '<a href="https://elsewhere.example">'),
    ],
)
def test_the_look_for_what_is_forbidden_finds_it(what: str, text: str) -> None:
    assert re.search(FORBIDDEN[what], text, re.I)


@pytest.mark.parametrize("path", PARTS, ids=name_of)
def test_a_partial_opens_by_naming_its_parameters(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("{% comment %}\n")


def test_every_partial_is_included_with_its_parameters_only() -> None:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for tag in re.findall(r'{% include "parts/[^%]*%}', text):
            assert tag.endswith(" only %}"), f"{name_of(path)}: {tag}"


def test_every_template_is_used() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in [*PAGES, *PYTHON]}
    unused = []
    for path in PAGES:
        name = name_of(path)
        # The registry of the articles names their files; tests/pages/test_help.py compares the two.
        if (
            name.startswith("help/")
            or name in BY_NAME
            or any((folder / name).exists() for folder in OF_DJANGO)
        ):
            continue
        quoted = re.compile(f"[\"']{re.escape(name)}[\"']")
        if not any(quoted.search(text) for other, text in sources.items() if other != path):
            unused.append(name)
    assert unused == []


def test_every_drawing_that_is_named_exists_and_every_one_that_exists_is_named() -> None:
    sprite = (ROOT / "static" / "icons.svg").read_text(encoding="utf-8")
    drawings = set(re.findall(r'<symbol id="([a-z-]+)"', sprite))
    named = set()
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'{% icon "([a-z-]+)" %}', text))
        named |= set(re.findall(r'\bicon="([a-z-]+)"', text))
        named |= set(re.findall(r'"parts/notice.html" with tone="([a-z-]+)"', text))
    assert named - drawings == set()
    # The rest is named in Python, as strings: the menu, notices by tone.
    python = "\n".join(path.read_text(encoding="utf-8") for path in PYTHON)
    left = {name for name in drawings - named if f'"{name}"' not in python}
    assert left == set()


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_a_style_sheet_is_linked_short_and_asks_no_other_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    page = "admin/base_site.html" if path.name == "support.css" else "base.html"
    assert f'{{% static "css/{path.name}" %}}' in (TEMPLATES / page).read_text("utf-8")
    assert len(text.splitlines()) < 450
    assert not re.search(r"https?:|@import|url\(\s*[\"']?//", text)


def test_every_colour_is_a_token() -> None:
    for path in STYLES:
        if path.name in ("tokens.css", "print.css", "support.css"):
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(oklch|rgb|hsl)a?\(|#[0-9a-f]{3,8}\b(?=[;,) ])", text), path.name
