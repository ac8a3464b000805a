"""Closes a month and undoes it for each line it is given, and says when it has."""

from __future__ import annotations

import os
import sys

from benchmarks.scale import places

CLOSED_ON = "2028-02-01"


def main() -> None:
    places.set_up(os.environ["DATABASE_URL"], CLOSED_ON)
    from datetime import date

    from django.db import connection, transaction

    from billing import operations as billing

    connection.ensure_connection()
    print("ready", flush=True)
    for _line in sys.stdin:
        with transaction.atomic():
            billing.close(day=date.fromisoformat(CLOSED_ON))
            transaction.set_rollback(True)
        print("done", flush=True)


if __name__ == "__main__":
    main()
