"""What is sent twice takes effect once: a key is claimed in the transaction of what is done."""

from __future__ import annotations

import hashlib
from typing import Final

from workplace_console.common import sql

# Whoever comes second waits until the first has come to its end, and finds the key taken, or free
# when the first was refused. A few keys of days gone by go with it.
CLAIM: Final = """
    WITH old AS (
        DELETE FROM common_sentform WHERE key = ANY(ARRAY(
            SELECT key FROM common_sentform WHERE at < clock_timestamp() - interval '2 days'
            ORDER BY at LIMIT 5 FOR UPDATE SKIP LOCKED))
    )
    INSERT INTO common_sentform (key, at) VALUES (%(key)s, clock_timestamp())
    ON CONFLICT (key) DO NOTHING RETURNING key"""


def claim(key: str) -> bool:
    """Whether a key is claimed for the first time (in two days)."""
    return bool(sql.column(CLAIM, key=hashlib.sha256(key.encode()).hexdigest()))
