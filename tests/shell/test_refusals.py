"""Whoever is refused something is told what to do next."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

APPS = ("groupco", "products", "billing", "workplace_console")
# Said to programs, not to people; and the beginning of a sentence.
OTHERS = {"이 주소에는 {allowed}만 쓸 수 있습니다.", "{line}행: "}


def sentences() -> Iterator[str]:
    """Those of all refusals, as they stand in the code."""
    for app in APPS:
        for path in Path(app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "gettext_noop":
                    yield ast.literal_eval(node.args[0])


def test_every_refusal_says_what_to_do() -> None:
    said = set(sentences()) - OTHERS

    assert len(said) > 100
    assert [sentence for sentence in said if "세요" not in sentence] == []
