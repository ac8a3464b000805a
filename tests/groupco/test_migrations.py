"""What lies in a database of before is carried over."""

from __future__ import annotations

import pytest

from tests import databases
from workplace_console.common import sql


def migrate(database: str, *to: str) -> None:
    done = databases.manage("migrate", "-v0", *to, database=database, today="2026-01-01")
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_who_was_support_staff_has_both_roles_afterwards() -> None:
    with databases.copy_of(None) as name:
        migrate(name, "groupco", "0001")
        with databases.connected(name):
            sql.changed(
                """INSERT INTO groupco_user
                       (password, is_superuser, email, name, is_staff, is_active, created_at)
                   SELECT '', false, who || '@console.example', '', who = 'staff', true, now()
                   FROM unnest(ARRAY['staff', 'other']) AS who"""
            )

        migrate(name, "groupco")

        with databases.connected(name):
            assert sql.rows(
                "SELECT email, staff_roles, language FROM groupco_user ORDER BY id"
            ) == [
                ("staff@console.example", ["support", "billing"], "ko"),
                ("other@console.example", [], "ko"),
            ]
