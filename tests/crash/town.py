"""A town of companies that live side by side, drawn from a seed: the same seed, the same town.

It is a scenario as `manage.py simulate` reads it, so that the second reckoning (tests/reckoning),
which imports nothing of the project, can be asked what must come of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, Final

Json = dict[str, Any]

START: Final = date(2024, 1, 24)
PLANS: Final = ("workplace", "workplace", "collabo", "collabo_plus")
GIB: Final = 1024**3


def town(seed: int, *, companies: int, days: int, busy: int) -> Json:
    """So many companies over so many days, who do something on the first `busy` of them."""
    random = Random(seed)
    found, events = [], []
    for number in range(companies):
        on = random.randrange(0, max(1, busy // 3))
        trial_days = random.choice((1, 3, 8, 15, 30))
        found.append(
            {
                "id": f"c{number:03d}",
                "on": day(on),
                "accounts": random.randrange(0, 9),
                "trial_days": trial_days,
            }
        )
        events += list(life(random, number, on, trial_days, busy))
    for lead in range(0, companies - 3, 5):
        events += list(group(random, lead, busy))
    events = [event for event in events if event["on"] < day(busy)]
    # What happens on one day happens in the order of the companies.
    events.sort(key=lambda event: (event["on"], event["company"]))
    return {
        "start": day(0),
        "until": day(days),
        "companies": found,
        "events": events,
    }


def day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


def life(random: Random, number: int, on: int, trial_days: int, busy: int) -> Iterator[Json]:
    """What one company does: most convert, and then grow, shrink, upgrade, fill up, and end."""
    company = f"c{number:03d}"

    def at(when: int, do: str, **values: Any) -> Json:
        return {"on": day(when), "company": company, "do": do, **values}

    if random.random() < 0.2:
        return  # does nothing, and its trial runs out
    today = on + random.randrange(0, trial_days)
    start = random.randrange(today, on + trial_days)
    plan, cycle = random.choice(PLANS), random.choice(("monthly", "monthly", "annual"))
    yield at(today, "reserve", plan=plan, cycle=cycle, start=day(start))
    if random.random() < 0.2:
        yield at(today, "change_reservation", plan=random.choice(PLANS))
    for when in sorted(random.randrange(on, busy) for _ in range(random.randrange(2, 12))):
        do, values = random.choice(acts(random))
        yield at(when, do, **values)
    if random.random() < 0.2:
        yield at(random.randrange(start, busy) if start < busy else busy, "terminate")


def acts(random: Random) -> list[tuple[str, Json]]:
    """What a company may do on a day; what is common stands here more than once."""
    size = random.choice((1, 460, 480, 515, 1500)) * GIB
    joins = ("register_accounts", {"count": random.randrange(1, 6)})
    leaves = ("exclude_accounts", {"count": random.randrange(1, 4)})
    return [
        *[joins] * 3,
        *[leaves] * 2,
        ("request_upgrade", {"plan": random.choice(("collabo", "collabo_plus"))}),
        ("cancel_upgrade", {}),
        ("add_capacity", {"tb": random.randrange(1, 4)}),
        ("return_capacity", {"tb": random.randrange(1, 3)}),
        ("report_storage", {"category": "board", "bytes": size}),
    ]


def group(random: Random, lead: int, busy: int) -> Iterator[Json]:
    """A company that pays for two others, and a third that joins."""
    when = random.randrange(busy // 3, busy)
    others = [f"c{lead + n:03d}" for n in (1, 2)]
    yield {"on": day(when), "company": f"c{lead:03d}", "do": "form_group", "members": others}
    yield {
        "on": day(min(when + random.randrange(1, 9), busy - 1)),
        "company": f"c{lead + 3:03d}",
        "do": "join_group",
        "representative": f"c{lead:03d}",
    }
