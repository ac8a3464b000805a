"""A seeded bug: a patch that says what the mistake is and which tests must go red of it.

A patch begins with two lines of its own, before what `git apply` reads:

    Bug: what somebody might have got wrong
    Red: tests/file.py::test tests/other.py
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent
ROOT: Final = FOLDER.parent.parent


@dataclass(frozen=True)
class Seed:
    """A patch, and the tests that must see it."""

    path: Path
    bug: str
    red: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def changes_schema(self) -> bool:
        """Whether the database has to be made anew for it."""
        return "/migrations/" in self.path.read_text()

    def apply(self, tree: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Change a tree; `--check` only tries, `--reverse` takes it back."""
        command = ["git", "apply", *options, str(self.path)]
        return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def seeds() -> list[Seed]:
    """All of them, in the order of their names."""
    return [_read(path) for path in sorted(FOLDER.glob("*.patch"))]


def _read(path: Path) -> Seed:
    bug, red, *_rest = path.read_text().splitlines()
    return Seed(path, bug.removeprefix("Bug: "), tuple(red.removeprefix("Red: ").split()))
