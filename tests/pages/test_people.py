"""사원 검색 at a company's own host: the whole group by words, its chart by scope. R: F4, F5."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from groupco import operations as groups
from groupco import queries
from groupco.choices import OrgChartScope
from groupco.models import Department, Employee
from groupco.operations import Person
from products import operations as products
from products.choices import Plan
from tests.companies import BY, paid, trial
from tests.groupco.test_departments import take
from tests.pages import people

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture
def group(settings: Any) -> None:
    """hanbit, saebyeok (Collabo) and nuri in a group; a stranger beside them."""
    settings.CONSOLE_TODAY = DAY
    paid("hanbit", on=DAY)
    paid("saebyeok", on=DAY, plan=Plan.COLLABO)
    paid("nuri", on=DAY)
    paid("stranger", on=DAY)
    products.form_group(company_id="hanbit", members=["saebyeok", "nuri"], today=DAY, by=BY)
    for company_id, name in (
        ("hanbit", "김서연"),
        ("saebyeok", "박서준"),
        ("nuri", "김민서"),
        ("stranger", "김서아"),
    ):
        persons = [Person("10", name, f"ten@{company_id}.example")]
        products.register_accounts(company_id=company_id, persons=persons, today=DAY, by=BY)
    at = "department,employee,title\n"
    take(
        f"{at}개발본부,,\n개발본부/플랫폼팀,10,팀장\n개발본부/플랫폼팀/서버셀,,\n영업본부,,\n",
        "hanbit",
        DAY,
    )
    take(f"{at}운송팀,10,기사\n", "saebyeok", DAY)
    take(f"{at}디자인팀,10,디자이너\n", "nuri", DAY)
    take(f"{at}비밀본부,10,비서\n", "stranger", DAY)


def client_of(company_id: str) -> Client:
    user = people.employee(company_id, today=DAY)
    return people.signed_in(user, host=f"{company_id}.localhost")


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/people/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def set_scope(**scopes: OrgChartScope) -> None:
    found = queries.arrangement(queries.memberships(["hanbit"], DAY)["hanbit"].group_id, DAY)
    groups.set_scopes(
        company_id="hanbit",
        scopes=found.scopes | scopes,
        version=found.group.scope_version,
        today=DAY,
        by=BY,
    )


def employee(company_id: str, number: str = "10") -> Employee:
    return Employee.objects.get(company_id=company_id, number=number)


class TestWords:
    """R: F5."""

    @pytest.mark.parametrize(
        "typed",
        [
            "ㄱ",
            "기",
            "김",
            "김ㅅ",
            "김서",
            "김성",
            "김서여",
            "김서연",
            "ㄱㅅㅇ",
            "ㄳ",
            "ㄱㅅ",
            "서연",
        ],
    )
    def test_each_step_of_typing_a_name_finds_it(self, group: None, typed: str) -> None:
        found = queries.search(["hanbit", "saebyeok", "nuri"], typed, DAY, most=50)

        assert "김서연" in {someone.name for someone in found.some}

    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ("ㄱㅁㅅ", ["김민서"]),
            ("ㅂㅅㅈ", ["박서준"]),
            ("박서준", ["박서준"]),
            ("운송", ["박서준"]),
            ("플랫폼팀", ["김서연"]),
            ("디자이너", ["김민서"]),
            ("saebyeok 박", ["박서준"]),
            ("TEN@HANBIT", ["김서연"]),
            ("김 기사", []),
            (".*", []),
            ("[", []),
            ("\\", []),
            ("(?i)", []),
        ],
    )
    def test_name_company_department_title_and_mail_are_found(
        self, group: None, asked: str, names: list[str]
    ) -> None:
        found = queries.search(["hanbit", "saebyeok", "nuri"], asked, DAY, most=50)

        assert [someone.name for someone in found.some if someone.name] == names


class TestSearch:
    """R: F5."""

    def test_covers_the_whole_group_whatever_the_scope(self, group: None) -> None:
        set_scope(saebyeok=OrgChartScope.OWN)

        found = page(client_of("saebyeok"), "?q=김")

        assert "김서연" in found
        assert "김민서" in found
        assert "김서아" not in found

    def test_an_ungrouped_company_finds_its_own(self, group: None) -> None:
        found = page(client_of("stranger"), "?q=김")

        assert "김서아" in found
        assert "김서연" not in found

    def test_who_is_excluded_is_gone_at_once(self, group: None) -> None:
        client = client_of("nuri")
        account = employee("hanbit").accounts.get()
        products.exclude_accounts(company_id="hanbit", account_ids=[account.pk], today=DAY, by=BY)

        assert "김서연" not in page(client, "?q=김")
        team = Department.objects.get(name="플랫폼팀")
        assert "김서연" not in page(client, f"?tab=chart&at={team.pk}")

    def test_one_person_in_several_companies_is_found_once(self, group: None) -> None:
        """A mail address is the same in capitals; who gets another one is somebody else (A5)."""
        persons = [Person("77", "김서연")]
        products.register_accounts(company_id="nuri", persons=persons, today=DAY, by=BY)

        def found_with(email: str) -> list[str]:
            Employee.objects.filter(company_id="nuri", number="77").update(email=email)
            found = queries.search(["hanbit", "nuri"], "김서연", DAY, most=9)
            assert found.count == len(found.some)
            return [someone.company_id for someone in found.some]

        assert found_with("TEN@Hanbit.example") == ["hanbit"]
        assert found_with("eleven@nuri.example") == ["hanbit", "nuri"]

    def test_who_has_no_mail_is_somebody_each(self, group: None) -> None:
        persons = [Person("77", "김서연"), Person("78", "김서연")]
        products.register_accounts(company_id="nuri", persons=persons, today=DAY, by=BY)

        found = queries.search(["nuri"], "김서연", DAY, most=9)

        assert found.count == len(found.some) == 2


class TestChart:
    """R: F4."""

    def test_own_shows_the_own_company_and_only_the_department_of_a_posting(
        self, group: None
    ) -> None:
        set_scope(saebyeok=OrgChartScope.OWN)
        client = client_of("saebyeok")
        team = Department.objects.get(name="플랫폼팀")
        products.post_employee(
            company_id="saebyeok",
            employee_id=employee("saebyeok", "clerk").pk,
            department_id=team.pk,
            today=DAY,
            by=BY,
        )

        found = page(client, "?tab=chart")

        for name in ("운송팀", "hanbit", "개발본부", "플랫폼팀"):
            assert name in found
        for name in ("서버셀", "영업본부", "디자인팀", "nuri"):
            assert name not in found
        assert "김서연" in page(client, f"?tab=chart&at={team.pk}")

    def test_nobody_is_shown_at_a_label_or_outside(self, group: None) -> None:
        set_scope(saebyeok=OrgChartScope.OWN)
        client = client_of("saebyeok")
        for name in ("플랫폼팀", "디자인팀", "비밀본부"):
            at = Department.objects.get(name=name).pk
            found = page(client, f"?tab=chart&at={at}")
            assert name not in found
            for person in ("김서연", "김민서", "김서아"):
                assert person not in found
        assert "clerk" in page(client, "?tab=chart&at=hanbit")

    def test_group_shows_all_of_it(self, group: None) -> None:
        client = client_of("nuri")
        team = Department.objects.get(name="개발본부")

        found = page(client, f"?tab=chart&at={team.pk}")

        for name in ("hanbit", "saebyeok", "nuri", "영업본부", "플랫폼팀"):
            assert name in found
        assert "<p>hanbit · 0명</p>" in found


class TestPicks:
    """R: F5."""

    def pick(self, client: Client, purpose: str, *picked: Employee) -> str:
        values = {"act": purpose, "pick": [someone.pk for someone in picked]}
        answer = client.post("/people/?q=%EA%B9%80", values, follow=True)
        assert answer.redirect_chain == [("/people/?q=%EA%B9%80", 302)]
        return str(answer.content.decode())

    def test_approvers_are_kept_in_order_until_they_are_taken_out(self, group: None) -> None:
        client = client_of("hanbit")
        self.pick(client, "approver", employee("nuri"))
        self.pick(client, "approver", employee("saebyeok"))

        assert client.session["picks"]["approver"] == [
            employee("nuri").pk,
            employee("saebyeok").pk,
        ]
        assert "결재자에서 김민서 빼기" in page(client)
        client.post("/people/", {"drop": f"approver:{employee('nuri').pk}"})
        assert "결재자에서 김민서 빼기" not in page(client)

    def test_recipients_of_mail_are_for_collabo_plans(self, group: None) -> None:
        assert "메일 수신자로 추가" in page(client_of("saebyeok"), "?q=김")
        client = client_of("hanbit")
        assert "메일 수신자로 추가" not in page(client, "?q=김")
        assert "WORKPLACE Collabo 상품에서" in self.pick(client, "recipient", employee("nuri"))
        assert "picks" not in client.session

    def test_nobody_from_outside_the_group_is_picked(self, group: None) -> None:
        client = client_of("hanbit")

        self.pick(client, "approver", employee("stranger"))

        assert client.session["picks"]["approver"] == []
        assert "김서아" not in page(client)

    def test_who_left_the_group_is_not_shown_any_more(self, group: None, settings: Any) -> None:
        client = client_of("hanbit")
        self.pick(client, "approver", employee("nuri"))
        groups.leave_groups(["nuri"], last_day=DAY, today=DAY)

        settings.CONSOLE_TODAY = date(2026, 3, 3)

        assert "김민서" not in page(client)

    @pytest.mark.parametrize("picked", [[], ["x"], ["9" * 30]])
    def test_nobody_marked_is_said(self, group: None, picked: list[str]) -> None:
        answer = client_of("hanbit").post(
            "/people/", {"act": "approver", "pick": picked}, follow=True
        )

        assert "추가할 사원을 고르세요." in answer.content.decode()


def test_the_home_page_leads_there(settings: Any) -> None:
    settings.CONSOLE_TODAY = DAY
    trial("hanbit", on=DAY)

    assert 'href="/people/"' in client_of("hanbit").get("/").content.decode()
