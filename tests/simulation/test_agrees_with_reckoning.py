"""The simulation against a second reckoning that imports nothing of the project."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from tests.reckoning import reckon
from tests.reckoning.scenarios import scenarios
from workplace_console.simulation import play
from workplace_console.simulation.database import own_database
from workplace_console.simulation.scenario import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def simulation_database() -> Iterator[None]:
    with own_database():
        yield


def assert_agrees(scenario: dict[str, Any], seen: set[str]) -> None:
    """The product's whole answer is the reckoning's; only sentences for people may differ."""
    product = play.answer(read(json.loads(json.dumps(scenario))), [])
    answered = reckon.comparable(json.loads(json.dumps(product)))
    for part, value in reckon.comparable(reckon.answer(scenario, seen)).items():
        assert answered.pop(part) == value, part
    assert answered == {}


# What every hundred scenarios come by; three hundred come by everything (tests/reckoning).
COMMON = {f"event:{kind}" for kind in reckon.EVENT_KINDS} | {"state:trial", "state:paid"}


@pytest.mark.parametrize("batch", [1, 2, 3])  # so that both cores have something to do
def test_random_scenarios(batch: int, examples) -> None:
    seen: set[str] = set()
    number = examples(few=5, deep=300)

    @settings(max_examples=number)
    @given(scenarios(long_percent=0))
    def run(scenario: dict[str, Any]) -> None:
        assert_agrees(scenario, seen)

    run()

    assert number < 100 or not COMMON - seen


def test_random_scenarios_longer_than_a_year(examples) -> None:
    """R: E3."""
    seen: set[str] = set()

    number = examples(few=2, deep=60)

    @settings(max_examples=number)
    @given(scenarios(long_percent=100))
    def run(scenario: dict[str, Any]) -> None:
        assert_agrees(scenario, seen)

    run()

    assert number < 10 or "situation:annual invoice" in seen


@pytest.mark.thorough
def test_a_contract_from_29_february_over_four_years() -> None:
    """R: E3. Its anniversary is the 28th in common years and the 29th in leap years."""
    seen: set[str] = set()
    scenario = {
        "start": "2024-02-29",
        "until": "2028-03-01",
        "prices": [
            {
                "item": "seat",
                "plan": "collabo",
                "cycle": "annual",
                "unit_price": won,
                "from": from_day,
            }
            for won, from_day in ((80_000, "2024-01-01"), (80_001, "2025-11-11"))
        ],
        "companies": [{"id": "leap", "accounts": 7}],
        "events": [
            {
                "on": "2024-02-29",
                "company": "leap",
                "do": "reserve",
                "plan": "collabo",
                "cycle": "annual",
                "start": "2024-02-29",
            },
            {"on": "2026-05-05", "company": "leap", "do": "exclude_accounts", "count": 3},
        ],
    }

    assert_agrees(scenario, seen)

    assert {
        "situation:contract year from a 29 February",
        "situation:annual invoice over a 29 February",
        "situation:price change splits an annual line",
    } <= seen


def test_a_reservation_that_has_not_begun_at_the_end() -> None:
    seen: set[str] = set()

    assert_agrees(
        {
            "start": "2026-01-01",
            "until": "2026-01-05",
            "prices": [],
            "companies": [{"id": "acme", "accounts": 2}],
            "events": [
                {
                    "on": "2026-01-02",
                    "company": "acme",
                    "do": "reserve",
                    "plan": "workplace",
                    "cycle": "monthly",
                    "start": "2026-01-06",
                }
            ],
        },
        seen,
    )

    assert "state:reserved" in seen
