"""What there is of evidence for bills, and the ledger of what was sold. R: E10, E12."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from billing.models import Evidence, Payment
from billing.queries.payments import DONE, Paid, paid
from workplace_console.common import days, sql


def evidence(number: str) -> list[Evidence]:
    """Cash receipts and tax invoices of a bill, oldest first, also those that stand no more."""
    return list(Evidence.objects.filter(invoice__number=number).order_by("pk"))


def is_standing(paper: Evidence) -> bool:
    """Whether it was neither refused nor cancelled."""
    return paper.refused_on is None and paper.cancelled_on is None


def unreceipted(number: str, papers: Sequence[Evidence]) -> list[Paid]:
    """The transfers for a bill by name of which money is left and that have no standing receipt
    among its `papers`."""
    with_receipt = {paper.payment_id for paper in papers if is_standing(paper)}
    return [
        found
        for found in paid(invoice=number)
        if found.payment.way == "transfer"
        and found.left > 0
        and found.payment.number not in with_receipt
    ]


def has_card_payment(number: str) -> bool:
    """Whether a card has paid something of a bill."""
    by_card = Payment.objects.filter(invoice__number=number, way="card")
    return by_card.filter(outcomes__state=DONE).exists()


# What stands, and what there is left to be proved: of a transfer what was not given back, of a bill
# what was not credited.
DIFFERING: Final = f"""
    SELECT id, "left" FROM (
        SELECT evidence.id, evidence.supply + evidence.vat AS total,
               CASE WHEN evidence.kind = '{Evidence.Kind.CASH_RECEIPT.value}' THEN
                   (SELECT amount FROM billing_payment WHERE number = evidence.payment_id)
                   - (SELECT coalesce(sum(refund.amount), 0)::bigint FROM billing_refund AS refund
                      JOIN billing_refundoutcome AS outcome
                        ON outcome.refund_id = refund.number AND outcome.state = '{DONE}'
                      WHERE refund.payment_id = evidence.payment_id)
               ELSE
                   (SELECT total FROM billing_invoice WHERE id = evidence.invoice_id)
                   - (SELECT coalesce(sum(total), 0)::bigint FROM billing_creditnote
                      WHERE invoice_id = evidence.invoice_id)
               END AS "left"
        FROM billing_evidence AS evidence
        WHERE evidence.refused_on IS NULL AND evidence.cancelled_on IS NULL
          AND (%(payer)s IS NULL OR evidence.payer = %(payer)s)
    ) AS standing WHERE total <> "left" ORDER BY id"""


def differing(payer: str | None = None) -> dict[int, int]:
    """Papers that stand and say another amount than is left: what is left in won, by their key."""
    return dict(sql.rows(DIFFERING, payer=payer))


@dataclass(frozen=True)
class Sold:
    """A line of the ledger: a bill, or a credit note with amounts below 0; in won.

    Name and business number are those that stand on the bill.
    """

    on: date
    number: str
    is_credit: bool
    payer: str
    name: str
    business_number: str
    supply: int
    vat: int
    tax_invoice: str

    @property
    def total(self) -> int:
        return self.supply + self.vat


# By the day of issue. A bill's standing tax invoice beside it, and beside what was credited of it.
LEDGER: Final = """
    SELECT sold.issued_on, sold.number, sold.is_credit, sold.payer, invoice.buyer_name,
           invoice.buyer_business_number, sold.supply, sold.vat,
           coalesce(evidence.number, '')
    FROM (
        SELECT issued_on, number, false AS is_credit, payer, id AS invoice, supply, vat
        FROM billing_invoice WHERE issued_on BETWEEN %(first)s AND %(last)s
        UNION ALL
        SELECT issued_on, number, true, payer, invoice_id, -supply, -vat
        FROM billing_creditnote WHERE issued_on BETWEEN %(first)s AND %(last)s
    ) AS sold
    JOIN billing_invoice AS invoice ON invoice.id = sold.invoice
    LEFT JOIN billing_evidence AS evidence
      ON evidence.invoice_id = invoice.id AND evidence.kind = 'tax_invoice'
     AND evidence.cancelled_on IS NULL
    ORDER BY sold.issued_on, sold.payer, sold.is_credit, sold.number"""


def ledger(first: date) -> list[Sold]:
    """매출장: all that was billed and credited in a month, by day; one statement."""
    return [Sold(*row) for row in sql.rows(LEDGER, first=first, last=days.last_of_month(first))]


@dataclass(frozen=True)
class Paper:
    """A document of a payer, whatever it is: `kind` is invoice, credit_note, cash_receipt or
    tax_invoice; `state` one of EvidenceState for the last two. Won, VAT included."""

    on: date
    kind: str
    number: str
    invoice: str
    total: int
    state: str


PAPERS: Final = """
    SELECT * FROM (
        SELECT issued_on AS "on", 'invoice' AS kind, number, number AS invoice, total,
               'issued' AS state
        FROM billing_invoice WHERE payer = %(payer)s
        UNION ALL
        SELECT note.issued_on, 'credit_note', note.number, invoice.number, -note.total, 'issued'
        FROM billing_creditnote AS note JOIN billing_invoice AS invoice ON invoice.id = invoice_id
        WHERE note.payer = %(payer)s
        UNION ALL
        SELECT coalesce(written_on, evidence.issued_on, asked_on), evidence.kind, evidence.number,
               invoice.number, evidence.supply + evidence.vat,
               CASE WHEN cancelled_on IS NOT NULL THEN 'cancelled'
                    WHEN refused_on IS NOT NULL THEN 'refused'
                    WHEN evidence.issued_on IS NOT NULL THEN 'issued' ELSE 'asked' END
        FROM billing_evidence AS evidence
        JOIN billing_invoice AS invoice ON invoice.id = invoice_id
        WHERE evidence.payer = %(payer)s
    ) AS paper
    WHERE (%(kind)s = '' OR kind = %(kind)s)
      AND (%(month)s::date IS NULL OR date_trunc('month', "on")::date = %(month)s)
      AND (%(text)s = '' OR strpos(number, %(text)s) > 0 OR strpos(invoice, %(text)s) > 0)
    ORDER BY "on" DESC, invoice DESC, kind, number LIMIT %(most)s OFFSET %(skip)s"""


def papers(
    payer: str,
    *,
    month: date | None = None,
    kind: str = "",
    text: str = "",
    skip: int,
    most: int,
) -> Sequence[Paper]:
    """A payer's documents, newest first; of a month, of a kind, with a text in a number."""
    values = {"payer": payer, "month": month, "kind": kind, "text": text}
    return [Paper(*row) for row in sql.rows(PAPERS, **values, skip=skip, most=most)]
