"""The seeded bugs fit the code of today; whether they are found, `python -m tests.seeded` says."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.seeded.patches import FOLDER, ROOT, seeds


def test_there_are_enough_of_them() -> None:
    assert len(seeds()) >= 30


def test_each_says_what_it_is_and_names_tests_that_are_there() -> None:
    for seed in seeds():
        assert len(seed.bug) > 10, seed.name
        assert seed.red, seed.name
        for red in seed.red:
            file, *names = red.split("::")
            text = (ROOT / file).read_text()
            assert all(f"{name.split('[')[0]}" in text for name in names), red


def test_every_patch_still_applies() -> None:
    failed = [seed.name for seed in seeds() if seed.apply(ROOT, "--check").returncode]

    assert failed == [], "mend these patches in tests/seeded"


@pytest.mark.deep
def test_every_one_of_them_is_found() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.seeded"],
        cwd=FOLDER.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
