"""An independent count for a roster of accounts: seat days and supply amount of any month.

A roster is a CSV with the columns company, employee, registered_on, excluded_on (the last day
counted; empty: still registered). It shares no code with the product.
"""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

ONE_DAY = timedelta(days=1)


class Row(NamedTuple):
    company: str
    employee: str
    registered_on: date
    excluded_on: date | None


def read(path: Path) -> list[Row]:
    """The roster's rows, as they stand."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                company=row["company"],
                employee=row["employee"],
                registered_on=date.fromisoformat(row["registered_on"]),
                excluded_on=date.fromisoformat(row["excluded_on"]) if row["excluded_on"] else None,
            )
            for row in csv.DictReader(file)
        ]


def companies(rows: list[Row]) -> list[str]:
    return sorted({row.company for row in rows})


def days_of_month(year: int, month: int) -> list[date]:
    day = date(year, month, 1)
    days: list[date] = []
    while day.month == month:
        days.append(day)
        day += ONE_DAY
    return days


def persons_on(rows: list[Row], company: str, day: date) -> int:
    """E4: every day of [registered_on, excluded_on], once per person and day."""
    return len(
        {
            row.employee
            for row in rows
            if row.company == company
            and row.registered_on <= day
            and (row.excluded_on is None or day <= row.excluded_on)
        }
    )


def quantity_days(rows: list[Row], company: str, year: int, month: int) -> int:
    return sum(persons_on(rows, company, day) for day in days_of_month(year, month))


def supply(rows: list[Row], company: str, year: int, month: int, unit_price: int) -> int:
    """E2: of a month paid from its first day to its last, at one monthly price."""
    days_in_month = len(days_of_month(year, month))
    return quantity_days(rows, company, year, month) * unit_price // days_in_month


def group_lines(
    rows: list[Row], representative: str, formed_on: date, months: list[date], unit_price: int
) -> dict[tuple[str, str, date], tuple[int, int]]:
    """F3: who is billed how much for which company and month: quantity × days, and won.

    From the day on which the group is formed, the representative pays for every company; each
    payer's line is rounded down by itself.
    """
    lines: dict[tuple[str, str, date], tuple[int, int]] = {}
    for month in months:
        days = days_of_month(month.year, month.month)
        for company in companies(rows):
            quantities: dict[str, int] = {}
            for day in days:
                payer = representative if day >= formed_on else company
                persons = persons_on(rows, company, day)
                quantities[payer] = quantities.get(payer, 0) + persons
            for payer, quantity in quantities.items():
                if quantity:
                    amount = quantity * unit_price // len(days)
                    lines[payer, company, month] = (quantity, amount)
    return lines
