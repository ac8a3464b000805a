"""docs/rules.md, made of the docstrings: which function keeps which rule, and which test tries it.

A docstring or comment that says `R: E2, E3` names the rules it comes from; their words stand in
docs/requirements.md.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

ROOT: Final[Path] = settings.BASE_DIR
CODE: Final = ("groupco", "products", "billing", "workplace_console")
CITED: Final = re.compile(r"\bR: ((?:[A-J]\d+)(?:, [A-J]\d+)*)")
RULE: Final = re.compile(r"\b([A-J]\d+)\b")

HEAD: Final = """\
# Rules and where they are kept

Made by `manage.py docs_rules` from the docstrings that cite a rule (`R: E2`); `make check` fails
when it is out of date. The rules themselves: [requirements.md](requirements.md).

| rule | kept by | tried by |
| --- | --- | --- |
"""


def rulebook() -> str:
    """The page as it should be now."""
    kept, tried = _citations(CODE), _citations(("tests",))
    rows = [
        f"| {rule} | {_list(kept.get(rule, []))} | {_list(tried.get(rule, []))} |"
        for rule in sorted({*kept, *tried}, key=lambda rule: (rule[0], int(rule[1:])))
    ]
    return HEAD + "\n".join(rows) + "\n"


def unknown_rules() -> list[str]:
    """Rules that the code cites and docs/requirements.md does not have."""
    words = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    known = set(RULE.findall(words))
    return sorted({*_citations(CODE), *_citations(("tests",))} - known)


def _citations(packages: tuple[str, ...]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                for rule, place in _in_file(path):
                    if place not in found[rule]:
                        found[rule].append(place)
    return found


def _in_file(path: Path) -> Iterator[tuple[str, str]]:
    """Each rule that a docstring of the file cites, with the place."""
    place = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            name = "" if isinstance(node, ast.Module) else f" `{node.name}`"
            for cited in CITED.findall(ast.get_docstring(node) or ""):
                for rule in RULE.findall(cited):
                    yield rule, f"{place}{name}"


def _list(places: list[str]) -> str:
    return "<br>".join(places) or "–"
