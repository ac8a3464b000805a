"""Runs the fast tests of the rules against every mutant of them.

    python -m tests.mutation                        # all modules of rules
    python -m tests.mutation products/rules/trial.py workplace_console/guard.py …

pytest collects the tests once; then a child is forked for each mutant, which puts the changed code
into the functions there are and runs the tests of that module, those that killed others first. One
line for each survivor, and the share that was killed by module and in all. Exit 1 below 90 %. Rules
are minded by tests that need no database; who may pass and what is deleted (WITH_DATABASE) by those
that do.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
import time
import types
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pytest
from django.db import connections

from tests.mutation.explained import EXPLAINED
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.targets import RULES, WITH_DATABASE

TARGETS: Final = RULES | WITH_DATABASE

ROOT: Final = Path(__file__).resolve().parent.parent.parent
# A mutant may never come to an end: it has so many seconds, and so many times what its tests take.
LEAST: Final = 20
ROOM: Final = 5
WANTED: Final = 90
# What a child in which a test failed ends with; the name of that test is no longer.
RED: Final = 3
ENDED: Final = "no test, but the child ended with"
LONGEST: Final = 4096


class Mutation:
    """Takes the place of pytest's own loop over the tests."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.killed = self.made = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        began = time.monotonic()
        make_database(session.items)
        for name in self.names:
            items = self.tests_of(name, session.items)
            started = time.monotonic()
            red = run(items)
            assert red is None, f"{name}: without any mutant fails {red}"
            self.seconds = LEAST + ROOM * int(time.monotonic() - started)
            self.module(name, items)
        share = 100 * self.killed / max(self.made, 1)
        seconds = time.monotonic() - began
        say(f"killed {self.killed} of {self.made}, {share:.1f} %, {seconds:.0f} s")
        return True

    def tests_of(self, name: str, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """Those that mind a module; without a database those that need none."""
        tests = tuple(str(ROOT / test) for test in TARGETS[name])
        found = [item for item in items if str(item.path).startswith(tests)]
        if name not in WITH_DATABASE:
            found = [item for item in found if "django_db" not in item.keywords]
        assert found, f"{name}: no tests"
        return found

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
            if red := run(items, loaded, mutant, seconds=self.seconds):
                killed += 1
                if red.startswith(ENDED):
                    say(f"  {red}: {name}:{mutant.line} {mutant.change}: {code}")
                items.sort(key=lambda item, red=red: item.nodeid != red)
            else:
                say(f"  survives {name}:{mutant.line} {mutant.change}: {code}")
        say(f"{name}: {killed} of {made}")
        self.killed, self.made = self.killed + killed, self.made + made


def make_database(items: Sequence[pytest.Item]) -> None:
    """The first test that wants a database makes it, here, for all children."""
    if "TEST_DATABASE_URL" in os.environ:
        return
    first = next(item for item in items if "django_db" in item.keywords)
    for _tried in go_through([first]):
        connections.close_all()


def run(
    items: Sequence[pytest.Item],
    loaded: types.ModuleType | None = None,
    mutant: Mutant | None = None,
    *,
    seconds: int = 0,
) -> str | None:
    """The first test to fail in a child that runs these; None when all of them pass."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(seconds)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        if loaded and mutant:
            put_in(loaded, mutant)
        red = next((item for item in go_through(items) if item.session.testsfailed), None)
        if red:
            os.write(mouth, red.nodeid.encode())
        os._exit(RED if red else 0)
    _pid, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    red = os.read(ear, LONGEST).decode() if code == RED else f"{ENDED} {code}"
    os.close(ear)
    os.close(mouth)
    return red if code else None


def go_through(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    """Each test, when it has been run. None is the last of the session: whoever is, takes the
    database away."""
    for number, item in enumerate(items, 1):
        following = items[number:] or item.session.items
        nextitem = next(each for each in following if each is not item)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=nextitem)
        yield item


def put_in(loaded: types.ModuleType, mutant: Mutant) -> None:
    """Give the functions of a module the mutant's code, wherever they are by now: imported, wrapped
    by a decorator, made by another function."""
    changed = compile(mutant.tree, str(loaded.__file__), "exec")
    new = {_place(code): code for code in _within(changed)}
    for function in gc.get_objects():
        if isinstance(function, types.FunctionType):
            code = function.__code__
            if code.co_filename == loaded.__file__ and _place(code) in new:
                function.__code__ = new[_place(code)]


def _within(code: types.CodeType) -> Iterator[types.CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield inner
            yield from _within(inner)


def _place(code: types.CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(names: list[str]) -> int:
    names = names or list(RULES)
    if not WITH_DATABASE.keys() & set(names):
        # The plugin that would start servers finds these; nobody asks them.
        os.environ["TEST_DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
        os.environ["TEST_REDIS_URL"] = "redis://127.0.0.1:1/0"
    mutation = Mutation(names)
    tests = dict.fromkeys(test for name in mutation.names for test in TARGETS[name])
    options = ["-s", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    ended = pytest.main([*options, *tests], plugins=[mutation])
    is_well = ended == 0 and 100 * mutation.killed >= WANTED * mutation.made
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
