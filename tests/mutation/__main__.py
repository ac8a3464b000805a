"""Runs the fast tests of the rules against every mutant of them.

    python -m tests.mutation                        # all modules
    python -m tests.mutation products/rules/trial.py …

pytest collects the tests once, those that need no database; then a child is forked for each mutant,
which puts the changed code into the functions there are and runs the tests of that module. One line
for each survivor, and the share that was killed by module and in all. Exit 1 below 90 %.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
import types
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from tests.mutation.explained import EXPLAINED
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.targets import TARGETS

ROOT: Final = Path(__file__).resolve().parent.parent.parent
LONGEST: Final = 60
WANTED: Final = 90


class Mutation:
    """Takes the place of pytest's own loop over the tests."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.killed = self.made = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        began = time.monotonic()
        for name in self.names:
            tests = tuple(str(ROOT / test) for test in TARGETS[name])
            items = [item for item in session.items if str(item.path).startswith(tests)]
            assert items, f"{name}: no tests"
            assert run(items) == 0, f"{name}: its tests fail without any mutant"
            self.module(name, items)
        share = 100 * self.killed / max(self.made, 1)
        seconds = time.monotonic() - began
        say(f"killed {self.killed} of {self.made}, {share:.1f} %, {seconds:.0f} s")
        return True

    def module(self, name: str, items: Sequence[pytest.Item]) -> None:
        """Every mutant of a module; what is explained doesn't count."""
        loaded = importlib.import_module(name.removesuffix(".py").replace("/", "."))
        lines = (ROOT / name).read_text().splitlines()
        killed = made = 0
        for mutant in mutants("\n".join(lines)):
            code = lines[mutant.line - 1].strip()
            if (name, code, mutant.change) in EXPLAINED:
                continue
            made += 1
            if run(items, loaded, mutant):
                killed += 1
            else:
                say(f"  survives {name}:{mutant.line} {mutant.change}: {code}")
        say(f"{name}: {killed} of {made}")
        self.killed, self.made = self.killed + killed, self.made + made


def run(
    items: Sequence[pytest.Item],
    loaded: types.ModuleType | None = None,
    mutant: Mutant | None = None,
) -> int:
    """What a child that runs these tests says: 0 when all of them pass."""
    child = os.fork()
    if child == 0:
        signal.alarm(LONGEST)  # a mutant may never come to an end
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        if loaded and mutant:
            put_in(loaded, mutant)
        os._exit(tests_failed(items))
    _pid, status = os.waitpid(child, 0)
    return status


def tests_failed(items: Sequence[pytest.Item]) -> int:
    """1 as soon as a test fails, else 0."""
    for item, after in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if item.session.testsfailed:
            return 1
    return 0


def put_in(loaded: types.ModuleType, mutant: Mutant) -> None:
    """Give the functions of a module the mutant's code, whoever has imported them."""
    scope: dict[str, Any] = {"__name__": loaded.__name__}
    exec(compile(mutant.tree, loaded.__file__ or "", "exec"), scope)  # noqa: S102
    new = dict(functions(scope, loaded.__name__))
    for name, function in functions(vars(loaded), loaded.__name__):
        if name in new:
            function.__code__ = new[name].__code__


def functions(scope: dict[str, Any], module: str) -> Iterator[tuple[str, types.FunctionType]]:
    """The functions and methods that are defined in a module, by their full names."""
    for found in list(scope.values()):
        inner = vars(found).values() if isinstance(found, type) else [found]
        for each in inner:
            function = getattr(each, "fget", None) or getattr(each, "__func__", each)
            if isinstance(function, types.FunctionType) and function.__module__ == module:
                yield function.__qualname__, function


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(names: list[str]) -> int:
    # No test that is run here asks a server; the plugin that would start them finds these.
    os.environ["TEST_DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
    os.environ["TEST_REDIS_URL"] = "redis://127.0.0.1:1/0"
    mutation = Mutation(names or list(TARGETS))
    tests = dict.fromkeys(test for name in mutation.names for test in TARGETS[name])
    options = ["-s", "-q", "-m", "not django_db", "-p", "no:cacheprovider", "-p", "no:xdist"]
    ended = pytest.main([*options, *tests], plugins=[mutation])
    is_well = ended == 0 and 100 * mutation.killed >= WANTED * mutation.made
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
