"""Console admins, invitations and requests to them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from workplace_console.common.refusal import Refused, gettext_noop

INVITATION_DAYS: Final = 7


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
