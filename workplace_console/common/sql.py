"""Statements over sets of companies, as the nightly jobs use them: written out, run as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

BATCH = 2000


def each_day(first: str, last: str) -> str:
    """The days of a range as an array in SQL, out of two expressions.

    For tables whose key begins with the day: `day = ANY(…)` looks a company up day by day, where a
    range of days would read the rows of all companies.
    """
    return f"ARRAY(SELECT generate_series(({first})::date, ({last})::date, '1 day')::date)"


def rows(statement: str, /, **values: Any) -> list[tuple[Any, ...]]:
    """Run a statement with named values and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def columns(model: type[Model], alias: str) -> str:
    """The columns of a model's table in SQL, for `made`."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def made(row: Sequence[Any], *models: type[Model]) -> Iterator[Any]:
    """The objects that a row of the `columns` of these models, one after the other, stands for.

    For what each page asks: the ORM takes longer to write such a statement than it takes to run.
    """
    begin = 0
    for model in models:
        fields = names(model)
        yield model.from_db(DEFAULT_DB_ALIAS, fields, row[begin : begin + len(fields)])
        begin += len(fields)


@cache
def names(model: type[Model]) -> list[str]:
    """What an object of a model is made of, in the order of its table."""
    return [field.attname for field in model._meta.concrete_fields]


def column(statement: str, /, **values: Any) -> list[Any]:
    """Run a statement with named values and return its only column."""
    return [value for (value,) in rows(statement, **values)]


def changed(statement: str, /, **values: Any) -> int:
    """Run a statement with named values; how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def insert(statement: str, records: Iterable[Mapping[str, Any]], /, **values: Any) -> None:
    """Run an INSERT … SELECT over records, which it finds as JSON in %(records)s, in their order.

    A few thousand at a time; many times as quick as rows that are made of objects one by one.
    """
    for batch in _batches(records):
        changed(statement, records=json.dumps(batch, cls=DjangoJSONEncoder), **values)


def _batches(records: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    waiting = iter(records)
    while batch := list(islice(waiting, BATCH)):
        yield batch
