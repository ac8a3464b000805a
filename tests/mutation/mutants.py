"""Mutants of a module: the same code with one small thing changed, inside a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

OTHER: Final[dict[type[Any], type[Any]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


@dataclass(frozen=True)
class Mutant:
    """A changed module, where it was changed, and how."""

    tree: ast.Module
    line: int
    change: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree = ast.parse(source)
    for number, node in enumerate(_inside_functions(tree)):
        for change, change_it in _changes(node):
            copy = deepcopy(tree)
            target = list(_inside_functions(copy))[number]
            change_it(target)
            yield Mutant(ast.fix_missing_locations(copy), getattr(node, "lineno", 0), change)


def _inside_functions(tree: ast.Module) -> Iterator[ast.AST]:
    """What stands in the bodies of functions: no annotations, no defaults, no docstrings."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for statement in function.body:
                if not isinstance(statement, ast.FunctionDef):
                    yield from ast.walk(statement)


def _changes(node: ast.AST) -> Iterator[tuple[str, Any]]:
    if isinstance(node, ast.Compare):
        yield from _comparisons(node)
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        if other := OTHER.get(type(node.op)):
            yield f"{type(node.op).__name__} → {other.__name__}", _set("op", other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not → not not", _set("operand", ast.UnaryOp(ast.Not(), node.operand))
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        value = not node.value if isinstance(node.value, bool) else node.value + 1
        yield f"{node.value} → {value}", _set("value", value)
    elif isinstance(node, ast.If):
        yield "if → if not", _set("test", ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "call left out", _set("value", ast.Constant(None))


def _comparisons(node: ast.Compare) -> Iterator[tuple[str, Any]]:
    for place, op in enumerate(node.ops):
        if other := OTHER.get(type(op)):
            yield f"{type(op).__name__} → {other.__name__}", _op(place, other)


def _op(place: int, other: type[Any]) -> Any:
    return lambda found: found.ops.__setitem__(place, other())


def _set(name: str, value: Any) -> Any:
    return lambda found: setattr(found, name, value)
