"""그룹사 정보: the application as each side sees it, and the group's table. R: A4, F1, F2, F8."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from billing import queries as billing
from groupco import operations as groups
from groupco import queries
from groupco.choices import Role
from groupco.models import Company, CorporateCards, GroupApplication
from products import operations
from products.choices import Plan
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import daily

DAY = date(2026, 3, 2)
TODAY = date(2026, 3, 12)
NUMBERS = {"lead": "9998100015", "one": "9998100029", "two": "9998100034"}
PAGE = "/c/{}/group/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(db: None, settings: Any) -> None:
    settings.CONSOLE_TODAY = TODAY


@pytest.fixture(autouse=True, scope="module")
def _companies(kept_for_module: None) -> None:
    paid("lead", on=DAY, accounts=3)
    paid("one", on=DAY, accounts=2, plan=Plan.COLLABO)
    trial("two", on=DAY)
    for company_id, number in NUMBERS.items():
        Company.objects.filter(pk=company_id).update(
            business_number=number, name=f"이름-{company_id}"
        )
    daily.run(until=TODAY)


def owner(company_id: str, **more: Any) -> Client:
    user = people.admin(company_id, Role.OWNER, today=TODAY, email=f"own@{company_id}.example")
    return people.signed_in(user, **more)


def read(client: Client, company_id: str) -> str:
    answer = client.get(PAGE.format(company_id))
    assert answer.status_code == 200
    return answer.content.decode()


def apply_for(client: Client, *ids: str, **more: str) -> Any:
    data = {"act": "apply", "rows": str(max(2, len(ids)))} | more
    for n, id in enumerate(ids, 1):
        data |= {f"company_id_{n}": id, f"business_number_{n}": NUMBERS.get(id, "9998100048")}
    return client.post(PAGE.format("lead"), data)


def matched() -> None:
    pk = GroupApplication.objects.get(outcome="").pk
    groups.receive_application(application_id=pk, today=TODAY, by=BY)
    operations.match_application(application_id=pk, today=TODAY, by=BY)


class TestApplying:
    def test_it_is_applied_for_matched_agreed_to_and_then_a_group(self) -> None:
        lead, one = owner("lead"), owner("one")
        assert apply_for(lead, "one").status_code == 302
        page = read(lead, "lead")
        assert "접수 대기" in page
        assert 'aria-current="step"' in page

        matched()
        assert "동의 대기" in read(lead, "lead")
        assert "이름-lead (lead)" in read(one, "one")
        one.post(PAGE.format("one"), {"act": "agree"})

        for client, company_id in ((lead, "lead"), (one, "one")):
            page = read(client, company_id)
            assert "이름-one" in page
            assert "대표회사에 청구" in page

    def test_a_stranger_s_id_tells_nothing(self) -> None:
        """A4: the same answer whether there is such a company, and no name before it agrees."""
        lead = owner("lead")
        answers = []
        for id, digits in (("one", "999-81-00029"), ("nosuch", "999-81-00048")):
            assert apply_for(lead, id).status_code == 302
            page = without_token(read(lead, "lead"))
            start = page.index('id="h-application"')
            found = page[start : page.index("</section>", start)].replace(digits, "#")
            answers.append(re.sub(rf"\b{id}\b", "@", found))
            lead.post(PAGE.format("lead"), {"act": "withdraw"})
        assert answers[0] == answers[1]
        assert "이름-one" not in answers[0]

    def test_the_company_asked_sees_nothing_before_it_is_matched(self) -> None:
        apply_for(owner("lead"), "one")

        assert "lead" not in read(owner("one"), "one").replace("leaving", "")

    def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(self) -> None:
        answer = owner("lead").post(
            PAGE.format("lead"),
            {"act": "apply", "rows": "2", "company_id_1": "one", "business_number_1": "123"},
        )

        page = answer.content.decode()
        assert 'id="id_business_number_1_error"' in page
        assert 'value="one"' in page
        assert 'value="123"' in page
        assert not GroupApplication.objects.exists()

    def test_nothing_filled_in_is_said(self) -> None:
        page = apply_for(owner("lead")).content.decode()

        assert "함께할 회사를 하나 이상 적으세요." in page

    def test_more_rows_keep_what_was_typed(self) -> None:
        answer = owner("lead").post(
            PAGE.format("lead"), {"act": "more", "rows": "2", "company_id_2": "one"}
        )

        page = answer.content.decode()
        assert 'name="company_id_5"' in page
        assert 'value="one"' in page
        assert not GroupApplication.objects.exists()

    def test_sent_twice_it_is_one(self) -> None:
        lead = owner("lead")

        for _ in range(2):
            assert apply_for(lead, "one", once="the same").status_code == 302

        assert GroupApplication.objects.count() == 1

    def test_in_trial_there_is_no_form(self) -> None:
        client = owner("two")

        assert "company_id_1" not in read(client, "two")
        answer = client.post(PAGE.format("two"), {"act": "apply", "company_id_1": "one"})
        assert answer.status_code == 200
        assert not GroupApplication.objects.exists()

    def test_billing_and_viewers_read(self) -> None:
        apply_for(owner("lead"), "one")
        viewer = people.signed_in(people.admin("lead", Role.VIEWER, today=TODAY))

        assert "접수 대기" in read(viewer, "lead")
        assert viewer.post(PAGE.format("lead"), {"act": "withdraw"}).status_code == 403

    def test_agreeing_asks_for_the_password_of_long_ago_again(self) -> None:
        apply_for(owner("lead"), "one")
        matched()
        client = owner("one", hours_ago=1)

        answer = client.post(PAGE.format("one"), {"act": "agree"})

        assert "password_again" in answer.content.decode()
        assert queries.group_of("one", TODAY) == []

    def test_a_refusal_without_a_form_is_a_page(self) -> None:
        for act in ("agree", "decline", "withdraw"):
            assert owner("one").post(PAGE.format("one"), {"act": act}).status_code == 409

    def test_declined_it_is_shown_as_that_and_can_be_applied_for_again(self) -> None:
        lead = owner("lead")
        apply_for(lead, "one")
        matched()
        owner("one").post(PAGE.format("one"), {"act": "decline"})

        page = read(lead, "lead")
        assert "동의 거절" in page
        assert "company_id_1" in page


def without_token(page: str) -> str:
    return "".join(
        line for line in page.splitlines(keepends=True) if "csrfmiddlewaretoken" not in line
    )


class TestTheTable:
    @pytest.fixture(autouse=True)
    def _group(self) -> None:
        operations.form_group(company_id="lead", members=["one", "two"], today=TODAY, by=BY)
        at = datetime(2026, 3, 12, 9, 30, tzinfo=ZoneInfo("Asia/Seoul"))
        CorporateCards.objects.create(company_id="one", count=17, as_of=at)

    def test_the_representative_sees_ids_addresses_users_cards_and_their_time(self) -> None:
        page = read(owner("lead"), "lead")

        for words in ("http://one.localhost", "2명", "17장", "기준 시각", "2026. 3. 12. 09:30"):
            assert words in page

    def test_a_member_sees_its_own_numbers_and_nobody_else_s(self) -> None:
        page = read(owner("two"), "two")

        assert "이름-one" in page
        assert "17장" not in page
        assert "2명" not in page
        assert "17장" in read(owner("one"), "one")

    def test_nobody_outside_is_on_it(self) -> None:
        paid("outside", on=TODAY)
        Company.objects.filter(pk="outside").update(name="Qx7Mark")

        assert "Qx7Mark" not in read(owner("lead"), "lead")

    def test_the_month_so_far_is_split_to_the_won(self, settings: Any) -> None:
        settings.CONSOLE_TODAY = date(2026, 3, 17)
        daily.run(until=date(2026, 3, 17))

        page = read(owner("lead"), "lead")

        # lead: 15 days × 3 × 5,000 ÷ 31; one: 5 days × 2 × 8,000 ÷ 31.
        lead, one = 15 * 3 * 5000 // 31, 5 * 2 * 8000 // 31
        assert f"{lead:,}원" in page
        assert f"{one:,}원" in page
        assert f"{(lead + one) + (lead + one) // 10:,}원" in page
        lines = billing.estimate("lead", today=date(2026, 3, 17))
        assert sum(line.amount for line in lines) == lead + one

    def test_members_see_no_split(self) -> None:
        assert "이번 달, 회사별" not in read(owner("one"), "one")


def test_a_new_representative_is_agreed_to_by_all_on_the_page() -> None:
    operations.form_group(company_id="lead", members=["one"], today=TODAY, by=BY)
    operations.ask_to_replace(company_id="one", reason="합병", today=TODAY, by=BY)

    for company_id in ("lead", "one"):
        client = owner(company_id)
        assert "새 대표회사는 이름-one (one)입니다" in read(client, company_id)
        client.post(PAGE.format(company_id), {"act": "agree"})

    assert queries.memberships(["one"], TODAY)["one"].is_representative


def test_the_representative_may_add_companies(settings: Any) -> None:
    operations.form_group(company_id="lead", members=["one"], today=TODAY, by=BY)
    lead = owner("lead")

    assert "회사 추가 신청" in read(lead, "lead")
    assert "회사 추가 신청" not in read(owner("one"), "one")
    apply_for(lead, "two")
    matched()
    owner("two").post(PAGE.format("two"), {"act": "agree"})

    assert [m.id for m in queries.group_of("two", TODAY)] == ["lead", "one", "two"]
