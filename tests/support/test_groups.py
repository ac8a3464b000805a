"""그룹사 신청 and 그룹사 on the support site: matched, corrected, turned down. R: A6, F1, F9."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from groupco import operations as groups
from groupco import queries
from groupco.models import Company, Group, GroupApplication
from groupco.rules import Wanted
from products import operations
from tests.companies import BY, paid, trial
from tests.support.conftest import DAY
from tests.support.written import entries, writes
from workplace_console.common.models import Mail

pytestmark = pytest.mark.usefixtures("a_day")

NUMBERS = {"lead": "9998100015", "one": "9998100029"}


@pytest.fixture
def page(a_day: None) -> str:
    """The page of an application of lead with one, whose id is misspelt, and its number, too."""
    paid("lead", on=DAY)
    trial("one", on=DAY)
    for company_id, number in NUMBERS.items():
        Company.objects.filter(pk=company_id).update(
            business_number=number, representative=f"대표-{company_id}", address="서울"
        )
    found = operations.apply_for_group(
        company_id="lead", companies=[Wanted("ome", "9998100034")], today=DAY, by=BY
    )
    return f"/support/groupco/groupapplication/{found.row.pk}/change/"


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def entry() -> int:
    return int(GroupApplication.objects.get().companies.get(is_applicant=False).pk)


def correct(client: Client, page: str, company_id: str, number: str) -> str:
    answer = client.post(
        page,
        {
            "act": "correct",
            "entry": entry(),
            "company_id": company_id,
            "business_number": number,
        },
        follow=True,
    )
    return answer.content.decode()


class TestMatching:
    def test_it_is_received_what_is_off_is_marked_corrected_and_matched(
        self, support: Client, page: str
    ) -> None:
        assert "접수 대기" in read(support, page)
        support.post(page, {"act": "receive"})
        assert "✗ 이런 회사가 없습니다" in read(support, page)

        shown = correct(support, page, "one", "999-81-00034")
        assert "✗ 신청한 번호와 다릅니다" in shown
        for words in ("대표-one", "서울", "ad***@one.example", "ome", "999-81-00029"):
            assert words in shown
        assert "admin@one.example" not in shown
        shown = support.post(page, {"act": "match"}).content.decode()
        assert "맞지 않는 회사가 있습니다" in shown
        assert queries.application_of("one") is None

        assert "✗" not in correct(support, page, "one", "999-81-00029")
        support.post(page, {"act": "match"})
        asked = queries.application_of("one")
        assert asked
        assert asked.row.matched_on == DAY
        (noted, noted_again) = entries("group_application_corrected")
        assert noted.before == {"company": "ome", "number": "9998100034"}
        assert noted_again.actor.startswith("user:")

    def test_a_correction_that_is_wrong_itself_stays_to_be_mended(
        self, support: Client, page: str
    ) -> None:
        support.post(page, {"act": "receive"})

        shown = correct(support, page, "one", "123")

        assert "사업자등록번호가 올바르지 않습니다" in shown
        assert 'value="123"' in shown

    def test_it_is_turned_down_with_a_reason_by_mail(self, support: Client, page: str) -> None:
        assert "빈칸입니다" in support.post(page, {"act": "reject"}).content.decode()

        support.post(page, {"act": "reject", "reason": "서류가 다릅니다"})

        mail = Mail.objects.get(kind="group_application_ended")
        assert (mail.company, mail.recipients) == ("lead", ["admin@lead.example"])
        assert "서류가 다릅니다" in read(support, page)

    def test_the_staff_of_billing_only_reads(self, billing: Client, page: str) -> None:
        assert "매칭" in read(billing, page)

        for act in ("receive", "match", "correct", "reject"):
            with writes() as written:
                assert billing.post(page, {"act": act, "reason": "x"}).status_code == 403
            assert written == []

    def test_an_act_that_there_is_none_of_changes_nothing(self, support: Client, page: str) -> None:
        with writes() as written:
            assert support.post(page, {"act": "approve"}).status_code == 200

        assert written == []


class TestGroups:
    @pytest.fixture
    def group(self, page: str) -> str:
        operations.form_group(company_id="lead", members=["one"], today=DAY, by=BY)
        return f"/support/groupco/group/{Group.objects.get().pk}/change/"

    def test_a_company_leaves_and_its_days_are_said(self, support: Client, group: str) -> None:
        assert "2026. 3. 3.부터는 그 회사에 청구합니다" in read(support, group)

        support.post(group, {"act": "leave", "company": "one", "reason": "분사"})

        assert queries.memberships(["one"], DAY) == {}
        assert Mail.objects.filter(kind="group_left").count() == 2
        assert "2026. 3. 2." in read(support, group)

    def test_the_representative_does_not_leave_first(self, support: Client, group: str) -> None:
        shown = support.post(group, {"act": "leave", "company": "lead", "reason": "x"})

        assert "먼저 대표회사를 변경하세요" in shown.content.decode()
        assert 'id="id_leave_company_error"' in shown.content.decode()

    def test_another_representative_is_asked_for_and_only_one_that_pays(
        self, support: Client, group: str
    ) -> None:
        shown = support.post(group, {"act": "replace", "company": "one", "reason": "합병"})
        assert "유료 이용 중에 할 수 있습니다" in shown.content.decode()
        from products.choices import Cycle, Plan

        operations.reserve(
            company_id="one",
            plan=Plan.WORKPLACE,
            cycle=Cycle.MONTHLY,
            start=DAY,
            today=DAY,
            by=BY,
        )
        groups.withdraw_application(company_id="lead", today=DAY, by=BY)

        answer = support.post(group, {"act": "replace", "company": "one", "reason": "합병"})

        assert answer.status_code == 302
        assert set(queries.open_applications(["lead", "one"])) == {"lead", "one"}

    def test_the_list_says_who_belongs_together(self, support: Client, group: str) -> None:
        for query in ("", "?q=one"):
            listed = read(support, f"/support/groupco/group/{query}")
            assert re.search(r"lead.*one", listed, re.S)
        assert "lead" not in read(support, "/support/groupco/group/?q=nosuch").split("<main")[-1]
