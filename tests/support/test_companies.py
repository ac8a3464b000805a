"""회사 on the support site: found, made, and given a longer trial. R: A3, A6, B1."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from groupco import operations as groups
from groupco.choices import Role
from groupco.models import Admin, Company
from products import operations
from products import queries as products
from products.choices import Cycle, Plan
from tests.companies import BY, paid, trial
from tests.support.conftest import ADDRESS, DAY
from tests.support.written import entries, writes
from workplace_console.common import messages
from workplace_console.common.models import Mail

pytestmark = pytest.mark.usefixtures("a_day")

LIST = "/support/groupco/company/"
ADD = LIST + "add/"
NEW = {
    "company_id": "newco",
    "name": "새 회사",
    "business_number": "",
    "admin": "first@newco.example",
}


def page_of(company_id: str) -> str:
    return f"{LIST}{company_id}/change/"


class TestTheList:
    def test_it_says_where_each_company_stands_today(self, support: Client) -> None:
        trial("free", on=DAY, accounts=2)
        paid("paying", on=DAY, accounts=3, plan=Plan.COLLABO)

        page = support.get(LIST).content.decode()

        for words in ("무료 체험", "2026. 3. 31.까지", "이용 중", "WORKPLACE Collabo, 월"):
            assert words in page

    def test_mail_addresses_are_masked_there_and_whole_on_the_page_of_one(
        self, support: Client
    ) -> None:
        trial("acme", on=DAY)

        assert "admin@acme.example" not in support.get(LIST).content.decode()
        assert "ad***@acme.example" in support.get(LIST).content.decode()
        assert "admin@acme.example" in support.get(page_of("acme")).content.decode()

    @pytest.mark.parametrize("term", ["acm", "ACME", "에이", "admin@acme.example"])
    def test_a_company_is_found_by_id_name_or_an_admin_s_address(
        self, support: Client, term: str
    ) -> None:
        trial("other", on=DAY)
        trial("acme", on=DAY)
        Company.objects.filter(pk="acme").update(name="에이크미")

        page = support.get(LIST, {"q": term}).content.decode()

        assert "에이크미" in page
        assert "other" not in page


class TestANewCompany:
    def test_it_signs_up_and_its_first_admin_is_invited(self, support: Client) -> None:
        answer = support.post(ADD, NEW)

        assert answer.url == page_of("newco")
        company = Company.objects.get(pk="newco")
        assert (company.name, company.signed_up_on) == ("새 회사", DAY)
        assert Admin.objects.get(company=company).role == Role.OWNER
        assert Mail.objects.get(kind="admin_invited").recipients == ["first@newco.example"]
        (entry,) = entries("company_created")
        staff_id = support.session["_auth_user_id"]
        assert (entry.company, entry.actor, entry.address) == ("newco", f"user:{staff_id}", ADDRESS)

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("company_id", "Not An Id", "영문 소문자로 시작하는"),
            ("company_id", "admin", "쓸 수 없는 id입니다"),
            ("company_id", "acme", "이미 쓰인 id입니다"),
            ("company_id", "", "빈칸입니다"),
            ("name", " \t ", "빈칸입니다"),
            ("business_number", "123-45-67890", "사업자등록번호가 올바르지 않습니다"),
            ("admin", "nobody", "이메일 주소를"),
            ("admin", "", "빈칸입니다"),
        ],
    )
    def test_a_refusal_stands_beside_its_field_and_nothing_is_written(
        self, support: Client, field: str, value: str, says: str
    ) -> None:
        trial("acme", on=DAY)
        before = Company.objects.count(), Mail.objects.count()

        answer = support.post(ADD, NEW | {field: value})

        assert answer.status_code == 200
        page = answer.content.decode()
        assert says in page
        assert f'id="id_{field}_error"' in page
        assert 'value="새 회사"' in page or field == "name"
        assert (Company.objects.count(), Mail.objects.count()) == before
        assert not entries("company_created")[1:]


class TestALongerTrial:
    def test_it_ends_later_is_written_down_and_told_to_the_admins(self, support: Client) -> None:
        trial("acme", on=DAY)

        answer = support.post(page_of("acme"), {"act": "extend", "ends_on": "2026-04-30"})

        assert answer.url == page_of("acme")
        standing = products.standing("acme", DAY)
        assert standing
        assert standing.trial_ends_on == date(2026, 4, 30)
        (entry,) = entries("trial_extended")
        assert entry.actor.startswith("user:")
        assert (entry.before, entry.after) == (
            {"ends_on": "2026-03-31"},
            {"ends_on": "2026-04-30"},
        )
        mail = Mail.objects.get(kind="trial_extended")
        assert mail.recipients == ["admin@acme.example"]
        assert "2026. 4. 30." in messages.text_of(mail).title

    @pytest.mark.parametrize(
        ("ends_on", "says"),
        [
            ("2026-03-31", "2026. 4. 1.부터 2027. 3. 2. 사이로"),
            ("2026-03-02", "2026. 4. 1.부터 2027. 3. 2. 사이로"),
            ("2027-03-03", "2026. 4. 1.부터 2027. 3. 2. 사이로"),
            ("soon", "날짜를"),
            ("", "날짜를 선택하세요"),
        ],
    )
    def test_a_day_that_is_refused_is_said_beside_the_field(
        self, support: Client, ends_on: str, says: str
    ) -> None:
        trial("acme", on=DAY)

        with writes() as written:
            answer = support.post(page_of("acme"), {"ends_on": ends_on})

        assert says in answer.content.decode()
        assert 'id="id_ends_on_error"' in answer.content.decode()
        assert written == []

    def test_who_pays_already_has_no_trial_to_extend(self, support: Client) -> None:
        paid("acme", on=DAY)

        assert "체험 연장" not in support.get(page_of("acme")).content.decode()
        answer = support.post(page_of("acme"), {"ends_on": "2026-04-30"})

        assert "무료 체험 중인 회사가 아닙니다" in answer.content.decode()
        assert entries("trial_extended") == []

    def test_the_staff_of_billing_reads_but_does_not_extend(self, billing: Client) -> None:
        trial("acme", on=DAY)

        assert "체험 연장" not in billing.get(page_of("acme")).content.decode()
        answer = billing.post(page_of("acme"), {"ends_on": "2026-04-30"})

        assert answer.status_code == 403
        assert entries("trial_extended") == []

    def test_a_reservation_stays(self, support: Client) -> None:
        trial("acme", on=DAY)
        operations.reserve(
            company_id="acme",
            plan=Plan.COLLABO,
            cycle=Cycle.ANNUAL,
            start=date(2026, 3, 20),
            today=DAY,
            by=BY,
        )

        support.post(page_of("acme"), {"ends_on": "2026-04-30"})

        standing = products.standing("acme", DAY)
        assert standing
        assert standing.reserved
        assert standing.reserved.starts_on == date(2026, 3, 20)
        body = messages.text_of(Mail.objects.get(kind="trial_extended")).body
        assert "2026. 3. 20.에 시작하는 유료 전환 예약은 그대로" in body


def test_the_page_of_one_company_names_its_admins_invitations_and_where_it_is_found(
    support: Client,
) -> None:
    trial("acme", on=DAY)
    groups.invite_admin(
        company_id="acme", email="new@acme.example", role=Role.VIEWER, today=DAY, by=BY
    )

    page = support.get(page_of("acme")).content.decode()

    for words in ("admin@acme.example", "new@acme.example", "http://acme.localhost"):
        assert words in page
    assert "/support/common/mail/?q=acme" in page
