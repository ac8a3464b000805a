"""`.env` and the environment over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from workplace_console.local.environment import Environment, parse_dotenv


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("DEMO=1", {"DEMO": "1"}),
        ("  DEMO = 1  ", {"DEMO": "1"}),
        ("export DEMO=1", {"DEMO": "1"}),
        ("NAME='워크플레이스 주식회사'", {"NAME": "워크플레이스 주식회사"}),
        ('NAME="a # b"', {"NAME": "a # b"}),
        ("URL=redis://:p=w#1@host/0", {"URL": "redis://:p=w#1@host/0"}),
        ("DEMO=1 # 데모", {"DEMO": "1"}),
        ("EMPTY=", {"EMPTY": ""}),
        ("# DEMO=1", {}),
        ("", {}),
        ("nonsense", {}),
        ("not a name=1", {}),
    ],
)
def test_a_line_of_dotenv(line: str, values: dict[str, str]) -> None:
    assert parse_dotenv(line) == values


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("DEMO=1\nREDIS_URL=redis://file\n", encoding="utf-8")
    monkeypatch.setenv("DEMO", "0")
    monkeypatch.delenv("DEBUG", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    environment = Environment.read(dotenv)
    assert not environment.embedded
    assert environment.redis_url == "redis://file"


def test_without_a_file_nothing_is_embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DEMO", "DEBUG"):
        monkeypatch.delenv(name, raising=False)
    assert not Environment.read(tmp_path / ".env").embedded


@pytest.mark.parametrize(
    ("value", "on"), [("1", True), ("True", True), ("yes", True), ("0", False), ("", False)]
)
def test_a_yes_or_no_is_read_as_django_environ_does(value: str, *, on: bool) -> None:
    assert Environment({"DEBUG": value}).embedded is on
