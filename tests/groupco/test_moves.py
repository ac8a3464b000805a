"""How a company is moved in its group's order: one step, or dropped somewhere. R: F6."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupco import rules
from groupco.rules import Move, Where
from tests.groupco.rivals import code_of
from workplace_console.pages.group_order import read, written

# Three at the top; below b two, below one of them another.
TREE = "a,b,b/c,c/d,b/e,f"


def step(company: str, move: Move, tree: str = TREE) -> str:
    return written(rules.moved(read(tree), company, move))


@pytest.mark.parametrize(
    ("company", "move", "after"),
    [
        ("b", Move.UP, "b,b/c,c/d,b/e,a,f"),
        ("b", Move.DOWN, "a,f,b,b/c,c/d,b/e"),
        ("e", Move.UP, "a,b,b/e,b/c,c/d,f"),
        ("b", Move.IN, "a,a/b,b/c,c/d,b/e,f"),
        ("f", Move.IN, "a,b,b/c,c/d,b/e,b/f"),
        ("c", Move.OUT, "a,b,b/e,c,c/d,f"),
        ("d", Move.OUT, "a,b,b/c,b/d,b/e,f"),
    ],
)
def test_one_step(company: str, move: Move, after: str) -> None:
    assert step(company, move) == after


@pytest.mark.parametrize(
    ("company", "move", "code"),
    [
        ("a", Move.UP, "first_already"),
        ("c", Move.UP, "first_already"),
        ("f", Move.DOWN, "last_already"),
        ("a", Move.IN, "nothing_above"),
        ("a", Move.OUT, "top_already"),
        ("", Move.UP, "nothing_chosen"),
        ("stranger", Move.IN, "nothing_chosen"),
    ],
)
def test_a_step_that_there_is_none_of_is_refused(company: str, move: Move, code: str) -> None:
    assert code_of(lambda: step(company, move)) == code


@pytest.mark.parametrize(
    ("company", "onto", "where", "after"),
    [
        ("f", "a", Where.BEFORE, "f,a,b,b/c,c/d,b/e"),
        ("f", "a", Where.AFTER, "a,f,b,b/c,c/d,b/e"),
        ("f", "c", Where.AFTER, "a,b,b/c,c/d,b/f,b/e"),
        ("a", "d", Where.INTO, "b,b/c,c/d,d/a,b/e,f"),
        ("d", "f", Where.AFTER, "a,b,b/c,b/e,f,d"),
        ("a", "a", Where.AFTER, TREE),
    ],
)
def test_dropped(company: str, onto: str, where: Where, after: str) -> None:
    assert written(rules.dropped(read(TREE), company, onto=onto, where=where)) == after


@pytest.mark.parametrize(
    ("company", "onto", "where", "code"),
    [
        ("b", "b", Where.INTO, "below_itself"),
        ("b", "d", Where.INTO, "below_its_own"),
        ("b", "d", Where.AFTER, "below_its_own"),
        ("b", "department:7", Where.INTO, "below_department"),
        ("b", "department:7", Where.BEFORE, "below_department"),
        ("b", "stranger", Where.INTO, "not_a_member"),
        ("stranger", "b", Where.INTO, "nothing_chosen"),
    ],
)
def test_what_may_not_be_dropped_there(company: str, onto: str, where: Where, code: str) -> None:
    def act() -> object:
        return rules.dropped(read(TREE), company, onto=onto, where=where)

    assert code_of(act) == code


MOVES = st.tuples(
    st.sampled_from("abcdef"), st.sampled_from([*Move, *Where]), st.sampled_from("abcdef")
)


def test_whatever_is_moved_it_stays_a_tree_of_the_same_companies(examples: Any) -> None:
    @settings(max_examples=examples(few=60, deep=3000))
    @given(st.lists(MOVES, max_size=12))
    def check(moves: list[tuple[str, Any, str]]) -> None:
        order = read(TREE)
        for company, how, onto in moves:
            before = order

            def act(
                company: str = company, how: Any = how, onto: str = onto, before: Any = before
            ) -> None:
                nonlocal order
                if isinstance(how, Move):
                    order = rules.moved(before, company, how)
                else:
                    order = rules.dropped(before, company, onto=onto, where=how)

            code_of(act)
            rules.check_order(order, members="abcdef")
            assert rules.in_order(order) == order

    check()
