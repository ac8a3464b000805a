"""What is allowed about companies and accounts, and how accounts are counted over days."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from unicodedata import category

from workplace_console.common import days
from workplace_console.common.refusal import Refused, gettext_noop

COMPANY_ID: Final = re.compile(r"[a-z]([a-z0-9-]{1,28}[a-z0-9])")

# Hosts that are or may become ours.
# fmt: off
RESERVED_IDS: Final = frozenset(
    {
        "www", "admin", "support", "api", "mail", "smtp", "imap", "pop", "ftp", "ns1", "ns2",
        "mx1", "mx2", "auth", "login", "logout", "sso", "console", "account", "accounts",
        "billing", "pay", "payment", "payments", "help", "docs", "status", "static", "assets",
        "cdn", "media", "files", "system", "root", "postmaster", "webmaster", "hostmaster",
        "abuse", "security", "noreply", "no-reply", "localhost", "workplace", "return",
        "invite",
    }
)
# fmt: on


def check_company_id(company_id: str) -> None:
    """R: A3. 3 to 30 of a-z, 0-9 and -, a letter first, no - last, no xn--, not a name of ours."""
    if not COMPANY_ID.fullmatch(company_id) or "xn--" in company_id:
        raise Refused(
            "bad_company_id",
            gettext_noop(
                "회사 id는 영문 소문자로 시작하는 3–30자로 정하세요. "
                "영문 소문자, 숫자, -를 쓸 수 있고 -로 끝날 수 없습니다."
            ),
        )
    if company_id in RESERVED_IDS:
        raise Refused(
            "reserved_company_id",
            gettext_noop("{company_id}은(는) 쓸 수 없는 id입니다. 다른 id를 고르세요."),
            company_id=company_id,
        )


def check_company_name(name: str) -> None:
    """1 to 100 characters that can be printed."""
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise Refused("bad_company_name", gettext_noop("상호를 1자 이상 100자 이하로 적으세요."))


def business_number(text: str) -> str:
    """The ten digits of a 사업자등록번호, dashes taken out; Refused when it is none.

    R: E12. Weights 1 3 7 1 3 7 1 3 5, plus the tens of 5 times the ninth digit.
    """
    digits = text.replace("-", "").strip()
    if re.fullmatch(r"[0-9]{10}", digits):
        numbers = [int(digit) for digit in digits]
        weighted = sum(n * w for n, w in zip(numbers, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=False))
        if (weighted + numbers[8] * 5 // 10 + numbers[9]) % 10 == 0:
            return digits
    raise Refused(
        "bad_business_number",
        gettext_noop("사업자등록번호가 올바르지 않습니다. 숫자 10자리를 확인하세요."),
    )


@dataclass(frozen=True)
class Held:
    """A registration of a person over days; `excluded_on` is the last day counted, None: open."""

    registered_on: date
    excluded_on: date | None

    @property
    def last_day(self) -> date:
        return self.excluded_on or days.OPEN_END

    def overlaps(self, other: Held) -> bool:
        return self.registered_on <= other.last_day and other.registered_on <= self.last_day


@dataclass(frozen=True)
class RosterRow:
    """A line of a roster: a person and one registration."""

    line: int
    number: str
    held: Held
    name: str = ""
    email: str = ""
    # The file says no first day: whoever is registered already stays as they are.
    is_now: bool = False


class BadRoster(Refused):
    """A roster that can't be taken; nothing of it was."""

    def __init__(self, line: int, template: str, **values: date | int | str) -> None:
        super().__init__("bad_roster", "{line}행: " + template, line=line, **values)


def count_changes(*, gone: Iterable[Held], come: Iterable[Held]) -> dict[date, int]:
    """From which day on the number of accounts changes by how many. R: E4."""
    changes: dict[date, int] = {}
    for sign, held in [(-1, held) for held in gone] + [(1, held) for held in come]:
        changes[held.registered_on] = changes.get(held.registered_on, 0) + sign
        if held.excluded_on:
            after = held.excluded_on + days.ONE_DAY
            changes[after] = changes.get(after, 0) - sign
    return {day: change for day, change in changes.items() if change}


def days_touched(old: Held | None, new: Held) -> tuple[date, date]:
    """The first and last day on which a registration counts differently than before."""
    if old is None:
        return new.registered_on, new.last_day
    return min(old.last_day, new.last_day) + days.ONE_DAY, max(old.last_day, new.last_day)


def takes_away(old: Held | None, new: Held) -> bool:
    """Whether a registration ends earlier than it was known to."""
    return old is not None and new.last_day < old.last_day


def check_unsettled(
    row: RosterRow, *, old: Held | None, first_paid: date | None, today: date
) -> None:
    """R: E4. Days that are paid for can't change any more once they are over.

    `first_paid` is the company's first paid day. Today can still gain accounts but not lose any:
    who holds one today counts today.
    """
    last = today if takes_away(old, row.held) else today - days.ONE_DAY
    touched_from, touched_to = days_touched(old, row.held)
    if first_paid and touched_from <= last and touched_to >= first_paid and first_paid <= last:
        raise BadRoster(
            row.line,
            gettext_noop("{first}부터 {last}까지는 청구된 날이라 바꿀 수 없습니다. 행을 고치세요."),
            first=first_paid,
            last=last,
        )


def check_not_future(line: int, day: date, *, today: date) -> None:
    """R: E4. Joins and leaves are written down when they happen."""
    if day > today:
        raise BadRoster(
            line,
            gettext_noop("{day}은(는) 아직 오지 않은 날입니다. {today}까지의 날짜를 적으세요."),
            day=day,
            today=today,
        )


def has_control(text: str) -> bool:
    """Whether there are line breaks, tabs or other control characters in a text."""
    return any(category(letter) == "Cc" for letter in text)


def check_person(name: str, number: str) -> None:
    """Who gets an account has a name or a number to be known by, each on one line."""
    if has_control(name) or has_control(number):
        raise Refused(
            "bad_person", gettext_noop("줄바꿈 같은 제어 문자는 쓸 수 없습니다. 다시 적으세요.")
        )
    if not name and not number:
        raise Refused("nobody", gettext_noop("이름이나 사번을 적으세요."))


def check_enough(*, wanted: int, registered: int) -> None:
    """Excluding more accounts than are registered is refused."""
    if wanted > registered:
        raise Refused(
            "not_that_many_accounts",
            gettext_noop("등록된 계정은 {registered}개입니다. {registered}개 이하로 제외하세요."),
            registered=registered,
        )


INVITATION_DAYS: Final = 7
MOST_BILLING_ADDRESSES: Final = 20
LONGEST_CHANGE_REQUEST: Final = 500


def invitation_end(invited_on: date) -> date:
    """The last day on which an invitation can be accepted."""
    return invited_on + timedelta(days=INVITATION_DAYS)


def check_not_last_owner(*, is_owner: bool, others: int) -> None:
    """R: A6. A company always has an owner; `others` are its owners besides this one."""
    if is_owner and not others:
        raise Refused(
            "last_owner",
            gettext_noop(
                "마지막 소유자는 제외하거나 역할을 바꿀 수 없습니다. 먼저 다른 소유자를 정하세요."
            ),
        )


def check_details(details: Mapping[str, str]) -> None:
    """R: E12. What stands on invoices can be printed, and has room there."""
    check_company_name(details["name"])
    for field, most in (
        ("representative", 60),
        ("address", 200),
        ("business_type", 60),
        ("business_item", 60),
    ):
        if len(details[field]) > most or not details[field].isprintable():
            raise Refused(
                f"bad_{field}",
                gettext_noop("{most}자 이하로, 줄을 바꾸지 말고 적으세요."),
                most=most,
            )


def check_billing_addresses(addresses: Collection[str]) -> None:
    """R: E10. So many addresses that a person can still keep them in view."""
    if len(addresses) > MOST_BILLING_ADDRESSES:
        raise Refused(
            "too_many_billing_addresses",
            gettext_noop("이용 요금 안내 주소는 {most}개까지 적을 수 있습니다. 줄여 주세요."),
            most=MOST_BILLING_ADDRESSES,
        )


def check_change_request(text: str) -> None:
    """R: A1. What an employee asks for: some words, in lines."""
    is_printable = text.replace("\n", "").replace("\t", "").isprintable()
    if not 1 <= len(text.strip()) <= LONGEST_CHANGE_REQUEST or not is_printable:
        raise Refused(
            "bad_change_request",
            gettext_noop("요청 내용을 {most}자 이하의 글로 적으세요."),
            most=LONGEST_CHANGE_REQUEST,
        )


def masked(address: str) -> str:
    """A mail address of which a stranger learns little: ad***@hanbit.example. R: A1."""
    local, _at, domain = address.partition("@")
    shown = local[:2] if len(local) > 3 else local[:1]
    return f"{shown}***@{domain}"
