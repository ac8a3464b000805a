"""What each kind of notice is about, and the page on which one goes on from it.

A new kind that the console tells companies of is a new line here; a test holds this and
templates/messages/ together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from workplace_console.common.models import Notice
from workplace_console.pages.request import ConsoleRequest


class About(TextChoices):
    """What an admin looks for; in the address by its value."""

    CONTRACT = "contract", _("체험과 계약")
    CAPACITY = "capacity", _("공용 용량")
    BILLS = "bills", _("청구서와 예산")
    PAYMENT = "payment", _("결제와 증빙")
    GROUP = "group", _("그룹사")
    REQUEST = "request", _("변경 요청")


@dataclass(frozen=True)
class Kind:
    """`page` is an address by name, "" where there is nothing to go on to."""

    about: About
    page: str = ""


KINDS: Final = {
    "trial_started": Kind(About.CONTRACT, "convert"),
    "trial_extended": Kind(About.CONTRACT, "convert"),
    "trial_ending": Kind(About.CONTRACT, "convert"),
    "trial_expired": Kind(About.CONTRACT, "convert"),
    "conversion_reserved": Kind(About.CONTRACT, "convert"),
    "conversion_changed": Kind(About.CONTRACT, "convert"),
    "conversion_cancelled": Kind(About.CONTRACT, "convert"),
    "conversion_started": Kind(About.CONTRACT, "product"),
    "upgrade_requested": Kind(About.CONTRACT, "product"),
    "upgrade_cancelled": Kind(About.CONTRACT, "product"),
    "upgrade_applied": Kind(About.CONTRACT, "product"),
    "terminated": Kind(About.CONTRACT),
    "termination_undone": Kind(About.CONTRACT, "product"),
    "data_deleted": Kind(About.CONTRACT),
    "capacity_low": Kind(About.CAPACITY, "product"),
    "capacity_full": Kind(About.CAPACITY, "product"),
    "capacity_added": Kind(About.CAPACITY, "product"),
    "capacity_returned": Kind(About.CAPACITY, "product"),
    "invoice_issued": Kind(About.BILLS, "bill"),
    "credit_note_issued": Kind(About.BILLS, "bill"),
    "budget_reached": Kind(About.BILLS, "budget"),
    "budget_expected": Kind(About.BILLS, "budget"),
    "payment_made": Kind(About.PAYMENT, "bill"),
    "payment_refused": Kind(About.PAYMENT, "bill"),
    "payment_refunded": Kind(About.PAYMENT, "payment"),
    "payment_overdue": Kind(About.PAYMENT, "bill"),
    "cash_receipt_issued": Kind(About.PAYMENT, "bill"),
    "cash_receipt_refused": Kind(About.PAYMENT, "bill"),
    "cash_receipt_cancelled": Kind(About.PAYMENT, "bill"),
    "tax_invoice_issued": Kind(About.PAYMENT, "bill"),
    "tax_invoice_cancelled": Kind(About.PAYMENT, "bill"),
    "group_applied": Kind(About.GROUP, "group"),
    "group_agreement_asked": Kind(About.GROUP, "group"),
    "group_application_ended": Kind(About.GROUP, "group"),
    "group_formed": Kind(About.GROUP, "group"),
    "group_joined": Kind(About.GROUP, "group"),
    "group_left": Kind(About.GROUP, "group"),
    "representative_replaced": Kind(About.GROUP, "group"),
    "change_requested": Kind(About.REQUEST, "product"),
}


def kinds_about(about: str) -> list[str]:
    """The kinds that are about something, by its value."""
    return [name for name, kind in KINDS.items() if kind.about == about]


def link_of(notice: Notice, request: ConsoleRequest) -> str:
    """Where one goes on from a notice; "" when nowhere."""
    page = KINDS[notice.kind].page if notice.kind in KINDS else ""
    if page != "bill":
        return request.link(page) if page else ""
    number = notice.figures.get("invoice", notice.figures.get("number"))
    # A payment that names no bill is for all that are open.
    return request.link("bill", number=number) if number else request.link("bills")
