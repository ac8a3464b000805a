"""An independent count of who works where, off the same roster; see roster.py and orgchart.py."""

import csv
from datetime import date
from pathlib import Path

from tests.reckoning.orgchart import Place


def registered(path: Path, day: date) -> dict[str, set[str]]:
    """The companies in which each person is registered once a day is over."""
    found: dict[str, set[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            left = row["excluded_on"]
            if row["registered_on"] <= day.isoformat() and (not left or left > day.isoformat()):
                found.setdefault(row["employee"], set()).add(row["company"])
    return found


def working_at(
    registered_in: dict[str, set[str]], postings: dict[str, set[Place]]
) -> dict[Place, set[str]]:
    """Who stands where: in their departments, or, in a company where they have none, right below
    it."""
    found: dict[Place, set[str]] = {}
    for person, companies in registered_in.items():
        held = postings.get(person, set())
        for company in companies:
            places = {place for place in held if place[0] == company} or {(company,)}
            for place in places:
                found.setdefault(place, set()).add(person)
    return found
