"""Many companies over hundreds of days, whatever becomes of messages and workers: the bills are
those of a second reckoning that knows no faults. Goals G3 and G4 of docs/reliability.md.

    pytest tests/crash/test_simulation.py --seed 7 --companies 40 --days 300

plays one town of one's own choice; what fails is told with its seed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from billing import books
from tests import databases
from tests.crash import simulation
from tests.crash.town import town
from tests.reckoning import reckon
from workplace_console import deletion
from workplace_console.simulation import play
from workplace_console.simulation.scenario import read

SEEDS = [
    1,
    pytest.param(2, marks=pytest.mark.thorough),
    *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(3, 6)),
]


@pytest.fixture
def size(pytestconfig: pytest.Config, examples: Any) -> tuple[int, int]:
    """How many companies over how many days."""
    companies, days = (pytestconfig.getoption(name) for name in ("--companies", "--days"))
    return companies or examples(few=4, deep=24), days or examples(few=40, deep=300)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        given = metafunc.config.getoption("--seed")
        metafunc.parametrize("seed", SEEDS if given is None else [given])


def test_a_town_is_billed_as_if_nothing_had_gone_wrong(
    database: str,
    db: None,
    settings: Any,
    tmp_path: Path,
    size: tuple[int, int],
    seed: int,
) -> None:
    companies, days = size
    scenario = town(seed, companies=companies, days=days, busy=days * 9 // 10)
    answer = reckon.comparable(reckon.answer(scenario))
    settings.MOCK_GATEWAY = True
    settings.DELETION_REGISTER = str(tmp_path / "register")
    again = f"pytest {__file__} --seed {seed} --companies {companies} --days {days}"
    with databases.connected(database):
        play.set_prices(list(read(scenario | {"prices": reckon.CATALOGUE}).prices or ()))

        rejected, met = simulation.live(scenario, seed)

        found = reckon.comparable({"rejected": [], **simulation.outcome(scenario), "mails": []})
        assert rejected == [{k: r[k] for k in ("event", "code")} for r in answer["rejected"]], again
        for part, value in simulation.expected(answer).items():
            assert found[part] == value, (part, again)
        assert books.differences(today=read(scenario).until) == [], again
    assert met["killed"] >= days // 9, met
    assert met["dropped"], met


@pytest.mark.thorough
def test_who_ended_without_a_bill_is_told_by_the_record_of_the_deletion(
    database: str, db: None, settings: Any, tmp_path: Path
) -> None:
    """When the console has closed for good, nothing else is left of such a company. R: G3, G5."""
    settings.DELETION_REGISTER = str(tmp_path / "register")
    scenario: dict[str, Any] = {
        "start": "2026-01-01",
        "until": "2027-06-01",
        "companies": [{"id": "ended", "accounts": 0}, {"id": "expired", "trial_days": 3}],
        "events": [{"on": "2026-01-05", "company": "ended", "do": "terminate"}],
    }
    answer = reckon.comparable(reckon.answer(scenario | {"prices": reckon.CATALOGUE}))
    told = read(scenario)
    with databases.connected(database):
        play.live(told)
        deletion.sweep(day=told.until)

        assert simulation.outcome(scenario)["companies"] == answer["companies"]
    assert answer["companies"]["ended"]["state"] == "terminated"
