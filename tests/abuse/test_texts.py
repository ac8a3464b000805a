"""Texts that want to be more than text stay text: on every page, in every file and mail; and those
of another company are on none. R: A4, E9, F5, H1. Goals G12, G14
and G15 of docs/reliability.md.

A real browser looks at the pages in tests/browser/test_scripts.py.
"""

from __future__ import annotations

import csv
import io
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.core import mail as django_mail
from django.test import Client
from pypdf import PdfReader

from groupco.choices import Scope
from products import operations as products
from tests.abuse import texts
from tests.abuse.conftest import HERE, MARK, THERE
from tests.abuse.site import Site
from tests.abuse.texts import alive
from tests.abuse.world import BY, TODAY, Everybody
from tests.api.callers import Caller
from workplace_console import daily, deletion
from workplace_console.common import csv_file, mail
from workplace_console.common.models import Mail

# What a company's own people may be shown; staff sees all companies.
OURS = ("owner", "clerk", "boss")


@pytest.fixture
def files(clients: dict[str, Client], sites: dict[str, Site]) -> dict[str, bytes]:
    """Every page and file that following links leads to, and all data as a ZIP."""
    found = {f"{who} {url}": sites[who].pages[url] for who in OURS for url in sites[who].pages}
    answer = clients["owner"].post(f"/c/{HERE}/product/terminate/data/", {"reason": "work"})
    assert answer.status_code == 200
    found["owner the ZIP of all data"] = b"".join(answer) if answer.streaming else answer.content
    return found


def read(content: bytes) -> Iterator[str]:
    """The texts in a page or file, files within it included."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            for name in file.namelist():
                yield name
                yield from read(file.read(name))
    elif content.startswith(b"%PDF"):
        yield from (page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    else:
        yield content.decode("utf-8", "replace")


def test_every_text_is_a_text_on_every_page(sites: dict[str, Site]) -> None:
    seen = set()
    wrong = {}
    for who, site in sites.items():
        for url, content in site.pages.items():
            if "html" in site.heads[url].headers.get("Content-Type", ""):
                html = content.decode()
                seen |= {text for text in texts.ALL if text in unescaped(html)}
                if found := alive(html):
                    wrong[f"{who} {url}"] = found
    assert wrong == {}
    assert len(seen) > 20  # they are there


def unescaped(html: str) -> str:
    from html import unescape

    return unescape(html)


def cells(content: bytes) -> Iterator[str]:
    """The cells of every CSV in a file, as a spreadsheet would read them."""
    if content.startswith(b"PK") and b"[Content_Types]" not in content:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            for name in file.namelist():
                if name.endswith(".csv"):
                    yield from cells(file.read(name))
    elif content.startswith("\ufeff".encode()):
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            yield from row


def test_no_cell_of_any_file_is_a_formula(files: dict[str, bytes]) -> None:
    number = 0
    for name, content in files.items():
        for cell in cells(content):
            number += 1
            begins = cell.lstrip(csv_file.UNSEEN)[:1]
            assert not begins or begins not in "=+-@\t\r\n＝＋－＠", (name, cell)
        if b"[Content_Types]" in content:
            for sheet in openpyxl.load_workbook(io.BytesIO(content)):
                for cell in (cell for row in sheet.iter_rows() for cell in row):
                    assert cell.data_type in "nsd", (name, cell.value)
                    assert cell.hyperlink is None, (name, cell.value)
    assert number > 200


@pytest.mark.parametrize("text", texts.FORMULAS)
def test_what_is_marked_as_text_is_read_back_as_it_was(text: str) -> None:
    assert csv_file.plain(csv_file.cell(text)) == text


def test_nothing_of_another_company_is_on_any_page_or_in_any_file(
    files: dict[str, bytes], sites: dict[str, Site]
) -> None:
    for name, content in files.items():
        for text in read(content):
            assert MARK not in text, name
            assert THERE not in text.replace(name.partition(" ")[2], ""), name
    assert MARK in "".join(  # there it is to be found
        text for content in sites["staff"].pages.values() for text in read(content)
    )


def test_nothing_of_another_company_is_in_any_answer_to_a_program(everybody: Everybody) -> None:
    program = Caller(
        products.issue_token(
            company_id=HERE, name="program", scopes=list(Scope), today=TODAY, by=BY
        ).secret
    )
    answers = [
        program.get(HERE),
        program.get(f"{HERE}/accounts"),
        program.get(f"{HERE}/accounts?after=0"),
        program.post(f"{HERE}/accounts", {"name": "김"}),
        program.post(f"{HERE}/accounts/exclude", {"number": f"{HERE}-1"}),
        program.post(f"{HERE}/accounts/exclude", {"number": f"{THERE}-1"}),
        program.post(f"{HERE}/storage", {"board": 1}),
        program.post(f"{HERE}/cards", {"count": 1, "as_of": "2026-04-13T08:00:00+09:00"}),
    ]
    assert len([answer for answer in answers if answer.status_code < 300]) >= 6
    for answer in answers:
        said = answer.content.decode().replace(f"{THERE}-1", "")
        assert MARK not in said
        assert THERE not in said


def test_mails_tell_nobody_of_another_company_and_the_log_tells_of_nobody(
    everybody: Everybody, caplog: pytest.LogCaptureFixture
) -> None:
    """A9 and G-9 of the map, too: a subject is one line, whatever a company is called."""
    Mail.objects.update(state=Mail.State.QUEUED, not_before="2020-01-01T00:00:00Z", done=[])
    with caplog.at_level(logging.DEBUG):
        daily.run(until=TODAY)
        mail.send_due()
        deletion.sweep(day=TODAY)
    sent = django_mail.outbox
    assert len(sent) > 30
    for message in sent:
        (to,) = message.to
        text = f"{message.subject}\n{message.body}\n{message.extra_headers}"
        other = THERE if HERE in to else HERE
        if "console.example" not in to:
            assert f"{other}.example" not in text, message.subject
        if HERE in to:
            assert MARK not in text, message.subject
            assert THERE not in text, message.subject
        assert not re.search(r"[\r\n]", message.subject)
    lines = "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    assert MARK not in lines
    assert "@" not in lines


def test_what_is_alive_would_be_seen() -> None:
    for text in ("<zq9>", "<img src=x onerror=a()>", "<script>a</script>", "<a href=javascript:a>"):
        assert alive(text)
    assert alive("<p>&lt;zq9&gt; =1+1</p>") == []


def test_every_answer_is_told_what_it_may_run(sites: dict[str, Site]) -> None:
    for site in sites.values():
        for url, answer in site.heads.items():
            policy: Any = answer.headers.get("Content-Security-Policy", "")
            assert "script-src 'self'" in policy, url
            assert "unsafe" not in policy, url
