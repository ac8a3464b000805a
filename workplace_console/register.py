"""The register of deletions: whose data was deleted, kept outside of the database. R: G3.

A backup holds what has been deleted since it was taken, and a restore brings it back. The register
says whose it was, so that it can be deleted again before anybody is let in: a file of its own, one
JSON object a line, ids and days only. Lines are added and never changed; of a company the last
counts.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from products import queries as products

DAYS: Final = ("marked_on", "due_on", "done_on", "closed_on")


@dataclass(frozen=True)
class Entry:
    """A company whose data was deleted on `done_on`, and its console and bills on `closed_on`."""

    company: str
    reason: str
    marked_on: date
    due_on: date
    done_on: date
    closed_on: date | None

    @classmethod
    def of(cls, line: str) -> Entry:
        """Raises ValueError for what is no line of ours."""
        told: Any = json.loads(line)
        if not isinstance(told, dict) or set(told) != set(cls.__dataclass_fields__):
            raise ValueError(line)
        days = {name: told[name] and date.fromisoformat(told[name]) for name in DAYS}
        return cls(**told | days)

    @property
    def line(self) -> str:
        return json.dumps(asdict(self), default=str)


@dataclass(frozen=True)
class Register:
    """What the file says: the last entry of each company, and which lines can't be read."""

    entries: dict[str, Entry]
    unreadable: list[int]


def read(path: Path | None = None) -> Register:
    """The register; empty when nothing was ever deleted."""
    found = Register({}, [])
    file = path or Path(settings.DELETION_REGISTER)
    if not file.exists():
        return found
    for number, line in enumerate(file.read_text(errors="replace").splitlines(), start=1):
        try:
            entry = Entry.of(line)
        except (ValueError, TypeError):
            found.unreadable.append(number)
        else:
            found.entries[entry.company] = entry
    return found


def keep() -> int:
    """Add what is deleted and not in the register yet; how many lines.

    Called once a deletion is committed. Who is killed in between leaves it to the next call.
    """
    known = read().entries
    new = [entry for entry in deleted() if known.get(entry.company) != entry]
    if new:
        _add("".join(f"{entry.line}\n" for entry in new))
    return len(new)


def deleted() -> list[Entry]:
    """What the database says was deleted."""
    return [
        Entry(**{name: getattr(row, name) for name in Entry.__dataclass_fields__})
        for row in products.deletions_done()
    ]


def _add(lines: str) -> None:
    """One write, safe on the disk when this returns; after a torn line a new one begins."""
    path = Path(settings.DELETION_REGISTER)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        about = os.fstat(file)
        size = about.st_size
        is_torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
        os.write(file, (("\n" if is_torn else "") + lines).encode())
        if stat.S_ISREG(about.st_mode):  # and not /dev/null, for whoever wants no register
            os.fsync(file)
    finally:
        os.close(file)
