"""A roster: who is registered from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from groupco.forms import table
from groupco.forms.table import check_rows, check_size, check_text, decoded
from groupco.rules import BadRoster, Held, RosterRow, check_not_future, refuse_rows
from workplace_console.common import days
from workplace_console.common.refusal import gettext_noop

NO_DAY_IN: Final = gettext_noop("등록일 {text!r}은(는) 날짜가 아닙니다. 2026-03-05처럼 적으세요.")
NO_DAY_OUT: Final = gettext_noop("제외일 {text!r}은(는) 날짜가 아닙니다. 2026-03-05처럼 적으세요.")

REQUIRED: Final = ("employee", "registered_on", "excluded_on")
OPTIONAL: Final = ("name", "email")

# The headings of our own download.
HEADINGS: Final = {
    "사번": "employee",
    "이름": "name",
    "이메일": "email",
    "등록일": "registered_on",
    "제외일": "excluded_on",
}


def read_upload(content: bytes, *, company_id: str, today: date) -> list[RosterRow]:
    """The rows of a file that somebody gives the console; also of our own download. R: E4, H4.

    As read_roster, but the days may be left out (registered from today on) and none may lie in the
    future. At most 20,000 rows, and 5 MB when written as UTF-8. Raises BadRoster.
    """
    check_size(content)
    return read_roster(content, company_id=company_id, today=today)


def read_roster(content: bytes, *, company_id: str, today: date | None = None) -> list[RosterRow]:
    """The rows of a roster CSV that are this company's.

    Columns employee, registered_on, excluded_on (the last day that counts; empty: still
    registered), in any order; optional name, email, and company, which picks the rows. With `today`
    it is an upload. UTF-8, or CP949 as Korean Excel writes it. Raises BadRoster, which names all
    rows that are wrong, each with its line and the reason.
    """
    faults: list[BadRoster] = []
    cells = table.rows(
        decoded(content),
        company_id=company_id,
        headings=HEADINGS,
        required=REQUIRED if today is None else REQUIRED[:1],
        optional=(*REQUIRED[1:], *OPTIONAL),
        faults=faults,
    )
    rows = list(_rows(cells, today, faults))
    if not rows and not faults:
        raise BadRoster(1, gettext_noop("이 회사의 행이 없습니다. 파일을 확인하세요."))
    refuse_rows([*faults, *_overlaps(rows)])
    return rows


def _rows(
    cells: Iterable[table.Row], today: date | None, faults: list[BadRoster]
) -> Iterator[RosterRow]:
    """The rows that are in order; what is wrong with the others goes to `faults`."""
    found = list(cells)
    if today:
        check_rows([line for line, _values in found])
    for line, values in found:
        try:
            row = _row(line, values, today)
            if today:
                check_not_future(line, row.held.registered_on, today=today)
                check_not_future(line, row.held.excluded_on or today, today=today)
            yield row
        except BadRoster as fault:
            faults.append(fault)


def _row(line: int, values: dict[str, str], today: date | None) -> RosterRow:
    number, name, email = values["employee"], values.get("name", ""), values.get("email", "")
    if not number:
        raise BadRoster(line, gettext_noop("사번이 비었습니다. 사번을 적으세요."))
    for column, text, most in (
        ("employee", number, 60),
        ("name", name, 100),
        ("email", email, 254),
    ):
        check_text(line, column, text, most=most)
    if email:
        _check_email(line, email)
    began, ended = values.get("registered_on", ""), values.get("excluded_on", "")
    if today and not began:
        if ended:
            raise BadRoster(line, gettext_noop("제외일을 적은 행에는 등록일도 적으세요."))
        return RosterRow(line, number, Held(today, None), name, email, is_now=True)
    registered_on = _day(line, began, NO_DAY_IN)
    excluded_on = _day(line, ended, NO_DAY_OUT) if ended else None
    if excluded_on and excluded_on < registered_on:
        raise BadRoster(line, gettext_noop("제외일이 등록일보다 빠릅니다. 날짜를 확인하세요."))
    return RosterRow(line, number, Held(registered_on, excluded_on), name, email)


def mail_address(text: str) -> str:
    """An address that every mail server takes, without blanks around it; ValueError otherwise.

    ASCII only and 254 characters at most: others are legal by now, but mails to them get lost.
    """
    address = text.strip()
    if not address.isascii() or len(address) > 254:
        raise ValueError(text)
    try:
        validate_email(address)
    except ValidationError:
        raise ValueError(text) from None
    return address


def _check_email(line: int, email: str) -> None:
    try:
        mail_address(email)
    except ValueError:
        raise BadRoster(
            line, gettext_noop("이메일이 메일 주소가 아닙니다. 고쳐 적으세요.")
        ) from None


def _day(line: int, text: str, wrong: str) -> date:
    """A day as we write it. Raises BadRoster with the sentence `wrong`."""
    try:
        return days.parse(text)
    except ValueError:
        raise BadRoster(line, wrong, text=text[:40]) from None


def _overlaps(rows: Sequence[RosterRow]) -> Iterator[BadRoster]:
    """A person may come and go, but not be registered twice on a day. R: E4."""
    seen: dict[str, RosterRow] = {}
    for row in sorted(rows, key=lambda row: (row.number, row.held.registered_on, row.line)):
        before = seen.get(row.number)
        if before and before.held.overlaps(row.held):
            yield BadRoster(
                row.line,
                gettext_noop(
                    "{other}행과 같은 사람의 기간이 겹칩니다. 한 행을 지우거나 날짜를 고치세요."
                ),
                other=before.line,
            )
        seen[row.number] = row
