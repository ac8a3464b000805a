"""What was paid, what is open, and since when nothing is. R: E10, E12, G5.

Nothing is allotted by hand and no state is kept: what is open follows from bills, credit notes,
payments and refunds. Money that names a bill goes to it first; what is over, and what names none,
goes to the payer's other bills, oldest first. So nobody is in credit while a bill is open.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from billing.models import Outcome, Payment, PaymentMethod, Refund, Way
from billing.models.invoices import is_number
from workplace_console.common import days, prepared, sql

DONE: Final = Outcome.State.DONE.value

# All that moved a payer's balance, in won, with the day and the bill it names, if any.
MOVED: Final = f"""
    SELECT payer, id AS invoice, issued_on AS day, total AS amount, 'bill' AS what
    FROM billing_invoice WHERE {{whose}}
    UNION ALL
    SELECT payer, invoice_id, issued_on, -total, 'credit' FROM billing_creditnote WHERE {{whose}}
    UNION ALL
    SELECT payer, invoice_id, outcome.on, -amount, 'payment' FROM billing_payment AS payment
    JOIN billing_paymentoutcome AS outcome
      ON outcome.payment_id = payment.number AND outcome.state = '{DONE}' WHERE {{whose}}
    UNION ALL
    SELECT refund.payer, payment.invoice_id, outcome.on, refund.amount, 'refund'
    FROM billing_refund AS refund
    JOIN billing_refundoutcome AS outcome
      ON outcome.refund_id = refund.number AND outcome.state = '{DONE}'
    JOIN billing_payment AS payment ON payment.number = refund.payment_id
    WHERE refund.{{whose}}"""

OF_ONE: Final = "payer = %(payer)s"
OF_SOME: Final = "payer = ANY(%(payers)s)"
OF_ALL: Final = "payer IS NOT NULL"

# `direct`: what was given for a bill by name; `short`: what that leaves; `pool`: what is over, and
# what names no bill. The pool fills what is short, bill after bill.
BILLS: Final = f"""
    WITH moved AS MATERIALIZED ({MOVED}),
    direct AS (
        SELECT payer, invoice, -sum(amount)::bigint AS amount FROM moved WHERE what <> 'bill'
        GROUP BY payer, invoice
    ),
    bill AS (
        SELECT number, invoice.payer, invoice.issued_on, invoice.due_on, invoice.kind,
               invoice.total, coalesce(direct.amount, 0) AS direct,
               greatest(total - coalesce(direct.amount, 0), 0) AS short
        FROM billing_invoice AS invoice
        LEFT JOIN direct ON direct.payer = invoice.payer AND direct.invoice = invoice.id
        WHERE invoice.{{whose}}
    ),
    pool AS (
        SELECT payer, sum(amount)::bigint AS amount FROM (
            SELECT payer, amount FROM direct WHERE invoice IS NULL
            UNION ALL SELECT payer, direct - total FROM bill WHERE direct > total
        ) AS over GROUP BY payer
    )
    SELECT number, bill.payer, issued_on, due_on, kind, total,
           least(short, greatest(0, sum(short) OVER earlier - coalesce(pool.amount, 0)))::bigint
               AS open,
           greatest(0, coalesce(pool.amount, 0) - sum(short) OVER (PARTITION BY bill.payer))::bigint
               AS credit
    FROM bill LEFT JOIN pool USING (payer)
    WINDOW earlier AS (PARTITION BY bill.payer ORDER BY issued_on, number)"""

OPEN_BILLS: Final = f"""
    SELECT * FROM ({BILLS}) AS bill
    WHERE open > 0 AND due_on <= %(due_by)s ORDER BY due_on, number"""

BALANCES: Final = f"""
    SELECT payer, sum(amount)::bigint FROM ({MOVED}) AS moved GROUP BY payer"""

# Nobody is in credit while a bill is open: who owes nothing has none, whatever they were billed in
# years. What is open of which bill is asked of the others alone.
OWING: Final = f"""
    WITH owing AS MATERIALIZED (
        SELECT payer FROM ({MOVED.format(whose=OF_ALL)}) AS ever
        GROUP BY payer HAVING sum(amount) > 0
    )"""
OF_OWING: Final = "payer IN (SELECT payer FROM owing)"

# The balance at the end of each day on which it moved; settled on the first such day after the last
# on which something was owed.
SETTLED: Final = f"""
    WITH moved AS ({MOVED}),
    running AS (
        SELECT payer, day, sum(sum(amount)) OVER (PARTITION BY payer ORDER BY day) AS balance
        FROM moved GROUP BY payer, day
    ),
    owed AS (SELECT payer, max(day) FILTER (WHERE balance > 0) AS day FROM running GROUP BY payer)
    SELECT owed.payer, min(running.day) FROM owed
    LEFT JOIN running ON running.payer = owed.payer AND running.day > owed.day
    GROUP BY owed.payer, owed.day HAVING owed.day IS NOT NULL"""


class Settlement(StrEnum):
    """Where the payment of a bill stands."""

    SETTLED = "settled"
    OPEN = "open"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Bill:
    """A bill and how much of it, in won, nobody has paid or credited yet; and what its payer has
    in credit, which is nothing while any bill is open."""

    number: str
    payer: str
    issued_on: date
    due_on: date
    kind: str
    total: int
    open: int
    credit: int

    def settlement(self, today: date) -> Settlement:
        """R: E12. 미납 from the day after the due day on."""
        if not self.open:
            return Settlement.SETTLED
        return Settlement.OVERDUE if self.due_on < today else Settlement.OPEN


def bills(payers: Collection[str]) -> list[Bill]:
    """The bills of payers with what is open of each, oldest first; one statement."""
    rows = _rows(f"SELECT * FROM ({BILLS}) AS bill ORDER BY due_on, number", payers)
    return [Bill(*row) for row in rows]


def open_bills(
    payers: Collection[str] | None = None, *, due_by: date = days.OPEN_END
) -> list[Bill]:
    """What nobody has settled yet, of payers or of all, due by a day; oldest first, one statement.

    R: E12.
    """
    if payers is None:
        found = sql.rows(OWING + OPEN_BILLS.format(whose=OF_OWING), due_by=due_by)
    else:
        found = _rows(OPEN_BILLS, payers, due_by=due_by)
    return [Bill(*row) for row in found]


def bill(payer: str, number: str) -> Bill | None:
    """One bill with what is open of it; None when the payer has none of that number."""
    rows = _rows(
        f"SELECT * FROM ({BILLS}) AS bill WHERE number = %(number)s", [payer], number=number
    )
    return Bill(*rows[0]) if rows else None


def balances(payers: Collection[str] | None = None) -> dict[str, int]:
    """bills − credits − payments + refunds of payers, or of all, in won; below 0 it is credit.

    R: E12.
    """
    return dict(_rows(BALANCES, payers))


def balance(payer: str) -> int:
    """What a payer owes, in won; below 0 is what they have in credit."""
    return balances([payer]).get(payer, 0)


def owing(payers: Collection[str]) -> set[str]:
    """Those of the payers who have a bill that is not settled. R: G5."""
    return {payer for payer, amount in balances(payers).items() if amount > 0}


def settled_on(payers: Collection[str]) -> dict[str, date]:
    """Since when nothing is open, by payer: who still owes, or never did, is missing. R: G5."""
    found = _rows(SETTLED, payers)
    return {payer: day for payer, day in found if day is not None}


def methods(company: str) -> list[PaymentMethod]:
    """The ways in which a company pays now, the default first, then the oldest."""
    found = PaymentMethod.objects.filter(company=company, ends_on=days.OPEN_END)
    return list(found.order_by("-is_default", "pk"))


def with_card(payers: Collection[str]) -> set[str]:
    """Those of the payers whose default is a card. R: E10."""
    cards = PaymentMethod.objects.filter(ends_on=days.OPEN_END, is_default=True, way=Way.CARD)
    return set(cards.filter(company__in=payers).values_list("company", flat=True))


def has_method(company: str) -> bool:
    """Whether a company has said how it pays. R: B3."""
    return PaymentMethod.objects.filter(company=company, ends_on=days.OPEN_END).exists()


@dataclass(frozen=True)
class Paid:
    """A payment, what came of it (None: nobody knows yet), and what was given back of it, won;
    `bill` is the number of the bill it names, "" without one."""

    payment: Payment
    bill: str
    state: str | None
    decided_on: date | None
    reason: str
    refunded: int

    @property
    def left(self) -> int:
        """What the payee still holds of it, in won."""
        return self.payment.amount - self.refunded if self.state == DONE else 0


# What was made beats what was refused, whenever either was heard of.
PAID: Final = f"""
    SELECT payment.*, coalesce(invoice.number, '') AS bill, outcome.state,
           outcome.on AS decided_on, outcome.reason AS why,
           coalesce(refunded.amount, 0)::bigint AS refunded
    FROM billing_payment AS payment
    LEFT JOIN billing_invoice AS invoice ON invoice.id = payment.invoice_id
    LEFT JOIN LATERAL (
        SELECT state, "on", reason FROM billing_paymentoutcome
        WHERE payment_id = payment.number ORDER BY state = '{DONE}' DESC LIMIT 1
    ) AS outcome ON true
    LEFT JOIN LATERAL (
        SELECT sum(refund.amount) AS amount FROM billing_refund AS refund
        JOIN billing_refundoutcome AS done
          ON done.refund_id = refund.number AND done.state = '{DONE}'
        WHERE refund.payment_id = payment.number
    ) AS refunded ON true
    WHERE {{which}} ORDER BY payment.on, payment.created_at"""
FOR_BILL: Final = is_number("invoice.number", "%(number)s")


def paid(
    *,
    payer: str | None = None,
    invoice: str | None = None,
    numbers: Collection[str] | None = None,
) -> list[Paid]:
    """Payments with what came of them, oldest first; of a payer, for a bill by name, or these."""
    which = {
        "payment.payer = %(payer)s": payer,
        FOR_BILL: invoice,
        "payment.number = ANY(%(numbers)s)": numbers,
    }
    wanted = " AND ".join(condition for condition, value in which.items() if value is not None)
    values = {"payer": payer, "number": invoice, "numbers": list(numbers or ())}
    return [_paid(row) for row in Payment.objects.raw(PAID.format(which=wanted), values)]


def find_payment(number: str) -> Paid | None:
    """One payment with what came of it."""
    found = paid(numbers=[number])
    return found[0] if found else None


def _paid(row: Any) -> Paid:
    return Paid(row, row.bill, row.state, row.decided_on, row.why or "", row.refunded)


@dataclass(frozen=True)
class BillPayment:
    """A payment for a bill by name, and what came of it (None: nobody knows yet), in won."""

    way: Way
    amount: int
    on: date
    card: str
    state: str | None
    reason: str
    refunded: int

    @property
    def left(self) -> int:
        """What the payee still holds of it, in won."""
        return self.amount - self.refunded if self.state == DONE else 0


@dataclass(frozen=True)
class BillState:
    """A bill with all that its page says of its payment."""

    bill: Bill
    payments: Sequence[BillPayment]
    # The card that would pay it, "" without one; and whether one just does.
    card: str
    is_waiting: bool


BILL_STATE: Final = f"""
    SELECT bill.*, (
        SELECT json_agg(json_build_array(way, amount, "on", trim(brand || ' ' || last_four), state,
                                         coalesce(why, ''), refunded))
        FROM ({PAID.format(which=FOR_BILL)}) AS paid
    ), (
        SELECT trim(brand || ' ' || last_four) FROM billing_paymentmethod AS method
        WHERE method.company = bill.payer AND is_default AND way = '{Way.CARD.value}'
          AND ends_on = '{days.OPEN_END}'
    )
    FROM ({BILLS}) AS bill WHERE number = %(number)s"""


def bill_state(payer: str, number: str) -> BillState | None:
    """How the payment of a bill stands; None when the payer has none of that number. One statement.

    R: E10, E12.
    """
    rows = _rows(BILL_STATE, [payer], number=number)
    if not rows:
        return None
    *row, found, card = rows[0]
    payments = [
        BillPayment(Way(way), amount, date.fromisoformat(on), *rest)
        for way, amount, on, *rest in found or ()
    ]
    return BillState(
        Bill(*row), payments, card or "", any(payment.state is None for payment in payments)
    )


def payment_of_key(key: str) -> Payment | None:
    """The payment that a gateway knows by a key."""
    return Payment.objects.filter(key=key).first() if key.isalnum() else None


def tried_on(day: date) -> set[str]:
    """The bills for which a card was asked on a day."""
    found = Payment.objects.filter(key__isnull=False, on=day)
    return {number for number in found.values_list("invoice__number", flat=True) if number}


def undecided(payer: str | None = None, *, since: date = date.min) -> list[Payment]:
    """Payments by card, begun on a day or later, of which nobody knows yet whether they were made,
    oldest first."""
    found = Payment.objects.filter(key__isnull=False, on__gte=since, outcomes=None)
    found = found.select_related("invoice")
    if payer is not None:
        found = found.filter(payer=payer)
    return list(found.order_by("created_at", "number"))


def pending_refunds(payer: str | None = None, *, since: date = date.min) -> list[Refund]:
    """Refunds of cards, begun on a day or later, of which nobody knows yet whether they were made,
    oldest first."""
    found = Refund.objects.filter(on__gte=since, outcomes=None).select_related("payment")
    if payer is not None:
        found = found.filter(payer=payer)
    return list(found.order_by("created_at", "number"))


def _rows(statement: str, payers: Collection[str] | None, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of one payer, by a plan that is kept; of several; or (None) of all."""
    if payers is None:
        return sql.rows(statement.format(whose=OF_ALL), **values)
    if len(payers) == 1:
        (payer,) = payers
        return prepared.rows(statement.format(whose=OF_ONE), payer=payer, **values)
    return sql.rows(statement.format(whose=OF_SOME), payers=sorted(payers), **values)
