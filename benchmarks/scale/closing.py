"""Closes the month of a database again and again, and undoes it, until it is told to end."""

from __future__ import annotations

import os

from benchmarks.scale import places

CLOSED_ON = "2028-02-01"


def main() -> None:
    places.set_up(os.environ["DATABASE_URL"], CLOSED_ON)
    from datetime import date

    from django.db import transaction

    from billing import operations as billing

    while True:
        with transaction.atomic():
            billing.close(day=date.fromisoformat(CLOSED_ON))
            transaction.set_rollback(True)


if __name__ == "__main__":
    main()
