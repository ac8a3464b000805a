"""What may be evidence of what, and how the tax office's numbers look. R: E10, E12."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from workplace_console.common.refusal import Refused, gettext_noop

MOBILE: Final = re.compile(r"01[016789][0-9]{7,8}")
RESIDENT: Final = 13
APPROVAL: Final = re.compile(r"[0-9]{9}")
# The day of issue, who sent it in, and a number of theirs.
TAX_INVOICE: Final = re.compile(r"([0-9]{8})[0-9]{8}[0-9a-z]{8}")
LONGEST_REASON: Final = 200


def vat_within(total: int) -> int:
    """The VAT in an amount in won that includes it. Of a whole bill it is the bill's own VAT."""
    return total // 11


def check_no_resident_number(text: str) -> None:
    """R: E10. Thirteen digits are somebody's resident number: we don't want to know it."""
    if sum(character.isdigit() for character in text) == RESIDENT:
        raise Refused(
            "resident_number",
            gettext_noop("주민등록번호는 받지 않습니다. 휴대폰 번호나 사업자등록번호를 적으세요."),
        )


def mobile_number(text: str) -> str:
    """The digits of a mobile number, dashes and blanks taken out; Refused when it is none."""
    digits = re.sub(r"[-\s]", "", text)
    if not MOBILE.fullmatch(digits):
        raise Refused(
            "bad_mobile_number",
            gettext_noop("휴대폰 번호가 아닙니다. 010-1234-5678처럼 적으세요."),
        )
    return digits


def masked_mobile(digits: str) -> str:
    """What may be shown of a mobile number: 010-****-5678."""
    return f"{digits[:3]}-****-{digits[-4:]}"


def check_receipt_possible(*, has_tax_invoice: bool, transfers: int) -> None:
    """R: E10. A bill has one kind of evidence, and a receipt is for money that has come.

    `transfers` are those for the bill that have no receipt.
    """
    if has_tax_invoice:
        raise Refused(
            "has_tax_invoice",
            gettext_noop(
                "전자세금계산서를 발행한 청구서입니다. 한 결제의 증빙은 한 가지이므로 세금계산서를 "
                "쓰세요."
            ),
        )
    if not transfers:
        raise Refused(
            "nothing_to_receipt",
            gettext_noop(
                "현금영수증을 신청할 입금이 없습니다. 이 청구서로 이체한 돈이 확인되면 신청하세요."
            ),
        )


def check_tax_invoice_possible(*, has_receipt: bool, has_card: bool, has_one: bool) -> None:
    """R: E12. No second kind of evidence for a bill, and no second tax invoice."""
    if has_one:
        raise Refused(
            "has_tax_invoice",
            gettext_noop("이 청구서의 세금계산서 번호를 이미 기록했습니다. 먼저 취소하세요."),
        )
    if has_receipt:
        raise Refused(
            "has_cash_receipt",
            gettext_noop("현금영수증을 신청하거나 발급한 청구서입니다. 먼저 그것을 취소하세요."),
        )
    if has_card:
        raise Refused(
            "has_card_slip",
            gettext_noop("카드로 결제한 청구서입니다. 카드 전표를 증빙으로 쓰세요."),
        )


def approval_number(text: str) -> str:
    """The nine digits of a cash receipt's approval; Refused when they are none."""
    digits = re.sub(r"[-\s]", "", text)
    if not APPROVAL.fullmatch(digits):
        raise Refused(
            "bad_approval_number", gettext_noop("현금영수증 승인번호를 숫자 9자리로 적으세요.")
        )
    return digits


def tax_invoice_number(text: str, *, today: date) -> str:
    """The 24 characters of a tax invoice's approval, without dashes. R: E12.

    They begin with the day on which it was issued, which is no day to come. Raises Refused.
    """
    number = re.sub(r"[-\s]", "", text).lower()
    found = TAX_INVOICE.fullmatch(number)
    try:
        issued_on = date.fromisoformat(found[1]) if found else None
    except ValueError:
        issued_on = None
    if issued_on is None or issued_on > today:
        raise Refused(
            "bad_tax_invoice_number",
            gettext_noop(
                "세금계산서 승인번호는 24자리이며 발급한 날(20260310처럼 8자리)로 시작합니다. "
                "다시 확인하세요."
            ),
        )
    return number


def check_written_on(written_on: date, *, period_from: date, number: str) -> None:
    """R: E12. What a tax invoice is about has begun by its day, and it was issued by then or later.

    `number` is one of tax_invoice_number.
    """
    issued_on = date.fromisoformat(number[:8])
    if not period_from <= written_on <= issued_on:
        raise Refused(
            "bad_written_on",
            gettext_noop("작성일자는 {first}부터 {last} 사이로 적으세요."),
            first=period_from,
            last=issued_on,
        )


def check_reason(reason: str) -> None:
    """What the payer is told."""
    if not 1 <= len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise Refused("bad_reason", gettext_noop("사유를 200자 이하의 글로 적으세요."))
