"""No app knows the shell: a new room of the shell belongs in the contract that says so."""

from __future__ import annotations

import tomllib

from django.conf import settings

# What every app may use, and what is no code.
NO_SHELL = {"__init__", "__pycache__", "common", "locale"}


def test_the_contract_names_every_room_of_the_shell() -> None:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (shell,) = (each for each in contracts if each["name"] == "No app knows the shell")

    rooms = {path.stem for path in (settings.BASE_DIR / "workplace_console").iterdir()} - NO_SHELL

    assert set(shell["forbidden_modules"]) == {f"workplace_console.{room}" for room in rooms}
