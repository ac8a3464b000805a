"""Statements that a connection keeps prepared answer as the same statements sent anew."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DataError, connection, transaction

from tests import databases
from workplace_console.common import prepared, sql

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("SELECT 1", {}),
        ("SELECT %(a)s::text, %(b)s + 1, %(a)s = 'x'", {"a": "x", "b": 2}),
        ("SELECT %(day)s - 1, %(day)s::date + %(n)s", {"day": DAY, "n": 3}),
        ("SELECT %(n)s / 2", {"n": 3}),
        ("SELECT %(n)s - 1", {"n": 2**40}),
        ("SELECT %(is)s AND NOT %(is)s", {"is": True}),
        ("SELECT %(at)s", {"at": datetime(2026, 3, 5, 14, 3, tzinfo=UTC)}),
        ("SELECT 'b' = ANY(%(some)s), cardinality(%(none)s::text[])", {"some": ["b"], "none": []}),
        ("SELECT generate_series(%(n)s, 3) LIMIT %(most)s", {"n": 1, "most": None}),
        ("SELECT 7 %% 4, 'a' LIKE 'a%%', %(text)s::text", {"text": "100% 'of' $1 \\ %%"}),
        ("SELECT %(used)s::text", {"used": "x", "not_used": 1}),
    ],
)
def test_the_answer_is_that_of_the_statement(statement: str, values: dict[str, Any]) -> None:
    plain = sql.rows(statement, **values)
    assert [prepared.rows(statement, **values) for _ in range(3)] == [plain] * 3


def test_a_statement_is_read_once_by_a_connection() -> None:
    for number in range(4):
        assert prepared.rows("SELECT %(number)s AS read_once", number=number) == [(number,)]
    assert prepared_with("read_once") == 1


def test_values_of_other_types_are_another_statement() -> None:
    for value, found in ((DAY, date(2026, 3, 4)), (5, 4), (2**40, 2**40 - 1)):
        assert prepared.rows("SELECT %(value)s - 1", value=value) == [(found,)]


def test_one_that_fails_may_be_asked_again() -> None:
    for _ in range(2):
        with pytest.raises(DataError), transaction.atomic():
            prepared.rows("SELECT 1 / %(divisor)s", divisor=0)
    assert prepared.rows("SELECT 1 / %(divisor)s", divisor=1) == [(1,)]


def test_what_was_prepared_in_a_transaction_that_is_undone_stays() -> None:
    with transaction.atomic():
        prepared.rows("SELECT %(n)s AS undone", n=1)
        transaction.set_rollback(True)
    assert prepared.rows("SELECT %(n)s AS undone", n=2) == [(2,)]


def test_values_are_told_apart_by_their_names() -> None:
    for values in ({"a": "x", "b": 1}, {"b": "x", "a": 1}):
        assert prepared.rows("SELECT %(a)s, %(b)s::text", **values) == [
            (values["a"], str(values["b"]))
        ]


def test_a_statement_that_the_server_takes_back_is_prepared_anew() -> None:
    with databases.copy_of(None) as name, databases.connected(name):
        sql.changed("CREATE TABLE changing AS SELECT 'a'::varchar(1) AS word")
        for change in (
            "ALTER TABLE changing ALTER word TYPE varchar(9)",
            "ALTER TABLE changing ADD COLUMN more integer",
            "DEALLOCATE ALL",
        ):
            assert prepared.rows("SELECT word FROM changing") == [("a",)]
            sql.changed(change)
        assert prepared.rows("SELECT word FROM changing") == [("a",)]


def test_behind_a_pooler_nothing_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)  # noqa: FBT003
    assert prepared.rows("SELECT %(n)s AS pooled", n=1) == [(1,)]
    assert prepared_with("pooled") == 0


def prepared_with(word: str) -> int:
    """How many statements with a word in them the connection has prepared."""
    ((count,),) = sql.rows(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %(like)s",
        like=f"%{word}%",
    )
    return int(count)
