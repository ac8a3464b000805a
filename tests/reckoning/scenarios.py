"""Scenarios drawn at random, for the product and the reckoning to answer alike.

``scenarios()`` is a hypothesis strategy of well-formed scenarios that crowd around the days on
which rules change over: ends of trials, reserved days, ends of months and years, 29 February,
changes of price. Each company gets a story (what an administrator might do with a trial) and
then some noise; both are made of the event kinds asked for.

To add an event kind: a function in ``DRAW`` that draws the event's own keys, and, where noise
alone would seldom get there, an act in one of ``STORIES`` or a story of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
Draw = st.DrawFn

PLANS = ["workplace", "collabo", "collabo_plus"]
CYCLES = ["monthly", "annual"]
KINDS = [
    "reserve",
    "change_reservation",
    "cancel_reservation",
    "register_accounts",
    "exclude_accounts",
    "request_upgrade",
    "cancel_upgrade",
    "add_capacity",
    "return_capacity",
    "report_storage",
    "form_group",
    "join_group",
    "terminate",
]
CATEGORIES = ["attachment", "photo", "messenger", "board"]
GIB = 1024**3
# Around what plans have: 512 GB, 1 TB, each with a TB or two and some accounts more.
GB_STORED = [0, 1, 200, 440, 455, 461, 470, 512, 515, 530, 600, 940, 1000, 1400, 1500, 1540, 2600]
# Their order is not the same everywhere: with hyphens, and digits before letters.
IDS = [
    "acme",
    "acme-2",
    "acme2",
    "acme-corp",
    "acmecorp",
    "acmea",
    "beta",
    "b-1",
    "b10",
    "b2c",
    "gamma-delta-epsilon-zeta-eta-0",
    "zzz",
]
TRIAL_DAYS = [1, 1, 2, 3, 4, 5, 7, 8, 9, 10, 14, 20, 28, 29, 30, 31, 45, 60]
SHORT_TRIAL_DAYS = [1, 2, 3, 4, 8, 10]
UNIT_PRICES = [5000, 8000, 12000, 1, 7, 9, 333, 4999, 50000, 80000, 120000, 0, 999_999_999]
ONE_DAY = timedelta(days=1)

STARTS = [
    date(2024, 2, 29),
    date(2028, 2, 29),
    date(2024, 1, 31),
    date(2024, 2, 1),
    date(2024, 2, 27),
    date(2023, 2, 20),
    date(2023, 3, 1),
    date(2025, 2, 14),
    date(2025, 12, 1),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 1, 30),
    date(2027, 2, 28),
    date(2027, 11, 30),
]
LONG_STARTS = [
    date(2024, 2, 29),
    date(2028, 2, 29),
    date(2024, 2, 29),
    date(2028, 2, 29),
    date(2024, 2, 28),
    date(2024, 2, 25),
    date(2023, 2, 26),
    date(2023, 3, 1),
    date(2025, 12, 28),
    date(2026, 1, 31),
]


@dataclass
class Scene:
    """What the drawing of a company's events needs to know."""

    start: date
    until: date
    long: bool
    kinds: Sequence[str]
    company: str = ""
    on: date = date.min
    last_trial_day: date = date.min
    others: list[str] = field(default_factory=list)  # the other companies of the scenario
    known_days: list[date] = field(default_factory=list)  # days worth being near to

    def inside(self, day: date) -> date:
        return min(max(day, self.start), self.until - ONE_DAY)


def one(draw: Draw, values: Sequence[Any]) -> Any:
    return draw(st.sampled_from(values))


def chance(draw: Draw, percent: int) -> bool:
    """True for about so many in a hundred; shrinks to False."""
    return bool(draw(st.integers(0, 99)) >= 100 - percent)


# --- Days -----------------------------------------------------------------------------------------


def boundaries(first: date, last: date) -> list[date]:
    """Ends and firsts of months, and the days around the end of February, in a stretch of days."""
    days: list[date] = []
    day = first
    while day <= last:
        around_february = (day.month, day.day) in [(2, 28), (2, 29), (3, 1)]
        if day.day == 1 or (day + ONE_DAY).day == 1 or around_february:
            days.append(day)
        day += ONE_DAY
    return days


def a_day(draw: Draw, scene: Scene) -> date:
    """A day of the run, mostly on or beside one that matters."""
    if chance(draw, 15):
        offset: int = draw(st.integers(0, (scene.until - scene.start).days - 1))
        return scene.start + timedelta(days=offset)
    near: date = one(draw, scene.known_days)
    return scene.inside(near + timedelta(days=one(draw, [0, 0, 0, 1, -1, 2, -2])))


def a_trial_day(draw: Draw, scene: Scene, first: date) -> date:
    """A day from ``first`` to the last trial day, the ends of that stretch above all."""
    first = min(first, scene.last_trial_day)
    inside = [first, scene.last_trial_day]
    inside += boundaries(first, scene.last_trial_day)
    inside += [min(first + ONE_DAY, scene.last_trial_day)]
    if first <= scene.until <= scene.last_trial_day:
        inside += [scene.until, scene.until]  # begun by the very last job
    if chance(draw, 25):
        day: date = first + timedelta(
            days=draw(st.integers(0, (scene.last_trial_day - first).days))
        )
    else:
        day = one(draw, inside)
    return day


def a_start(draw: Draw, scene: Scene, today: date) -> str:
    """A reserved day, as seen from today: mostly allowed, now and then just not."""
    if chance(draw, 20):
        near = one(draw, [today - ONE_DAY, scene.last_trial_day + ONE_DAY, today])
        return str(near.isoformat())
    day = a_trial_day(draw, scene, max(today, scene.on))
    scene.known_days.append(scene.inside(day))
    return day.isoformat()


# --- The events' own keys -------------------------------------------------------------------------


def a_cycle(draw: Draw, scene: Scene) -> str:
    weights = ["annual", "annual", "annual", "monthly"] if scene.long else CYCLES
    return str(one(draw, weights))


def draw_reserve(draw: Draw, scene: Scene, today: date) -> Json:
    return {
        "plan": one(draw, PLANS),
        "cycle": a_cycle(draw, scene),
        "start": a_start(draw, scene, today),
    }


def draw_change(draw: Draw, scene: Scene, today: date) -> Json:
    keys = draw(st.sets(st.sampled_from(["plan", "cycle", "start"]), min_size=1))
    everything = draw_reserve(draw, scene, today)
    return {key: everything[key] for key in everything if key in keys}


def draw_nothing(draw: Draw, scene: Scene, today: date) -> Json:
    return {}


def draw_count(draw: Draw, scene: Scene, today: date) -> Json:
    return {"count": one(draw, [1, 1, 2, 3, 5, 7, 10, 20])}


def draw_plan(draw: Draw, scene: Scene, today: date) -> Json:
    return {"plan": one(draw, ["collabo", "collabo_plus", "collabo", "workplace"])}


def draw_tb(draw: Draw, scene: Scene, today: date) -> Json:
    return {"tb": one(draw, [1, 1, 1, 2, 2, 3, 100])}


def draw_storage(draw: Draw, scene: Scene, today: date) -> Json:
    size = one(draw, GB_STORED) * GIB + one(draw, [0, 0, 0, 1, -1, GIB // 2])
    return {"category": one(draw, [*CATEGORIES, "board", "board"]), "bytes": max(size, 0)}


def draw_members(draw: Draw, scene: Scene, today: date) -> Json:
    members = st.lists(st.sampled_from(scene.others), min_size=1, max_size=3, unique=True)
    return {"members": draw(members)}


def draw_representative(draw: Draw, scene: Scene, today: date) -> Json:
    return {"representative": one(draw, [*scene.others, scene.company])}


DRAW: dict[str, Callable[[Draw, Scene, date], Json]] = {
    "reserve": draw_reserve,
    "change_reservation": draw_change,
    "cancel_reservation": draw_nothing,
    "register_accounts": draw_count,
    "exclude_accounts": draw_count,
    "request_upgrade": draw_plan,
    "cancel_upgrade": draw_nothing,
    "add_capacity": draw_tb,
    "return_capacity": draw_tb,
    "report_storage": draw_storage,
    "form_group": draw_members,
    "join_group": draw_representative,
    "terminate": draw_nothing,
}


def event(draw: Draw, scene: Scene, kind: str, day: date, **given: Any) -> Json:
    """One event; what is given stands in place of what would be drawn."""
    day = scene.inside(day)
    own = {**DRAW[kind](draw, scene, day), **given}
    return {"on": day.isoformat(), "company": scene.company, "do": kind, **own}


# --- What happens to one company ------------------------------------------------------------------


@dataclass
class Story:
    """One company's way through its trial; acts of a kind not asked for are left out."""

    draw: Draw
    scene: Scene
    acts: list[Json] = field(default_factory=list)

    def act(self, kind: str, day: date, **given: Any) -> None:
        if kind in self.scene.kinds:
            self.acts.append(event(self.draw, self.scene, kind, day, **given))

    def trial_day(self, first: date) -> date:
        """A trial day on which something can happen: one of the run."""
        return self.scene.inside(a_trial_day(self.draw, self.scene, first))


def converts(story: Story) -> None:
    day = story.trial_day(story.scene.on)
    start = a_trial_day(story.draw, story.scene, day)  # possibly after the run
    story.act("reserve", day, start=start.isoformat())
    story.scene.known_days.append(story.scene.inside(start))


def converts_at_once(story: Story) -> None:
    day = story.trial_day(story.scene.on)
    story.act("reserve", day, start=day.isoformat())
    story.scene.known_days.append(day)


def is_clumsy(story: Story) -> None:
    """Reserves out of range, then perhaps rightly, then perhaps once more."""
    day = story.trial_day(story.scene.on)
    last = story.scene.last_trial_day
    wrong = one(story.draw, [day - ONE_DAY, last + ONE_DAY, date(2040, 1, 1)])
    story.act("reserve", day, start=wrong.isoformat())
    for kind in ("reserve", "reserve", "change_reservation", "reserve"):
        if chance(story.draw, 50):
            story.act(kind, day)


def thinks_again(story: Story) -> None:
    """Reserves a day late in the trial, so that there is time to change and withdraw it."""
    draw, scene = story.draw, story.scene
    day = scene.inside(scene.on)
    start = max(a_trial_day(draw, scene, day), scene.last_trial_day - 2 * ONE_DAY)
    story.act("reserve", day, start=start.isoformat())
    scene.known_days.append(scene.inside(start))
    for _ in range(draw(st.integers(1, 3))):
        kind = one(draw, ["change_reservation", "change_reservation", "cancel_reservation"])
        story.act(kind, story.trial_day(day))
    if chance(draw, 40):  # moved to the very day of the change
        today = story.trial_day(day)
        story.act("change_reservation", today, start=today.isoformat())
    if chance(draw, 30):  # and reserved anew
        story.act("reserve", story.trial_day(day))


def does_nothing(story: Story) -> None:
    """Lets the trial run out, unless the noise says otherwise."""


STORIES = [
    converts,
    converts,
    converts_at_once,
    thinks_again,
    thinks_again,
    is_clumsy,
    does_nothing,
    does_nothing,
]
LONG_STORIES = [converts, converts_at_once]


def grows(draw: Draw, scene: Scene) -> list[Json]:
    """What a company does once it pays: upgrades and takes it back, adds and returns, fills up."""
    acts: list[Json] = []
    ways = [
        ["request_upgrade"],
        ["request_upgrade"],
        ["request_upgrade", "cancel_upgrade"],
        ["request_upgrade", "terminate"],
        ["request_upgrade", "request_upgrade"],
        ["add_capacity", "return_capacity"],
        ["add_capacity", "return_capacity", "add_capacity"],
        ["add_capacity"],
        ["add_capacity", "report_storage", "return_capacity"],
        ["report_storage", "report_storage", "report_storage"],
        ["report_storage", "exclude_accounts"],
    ]
    for _ in range(draw(st.integers(0, 3))):
        day = a_day(draw, scene)
        for kind in one(draw, ways):
            if kind in scene.kinds:
                acts.append(event(draw, scene, kind, day))
            if chance(draw, 50):
                day += timedelta(days=one(draw, [1, 2, 12]))
    return acts


def group(draw: Draw, scenes: Sequence[Scene]) -> list[Json]:
    """Companies come together, and go one by one, the representative last or too early."""
    lead, *others = draw(st.permutations(scenes))
    if not others or "form_group" not in lead.kinds:
        return []
    day = max(a_day(draw, lead), min(lead.last_trial_day, lead.until - ONE_DAY))
    first = others[: draw(st.integers(1, len(others)))]
    acts = [event(draw, lead, "form_group", day, members=[scene.company for scene in first])]
    for scene in others:
        if scene not in first and chance(draw, 70):
            on = day + timedelta(days=draw(st.integers(0, 9)))
            acts.append(event(draw, scene, "join_group", on, representative=lead.company))
    if chance(draw, 60):
        firsts = [near for near in boundaries(day, lead.until - ONE_DAY) if near.day == 1]
        for scene in others:
            day = one(draw, [*firsts, day, day + timedelta(days=draw(st.integers(1, 20)))])
            if chance(draw, 75):
                acts.append(event(draw, scene, "terminate", day))
        if chance(draw, 60):
            acts.append(event(draw, lead, "terminate", day + timedelta(days=one(draw, [0, 1, 9]))))
    return acts


def noise(draw: Draw, scene: Scene) -> list[Json]:
    """Anything at any time, allowed or not."""
    accounts = [kind for kind in scene.kinds if kind.endswith("_accounts")]
    kinds = [kind for kind in scene.kinds if scene.others or not kind.endswith("_group")]
    seldom = ["terminate"] if chance(draw, 75) else []
    kinds = [kind for kind in kinds if kind not in seldom]
    kinds += [*accounts, *accounts]  # the accounts are what the money hangs on
    events: list[Json] = []
    for _ in range(draw(st.integers(0, 2 if scene.long else 7))):
        day = a_day(draw, scene)
        events.append(event(draw, scene, one(draw, kinds), day))
        if accounts and chance(draw, 15):  # in and out on one day
            count = draw(st.integers(1, 20))
            events += [event(draw, scene, kind, day, count=count) for kind in accounts]
    return events


# --- Prices ---------------------------------------------------------------------------------------


def prices(draw: Draw, start: date, until: date, events: Sequence[Json]) -> list[Json]:
    """A price for all that could be charged, from the start on; some change on the way."""
    plans = [row["plan"] for row in events if "plan" in row]
    cycles = [row["cycle"] for row in events if "cycle" in row]
    days = (until - start).days
    given: list[Json] = []
    for plan in PLANS:
        for cycle in CYCLES:
            # Any plan may meet any cycle, by a change of the reservation.
            if (plan not in plans or cycle not in cycles) and chance(draw, 50):
                continue
            offsets = {-draw(st.sampled_from([0, 0, 1, 400]))}
            for _ in range(one(draw, [0, 0, 1, 1, 2])):
                offsets.add(draw(st.integers(1, days)))
            if chance(draw, 20):
                offsets |= {(day - start).days for day in boundaries(start, until)[:1]}
            given += [
                {
                    "item": "seat",
                    "plan": plan,
                    "cycle": cycle,
                    "unit_price": one(draw, UNIT_PRICES),
                    "from": (start + timedelta(days=offset)).isoformat(),
                }
                for offset in sorted(offsets)
            ]
    if "add_capacity" in [row["do"] for row in events] or chance(draw, 50):
        offsets = {0, draw(st.integers(0, days))} if chance(draw, 30) else {0}
        given += [
            {
                "item": "capacity",
                "unit_price": one(draw, [90000, 90000, 77777, 1, 0]),
                "from": (start + timedelta(days=offset)).isoformat(),
            }
            for offset in sorted(offsets)
        ]
    shuffled: list[Json] = draw(st.permutations(given))
    return shuffled


# --- Companies ------------------------------------------------------------------------------------


def a_company(draw: Draw, company_id: str, start: date, until: date, long: bool) -> Json:
    """A company by its id; day of sign-up, accounts and trial days are now and then left out."""
    described: Json = {"id": company_id}
    last = until - ONE_DAY
    if long:
        # Early enough for a contract year to end within the run.
        if chance(draw, 40):
            described["on"] = (start + timedelta(days=draw(st.integers(0, 3)))).isoformat()
    elif chance(draw, 60):
        days = [start, last, last, last - 2 * ONE_DAY, *boundaries(start, last)]
        if chance(draw, 40):
            days = [start + timedelta(days=draw(st.integers(0, (last - start).days)))]
        described["on"] = one(draw, days).isoformat()
    if chance(draw, 85):
        described["accounts"] = draw(st.integers(0, 40))
    if chance(draw, 85):
        described["trial_days"] = one(draw, SHORT_TRIAL_DAYS if long else TRIAL_DAYS)
    return described


# --- The whole ------------------------------------------------------------------------------------


@st.composite
def scenarios(draw: Draw, kinds: Sequence[str] = tuple(KINDS), long_percent: int = 8) -> Json:
    """A well-formed scenario with events of the given kinds.

    So many in a hundred run over a year, with few events, so that annual contracts are invoiced.
    """
    long = chance(draw, long_percent)
    if long:
        start = one(draw, LONG_STARTS)
        until = start + timedelta(days=draw(st.integers(370, 430)))
    else:
        if chance(draw, 30):
            start = date(2023, 1, 1) + timedelta(days=draw(st.integers(0, 6 * 365)))
        else:
            start = one(draw, STARTS)
        until = start + timedelta(days=draw(st.integers(20, 100)))

    companies: list[Json] = []
    events: list[Json] = []
    scenes: list[Scene] = []
    previously = does_nothing
    ids = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=2 if long else 4, unique=True))
    for company_id in ids:
        told = one(draw, LONG_STORIES if long else STORIES)
        if companies and chance(draw, 30):  # a twin, whose days are the same
            described = {**companies[-1], "id": company_id}
            told = one(draw, [told, previously])
        else:
            described = a_company(draw, company_id, start, until, long)
        companies.append(described)

        on = date.fromisoformat(described.get("on", start.isoformat()))
        scene = Scene(
            start=start,
            until=until,
            long=long,
            kinds=kinds,
            company=company_id,
            others=[other for other in ids if other != company_id],
            on=on,
            last_trial_day=on + timedelta(days=described.get("trial_days", 30) - 1),
        )
        scene.known_days = [scene.inside(on), scene.inside(scene.last_trial_day)]
        scene.known_days += boundaries(start, until - ONE_DAY)[:8]
        if long:
            scene.known_days.append(scene.inside(on + timedelta(days=365)))
        story = Story(draw, scene)
        told(story)
        previously = told
        scenes.append(scene)
        events += story.acts
        events += grows(draw, scene)
        events += noise(draw, scene)
    if len(scenes) > 1 and chance(draw, 45):
        events += group(draw, scenes)

    # Events stand in the order of their days, or (some) in any: the order written counts within
    # a day only, but their index is the one in this list.
    if chance(draw, 15):
        events = draw(st.permutations(events))
    else:
        events.sort(key=lambda row: str(row["on"]))
    return {
        "start": start.isoformat(),
        "until": until.isoformat(),
        "prices": prices(draw, start, until, events),
        "companies": companies,
        "events": events,
    }
