"""Strings in: what people type or upload, turned into values, or refused with a sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from groupco.rules import BadRoster, Held, RosterRow, check_not_future, has_control
from workplace_console.common import csv_file, days
from workplace_console.common.refusal import gettext_noop

REQUIRED: Final = ("employee", "registered_on", "excluded_on")
OPTIONAL: Final = ("company", "name", "email")

# The headings of our own download.
HEADINGS: Final = {
    "사번": "employee",
    "이름": "name",
    "이메일": "email",
    "등록일": "registered_on",
    "제외일": "excluded_on",
}

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 20_000


def read_upload(content: bytes, *, company_id: str, today: date) -> list[RosterRow]:
    """The rows of a file that somebody gives the console; also of our own download. R: E4, H4.

    As read_roster, but the days may be left out (registered from today on) and none may lie in the
    future. At most 20,000 rows, and 5 MB when written as UTF-8. Raises BadRoster.
    """
    if len(decoded(content).encode()) > MOST_BYTES:
        raise BadRoster(1, gettext_noop("파일이 5 MB보다 큽니다. 나누어 올리세요."))
    rows = read_roster(content, company_id=company_id, today=today)
    if len(rows) > MOST_ROWS:
        raise BadRoster(
            rows[MOST_ROWS].line,
            gettext_noop("한 번에 {most}행까지 올릴 수 있습니다. 나누어 올리세요."),
            most=MOST_ROWS,
        )
    for row in rows:
        for day in (row.held.registered_on, row.held.excluded_on or today):
            check_not_future(row.line, day, today=today)
    return rows


def read_roster(content: bytes, *, company_id: str, today: date | None = None) -> list[RosterRow]:
    """The rows of a roster CSV that are this company's.

    Columns employee, registered_on, excluded_on (the last day that counts; empty: still
    registered), in any order; optional name, email, and company, which picks the rows. With `today`
    the days may be left out. UTF-8, or CP949 as Korean Excel writes it. Raises BadRoster with the
    line and the reason.
    """
    rows = list(_rows(decoded(content), company_id, today))
    if not rows:
        raise BadRoster(1, gettext_noop("이 회사의 행이 없습니다. 파일을 확인하세요."))
    _check_overlaps(rows)
    return rows


def decoded(content: bytes) -> str:
    """The text of a file, UTF-8 or CP949. Raises BadRoster."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadRoster(1, gettext_noop("글자를 읽을 수 없습니다. UTF-8 CSV로 저장하세요."))


def _rows(text: str, company_id: str, today: date | None) -> Iterator[RosterRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        headings = [cell.strip() for cell in next(reader, [])]
        columns = [HEADINGS.get(heading, heading) for heading in headings]
        _check_columns(columns, REQUIRED if today is None else REQUIRED[:1])
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                raise BadRoster(
                    reader.line_num,
                    gettext_noop("칸이 {found}개입니다. 머리글처럼 {wanted}개로 맞추세요."),
                    found=len(cells),
                    wanted=len(columns),
                )
            found = (csv_file.plain(cell.strip()) for cell in cells)
            values = dict(zip(columns, found, strict=True))
            if values.pop("company", company_id) == company_id:
                yield _row(reader.line_num, values, today)
    except csv.Error:
        raise BadRoster(
            reader.line_num, gettext_noop("CSV 형식이 아닙니다. 따옴표와 쉼표를 확인하세요.")
        ) from None


def _check_columns(columns: Sequence[str], required: Sequence[str]) -> None:
    for column in required:
        if column not in columns:
            raise BadRoster(
                1, gettext_noop("{column} 열이 없습니다. 머리글을 확인하세요."), column=column
            )
    for place, column in enumerate(columns):
        if column not in REQUIRED + OPTIONAL or column in columns[:place]:
            raise BadRoster(
                1,
                gettext_noop("{column} 열은 모르는 열이거나 두 번 있습니다. 머리글을 고치세요."),
                column=repr(column[:40]),
            )


def _row(line: int, values: dict[str, str], today: date | None) -> RosterRow:
    number, name, email = values["employee"], values.get("name", ""), values.get("email", "")
    if not number:
        raise BadRoster(line, gettext_noop("employee가 비었습니다. 사번을 적으세요."))
    for column, text, most in (
        ("employee", number, 60),
        ("name", name, 100),
        ("email", email, 254),
    ):
        if len(text) > most or has_control(text):
            raise BadRoster(
                line,
                gettext_noop(
                    "{column}이(가) 너무 길거나 쓸 수 없는 글자가 있습니다. "
                    "{most}자 이하로 적으세요."
                ),
                column=column,
                most=most,
            )
    if email:
        _check_email(line, email)
    began, ended = values.get("registered_on", ""), values.get("excluded_on", "")
    if today and not began:
        if ended:
            raise BadRoster(
                line, gettext_noop("excluded_on을 적은 행에는 registered_on도 적으세요.")
            )
        return RosterRow(line, number, Held(today, None), name, email, is_now=True)
    registered_on = _day(line, "registered_on", began)
    excluded_on = _day(line, "excluded_on", ended) if ended else None
    if excluded_on and excluded_on < registered_on:
        raise BadRoster(
            line, gettext_noop("excluded_on이 registered_on보다 빠릅니다. 날짜를 확인하세요.")
        )
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
            line, gettext_noop("email이 메일 주소가 아닙니다. 고쳐 적으세요.")
        ) from None


def _day(line: int, column: str, text: str) -> date:
    try:
        return days.parse(text)
    except ValueError:
        raise BadRoster(
            line,
            gettext_noop("{column}의 {text!r}은(는) 날짜가 아닙니다. YYYY-MM-DD로 적으세요."),
            column=column,
            text=text[:40],
        ) from None


def _check_overlaps(rows: Sequence[RosterRow]) -> None:
    """A person may come and go, but not be registered twice on a day. R: E4."""
    seen: dict[str, RosterRow] = {}
    for row in sorted(rows, key=lambda row: (row.number, row.held.registered_on, row.line)):
        before = seen.get(row.number)
        if before and before.held.overlaps(row.held):
            raise BadRoster(
                row.line,
                gettext_noop(
                    "{other}행과 같은 사람의 기간이 겹칩니다. 한 행을 지우거나 날짜를 고치세요."
                ),
                other=before.line,
            )
        seen[row.number] = row
