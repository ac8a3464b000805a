"""How often something may be tried: counted in PostgreSQL, by real time.

A key's window begins with its first try and ends a fixed time later. Keys are hashed, so no address
lies about in the clear. Count outside of a transaction: what is rolled back was never tried.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from workplace_console.common import sql

# One statement, so that two tries at once are two. A few rows whose window is over go with it; as
# an array they are looked for once, where a join might look again for each row.
HIT: Final = """
    WITH over AS (
        DELETE FROM common_throttlecount WHERE key = ANY(ARRAY(
            SELECT key FROM common_throttlecount
            WHERE ends_at < clock_timestamp() AND key <> %(key)s
            ORDER BY ends_at LIMIT 5 FOR UPDATE SKIP LOCKED))
    )
    INSERT INTO common_throttlecount AS known (key, count, ends_at)
    VALUES (%(key)s, 1, clock_timestamp() + make_interval(secs => %(window)s))
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN known.ends_at < clock_timestamp() THEN 1 ELSE known.count + 1 END,
        ends_at = CASE WHEN known.ends_at < clock_timestamp() THEN excluded.ends_at
                       ELSE known.ends_at END
    RETURNING count, extract(epoch FROM ends_at - clock_timestamp())"""

WAIT: Final = """
    SELECT extract(epoch FROM ends_at - clock_timestamp()) FROM common_throttlecount
    WHERE key = %(key)s AND count >= %(limit)s AND ends_at > clock_timestamp()"""


@dataclass(frozen=True)
class Throttle:
    """So many tries in a window, for each key."""

    name: str
    limit: int
    window: timedelta

    def hit(self, key: str) -> int:
        """Count a try. 0 when it is within the limit, else the seconds until the window ends."""
        values = {"key": self._hashed(key), "window": self.window.total_seconds()}
        ((count, seconds),) = sql.rows(HIT, **values)
        return max(1, math.ceil(seconds)) if count > self.limit else 0

    def wait(self, key: str) -> int:
        """Seconds until another try would be within the limit; 0 when it is now."""
        found = sql.column(WAIT, key=self._hashed(key), limit=self.limit)
        return max(1, math.ceil(found[0])) if found else 0

    def _hashed(self, key: str) -> str:
        return hashlib.sha256(f"{self.name}\0{key}".encode()).hexdigest()
