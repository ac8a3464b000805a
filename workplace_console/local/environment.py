"""Where the clone lies, and what the environment and `.env` say about the servers."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
DOTENV = ROOT / ".env"

# What django-environ takes for "yes": both must read the same file the same way.
_TRUE = frozenset({"true", "on", "ok", "y", "yes", "1"})


def parse_dotenv(text: str) -> dict[str, str]:
    """The KEY=VALUE lines of a `.env` file; comments, blank and nonsense lines are skipped."""
    values: dict[str, str] = {}
    for line in text.splitlines():
        key, separator, value = line.strip().removeprefix("export ").partition("=")
        key, value = key.strip(), value.strip()
        if separator and key.isidentifier():
            values[key] = _unquoted(value)
    return values


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value.partition(" #")[0].rstrip()


@dataclass(frozen=True)
class Environment:
    """The environment over `.env`: a variable that is set wins over the file."""

    values: dict[str, str]

    @classmethod
    def read(cls, dotenv: Path = DOTENV) -> Environment:
        """What this process and the `.env` file say; no file is the same as an empty one."""
        try:
            text = dotenv.read_text(encoding="utf-8")
        except FileNotFoundError:
            text = ""
        return cls({**parse_dotenv(text), **os.environ})

    def get(self, name: str) -> str | None:
        """The value, or None where it is missing or empty."""
        return self.values.get(name) or None

    def is_on(self, name: str) -> bool:
        """Whether a yes/no setting is set to yes."""
        return self.values.get(name, "").strip().lower() in _TRUE

    @property
    def embedded(self) -> bool:
        """Whether the embedded servers may serve: never in production."""
        return self.is_on("DEMO") or self.is_on("DEBUG")

    @property
    def database_url(self) -> str | None:
        """A database that somebody else runs."""
        return self.get("DATABASE_URL")

    @property
    def redis_url(self) -> str | None:
        """A Redis or Valkey that somebody else runs."""
        return self.get("REDIS_URL")
