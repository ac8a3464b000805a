"""What a program sends twice takes effect once and is answered alike both times.

The answer is kept in the transaction of the effect: there is never one without the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from workplace_console.common import sql
from workplace_console.common.refusal import Refused, gettext_noop

HOURS_KEPT: Final = 48

# Whoever comes second waits until the first has come to its end, and finds its answer, or finds the
# key free when the first was refused. A key that is too old is as good as free.
CLAIM: Final = """
    INSERT INTO common_answer AS known (key, content, company, body, at)
    VALUES (%(key)s, %(content)s, %(company)s, '', clock_timestamp())
    ON CONFLICT (key) DO UPDATE
        SET content = excluded.content, company = excluded.company, status = NULL, body = '',
            at = excluded.at
        WHERE known.at < clock_timestamp() - make_interval(hours => %(hours)s)
    RETURNING key"""

KEEP: Final = """
    UPDATE common_answer SET status = %(status)s, body = %(body)s WHERE key = %(key)s"""

KEPT: Final = "SELECT content, status, body FROM common_answer WHERE key = %(key)s"

TOO_OLD: Final = """
    DELETE FROM common_answer WHERE at < clock_timestamp() - make_interval(hours => %(hours)s)"""


@dataclass(frozen=True)
class Said:
    """A status, a body, and whether this had been said before."""

    status: int
    body: str
    is_again: bool = False


@transaction.atomic
def once(key: str, content: str, *, company: str, act: Callable[[], Said]) -> Said:
    """What `act` says, done now, or what it said when the same was sent before (within 48 hours).

    What `act` refuses leaves the key free. Raises Refused: key_reused, when something else was sent
    with this key.
    """
    values = {"key": _hashed(key), "content": _hashed(content)}
    if sql.column(CLAIM, **values, company=company, hours=HOURS_KEPT):
        said = act()
        sql.changed(KEEP, key=values["key"], status=said.status, body=said.body)
        return said
    ((known, status, body),) = sql.rows(KEPT, key=values["key"])
    if known != values["content"]:
        raise Refused(
            "key_reused",
            gettext_noop(
                "이 Idempotency-Key는 다른 내용에 이미 썼습니다. 새 내용에는 새 키를 쓰세요."
            ),
        )
    return Said(status, body, is_again=True)


def sweep() -> int:
    """Delete what is older than 48 hours; how many."""
    return sql.changed(TOO_OLD, hours=HOURS_KEPT)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
