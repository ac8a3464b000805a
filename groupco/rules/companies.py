"""What a company may be called, and its details."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

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


def unknown_company(company_id: str) -> Refused:
    """What is said of a company that isn't there, or went while somebody looked at its page."""
    return Refused(
        "unknown_company",
        gettext_noop("{company_id}은(는) 없는 회사입니다. 회사 id를 확인하세요."),
        company_id=company_id,
    )


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


MOST_BILLING_ADDRESSES: Final = 20


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


def check_topics(topics: Mapping[str, Collection[str]]) -> None:
    """R: E10. An address that is mailed about nothing would only look as if somebody were told."""
    for address, wanted in topics.items():
        if not wanted:
            raise Refused(
                "no_topic",
                gettext_noop("{address}에 보낼 것을 하나 이상 고르거나 주소를 지우세요."),
                address=address,
            )
