"""The simulation against a second reckoning that imports nothing of the project."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from tests.reckoning import reckon
from tests.reckoning.scenarios import scenarios
from workplace_console.simulation import play
from workplace_console.simulation.database import own_database
from workplace_console.simulation.scenario import read

pytestmark = pytest.mark.django_db


def product_answer(scenario: dict[str, Any]) -> dict[str, Any]:
    """The product's answer as a caller of the command would get it."""
    answer = play.answer(read(json.loads(json.dumps(scenario))), [])
    return json.loads(json.dumps(answer))


def test_random_scenarios_get_the_same_whole_answer(examples) -> None:
    seen: set[str] = set()

    @settings(max_examples=examples(ci=300, deep=2000))
    @given(scenarios())
    def mixed(scenario: dict[str, Any]) -> None:
        agrees(scenario)

    @settings(max_examples=examples(ci=40, deep=300))
    @given(scenarios(long_percent=100))
    def longer_than_a_year(scenario: dict[str, Any]) -> None:
        agrees(scenario)

    def agrees(scenario: dict[str, Any]) -> None:
        expected = reckon.answer(scenario, seen)
        answered = reckon.comparable(product_answer(scenario))
        for part, value in reckon.comparable(expected).items():
            assert answered.pop(part) == value, part
        assert answered == {}

    with own_database():
        mixed()
        longer_than_a_year()

    assert not everything() - seen


def everything() -> set[str]:
    """All that scenarios of the events known so far can pass through."""
    return {
        f"{what}:{name}"
        for what, names in (
            ("event", reckon.EVENT_KINDS),
            ("code", reckon.REJECTION_CODES),
            ("mail", reckon.MAIL_KINDS),
            ("state", reckon.STATES),
            ("situation", reckon.SITUATIONS),
        )
        for name in names
    }
