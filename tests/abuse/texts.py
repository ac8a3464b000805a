"""Texts that want to be more than text: script in a page, a formula in a spreadsheet, a command
in a template or a mail. Short, so that each fits into every field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle, islice
from typing import Final

# Whatever of these comes to life has this name somewhere.
NAME: Final = "zq9"

SCRIPT: Final = (
    "<zq9>",
    "<zq9 x='y'>",
    "</title><zq9>",
    "</textarea><zq9>",
    "</script><zq9>",
    "</style><zq9>",
    "--><zq9>",
    "]]><zq9>",
    '"><zq9>',
    "'><zq9>",
    "`><zq9>",
    '" zq9="1',
    "' zq9='1",
    '"onfocus=zq9() autofocus="',
    "'onfocus='zq9()",
    "<script>zq9()</script>",
    "<ScRiPt>zq9()</sCrIpT>",
    "<script src=//zq9.example>",
    "<img src=x onerror=zq9()>",
    "<img/src=x/onerror=zq9()>",
    "<svg onload=zq9()>",
    "<svg/onload=zq9()//",
    "<body onload=zq9()>",
    "<iframe src=javascript:zq9()>",
    "<a href=javascript:zq9()>x",
    "<a href=jav&#x61;script:zq9()>",
    "javascript:zq9()",
    "JaVaScRiPt:zq9()//",
    "data:text/html,<zq9>",
    "//zq9.example/",
    "<base href=//zq9.example>",
    "<link rel=stylesheet href=//zq9",
    "<meta http-equiv=refresh zq9>",
    "<form action=//zq9.example>",
    "<input name=act value=zq9>",
    "<button formaction=//zq9>",
    "<details open ontoggle=zq9()>",
    "<video src onerror=zq9()>",
    "<math><mi xlink:href=zq9>",
    "<div hx-get=//zq9 hx-trigger=load>",
    "<p data-dialog=zq9 data-focus>",
    "<style>*{zq9:1}</style>",
    "<p style=background:url(//zq9)>",
    "&lt;zq9&gt;",
    "&#60;zq9&#62;",
    "\\u003czq9\\u003e",
    "\\x3czq9\\x3e",
    "%3Czq9%3E",
    "＜zq9＞",
    "{{ zq9 }}",
    "{% load zq9 %}",
    "{{7*7}}zq9",
    "${zq9}",
    "#{zq9}",
    "%(zq9)s %s %n",
    "{zq9.__class__} {0}",
    "#panic(zq9)",
    "$zq9$ *x* _y_",
    "';zq9();//",
    '");zq9();//',
    "\\';zq9();//",
    "[zq9](javascript:zq9())",
    "'||zq9||'",
    "\u202ezq9<zq9>",
)
FORMULAS: Final = (
    "=zq9+1",
    "+zq9",
    "-zq9",
    "@zq9",
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("//zq9","x")',
    '=IMPORTXML("//zq9",1)',
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "'=1+1",
    "''=1+1",
    '"=1+1',
    '";=1+1',
    ",=1+1",
    ";=1+1",
    "|=1+1",
    "=",
    "-",
    "+82-10",
    "=zq9\u202e",
    "\u200b=1+1",
    "\u200e=1+1",
    "\ufeff=1+1",
    "\u2060=1+1",
    "=1+1\u3000zq9",
    "@zq9<zq9>",
    '="><zq9>',
    "+<script>zq9()</script>",
    "-<img src=x onerror=zq9()>",
    "={{zq9}}",
    "=%s",
    "@{zq9}",
    "+#panic(zq9)",
    "-$zq9$",
)
ALL: Final = tuple(text for pair in zip(cycle(FORMULAS), SCRIPT, strict=False) for text in pair)


# Fields that take signs which nobody sees, and those that no / may stand in.
UNSEEN_IN: Final = ("person", "mail error", "detail")
NO_SLASH_IN: Final = ("department", "team")


class Texts:
    """Another one for every field that is written; `first` says where in the list it begins. What a
    field refuses is left out."""

    def __init__(self, first: int = 0) -> None:
        self._texts: Iterator[str] = islice(cycle(ALL), first, None)

    def write(self, field: str) -> str:
        return next(text for text in self._texts if takes(field, text))


def takes(field: str, text: str) -> bool:
    if field in NO_SLASH_IN and "/" in text:
        return False
    return text.isprintable() or field in UNSEEN_IN


class Alive(HTMLParser):
    """Everything on a page that is more than text and should not be."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            is_handler = name.startswith("on") or NAME in name or name == "style"
            is_address = name in ("href", "src", "action", "formaction", "hx-get", "http-equiv")
            leads_away = is_address and re.match(
                r"\s*(javascript|data|vbscript):|//", value or "", re.IGNORECASE
            )
            # data-options is JSON for a dialog of the browser's own, and never a part of the page.
            is_told = name.startswith(("hx-", "data-")) and name != "data-options"
            is_told = is_told and NAME in (value or "")
            if is_handler or leads_away or is_told or name.startswith("hx-on"):
                self.found.append(f"<{tag} {name}={value!r}>")
        if NAME in tag or tag in ("iframe", "object", "embed", "base", "style", "video", "math"):
            self.found.append(f"<{tag}>")
        if tag == "script" and not dict(attrs).get("src"):
            self.found.append("<script> without src")


def alive(html: str) -> list[str]:
    page = Alive()
    page.feed(html)
    return page.found
