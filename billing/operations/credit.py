"""An issued invoice is never edited; what was billed wrongly is credited. R: E4, E5."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max, Sum

from billing import rules
from billing.models import CreditNote, Invoice
from billing.operations.evidence import tell_what_differs
from groupco import queries as groups
from groupco.choices import Topic
from workplace_console.common import audit, days, jobs, messages
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def credit(*, number: str, supply: int, reason: str, today: date, by: Actor) -> CreditNote:
    """Take back so much of an invoice's supply amount, in won, with the VAT that goes with it.

    `reason` is shown to the payer. Raises Refused: day_is_over, unknown_invoice,
    credit_out_of_range.
    """
    jobs.hold_day(today)
    invoice = Invoice.objects.select_for_update(no_key=True).filter(number=number).first()
    if invoice is None:
        raise Refused(
            "unknown_invoice", gettext_noop("그런 청구서가 없습니다. 목록을 다시 확인하세요.")
        )
    taken = CreditNote.objects.filter(invoice=invoice).aggregate(
        supply=Sum("supply", default=0), vat=Sum("vat", default=0)
    )
    supply_left, vat_left = invoice.supply - taken["supply"], invoice.vat - taken["vat"]
    rules.check_credit(supply=supply, supply_left=supply_left)
    vat = rules.credit_vat(supply=supply, supply_left=supply_left, vat_left=vat_left)
    sequence = 1 + _last_sequence(invoice.payer, today)
    note = CreditNote.objects.create(
        number=f"{invoice.payer}-{today:%Y%m}-C{sequence}",
        invoice=invoice,
        payer=invoice.payer,
        issued_on=today,
        sequence=sequence,
        supply=supply,
        vat=vat,
        total=supply + vat,
        reason=reason,
    )
    _announce(note, today=today, by=by)
    tell_what_differs(note.payer, cause=note.number, today=today)
    return note


def _last_sequence(payer: str, today: date) -> int:
    """How many credit notes a payer has had this month. Whoever makes one holds the payer."""
    groups.locked(payer)
    month = (days.first_of_month(today), days.last_of_month(today))
    of_month = CreditNote.objects.filter(payer=payer, issued_on__range=month)
    last: int | None = of_month.aggregate(last=Max("sequence"))["last"]
    return last or 0


def _announce(note: CreditNote, *, today: date, by: Actor) -> None:
    figures = {"number": note.number, "invoice": note.invoice.number, "total": note.total}
    audit.record(Change(note.payer, "credit_note_issued", after=figures), on=today, by=by)
    messages.announce(
        Event(
            note.payer,
            "credit_note_issued",
            groups.told_addresses([note.payer], about=Topic.BILLS)[note.payer],
            {
                "number": note.number,
                "invoice": note.invoice.number,
                "supply_won": note.supply,
                "vat_won": note.vat,
                "total_won": note.total,
                "reason": note.reason,
            },
            key=f"credit_note_issued:{note.number}",
        ),
        on=today,
    )
