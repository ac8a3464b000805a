"""Cash receipts are asked for and issued, tax invoices written down. R: E10, E12.

The tax office is not asked by us: staff issue there and record here what came of it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from billing import queries, rules
from billing.models import Evidence, EvidenceState, Invoice, Purpose, Way
from groupco import queries as groups
from groupco import rules as group_rules
from groupco.choices import Topic
from workplace_console.common import audit, jobs, messages, sealed, words
from workplace_console.common.audit import Actor, Change
from workplace_console.common.messages import Event
from workplace_console.common.refusal import Refused, gettext_noop


@transaction.atomic
def ask_cash_receipt(
    *, payer: str, number: str, purpose: Purpose, identity: str, today: date, by: Actor
) -> list[Evidence]:
    """현금영수증 신청: one for each transfer for a bill that has none. R: E10.

    `identity` is a mobile number (소득공제) or a business number (지출증빙). The amounts are what
    is left of the transfers. Raises Refused: day_is_over, unknown_invoice, resident_number,
    bad_mobile_number, bad_business_number, has_tax_invoice, nothing_to_receipt.
    """
    invoice = _locked_invoice(number, payer=payer, today=today)
    rules.check_no_resident_number(identity)
    if purpose is Purpose.INCOME:
        digits = rules.mobile_number(identity)
        hint = rules.masked_mobile(digits)
    else:
        digits = group_rules.business_number(identity)
        hint = words.business_number(digits)
    standing = _standing(number)
    has_tax_invoice = any(p.kind == Evidence.Kind.TAX_INVOICE for p in standing)
    transfers = queries.unreceipted(number, standing)
    rules.check_receipt_possible(has_tax_invoice=has_tax_invoice, transfers=len(transfers))
    receipts = Evidence.objects.bulk_create(
        Evidence(
            kind=Evidence.Kind.CASH_RECEIPT,
            invoice=invoice,
            payer=payer,
            payment=transfer.payment,
            way=Way.TRANSFER,
            supply=transfer.left - rules.vat_within(transfer.left),
            vat=rules.vat_within(transfer.left),
            purpose=purpose,
            sealed_identity=sealed.seal(digits),
            identity_hint=hint,
            asked_on=today,
        )
        for transfer in transfers
    )
    audit.record(
        *(Change(payer, "cash_receipt_asked", after=_figures(r)) for r in receipts),
        on=today,
        by=by,
    )
    return receipts


@transaction.atomic
def issue_cash_receipt(*, evidence_id: int, approval: str, today: date, by: Actor) -> None:
    """Staff have issued a cash receipt: its approval number; whose it is, is forgotten. R: E10.

    Raises Refused: day_is_over, unknown_evidence, not_asked, bad_approval_number, number_known.
    """
    paper = _locked(evidence_id, today, EvidenceState.ASKED)
    paper.number = rules.approval_number(approval)
    _check_new(paper)
    paper.issued_on = today
    _decide(paper, "cash_receipt_issued", today=today, by=by)


@transaction.atomic
def refuse_cash_receipt(*, evidence_id: int, reason: str, today: date, by: Actor) -> None:
    """The tax office or we don't issue it; the payer reads why. R: E10.

    Raises Refused: day_is_over, unknown_evidence, not_asked, bad_reason.
    """
    paper = _locked(evidence_id, today, EvidenceState.ASKED)
    paper.reason = reason.strip()
    rules.check_reason(paper.reason)
    paper.refused_on = today
    _decide(paper, "cash_receipt_refused", today=today, by=by)


@transaction.atomic
def withdraw_cash_receipt(*, payer: str, evidence_id: int, today: date, by: Actor) -> None:
    """A payer takes back what they asked for, while it is not issued. R: E10.

    Raises Refused: day_is_over, unknown_evidence, not_asked.
    """
    paper = _locked(evidence_id, today, EvidenceState.ASKED, payer=payer)
    paper.cancelled_on, paper.sealed_identity = today, ""
    paper.save()
    audit.record(Change(payer, "cash_receipt_cancelled", after=_figures(paper)), on=today, by=by)


@transaction.atomic
def cancel_evidence(*, evidence_id: int, reason: str, today: date, by: Actor) -> None:
    """Staff have cancelled at the tax office what was issued; another may follow. R: E10, E12.

    Raises Refused: day_is_over, unknown_evidence, not_issued, bad_reason.
    """
    paper = _locked(evidence_id, today, EvidenceState.ISSUED)
    paper.reason = reason.strip()
    rules.check_reason(paper.reason)
    paper.cancelled_on = today
    _decide(paper, f"{paper.kind}_cancelled", today=today, by=by)


@transaction.atomic
def record_tax_invoice(
    *, number: str, approval: str, written_on: date, today: date, by: Actor
) -> Evidence:
    """Write down the tax invoice that was issued for a bill, less what is credited of it. R: E12.

    Raises Refused: day_is_over, unknown_invoice, bad_tax_invoice_number, bad_written_on,
    has_tax_invoice, has_cash_receipt, has_card_slip, number_known, nothing_left.
    """
    invoice = _locked_invoice(number, today=today)
    approval = rules.tax_invoice_number(approval, today=today)
    rules.check_written_on(written_on, period_from=invoice.period_from, number=approval)
    kinds = {paper.kind for paper in _standing(number)}
    rules.check_tax_invoice_possible(
        has_one=Evidence.Kind.TAX_INVOICE in kinds,
        has_receipt=Evidence.Kind.CASH_RECEIPT in kinds,
        has_card=queries.has_card_payment(number),
    )
    supply, vat = _left_of(invoice)
    paper = Evidence(
        kind=Evidence.Kind.TAX_INVOICE,
        invoice=invoice,
        payer=invoice.payer,
        supply=supply,
        vat=vat,
        number=approval,
        written_on=written_on,
        asked_on=today,
        issued_on=today,
    )
    _check_new(paper)
    _decide(paper, "tax_invoice_issued", today=today, by=by)
    return paper


def tell_what_differs(payer: str, *, cause: str, today: date) -> None:
    """Staff has to correct at the tax office what says another amount than is left of it now.

    `cause` is the number of the refund or credit note. The payer is held.
    """
    left = queries.differing(payer)
    messages.tell_staff(
        [
            Event(
                payer,
                "evidence_differs",
                figures={
                    "invoice": paper.invoice.number,
                    "kind": paper.kind,
                    "issued_won": paper.total,
                    "left_won": left[paper.pk],
                    "cause": cause,
                },
                key=f"evidence_differs:{paper.pk}:{cause}",
            )
            for paper in Evidence.objects.filter(pk__in=left).select_related("invoice")
        ],
        on=today,
    )


def _left_of(invoice: Invoice) -> tuple[int, int]:
    """Supply and VAT of a bill less its credit notes. Raises Refused: nothing_left."""
    notes = list(invoice.credit_notes.all())
    supply = invoice.supply - sum(note.supply for note in notes)
    vat = invoice.vat - sum(note.vat for note in notes)
    if supply + vat == 0:
        raise Refused(
            "nothing_left", gettext_noop("모두 크레딧 노트로 뺀 청구서입니다. 번호를 확인하세요.")
        )
    return supply, vat


def _locked_invoice(number: str, *, payer: str | None = None, today: date) -> Invoice:
    """A bill (of a payer), the payer held. Raises Refused: day_is_over, unknown_invoice."""
    jobs.hold_day(today)
    invoice = Invoice.objects.filter(number=number).first()
    if invoice is None or payer not in (None, invoice.payer):
        raise Refused(
            "unknown_invoice", gettext_noop("그런 청구서가 없습니다. 목록을 다시 확인하세요.")
        )
    groups.locked(invoice.payer)
    return invoice


def _locked(
    evidence_id: int, today: date, wanted: EvidenceState, *, payer: str | None = None
) -> Evidence:
    """A paper that has come so far and no further, its payer held."""
    jobs.hold_day(today)
    found = Evidence.objects.filter(pk=evidence_id).first()
    if found is None or payer not in (None, found.payer):
        raise Refused(
            "unknown_evidence", gettext_noop("그런 신청이 없습니다. 목록을 다시 확인하세요.")
        )
    groups.locked(found.payer)
    found.refresh_from_db()
    if found.state is not wanted:
        code = "not_asked" if wanted is EvidenceState.ASKED else "not_issued"
        raise Refused(code, gettext_noop("이미 처리된 증빙입니다. 목록을 다시 확인하세요."))
    return found


def _standing(number: str) -> list[Evidence]:
    return [paper for paper in queries.evidence(number) if queries.is_standing(paper)]


def _check_new(paper: Evidence) -> None:
    """The tax office gives a number once."""
    others = Evidence.objects.filter(kind=paper.kind, number=paper.number).exclude(pk=paper.pk)
    if others.exists():
        raise Refused("number_known", gettext_noop("이미 기록한 승인번호입니다. 다시 확인하세요."))


def _decide(paper: Evidence, kind: str, *, today: date, by: Actor) -> None:
    """Save what was decided, forget whose it is, write it down and tell the payer."""
    paper.sealed_identity = ""
    paper.save()
    audit.record(Change(paper.payer, kind, after=_figures(paper)), on=today, by=by)
    messages.announce(
        Event(
            paper.payer,
            kind,
            groups.told_addresses([paper.payer], about=Topic.PAYMENT)[paper.payer],
            {
                "invoice": paper.invoice.number,
                "number": paper.number,
                "amount_won": paper.total,
                "reason": paper.reason,
            },
            key=f"{kind}:{paper.pk}",
        ),
        on=today,
    )


def _figures(paper: Evidence) -> dict[str, Any]:
    """What the audit log says of a paper: nobody's number."""
    figures: dict[str, Any] = {"invoice": paper.invoice.number, "amount_won": paper.total}
    if paper.purpose:
        figures["purpose"] = Purpose(paper.purpose).value
    if paper.number:
        figures["number"] = paper.number
    return figures
