"""미납: who has not paid is reminded, by mail and notice; nothing else follows. R: E12."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from billing import rules
from billing.queries import Bill
from groupco import queries as groups
from groupco.choices import Topic
from workplace_console.common import messages
from workplace_console.common.messages import Event


@transaction.atomic
def remind_overdue(*, bills: Sequence[Bill], today: date) -> None:
    """Remind the payers of these bills, each once for 1, 7, 14, 30, 60 … days after the due day."""
    late = {bill.number: rules.reminder(due_on=bill.due_on, today=today) for bill in bills}
    told = [bill for bill in bills if bill.open and late[bill.number] is not None]
    addresses = groups.told_addresses([bill.payer for bill in told], about=Topic.PAYMENT)
    messages.announce_all(
        (
            Event(
                bill.payer,
                "payment_overdue",
                addresses[bill.payer],
                {
                    "number": bill.number,
                    "due_on": bill.due_on.isoformat(),
                    "open_won": bill.open,
                    "total_won": bill.total,
                },
                key=f"payment_overdue:{bill.number}:{late[bill.number]}",
            )
            for bill in told
        ),
        on=today,
    )
