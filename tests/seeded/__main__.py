"""Tries seeded bugs on a copy of the tree.

    python -m tests.seeded            # all
    python -m tests.seeded utc_day …  # some

Each patch is applied, the tests it names are run, and it is taken back. One line each: what went
red, or MISSED. Exit 1 when one was missed. All of them: see docs/reliability.md for the minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.seeded.patches import ROOT, Seed, seeds
from tests.servers import servers_for_tests


def main(names: list[str]) -> int:
    wanted = [seed for seed in seeds() if not names or seed.name in names]
    began, missed = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="seeded-") as folder, servers_for_tests() as urls:
        tree = copy_of_the_tree(Path(folder) / "tree")
        environment = os.environ | {
            "TEST_DATABASE_URL": urls.database,
            "TEST_REDIS_URL": urls.redis,
        }
        stale = True
        for seed in wanted:
            red = tried(seed, tree, environment, fresh=stale or seed.changes_schema)
            stale = seed.changes_schema
            missed += not red
            say(f"{seed.name:24} {red or 'MISSED'}")
    say(f"{len(wanted) - missed} of {len(wanted)} found in {time.monotonic() - began:.0f} s")
    return 1 if missed else 0


def tried(seed: Seed, tree: Path, environment: dict[str, str], *, fresh: bool) -> str:
    """The first test that goes red of a bug, "" when none does."""
    applied = seed.apply(tree)
    assert applied.returncode == 0, applied.stderr
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-x", "--tb=no", "-p", "no:cacheprovider"),
                *("-p", "no:randomly", "--create-db" if fresh else "--reuse-db", "--reuse-db"),
                *seed.red,
            ],
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        seed.apply(tree, "--reverse")
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if done.returncode == 1 and lines:
        return lines[0].split(" - ")[0].split()[1]
    # Whatever else is no answer: a test that isn't there, a tree that doesn't start.
    assert done.returncode == 0, f"{seed.name}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return ""


def copy_of_the_tree(target: Path) -> Path:
    """All files that git knows, as they are now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
