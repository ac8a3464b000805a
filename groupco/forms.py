"""Strings in: what people type or upload, turned into values, or refused with a sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from groupco.rules import BadRoster, Held, RosterRow
from workplace_console.common import days
from workplace_console.common.refusal import gettext_noop

REQUIRED: Final = ("employee", "registered_on", "excluded_on")
OPTIONAL: Final = ("company", "name", "email")


def read_roster(content: bytes, *, company_id: str) -> list[RosterRow]:
    """The rows of a roster CSV that are this company's.

    Columns employee, registered_on, excluded_on (the last day that counts; empty: still
    registered), in any order; optional name, email, and company, which picks the rows. UTF-8, or
    CP949 as Korean Excel writes it. Raises BadRoster with the line and the reason.
    """
    rows = list(_rows(_decoded(content), company_id))
    if not rows:
        raise BadRoster(1, gettext_noop("이 회사의 행이 없습니다. 파일을 확인하세요."))
    _check_overlaps(rows)
    return rows


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadRoster(1, gettext_noop("글자를 읽을 수 없습니다. UTF-8 CSV로 저장하세요."))


def _rows(text: str, company_id: str) -> Iterator[RosterRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = [cell.strip() for cell in next(reader, [])]
        _check_columns(columns)
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
            values = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
            if values.pop("company", company_id) == company_id:
                yield _row(reader.line_num, values)
    except csv.Error:
        raise BadRoster(
            reader.line_num, gettext_noop("CSV 형식이 아닙니다. 따옴표와 쉼표를 확인하세요.")
        ) from None


def _check_columns(columns: Sequence[str]) -> None:
    for column in REQUIRED:
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


def _row(line: int, values: dict[str, str]) -> RosterRow:
    number, name, email = values["employee"], values.get("name", ""), values.get("email", "")
    if not number:
        raise BadRoster(line, gettext_noop("employee가 비었습니다. 사번을 적으세요."))
    for column, text, most in (
        ("employee", number, 60),
        ("name", name, 100),
        ("email", email, 254),
    ):
        if len(text) > most or "\x00" in text:
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
    registered_on = _day(line, "registered_on", values["registered_on"])
    excluded_on = (
        _day(line, "excluded_on", values["excluded_on"]) if values["excluded_on"] else None
    )
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
