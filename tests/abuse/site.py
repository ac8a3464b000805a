"""A site as a program sees it: pages, the links on them, and forms as a browser sends them."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.http import HttpResponse
from django.test import Client

URLENCODED: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Field:
    name: str
    value: str
    kind: str


@dataclass(frozen=True)
class Form:
    """A form filled in as it was shown, with one of its buttons pressed."""

    page: str
    action: str
    method: str
    fields: tuple[Field, ...]
    is_multipart: bool = False

    @property
    def shape(self) -> tuple[str, ...]:
        """What makes it another form than others: not its numbers."""
        words = [field.value for field in self.fields if field.kind == "submit"]
        return (self.method, alike(self.action), *sorted({f.name for f in self.fields}), *words)

    def with_value(self, place: int, value: str) -> Form:
        fields = list(self.fields)
        fields[place] = replace(fields[place], value=value)
        return replace(self, fields=tuple(fields))

    def pairs(self) -> list[tuple[str, str]]:
        return [(field.name, field.value) for field in self.fields]


class Reader(HTMLParser):
    """Collects the links and forms of a page; whatever is written in it is text to it."""

    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.links: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self.by_id: dict[str, dict[str, Any]] = {}
        self.open: dict[str, Any] | None = None
        self.select: dict[str, Any] | None = None
        self.area: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        match tag:
            case "a":
                self.links.append(has.get("href", ""))
            case "form":
                self.open = {"has": has, "fields": [], "buttons": []}
                self.forms.append(self.open)
                self.by_id[has.get("id", "")] = self.open
            case "input" | "button" | "textarea" | "select":
                self._control(tag, has)
            case "option" if self.select is not None:
                self.select["options"].append((has.get("value", ""), "selected" in has))

    def _control(self, tag: str, has: dict[str, str]) -> None:
        form = self.by_id.get(has["form"]) if has.get("form") else self.open
        kind = has.get("type", "submit" if tag == "button" else "text" if tag == "input" else tag)
        if form is None or "disabled" in has:
            return
        name, value = has.get("name", ""), has.get("value", "")
        if kind in ("submit", "button", "image", "reset"):
            if kind == "submit":
                form["buttons"].append((name, value, has.get("formaction", "")))
        elif tag == "select":
            self.select = {"name": name, "options": []}
            form["fields"].append(self.select)
        elif tag == "textarea":
            self.area = []
            form["fields"].append({"name": name, "area": self.area})
        elif kind in ("checkbox", "radio"):
            form["fields"].append(
                {"name": name, "value": value or "on", "kind": kind, "on": "checked" in has}
            )
        elif name:
            form["fields"].append({"name": name, "value": value, "kind": kind, "on": True})

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None


def forms_of(url: str, html: str) -> Iterator[Form]:
    """Each form of a page, once for each of its buttons."""
    reader = Reader(url)
    reader.feed(html)
    for form in reader.forms:
        fields = tuple(_filled(form["fields"]))
        for name, value, action in form["buttons"] or [("", "", "")]:
            pressed = (Field(name, value, "submit"),) if name else ()
            yield Form(
                page=url,
                action=urljoin(url, action or form["has"].get("action", "") or url),
                method=form["has"].get("method", "get").lower(),
                fields=fields + pressed,
                is_multipart="multipart" in form["has"].get("enctype", ""),
            )


def _filled(fields: list[dict[str, Any]]) -> Iterator[Field]:
    """What a browser would send; of boxes and buttons to choose from the first, if none is on."""
    chosen: set[str] = {f["name"] for f in fields if f.get("kind") == "radio" and f["on"]}
    for field in fields:
        if "options" in field:
            on = [value for value, selected in field["options"] if selected]
            first = [value for value, _selected in field["options"]]
            yield Field(field["name"], (on or first or [""])[0], "select")
        elif "area" in field:
            yield Field(field["name"], "".join(field["area"]).lstrip("\n"), "textarea")
        elif field["on"] or field["kind"] == "checkbox" or field["name"] not in chosen:
            chosen.add(field["name"])
            yield Field(field["name"], field["value"], field["kind"])


@dataclass
class Site:
    """What a visitor finds by following links."""

    pages: dict[str, bytes]
    forms: list[Form]
    heads: dict[str, HttpResponse]


def crawl(client: Client, starts: Iterable[str], *, most: int) -> Site:
    """Read these pages and follow every link from there on, of pages that are alike so many."""
    site = Site({}, [], {})
    given = list(starts)
    waiting, seen = deque(given), set()
    counts: Counter[str] = Counter()
    shapes = set()
    while waiting:
        url = waiting.popleft()
        if url in seen or (counts[alike(url)] >= most and url not in given):
            continue
        seen.add(url)
        counts[alike(url)] += 1
        answer = client.get(url)
        content = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code < 500, url
        site.pages[url], site.heads[url] = content, answer
        if answer.status_code == 302:
            waiting.append(answer.headers["Location"])
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        html = content.decode()
        for form in forms_of(url, html):
            if form.shape not in shapes:
                shapes.add(form.shape)
                site.forms.append(form)
                if form.method == "get":
                    waiting.append(f"{urlsplit(form.action).path}?{urlencode(form.pairs())}")
        waiting.extend(_links(url, html))
    return site


def _links(url: str, html: str) -> Iterator[str]:
    reader = Reader(url)
    reader.feed(html)
    for link in reader.links:
        parts = urlsplit(urljoin(url, link))
        if not parts.netloc and parts.path.startswith("/") and not link.startswith("#"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def alike(url: str) -> str:
    """An address without what numbers, companies and articles make different."""
    parts = urlsplit(url)
    path = re.sub(r"\d+", "0", parts.path)
    path = re.sub(r"^/c/[^/]+/", "/c/x/", path)
    path = re.sub(r"/(help|bills)/[^/]+/", r"/\1/x/", path)
    if path.startswith("/support/") and parts.query:
        return f"{path}?"
    query = [
        (name, re.sub(r"\d+", "0", value) if name in ("tab", "show", "act", "format") else "")
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    return f"{path}?{sorted(set(query))}"


def send(client: Client, form: Form, *, body: bytes | None = None, **more: Any) -> HttpResponse:
    """A form as it is filled in, or another body to the same place."""
    if form.method == "get":
        path = urlsplit(form.action).path
        return client.get(f"{path}?{encoded(form.pairs()).decode('ascii')}", **more)
    kind = more.pop("content_type", URLENCODED)
    content = encoded(form.pairs()) if body is None else body
    return client.generic("POST", form.action, content, content_type=kind, **more)


@contextmanager
def as_before(client: Client) -> Iterator[None]:
    """Afterwards the client has the cookies that it had: signed in, no messages to be shown."""
    cookies = deepcopy(client.cookies)
    try:
        yield
    finally:
        client.cookies = cookies


def encoded(pairs: Iterable[tuple[str, str | bytes]]) -> bytes:
    """As a browser encodes it; half letters and broken bytes go through as they are."""
    raw = [
        (name, value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))
        for name, value in pairs
    ]
    return urlencode(raw).encode()
