"""The reckoning itself is right: the contract's example, cases computed by hand, the roster."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.example import ANSWER, EXAMPLE
from tests.reckoning import reckon, roster
from tests.reckoning.reckon import Malformed, answer, comparable, contract_year, length
from tests.reckoning.scenarios import KINDS, scenarios

Json = dict[str, Any]

ROSTER = Path(__file__).parents[1] / "data" / "org-roster" / "accounts.csv"
ROSTER_COMPANIES = ["kubernetes", "kubernetes-sigs", "etcd-io"]


def seat(unit_price: int, since: str, plan: str = "workplace", cycle: str = "monthly") -> Json:
    return {"item": "seat", "plan": plan, "cycle": cycle, "unit_price": unit_price, "from": since}


def event(on: str, do: str, company: str = "acme", **own: Any) -> Json:
    return {"on": on, "company": company, "do": do, **own}


def reserve(on: str, start: str, plan: str = "workplace", cycle: str = "monthly") -> Json:
    return event(on, "reserve", plan=plan, cycle=cycle, start=start)


def january(
    *events: Json, until: str = "2026-01-31", accounts: int = 10, trial_days: int = 30
) -> Json:
    """Acme, signed up on 1 January 2026; the last of 30 trial days is the 30th."""
    return {
        "start": "2026-01-01",
        "until": until,
        "prices": [
            seat(5000, "2026-01-01"),
            seat(8000, "2026-01-01", "collabo"),
            seat(12000, "2026-01-01", "collabo_plus"),
            seat(50000, "2026-01-01", cycle="annual"),
        ],
        "companies": [{"id": "acme", "accounts": accounts, "trial_days": trial_days}],
        "events": list(events),
    }


def mails(given_answer: Json) -> list[tuple[str, str, str]]:
    return [(row["on"], row["company"], row["kind"]) for row in given_answer["mails"]]


def mails_after_sign_up(given_answer: Json) -> list[tuple[str, str]]:
    return [(on[5:], kind) for on, _, kind in mails(given_answer) if kind != "trial_started"]


def codes(given_answer: Json) -> list[tuple[int, str]]:
    return [(row["event"], row["code"]) for row in given_answer["rejected"]]


# --- The contract's own example -------------------------------------------------------------------


def test_the_contracts_example() -> None:
    assert answer(EXAMPLE) == ANSWER


def test_comparable_drops_the_messages_but_wants_them() -> None:
    given_answer = answer(january(event("2026-01-02", "cancel_reservation")))
    assert comparable(given_answer)["rejected"] == [{"event": 0, "code": "no_reservation"}]
    assert given_answer["rejected"][0]["message"], "the original is left as it was"
    for message in ("", " ", None):
        given_answer["rejected"][0]["message"] = message
        with pytest.raises(AssertionError):
            comparable(given_answer)


# --- Money, by hand -------------------------------------------------------------------------------


def test_a_change_of_price_in_mid_month_makes_two_lines() -> None:
    """Paid from 10 March 2026; the price rises on the 16th.

    10-15 March: 6 days x 3 = 18; 18 x 5000 / 31 = 90,000 / 31 = 2903.2
    16-19: 4 x 3 = 12, 20-31: 12 x 5 = 60, together 72; 72 x 5500 / 31 = 396,000 / 31 = 12774.1
    Those excluded on the 31st count that day. April: 30 x 1 x 5500 / 30 = 5500.
    """
    given_answer = answer(
        {
            "start": "2026-03-01",
            "until": "2026-05-01",
            "prices": [seat(5500, "2026-03-16"), seat(5000, "2026-03-01")],
            "companies": [{"id": "acme", "accounts": 3, "trial_days": 10}],
            "events": [
                reserve("2026-03-05", "2026-03-10"),
                event("2026-03-20", "register_accounts", count=2),
                event("2026-03-31", "exclude_accounts", count=4),
            ],
        }
    )
    march, april = given_answer["invoices"]
    assert [
        (line["unit_price"], line["quantity_days"], line["days_in_period"], line["amount"])
        for line in march["lines"]
    ] == [(5000, 18, 31, 2903), (5500, 72, 31, 12774)]
    assert (march["supply"], march["vat"], march["total"]) == (15677, 1567, 17244)
    assert march["period"] == ["2026-03-01", "2026-03-31"]
    assert (april["supply"], april["vat"], april["total"]) == (5500, 550, 6050)
    assert (march["issued_on"], april["issued_on"]) == ("2026-04-01", "2026-05-01")
    assert given_answer["companies"]["acme"]["accounts"] == 1
    assert given_answer["companies"]["acme"]["next_charge"] == 0
    assert mails_after_sign_up(given_answer) == [
        ("03-03", "trial_ending"),  # 7 days before the 10th; from the 5th on it is reserved
        ("03-05", "conversion_reserved"),
        ("03-10", "conversion_started"),
        ("04-01", "invoice_issued"),
        ("05-01", "invoice_issued"),
    ]


def test_a_contract_year_from_a_29_february() -> None:
    """29 February 2024 to 27 February 2025 is 365 days; the price rises on 31 December.

    29 February to 9 March: 10 days x 2 = 20. Then 1 a day: 355 days, 59 of them from 31 December
    on (1 + 31 + 27). Old price: 20 + 355 - 59 = 316; 316 x 50,000 / 365 = 43287.6
    New price: 59 x 60,000 / 365 = 9698.6
    """
    given_answer = answer(
        {
            "start": "2024-02-29",
            "until": "2025-03-02",
            "prices": [
                seat(50000, "2020-01-01", cycle="annual"),
                seat(60000, "2024-12-31", cycle="annual"),
            ],
            "companies": [{"id": "acme", "accounts": 2, "trial_days": 1}],
            "events": [
                reserve("2024-02-29", "2024-02-29", cycle="annual"),
                event("2024-03-09", "exclude_accounts", count=1),
            ],
        }
    )
    (invoice,) = given_answer["invoices"]
    assert invoice["issued_on"] == "2025-02-28"
    assert invoice["period"] == ["2024-02-29", "2025-02-27"]
    assert [
        (line["cycle"], line["quantity_days"], line["days_in_period"], line["amount"])
        for line in invoice["lines"]
    ] == [("annual", 316, 365, 43287), ("annual", 59, 365, 9698)]
    assert (invoice["supply"], invoice["vat"], invoice["total"]) == (52985, 5298, 58283)
    assert given_answer["companies"]["acme"]["next_charge"] == 0, "annual lines are not in it"


def test_a_contract_year_over_a_29_february_has_366_days() -> None:
    """1 March 2023 to 29 February 2024: 366 days x 3 x 50,000 / 366 = 150,000."""
    given_answer = answer(
        {
            "start": "2023-03-01",
            "until": "2024-03-01",
            "prices": [seat(50000, "2023-03-01", cycle="annual")],
            "companies": [{"id": "acme", "accounts": 3}],
            "events": [reserve("2023-03-01", "2023-03-01", cycle="annual")],
        }
    )
    (invoice,) = given_answer["invoices"]
    assert (invoice["issued_on"], invoice["supply"]) == ("2024-03-01", 150_000)
    assert invoice["lines"][0]["days_in_period"] == 366


def test_anniversaries_are_reckoned_from_the_first_start() -> None:
    first = date(2024, 2, 29)
    years = [
        (date(2024, 2, 29), date(2025, 2, 27), 365),
        (date(2025, 2, 28), date(2026, 2, 27), 365),
        (date(2026, 2, 28), date(2027, 2, 27), 365),
        (date(2027, 2, 28), date(2028, 2, 28), 366),
        (date(2028, 2, 29), date(2029, 2, 27), 365),
    ]
    for begins, ends, days in years:
        assert contract_year(first, begins) == contract_year(first, ends) == (begins, ends)
        assert length(begins, ends) == days


def test_five_in_and_out_and_five_others_on_one_day_are_ten() -> None:
    """The 5th counts 10, the 6th 5; 15 x 5000 / 31 = 2419.3 by the 00:00 of the 7th."""
    given_answer = answer(
        january(
            event("2026-01-05", "register_accounts", count=5),
            event("2026-01-05", "exclude_accounts", count=5),
            event("2026-01-05", "register_accounts", count=5),
            reserve("2026-01-05", "2026-01-05"),
            until="2026-01-07",
            accounts=0,
        )
    )
    assert given_answer["companies"]["acme"]["accounts"] == 5
    assert given_answer["companies"]["acme"]["next_charge"] == 2419


def test_next_charge_is_floored_line_by_line() -> None:
    """1 a day on 1-3 February at 5, then 4-6 at 7: 15 / 28 and 21 / 28 are 0 won each, not 1."""
    scenario = january(reserve("2026-01-30", "2026-01-30"), until="2026-02-07", accounts=1)
    scenario["prices"] = [seat(5, "2026-01-01"), seat(7, "2026-02-04")]
    given_answer = answer(scenario)
    assert given_answer["companies"]["acme"]["next_charge"] == 0
    # January: 30 and 31 at 5 are 10 / 31: an invoice, of 0 won.
    assert [(row["supply"], row["vat"]) for row in given_answer["invoices"]] == [(0, 0)]


def test_no_accounts_no_line_no_invoice() -> None:
    given_answer = answer(
        january(reserve("2026-01-02", "2026-01-02"), until="2026-03-01", accounts=0)
    )
    assert given_answer["invoices"] == []
    assert given_answer["companies"]["acme"]["state"] == "paid"


def test_companies_of_one_day_are_invoiced_by_id() -> None:
    scenario = january(until="2026-02-01")
    names = ["beta", "acme2", "acme-2"]
    scenario["companies"] = [{"id": name, "accounts": 1} for name in names]
    scenario["events"] = [
        {**reserve("2026-01-01", "2026-01-01"), "company": name} for name in names
    ]
    given_answer = answer(scenario)
    assert [row["payer"] for row in given_answer["invoices"]] == ["acme-2", "acme2", "beta"]
    assert [row[1] for row in mails(given_answer)] == [
        *names,
        *names,
        "acme-2",
        "acme2",
        "beta",
    ]


# --- Trial, reservation, refusals -----------------------------------------------------------------


def test_trials_that_run_out_on_one_day() -> None:
    """Trials of two days: the day before the last one is that of sign-up, so no reminder."""
    scenario = january(event("2026-01-03", "register_accounts", count=1), trial_days=2)
    scenario["companies"] = [
        {"id": "zzz", "trial_days": 2},
        {"id": "acme", "trial_days": 2, "accounts": 4},
        {"id": "beta", "on": "2026-01-02", "trial_days": 2},
    ]
    scenario["until"] = "2026-01-04"
    given_answer = answer(scenario)
    assert mails(given_answer) == [
        ("2026-01-01", "zzz", "trial_started"),
        ("2026-01-01", "acme", "trial_started"),
        ("2026-01-02", "beta", "trial_started"),
        ("2026-01-03", "acme", "trial_expired"),
        ("2026-01-03", "zzz", "trial_expired"),
        ("2026-01-03", "acme", "data_deleted"),
        ("2026-01-03", "zzz", "data_deleted"),
        ("2026-01-04", "beta", "trial_expired"),
        ("2026-01-04", "beta", "data_deleted"),
    ]
    assert given_answer["deleted"] == [
        {"company": "acme", "on": "2026-01-03", "reason": "trial_expired"},
        {"company": "zzz", "on": "2026-01-03", "reason": "trial_expired"},
        {"company": "beta", "on": "2026-01-04", "reason": "trial_expired"},
    ]
    assert codes(given_answer) == [(0, "not_active")]
    assert given_answer["companies"]["acme"] == {
        "state": "expired",
        "plan": None,
        "cycle": None,
        "accounts": 0,
        "added_tb": 0,
        "shared_capacity_bytes": 0,
        "next_charge": 0,
    }


def test_the_jobs_of_one_midnight_in_their_order() -> None:
    """1 February: b-1 is invoiced, zzz expires, acme begins, aaa ends in a day: not by id."""
    scenario = january(until="2026-02-01")
    scenario["companies"] = [
        {"id": "aaa", "trial_days": 33},  # to 2 February
        {"id": "acme", "trial_days": 40},
        {"id": "b-1", "accounts": 1},
        {"id": "zzz", "trial_days": 31},
    ]
    scenario["events"] = [
        reserve("2026-01-02", "2026-02-01"),
        {**reserve("2026-01-02", "2026-01-02"), "company": "b-1"},
    ]
    assert [row[1:] for row in mails(answer(scenario)) if row[0] == "2026-02-01"] == [
        ("b-1", "invoice_issued"),
        ("zzz", "trial_expired"),
        ("zzz", "data_deleted"),
        ("acme", "conversion_started"),
        ("aaa", "trial_ending"),
    ]


def test_reminders_come_while_nothing_is_reserved() -> None:
    """Last trial day the 9th: reminders on the 2nd, 6th and 8th; reserved from 5th to 7th."""
    given_answer = answer(
        january(
            reserve("2026-01-05", "2026-01-09"),
            event("2026-01-07", "cancel_reservation"),
            until="2026-01-10",
            trial_days=9,
        )
    )
    assert mails_after_sign_up(given_answer) == [
        ("01-02", "trial_ending"),
        ("01-05", "conversion_reserved"),
        ("01-07", "conversion_cancelled"),
        ("01-08", "trial_ending"),
        ("01-10", "trial_expired"),
        ("01-10", "data_deleted"),
    ]


def test_the_day_of_sign_up_reminds_of_nothing() -> None:
    """Last trial day the 8th: sign-up on the 1st comes after that day's jobs."""
    given_answer = answer(january(until="2026-01-08", trial_days=8))
    assert mails_after_sign_up(given_answer) == [
        ("01-05", "trial_ending"),
        ("01-07", "trial_ending"),
    ]


def test_a_change_keeps_what_it_does_not_name() -> None:
    given_answer = answer(
        january(
            reserve("2026-01-02", "2026-01-20", cycle="annual"),
            event("2026-01-03", "change_reservation", cycle="annual"),  # alters nothing
            event("2026-01-03", "change_reservation", plan="collabo_plus"),
            event("2026-01-03", "change_reservation", cycle="monthly"),
            event("2026-01-04", "change_reservation", start="2026-01-04"),
            until="2026-01-05",
        )
    )
    # 10 accounts for one day: 10 x 12,000 / 31 = 3870.9
    assert given_answer["companies"]["acme"] == {
        "state": "paid",
        "plan": "collabo_plus",
        "cycle": "monthly",
        "accounts": 10,
        "added_tb": 0,
        "shared_capacity_bytes": (1024 + 10) * 1024**3,
        "next_charge": 3870,
    }
    assert mails_after_sign_up(given_answer) == [
        ("01-02", "conversion_reserved"),
        ("01-03", "conversion_changed"),
        ("01-03", "conversion_changed"),
        ("01-03", "conversion_changed"),
        ("01-04", "conversion_started"),
    ]


def test_reserved_or_begun_at_the_end_of_the_run() -> None:
    for start, state, plan in (("2026-01-20", "paid", "collabo"), ("2026-01-21", "reserved", None)):
        given_answer = answer(
            january(reserve("2026-01-02", start, plan="collabo"), until="2026-01-20")
        )
        company = given_answer["companies"]["acme"]
        assert (company["state"], company["plan"]) == (state, plan)
        assert company["shared_capacity_bytes"] == 522 * 1024**3
        assert company["next_charge"] == 0
    assert answer(january(until="2026-01-20"))["companies"]["acme"]["state"] == "trial"


def test_refusals_in_their_order() -> None:
    scenario = january(
        event("2026-01-01", "exclude_accounts", count=1),  # before sign-up
        event("2026-01-02", "cancel_reservation"),
        event("2026-01-02", "change_reservation", start="2026-02-01"),
        reserve("2026-01-02", "2026-01-01"),
        reserve("2026-01-02", "2026-02-01"),
        reserve("2026-01-02", "2026-01-31"),  # the last trial day: fine
        reserve("2026-01-02", "2026-02-01"),
        event("2026-01-03", "change_reservation", start="2026-01-02"),
        event("2026-01-03", "exclude_accounts", count=11),
        event("2026-01-03", "exclude_accounts", count=10),
        event("2026-01-03", "exclude_accounts", count=1),
        event("2026-01-31", "change_reservation", plan="collabo"),
        event("2026-01-31", "cancel_reservation"),
        reserve("2026-01-31", "2025-01-01"),
        until="2026-02-01",
    )
    scenario["companies"][0]["on"] = "2026-01-02"
    assert codes(answer(scenario)) == [
        (0, "not_active"),
        (1, "no_reservation"),
        (2, "no_reservation"),
        (3, "reservation_out_of_range"),
        (4, "reservation_out_of_range"),
        (6, "already_reserved"),
        (7, "reservation_out_of_range"),
        (8, "not_that_many_accounts"),
        (10, "not_that_many_accounts"),
        (11, "reservation_started"),
        (12, "reservation_started"),
        (13, "already_paid"),
    ]


def test_events_happen_by_day_and_are_counted_as_written() -> None:
    given_answer = answer(
        january(
            event("2026-01-09", "cancel_reservation"),
            event("2026-01-02", "cancel_reservation"),
            event("2026-01-02", "change_reservation", plan="collabo"),
        )
    )
    assert codes(given_answer) == [
        (1, "no_reservation"),
        (2, "no_reservation"),
        (0, "no_reservation"),
    ]


# --- Malformed ------------------------------------------------------------------------------------


RESERVED = reserve("2026-01-02", "2026-01-20")
MALFORMED: list[Json] = [
    january() | {"colour": "red"},
    january(RESERVED | {"colour": "red"}),
    january(event("2026-01-31", "cancel_reservation")),  # `until` is not lived through
    january(event("2025-12-31", "cancel_reservation")),
    january(event("2026-01-02", "cancel_reservation", company="nobody")),
    january(event("2026-01-02", "register_accounts", count=0)),
    january(event("2026-01-02", "change_reservation")),
    january(event("2026-01-02", "fly")),
    january(RESERVED | {"plan": "gold"}),
    january(RESERVED | {"start": "2026-02-30"}),
    january(trial_days=0),
    january(accounts=-1),
    january() | {"prices": [seat(-1, "2026-01-01")]},
    january() | {"prices": [seat(1, "2026-01-01"), seat(2, "2026-01-01")]},
    # A price that a charged day needs and that comes a day late.
    january(RESERVED) | {"prices": [seat(5000, "2026-01-21")]},
]


@pytest.mark.parametrize("scenario", MALFORMED)
def test_malformed(scenario: Json) -> None:
    with pytest.raises(Malformed):
        answer(scenario)


def test_a_missing_price_matters_only_when_needed() -> None:
    reserved = reserve("2026-01-02", "2026-01-20")
    assert answer(january(reserved, accounts=0) | {"prices": []})["invoices"] == []
    assert answer(january(reserved, until="2026-01-20") | {"prices": []})["invoices"] == []


# --- The roster -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        (2024, 1, [8_857_096, 5_884_193, 27_419]),
        (2024, 2, [7_493_448, 5_319_655, 172_586]),
        (2025, 11, [5_499_166, 4_767_166, 265_000]),
    ],
)
def test_the_roster(year: int, month: int, expected: list[int]) -> None:
    rows = roster.read(ROSTER)
    assert [
        roster.supply(rows, company, year, month, 5000) for company in ROSTER_COMPANIES
    ] == expected


def test_a_person_counts_once_a_day() -> None:
    """Two rows of one person overlap on 2 and 3 February: 3 days of hers, 29 - 3 of the other."""
    rows = [
        roster.Row("acme", "a", date(2024, 2, 1), date(2024, 2, 3)),
        roster.Row("acme", "a", date(2024, 2, 2), date(2024, 2, 3)),
        roster.Row("acme", "b", date(2024, 2, 4), None),
        roster.Row("beta", "c", date(2024, 1, 1), None),
    ]
    assert roster.quantity_days(rows, "acme", 2024, 2) == 3 + 26
    assert roster.supply(rows, "acme", 2024, 2, 5000) == 5000


# --- What the drawn scenarios reach ---------------------------------------------------------------


def draw_and_answer(examples: int, long_percent: int) -> set[str]:
    """What so many drawn scenarios, the same at every run, pass through."""
    seen: set[str] = set()

    @settings(
        max_examples=examples,
        database=None,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(scenarios(long_percent=long_percent))
    def run(scenario: Json) -> None:
        given_answer = comparable(answer(scenario, seen))
        for company, figures in given_answer["companies"].items():
            assert figures["next_charge"] >= 0, company
        for invoice in given_answer["invoices"]:
            assert invoice["lines"]
            assert all(line["quantity_days"] > 0 for line in invoice["lines"])

    run()
    return seen


@pytest.fixture(scope="module")
def seen_by_300() -> set[str]:
    return draw_and_answer(examples=300, long_percent=8)


def test_drawn_scenarios_see_every_kind_code_mail_and_state(seen_by_300: set[str]) -> None:
    seen = seen_by_300
    wanted = {f"event:{kind}" for kind in KINDS}
    wanted |= {f"code:{code}" for code in reckon.REJECTION_CODES}
    wanted |= {f"mail:{kind}" for kind in reckon.MAIL_KINDS}
    wanted |= {f"state:{state}" for state in reckon.STATES}
    assert wanted <= seen, sorted(wanted - seen)
    labels = ("event:", "code:", "mail:", "state:")
    assert {label for label in seen if label.startswith(labels)} == wanted


def test_drawn_scenarios_get_into_every_situation(seen_by_300: set[str]) -> None:
    seen = seen_by_300 | draw_and_answer(examples=200, long_percent=100)
    wanted = {f"situation:{situation}" for situation in reckon.SITUATIONS}
    assert wanted <= seen, sorted(wanted - seen)
