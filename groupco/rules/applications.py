"""What may be applied for as a group, and what is off about it at matching. R: F1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from groupco.choices import ApplicationStep
from groupco.rules.companies import COMPANY_ID, business_number
from workplace_console.common.refusal import Refused, gettext_noop

MOST_COMPANIES: Final = 30
LONGEST_REASON: Final = 200


@dataclass(frozen=True)
class Wanted:
    """A company as somebody names it: its id, and ten digits."""

    id: str
    number: str


def check_wanted(companies: Sequence[Wanted], *, applicant: str) -> list[Wanted]:
    """What is applied for, the numbers as ten digits. Whether such companies exist is not asked.

    R: A4, F1. Raises Refused: no_companies, too_many_companies, bad_company_id, company_twice,
    bad_business_number.
    """
    if not companies:
        raise Refused("no_companies", gettext_noop("함께할 회사를 하나 이상 적으세요."))
    if len(companies) > MOST_COMPANIES:
        raise Refused(
            "too_many_companies",
            gettext_noop("한 번에 {most}곳까지 신청할 수 있습니다. 나누어 신청하세요."),
            most=MOST_COMPANIES,
        )
    ids = [company.id for company in companies]
    for company_id in ids:
        check_looks_like_id(company_id)
        if company_id == applicant or ids.count(company_id) > 1:
            raise Refused(
                "company_twice",
                gettext_noop(
                    "{company_id}을(를) 한 번만 적으세요. 신청하는 회사는 적지 않아도 됩니다."
                ),
                company_id=company_id,
            )
    return [Wanted(company.id, business_number(company.number)) for company in companies]


def check_looks_like_id(company_id: str) -> None:
    """What nobody's id can look like is a slip of the pen. Raises Refused: bad_company_id."""
    if not COMPANY_ID.fullmatch(company_id):
        raise Refused(
            "bad_company_id",
            gettext_noop("회사 id를 확인하세요. 그 회사의 로그인 주소에서 맨 앞에 있는 말입니다."),
        )


def check_reason(reason: str) -> str:
    """Why staff does something, in words that the companies read. Raises Refused: bad_reason."""
    reason = reason.strip()
    if not 1 <= len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise Refused(
            "bad_reason",
            gettext_noop("사유를 1자 이상 {most}자 이하로, 줄을 바꾸지 말고 적으세요."),
            most=LONGEST_REASON,
        )
    return reason


class Off(StrEnum):
    """What is off about a company that an application names."""

    UNKNOWN = "unknown"
    NUMBER_DIFFERS = "number_differs"
    NO_NUMBER = "no_number"
    NOT_ACTIVE = "not_active"
    NOT_PAID = "not_paid"
    GROUPED = "grouped"
    NO_REPRESENTATIVE = "no_representative"
    ASKED_ELSEWHERE = "asked_elsewhere"
    TWICE = "twice"


@dataclass(frozen=True)
class Facts:
    """What is known of a company that an application names; `number` as it has it itself."""

    number: str
    is_active: bool
    is_paid: bool
    is_grouped: bool
    is_representative: bool
    is_asked_elsewhere: bool


def off_about_member(wanted: Wanted, facts: Facts | None, *, is_twice: bool) -> list[Off]:
    """Why a company can't be asked to join, as things are; none: nothing is off. R: F1, F7."""
    if facts is None:
        return [Off.UNKNOWN]
    found = {
        Off.NO_NUMBER: not facts.number,
        Off.NUMBER_DIFFERS: bool(facts.number) and facts.number != wanted.number,
        Off.NOT_ACTIVE: not facts.is_active,
        Off.GROUPED: facts.is_grouped,
        Off.ASKED_ELSEWHERE: facts.is_asked_elsewhere,
        Off.TWICE: is_twice,
    }
    return [what for what, is_so in found.items() if is_so]


def off_about_applicant(facts: Facts, *, represents: bool) -> list[Off]:
    """Why a company can't represent this group, as things are. R: F1, F7."""
    found = {
        Off.NOT_ACTIVE: not facts.is_active,
        Off.NOT_PAID: not facts.is_paid,
        Off.GROUPED: facts.is_grouped and not represents,
        Off.NO_REPRESENTATIVE: represents and not facts.is_representative,
    }
    return [what for what, is_so in found.items() if is_so]


def next_step(*, is_received: bool, is_matched: bool, is_approved: bool) -> ApplicationStep | None:
    """What an application waits for; None once everything is done. R: F1."""
    if is_approved:
        return None
    if is_matched:
        return ApplicationStep.AGREED
    return ApplicationStep.MATCHED if is_received else ApplicationStep.RECEIVED


def check_waits_for(step: ApplicationStep, *, waits_for: ApplicationStep | None) -> None:
    """Nothing is done twice or out of turn. Raises Refused: wrong_step."""
    if waits_for is not step:
        raise Refused(
            "wrong_step",
            gettext_noop("그 사이에 신청의 단계가 바뀌었습니다. 화면을 다시 열고 확인하세요."),
        )
