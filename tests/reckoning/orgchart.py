"""An independent reading of F4: what an employee sees of a group's chart.

A department is known by its company and the names from the top down, as a roster writes them. It
shares no code with the product.
"""

import csv
from pathlib import Path
from typing import NamedTuple

Place = tuple[str, ...]  # the company, then the departments from the top down


class Seen(NamedTuple):
    """What is in a chart: places whose people are shown, and places that are only named."""

    shown: set[Place]
    labels: set[Place]


def places(path: Path) -> set[Place]:
    """Every department of a roster, those that are only named in the path of another included."""
    with path.open(encoding="utf-8", newline="") as file:
        listed = [(row["company"], *row["department"].split("/")) for row in csv.DictReader(file)]
    return {place[:end] for place in listed for end in range(2, len(place) + 1)}


def listed(path: Path) -> set[Place]:
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["company"], *row["department"].split("/")) for row in csv.DictReader(file)}


def postings(path: Path) -> dict[str, set[Place]]:
    """Where each person works."""
    found: dict[str, set[Place]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["employee"]:
                place = (row["company"], *row["department"].split("/"))
                found.setdefault(row["employee"], set()).add(place)
    return found


def seen(
    company: str, *, scope: str, companies: set[str], everything: set[Place], held: set[Place]
) -> Seen:
    """F4. GROUP: the whole group's chart. OWN: the own company and, in others, only the departments
    where a posting is held: not what lies below or beside them; what lies above is named."""
    if scope == "GROUP":
        return Seen(everything | {(id,) for id in companies}, set())
    own = {place for place in everything if place[0] == company}
    elsewhere = {place for place in held if place[0] != company and place[0] in companies}
    shown = {(company,)} | own | elsewhere
    above = {place[:end] for place in elsewhere for end in range(1, len(place))}
    return Seen(shown, above - shown)
