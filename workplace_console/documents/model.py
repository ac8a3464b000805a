"""What a document holds, whatever it is written as: parties, facts, tables and their sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# An int stays a number and a date a date in every format that knows them.
Cell = str | int | date | None
Sum = tuple[str, int]


@dataclass(frozen=True)
class Column:
    """`is_won`: its numbers are whole won. `on_paper`: wide enough a sheet to show it."""

    title: str
    is_won: bool = False
    on_paper: bool = True


@dataclass(frozen=True)
class Part:
    """Rows that belong together, and what they add up to, which stands in the last column.

    On paper `title` is their heading and `text` below it; in a flat file each row begins with
    `lead`, so that it can be sorted and added up by it.
    """

    rows: Sequence[Sequence[Cell]]
    title: str = ""
    text: str = ""
    lead: Sequence[Cell] = ()
    sums: Sequence[Sum] = ()


@dataclass(frozen=True)
class Table:
    """Parts under one heading row; `sums` are those of all. `name` is a worksheet's."""

    name: str
    columns: Sequence[Column]
    parts: Sequence[Part]
    lead: Sequence[Column] = ()
    sums: Sequence[Sum] = ()
    text: str = ""

    def heading(self) -> list[str]:
        return [column.title for column in (*self.lead, *self.columns)]

    def flat(self) -> Iterator[list[Cell]]:
        """All rows below one heading; a sum has its name in the first column and its amount last.

        Every row is as long as the heading.
        """
        width = len(self.lead) + len(self.columns)
        for part in self.parts:
            for row in part.rows:
                yield [*part.lead, *row]
            for label, amount in part.sums:
                lead = [label, *part.lead[1:]]
                yield [*lead, *[None] * (width - len(lead) - 1), amount]
        for label, amount in self.sums:
            yield [label, *[None] * (width - 2), amount]


@dataclass(frozen=True)
class Party:
    """Who is on an invoice, and as what."""

    role: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Document:
    """The first table is the document; others follow it on sheets of their own.

    `name` is the file's, without its ending; `made_on` the day it states.
    """

    name: str
    title: str
    subtitle: str
    made_on: date
    tables: Sequence[Table]
    parties: Sequence[Party] = ()
    facts: Mapping[str, str] | None = None
    notes: Sequence[str] = ()
