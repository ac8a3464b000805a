"""조직 관리: departments and postings, one by one and from a file. R: F4."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from groupco import queries
from groupco.forms import read_departments, read_departments_upload
from groupco.models import Department, Employee, Posting
from groupco.operations import DepartmentsReport, Person
from groupco.rules import BadRoster
from products import operations
from tests import companies, databases
from tests.companies import BY, NEW_YEAR
from tests.groupco.rivals import code_of, meets
from workplace_console.common.models import AuditEntry

DAY = date(2026, 1, 5)


def add(name: str, parent: Department | None = None, **more: Any) -> Department:
    return operations.add_department(
        company_id="acme",
        name=name,
        parent_id=parent.pk if parent else None,
        today=DAY,
        by=BY,
        **more,
    )


def change(department: Department, **wanted: Any) -> None:
    was = {"name": department.name, "parent_id": department.parent_id, "code": department.code}
    operations.change_department(
        company_id="acme", department_id=department.pk, today=DAY, by=BY, **(was | wanted)
    )


def delete(department: Department) -> None:
    operations.delete_department(company_id="acme", department_id=department.pk, today=DAY, by=BY)


def register(company_id: str, *numbers: str, **more: str) -> dict[str, Employee]:
    persons = [Person(number, f"{company_id} {number}", **more) for number in numbers]
    operations.register_accounts(company_id=company_id, persons=persons, today=NEW_YEAR, by=BY)
    return {e.number: e for e in Employee.objects.filter(company_id=company_id)}


def post(employee: Employee, department: Department | None, **more: Any) -> Posting:
    return operations.post_employee(
        company_id=more.pop("company_id", "acme"),
        employee_id=employee.pk,
        department_id=department.pk if department else None,
        today=more.pop("today", DAY),
        by=BY,
        **more,
    )


def take(text: str, company_id: str = "acme", today: date = DAY) -> DepartmentsReport:
    rows = read_departments(text.encode(), company_id=company_id)
    return operations.import_departments(company_id=company_id, rows=rows, today=today, by=BY)


def tree(company_id: str = "acme") -> list[str]:
    return list(queries.paths(queries.chart_departments([company_id])).values())


@pytest.fixture
def acme() -> str:
    return companies.trial()


@pytest.mark.django_db
@pytest.mark.usefixtures("acme")
class TestDepartments:
    def test_lie_below_each_other_in_the_order_in_which_they_came(self) -> None:
        head = add("개발본부")
        add("영업본부")
        add("플랫폼팀", head, code="D-7")

        assert tree() == ["개발본부", "영업본부", "개발본부/플랫폼팀"]

    @pytest.mark.parametrize("name", ["", "  ", "가" * 101, "개발/플랫폼", "개\n발"])
    def test_have_a_name_that_can_be_written_in_a_path(self, name: str) -> None:
        assert code_of(lambda: add(name)) == "bad_department_name"

    def test_are_called_once_in_one_place_and_again_in_another(self) -> None:
        head = add("지원팀")

        assert code_of(lambda: add("지원팀")) == "department_name_taken"
        assert code_of(lambda: add("지원팀", head)) == "done"

    def test_have_a_code_of_their_own(self) -> None:
        add("개발본부", code="D1")

        assert code_of(lambda: add("영업본부", code="D1")) == "department_code_taken"

    def test_are_renamed_and_moved_with_all_below_them(self) -> None:
        head, sales = add("개발본부"), add("영업본부")
        add("플랫폼팀", head)

        change(head, name="기술본부", parent_id=sales.pk)

        assert tree() == ["영업본부", "영업본부/기술본부", "영업본부/기술본부/플랫폼팀"]
        entry = AuditEntry.objects.get(action="department_changed")
        assert entry.before == {"department": head.pk, "parent": None}
        assert entry.after == {
            "department": head.pk,
            "fields": ["department_name", "department_parent"],
            "parent": sales.pk,
        }

    def test_never_lie_below_themselves(self) -> None:
        head = add("개발본부")
        team = add("플랫폼팀", head)

        assert code_of(lambda: change(head, parent_id=head.pk)) == "department_below_itself"
        assert code_of(lambda: change(head, parent_id=team.pk)) == "department_below_itself"

    def test_never_lie_below_one_of_another_company(self) -> None:
        companies.trial("other")
        theirs = operations.add_department(company_id="other", name="x", today=DAY, by=BY)

        assert code_of(lambda: add("개발본부", theirs)) == "no_such_department"

    def test_change_places_with_their_neighbours(self) -> None:
        first, second, third = add("하나"), add("둘"), add("셋")

        def shift(department: Department, *, up: bool) -> None:
            operations.shift_department(
                company_id="acme", department_id=department.pk, up=up, today=DAY, by=BY
            )

        shift(third, up=True)
        shift(first, up=True)
        shift(second, up=False)

        assert tree() == ["하나", "셋", "둘"]

    def test_go_when_nobody_and_nothing_is_in_them(self) -> None:
        head = add("개발본부")
        team = add("플랫폼팀", head)
        people = register("acme", "1")
        post(people["1"], team)

        assert code_of(lambda: delete(head)) == "has_departments"
        assert code_of(lambda: delete(team)) == "has_people"
        exclude_everybody()
        assert code_of(lambda: delete(team)) == "done"
        assert code_of(lambda: delete(team)) == "no_such_department"
        assert tree() == ["개발본부"]
        assert not Posting.objects.exists()


def exclude_everybody() -> None:
    operations.exclude_newest(company_id="acme", count=1, today=DAY, by=BY)


@pytest.mark.django_db
class TestPostings:
    def test_the_main_one_is_the_earliest_unless_another_is_said(self) -> None:
        companies.trial()
        [employee] = register("acme", "1").values()
        first, second = add("하나"), add("둘")
        post(employee, second, today=date(2026, 1, 4))
        post(employee, first)

        def order() -> list[str]:
            return [p.department.name for p in queries.postings_of([employee.pk]) if p.department]

        assert order() == ["둘", "하나"]
        post(employee, first, title="팀장", is_main=True)
        assert order() == ["하나", "둘"]
        post(employee, second, is_main=True)
        assert order() == ["둘", "하나"]

    def test_reach_into_other_companies_of_the_group_and_no_further(self) -> None:
        for company_id in ("acme", "member", "stranger"):
            companies.paid(company_id)
        operations.form_group(company_id="acme", members=["member"], today=NEW_YEAR, by=BY)
        own, theirs = register("acme", "1")["1"], register("member", "1")["1"]
        nobody = register("stranger", "1")["1"]
        department = add("개발본부")
        strange = operations.add_department(company_id="stranger", name="x", today=DAY, by=BY)

        assert code_of(lambda: post(theirs, department)) == "done"
        assert code_of(lambda: post(theirs, department, company_id="member")) == "done"
        assert code_of(lambda: post(theirs, None)) == "outside_group"
        assert code_of(lambda: post(own, department, company_id="member")) == "outside_group"
        assert code_of(lambda: post(nobody, department)) == "no_such_employee"
        assert code_of(lambda: post(own, strange)) == "no_such_department"
        told = AuditEntry.objects.filter(action="posting_set").values_list("company", flat=True)
        assert sorted(told) == ["acme", "acme", "member", "member"]

    def test_end_from_either_side(self) -> None:
        for company_id in ("acme", "member", "stranger"):
            companies.paid(company_id)
        operations.form_group(company_id="acme", members=["member"], today=NEW_YEAR, by=BY)
        theirs = register("member", "1")["1"]
        posting = post(theirs, add("개발본부"))

        def end(company_id: str) -> bool:
            operations.end_posting(company_id=company_id, posting_id=posting.pk, today=DAY, by=BY)
            return not Posting.objects.exists()

        assert not end("stranger")
        assert end("acme")
        assert end("member")

    def test_are_for_companies_in_use_only(self) -> None:
        companies.trial(on=date(2025, 11, 1))

        assert code_of(lambda: add("개발본부")) == "not_active"


FILE = """department,employee,title,main,code
개발본부/플랫폼팀,1,팀장,,P1
개발본부/플랫폼팀,2,,,
영업본부,1,,1,
,3,대표,,
기획실,,,,
"""


@pytest.mark.django_db
class TestImport:
    def test_makes_departments_and_postings_and_nothing_the_second_time(self) -> None:
        companies.trial()
        people = register("acme", "1", "2", "3")

        assert take(FILE) == DepartmentsReport(4, 1, 4, 0, 0)
        assert tree() == ["개발본부", "개발본부/플랫폼팀", "영업본부", "기획실"]
        [main, other] = queries.postings_of([people["1"].pk])
        assert (main.department.name, other.department.name, other.title) == (
            *("영업본부", "플랫폼팀"),
            "팀장",
        )
        assert take(FILE) == DepartmentsReport(0, 0, 0, 0, 4)

    def test_takes_titles_and_the_main_one_over(self) -> None:
        companies.trial()
        people = register("acme", "1", "2", "3")
        take(FILE)

        report = take("부서,사번,직위,주 소속\n개발본부/플랫폼팀,1,본부장,예\n영업본부,1,이사,\n")

        assert report == DepartmentsReport(0, 0, 0, 2, 0)
        postings = queries.postings_of([people["1"].pk])
        assert [(p.title, p.is_main) for p in postings] == [("본부장", True), ("이사", False)]

    def test_knows_people_of_the_group_by_company_and_number(self) -> None:
        for company_id in ("acme", "member"):
            companies.paid(company_id)
        operations.form_group(company_id="acme", members=["member"], today=NEW_YEAR, by=BY)
        theirs = register("member", "7")["7"]

        take("department,employee\n개발본부,member/7\n")

        [posting] = queries.postings_of([theirs.pk])
        assert posting.department
        assert posting.department.company_id == "acme"

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("", 1),
            ("부서명\nx\n", 1),
            ("department,department\nx,x\n", 1),
            ("department\n", 1),
            ("department,employee\nx,\nx,nobody\n", 3),
            ("department,employee\nx,member/1\n", 2),
            ("department,employee\n,\n개발//팀,\n", 3),
            ("department,employee\n" + "가" * 101 + ",\n", 2),
            ("department,employee,title\nx,1," + "a" * 61 + "\n", 2),
            ("department,employee,title\nx,,팀장\n", 2),
            ("department,employee,main\nx,1,아마\n", 2),
            ("department,employee,main\nx,1,1\ny,1,1\n", 3),
            ("department,employee\nx,1\nx,1\n", 3),
            ("department,code\nx,1\ny,1\n", 3),
            ("department,code\nx,1\nx,2\n", 3),
            ('department\n"x\n', 2),
            ("department,employee\nx\n", 2),
        ],
    )
    def test_takes_all_or_nothing_and_names_the_line(self, text: str, line: int) -> None:
        companies.trial()
        register("acme", "1")

        with pytest.raises(BadRoster, match=rf"^{line}행: ") as no:
            take(text)

        assert str(no.value).endswith(("세요.", "하세요."))
        assert not Department.objects.exists()
        assert not Posting.objects.exists()

    def test_thousands_of_rows_are_some_statements(
        self, django_assert_max_num_queries: Any
    ) -> None:
        companies.trial()
        register("acme", *(str(n) for n in range(3000)))
        text = "department,employee\n" + "".join(
            f"본부{n % 20}/팀{n % 200},{n}\n" for n in range(3000)
        )

        with django_assert_max_num_queries(40):
            report = take(text)

        assert (report.departments, report.postings) == (220, 3000)

    def test_an_upload_has_its_limits(self) -> None:
        text = "department\n" + "x\n" * 20_001

        with pytest.raises(BadRoster, match=r"^20002행: "):
            read_departments_upload(text.encode(), company_id="acme")
        with pytest.raises(BadRoster, match=r"^1행: "):
            read_departments_upload(b"department\n" + b"x" * 6_000_000, company_id="acme")


@pytest.mark.django_db
def test_whoever_deletes_a_department_waits_for_who_is_posted_to_it(database: str) -> None:
    with databases.connected(database):
        companies.trial()
        employee, department = register("acme", "1")["1"], add("개발본부")

    second = meets(database, lambda: post(employee, department), lambda: delete(department))

    assert second == "has_people"


def test_from_the_command_line(database: str) -> None:
    def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        done = databases.manage(*arguments, database=database, today="2026-01-05", stdin=stdin)
        return done.returncode, done.stdout, done.stderr

    run("create_company", "acme", "--admin", "admin@acme.example")
    run("import_accounts", "acme", "-", stdin="employee,registered_on,excluded_on\n1,2026-01-05,\n")

    code, told, _errors = run(
        "import_departments", "acme", "-", stdin="department,employee\n개발본부/플랫폼팀,1\n"
    )
    assert (code, told) == (
        0,
        "acme: 새 부서 2개, 바뀐 코드 0개, 새 소속 1건, 바뀐 소속 0건, 그대로 0건.\n",
    )
    code, _told, errors = run(
        "import_departments", "acme", "-", stdin="department,employee\n개발본부,nobody\n"
    )
    assert code == 2
    assert errors == (
        "2행: 사번 nobody인 사원이 없습니다. 사용자를 먼저 등록하거나 사번을 고치세요.\n"
    )
    assert run("import_departments", "nobody", "-")[0] == 2
