from __future__ import annotations

from datetime import date

import pytest

from groupco import queries, rules
from groupco.forms import MOST_BYTES, read_roster, read_upload
from groupco.models import Account, Employee, Headcount
from groupco.operations import Person
from groupco.rules import BadRoster
from products import operations
from products.choices import Cycle, Plan
from tests import companies
from tests.companies import BY, NEW_YEAR
from workplace_console.common.refusal import Refused

pytestmark = pytest.mark.django_db


def take(text: str, *, today: date = NEW_YEAR) -> tuple[int, int, int, int]:
    rows = read_roster(text.encode(), company_id="acme")
    report = operations.import_accounts(company_id="acme", rows=rows, today=today, by=BY)
    return report.persons, report.registered, report.changed, report.unchanged


def rows_now() -> tuple[list[object], ...]:
    return tuple(
        list(model.objects.order_by("pk").values()) for model in (Employee, Account, Headcount)
    )


HEAD = "employee,registered_on,excluded_on\n"


class TestImport:
    """R: E4."""

    def test_takes_what_is_new_and_says_so(self) -> None:
        companies.trial()

        assert take(HEAD + "p1,2025-03-01,2025-05-31\np1,2025-07-01,\np2,2026-02-01,\n") == (
            *(2, 3, 0, 0),
        )

        assert [queries.counted("acme", date(2025, m, 15)) for m in (3, 6, 7)] == [1, 0, 1]
        assert queries.counted("acme", date(2026, 2, 1)) == 2

    def test_twice_is_once(self) -> None:
        companies.trial()
        text = HEAD + "p1,2025-03-01,2025-05-31\np1,2025-07-01,\n"
        take(text)
        before = rows_now()

        assert take(text) == (0, 0, 0, 2)

        assert rows_now() == before

    def test_an_end_that_became_known_is_taken_over(self) -> None:
        companies.trial()
        take(HEAD + "p1,2025-03-01,\n")

        assert take(HEAD + "p1,2025-03-01,2026-01-10\np1,2026-01-12,\n") == (0, 1, 1, 0)

        counts = [queries.counted("acme", date(2026, 1, day)) for day in (10, 11, 12)]
        assert counts == [1, 0, 1]

    def test_columns_in_any_order_other_companies_passed_over_names_kept(self) -> None:
        companies.trial()
        head = "company,name,excluded_on,employee,registered_on,email\n"

        taken = take(head + "acme,김서연,,p1,2025-03-01,p1@acme.example\nother,x,,p2,2025-01-01,\n")

        assert taken == (1, 1, 0, 0)
        assert Employee.objects.values_list("number", "name", "email").get() == (
            *("p1", "김서연", "p1@acme.example"),
        )

    def test_reads_what_korean_excel_writes(self) -> None:
        text = "employee,name,registered_on,excluded_on\n1,김서연,2025-03-01,\n"

        (row,) = read_roster(text.encode("cp949"), company_id="acme")

        assert row.name == "김서연"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("", 1, id="empty"),
        pytest.param(HEAD, 1, id="no rows"),
        pytest.param("employee,registered_on\np1,2025-01-01\n", 1, id="a column is missing"),
        pytest.param(HEAD.strip() + ",mail\np1,2025-01-01,,\n", 1, id="a column unknown"),
        pytest.param("employee,employee,registered_on,excluded_on\n", 1, id="a column twice"),
        pytest.param(HEAD + "p1,2025-01-01\n", 2, id="a cell is missing"),
        pytest.param(HEAD + "p1,2025-01-01,\n,2025-01-01,\n", 3, id="nobody"),
        pytest.param(HEAD + "p1,2025-02-30,\n", 2, id="no such day"),
        pytest.param(HEAD + "p1,2025/01/01,\n", 2, id="not a day as we write it"),
        pytest.param(HEAD + "p1,20250101,\n", 2, id="a day without dashes"),
        pytest.param(HEAD + "p1,0001-01-01,\n", 2, id="a day of antiquity"),
        pytest.param(HEAD + "p1,9999-12-31,\n", 2, id="a day at the end of time"),
        pytest.param(HEAD + "p1,2025-01-02,2025-01-01\n", 2, id="ends before it begins"),
        pytest.param(HEAD + "p1,2025-01-01,2025-03-01\np1,2025-03-01,\n", 3, id="twice on a day"),
        pytest.param(HEAD + "p1,2025-01-01,\np1,2025-01-01,\n", 3, id="the same row twice"),
        pytest.param(HEAD + '"p1,2025-01-01,\n', 2, id="a quote without an end"),
        pytest.param(HEAD + f"{'x' * 61},2025-01-01,\n", 2, id="too long"),
        pytest.param(HEAD + "p\x001,2025-01-01,\n", 2, id="a null"),
        pytest.param(
            "employee,registered_on,excluded_on,email\np1,2025-01-01,,nobody\n", 2, id="no mail"
        ),
    ],
)
def test_a_bad_file_is_refused_whole_with_line_and_reason(text: str, line: int) -> None:
    companies.trial(accounts=2)
    before = rows_now()

    with pytest.raises(BadRoster) as refused:
        take(text)

    assert str(refused.value).startswith(f"{line}행: ")
    assert rows_now() == before


class TestSettledDays:
    """R: E4. Days from the first paid one until yesterday can't change; all others can."""

    @pytest.mark.parametrize(
        ("row", "taken"),
        [
            pytest.param("p1,2025-01-01,2026-01-04", True, id="all before the first paid day"),
            pytest.param("p1,2025-01-01,2026-01-05", False, id="until the first paid day"),
            pytest.param("p1,2025-01-01,", False, id="across"),
            pytest.param("p1,2026-01-09,2026-01-09", False, id="yesterday"),
            pytest.param("p1,2026-01-10,", True, id="from today on"),
            pytest.param("p1,2026-01-10,2026-01-10", True, id="today only"),
            pytest.param("p1,2026-03-01,", True, id="later"),
        ],
    )
    def test_rows(self, row: str, *, taken: bool) -> None:
        companies.trial(on=date(2026, 1, 5))
        operations.reserve(
            company_id="acme",
            plan=Plan.WORKPLACE,
            cycle=Cycle.MONTHLY,
            start=date(2026, 1, 5),
            today=date(2026, 1, 5),
            by=BY,
        )

        if taken:
            assert take(HEAD + row, today=date(2026, 1, 10)) == (1, 1, 0, 0)
        else:
            with pytest.raises(BadRoster, match=r"2행: 2026\. 1\. 5\.부터 2026\. 1\. 9\.까지는"):
                take(HEAD + row, today=date(2026, 1, 10))

    def test_who_holds_one_today_counts_today(self) -> None:
        today = date(2026, 1, 10)
        companies.trial(on=date(2026, 1, 5))
        take(HEAD + "p1,2026-01-05,\n", today=date(2026, 1, 5))
        operations.reserve(
            company_id="acme",
            plan=Plan.WORKPLACE,
            cycle=Cycle.MONTHLY,
            start=date(2026, 1, 5),
            today=date(2026, 1, 5),
            by=BY,
        )

        with pytest.raises(BadRoster):
            take(HEAD + "p1,2026-01-05,2026-01-09\n", today=today)
        assert take(HEAD + "p1,2026-01-05,2026-01-10\n", today=today) == (0, 0, 1, 0)

        assert queries.counted("acme", today) == 1


class TestRegister:
    """R: E4."""

    def test_who_was_to_come_later_comes_today(self) -> None:
        companies.trial()
        take(HEAD + "p1,2026-03-01,\n")

        assert register("p1") == 1

        assert [queries.counted("acme", date(2026, m, 1)) for m in (1, 2, 3, 4)] == [1] * 4

    def test_who_was_excluded_today_stays_and_counts_once(self) -> None:
        companies.trial()
        register("p1")
        operations.exclude_newest(company_id="acme", count=1, today=NEW_YEAR, by=BY)

        assert register("p1") == 1

        assert queries.counted("acme", NEW_YEAR) == queries.counted("acme", date(2026, 6, 1)) == 1

    def test_who_was_excluded_today_and_comes_again_later_stays_until_then(self) -> None:
        companies.trial()
        take(HEAD + "p1,2025-06-01,2026-01-01\np1,2026-03-01,2026-03-31\n")

        assert register("p1") == 1

        counts = [queries.counted("acme", date(2026, m, 1)) for m in (1, 2, 3, 4)]
        assert counts == [1, 1, 1, 0]

    def test_who_is_there_is_passed_over(self) -> None:
        companies.trial()

        assert register("p1", "p2", "p1") == 2
        assert register("p1", "p3") == 1
        assert queries.counted("acme", NEW_YEAR) == 3

    def test_new_persons_get_numbers_that_nobody_has(self) -> None:
        companies.trial()
        register("W000002", "W000003")

        assert (
            operations.register_new_persons(company_id="acme", count=3, today=NEW_YEAR, by=BY) == 3
        )

        assert queries.counted("acme", NEW_YEAR) == 5

    def test_others_accounts_cannot_be_excluded(self) -> None:
        companies.trial("acme")
        companies.trial("other", accounts=1)
        theirs = Account.objects.get(company_id="other")

        gone = operations.exclude_accounts(
            company_id="acme", account_ids=[theirs.pk], today=NEW_YEAR, by=BY
        )

        assert gone == 0
        assert queries.counted("other", date(2026, 6, 1)) == 1


def register(*numbers: str) -> int:
    persons = [Person(number) for number in numbers]
    return operations.register_accounts(company_id="acme", persons=persons, today=NEW_YEAR, by=BY)


@pytest.mark.parametrize("number", ["a\nb", "a\tb", "a\x07"])
def test_a_number_stands_on_one_line(number: str) -> None:
    with pytest.raises(BadRoster):
        read_roster(f'employee,registered_on,excluded_on\n"{number}",,\n'.encode(), company_id="a")
    with pytest.raises(Refused):
        rules.check_person("", number)


def test_a_file_is_measured_as_the_text_it_is_posted_as() -> None:
    """What passes the trial run passes its confirmation, which sends UTF-8."""
    text = "employee,name\n" + "".join(f"{n},{'가' * 100}\n" for n in range(18_000))
    in_korean_excel = text.encode("cp949")
    assert len(in_korean_excel) < MOST_BYTES < len(text.encode())

    with pytest.raises(BadRoster):
        read_upload(in_korean_excel, company_id="a", today=date(2026, 1, 1))
