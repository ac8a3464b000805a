"""The books are checked every night, and staff are told what differs."""

from __future__ import annotations

from datetime import date

from billing import books
from workplace_console.common import messages
from workplace_console.common.messages import Event
from workplace_console.common.transactions import joined


@joined
def check_books(*, today: date) -> int:
    """Count the books again and tell support staff of each difference, once a day; how many."""
    found = books.differences(today=today)
    messages.tell_staff(
        (
            Event(
                difference.company,
                "books_differ",
                figures={
                    "where": difference.where,
                    "recorded": difference.recorded,
                    "expected": difference.expected,
                },
                key=f"books:{today}:{difference.company}:{difference.where}"[:200],
            )
            for difference in found
        ),
        on=today,
    )
    return len(found)
