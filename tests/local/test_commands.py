"""manage.py and the installer: what they decide before anything is started."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

import manage
from workplace_console.local.environment import ROOT


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("", False),
        ("help migrate", False),
        ("--version", False),
        ("migrate --help", False),
        ("check", False),
        ("check --deploy", False),
        ("check --database default", True),
        ("makemigrations", False),
        ("docs_rules --check", False),
        ("migrate", True),
        ("shell", True),
        ("run_daily", True),
    ],
)
def test_which_commands_need_servers(line: str, *, needed: bool) -> None:
    assert manage.needs_servers(line.split()) is needed


def test_outside_the_demo_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "0")
    monkeypatch.setenv("DEBUG", "0")
    monkeypatch.delenv("DATABASE_URL")
    with manage.embedded_servers(["migrate"]) as urls:
        assert urls is None


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """requirements/install.py, in a directory with one short lock file, running nothing."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "requirements/install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.lock").write_text("one==1\n", encoding="ascii")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "installed.json")
    monkeypatch.setattr(module, "run", lambda *_: None)
    return module


def test_an_installation_is_done_once(installer: ModuleType) -> None:
    assert installer.main(["--check", "base"]) == 1
    assert installer.main(["base"]) == 0
    assert installer.main(["--check", "base"]) == 0


def test_a_changed_lock_or_another_python_is_noticed(installer: ModuleType) -> None:
    installer.main(["base"])
    lock = installer.lock_file("base")
    lock.write_text("one==2\n", encoding="ascii")
    assert installer.main(["--check", "base"]) == 1
    installer.main(["base"])
    stamp = json.loads(installer.STAMP.read_text(encoding="utf-8"))
    assert stamp["python"] == sys.version
    installer.STAMP.write_text(json.dumps({**stamp, "python": "3.10"}), encoding="utf-8")
    assert installer.main(["--check", "base"]) == 1


def test_an_interrupted_installation_counts_for_nothing(
    installer: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    installer.main(["base"])
    installer.lock_file("base").write_text("one==2\n", encoding="ascii")

    def interrupted(*_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(installer, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        installer.main(["base"])
    assert not installer.STAMP.exists()
