"""알림: what the console has told the company, and who has read it. R: A4, H1."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from groupco.choices import Role
from groupco.models import User
from tests.companies import trial
from tests.pages import people
from workplace_console.addresses import CONSOLE
from workplace_console.common import messages
from workplace_console.common.messages import Event
from workplace_console.common.models import Notice
from workplace_console.pages.notice_kinds import KINDS
from workplace_console.pages.paging import PAGE

DAY = date(2026, 3, 2)
PATH = "/c/acme/notices/"
FIRST = "무료 체험을 2026. 4. 1.까지 연장했습니다"
SECOND = "무료 체험을 2026. 4. 2.까지 연장했습니다"


@pytest.fixture
def owner(db: None, settings: Any) -> User:
    """Of a company that has been told nothing yet: what it was told on coming is gone."""
    settings.CONSOLE_TODAY = DAY
    trial("acme", on=DAY)
    Notice.objects.all().delete()
    return User.objects.get(email="admin@acme.example")


class TestTheList:
    def test_every_notice_is_there_with_its_words_newest_first(self, owner: User) -> None:
        tell(1, on=DAY)
        tell(2, on=DAY + timedelta(days=1))

        page = people.signed_in(owner).get(PATH).content.decode()

        assert titles(page) == [SECOND, FIRST]
        assert days(page) == ["2026. 3. 3.", "2026. 3. 2."]
        assert "acme의 무료 체험 마지막 날을 2026. 3. 31.에서 2026. 4. 2.로 바꿨습니다." in page

    def test_a_notice_speaks_the_language_of_the_page(self, owner: User) -> None:
        """R: H3."""
        tell(1)
        client = people.signed_in(owner)
        client.cookies["console_language"] = "en"

        page = client.get(PATH).content.decode()

        assert titles(page) == ["The free trial was extended to Apr 1, 2026"]

    def test_a_company_that_was_told_nothing_reads_so_and_why(self, owner: User) -> None:
        page = people.signed_in(owner).get(PATH).content.decode()

        assert titles(page) == []
        assert "아직 알림이 없습니다" in page
        assert "여기에 남깁니다" in page

    def test_what_others_are_told_is_not_there(self, owner: User) -> None:
        trial("other", on=DAY)
        parked = {"job": "charge", "day_on": "2026-03-01", "reason": "unpriced"}
        messages.tell_staff([Event("acme", "parked", figures=parked)], on=DAY)
        tell(1)

        page = people.signed_in(owner).get(PATH).content.decode()

        assert titles(page) == [FIRST]

    def test_what_somebody_typed_stays_text(self, owner: User) -> None:
        figures = {"email": "clerk@acme.example", "text": "<b>용량</b>을 늘려 주세요."}
        messages.announce(Event("acme", "change_requested", figures=figures), on=DAY)

        page = people.signed_in(owner).get(PATH).content.decode()

        assert "&lt;b&gt;용량&lt;/b&gt;을 늘려 주세요." in page
        assert "<b>용량</b>" not in page

    @pytest.mark.parametrize("path", [PATH, PATH + "?page=2"])
    def test_another_company_s_notices_are_not_found(self, owner: User, path: str) -> None:
        trial("other", on=DAY)
        client = people.signed_in(User.objects.get(email="admin@other.example"))

        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


class TestTheFilter:
    """R: H1. What is looked for stands in the address, and stays when pages are turned."""

    def test_by_what_it_is_about(self, owner: User) -> None:
        tell(1)
        messages.announce(Event("acme", "capacity_added", figures={"tb": 1, "added_tb": 1}), on=DAY)

        assert found(owner, "?about=contract") == [FIRST]
        assert found(owner, "?about=capacity") == ["공용 용량 1 TB를 추가했습니다"]
        assert found(owner, "?about=group") == []
        assert "맞는 알림이 없습니다" in read(owner, "?about=group")

    def test_by_whether_it_was_read_and_from_the_other_end(self, owner: User) -> None:
        tell(1)
        people.signed_in(owner).post(PATH)
        tell(2)
        owner.refresh_from_db()

        assert found(owner, "?show=unread") == [SECOND]
        assert found(owner, "?sort=on") == [FIRST, SECOND]

    @pytest.mark.parametrize("query", ["?about=%00", "?about=nothing", "?show=x", "?sort=pk"])
    def test_what_cannot_be_looked_for_is_said_beside_the_field(
        self, owner: User, query: str
    ) -> None:
        tell(1)

        assert found(owner, query) == []
        assert "목록에 있는 것 가운데 고르세요." in read(owner, query)

    def test_turning_pages_keeps_it(self, owner: User) -> None:
        tell(*range(1, 29))
        tell(*range(1, 29))

        assert links(read(owner, "?about=contract&sort=on")) == [
            ("next", "?about=contract&amp;sort=on&amp;page=2")
        ]


class TestWhereItLeads:
    def test_a_notice_leads_to_its_page(self, owner: User) -> None:
        tell(1)
        figures = {"number": "acme-202603-1", "supply_won": 1, "total_won": 1} | dict.fromkeys(
            ("from_on", "to_on", "due_on"), "2026-03-01"
        )
        messages.announce(Event("acme", "invoice_issued", figures=figures), on=DAY)

        leads = re.findall(r'<h2><a href="(.*?)">', read(owner))

        assert leads == ["/c/acme/bills/acme-202603-1/", "/c/acme/product/convert/"]

    def test_every_kind_that_companies_are_told_of_is_about_something(self) -> None:
        written = {path.stem for path in Path("templates/messages").glob("[a-z]*.txt")}
        mails = {"admin_invited", "billing_address_tested", "new_device", "password_reset"}
        mails |= {"recovery_code_used", "recovery_codes_made"}
        mails |= {f"second_factor_{what}" for what in ("added", "removed", "reset")}
        of_staff = {"books_differ", "evidence_differs", "parked", "unsound"}
        of_staff |= {"payment_differs", "payment_unknown"}

        assert written - mails - of_staff == set(KINDS)
        pages = {kind.page for kind in KINDS.values() if kind.page}
        assert pages <= {address.name for address in CONSOLE}


def read(owner: User, query: str = "") -> str:
    return people.signed_in(owner).get(PATH + query).content.decode()


def found(owner: User, query: str) -> Sequence[str]:
    return titles(read(owner, query))


class TestReading:
    def test_unread_notices_are_marked_and_stay_so_by_looking(self, owner: User) -> None:
        tell(1)
        client = people.signed_in(owner)
        client.post(PATH)
        tell(2)
        client.get(PATH)

        assert unread(client) == [SECOND]

    def test_reading_all_is_for_this_admin_only(self, owner: User) -> None:
        tell(1, 2)
        viewer = people.admin("acme", Role.VIEWER, today=DAY)
        mine, theirs = people.signed_in(viewer), people.signed_in(owner)

        answer = mine.post(PATH)

        assert (answer.status_code, answer.headers["Location"]) == (302, PATH)
        page = mine.get(PATH).content.decode()
        assert "모든 알림을 읽음으로 표시했습니다." in page
        assert titles(page) == [SECOND, FIRST]
        assert unread(mine) == []
        assert unread(theirs) == [SECOND, FIRST]

    def test_reading_all_at_one_company_leaves_another_s_unread(self, owner: User) -> None:
        trial("other", on=DAY)
        people.admin("other", today=DAY, email=owner.email)
        tell(1)
        client = people.signed_in(owner)

        client.post(PATH)

        assert unread(client) == []
        assert unread(client, "/c/other/notices/") == ["무료 체험을 시작했습니다"]

    def test_where_there_is_nothing_to_read_what_comes_later_is_unread(self, owner: User) -> None:
        client = people.signed_in(owner)

        assert client.post(PATH).status_code == 302
        tell(1)

        assert unread(client) == [FIRST]

    def test_the_button_and_the_bell_say_whether_something_is_unread(self, owner: User) -> None:
        tell(1, 2)
        client = people.signed_in(owner)

        before = client.get(PATH).content.decode()
        client.post(PATH)
        after = client.get(PATH).content.decode()

        assert ["모두 읽음</button>" in page for page in (before, after)] == [True, False]
        assert ["안 읽음 2건" in page for page in (before, after)] == [True, False]

    def test_reading_all_from_a_later_page_reads_the_first_too(self, owner: User) -> None:
        tell(*range(1, PAGE + 2))
        client = people.signed_in(owner)

        assert len(unread(client)) == PAGE
        client.post(PATH + "?page=2")

        assert unread(client) == []


class TestPages:
    def test_a_long_list_is_cut_into_pages_without_gap_or_repetition(self, owner: User) -> None:
        tell(*range(1, PAGE + 2))
        client = people.signed_in(owner)

        first = client.get(PATH).content.decode()
        second = client.get(PATH + "?page=2").content.decode()

        assert (len(titles(first)), titles(second)) == (PAGE, [FIRST])
        assert len({*titles(first), *titles(second)}) == PAGE + 1
        assert links(first) == [("next", "?page=2")]
        assert links(second) == [("prev", "?page=1")]

    def test_what_fits_on_one_page_has_no_second(self, owner: User) -> None:
        tell(*range(1, PAGE + 1))

        page = people.signed_in(owner).get(PATH).content.decode()

        assert len(titles(page)) == PAGE
        assert links(page) == []

    @pytest.mark.parametrize("number", ["0", "-1", "two", "２", "1e3", "9" * 40, "%00"])
    def test_a_page_that_is_none_is_the_first(self, owner: User, number: str) -> None:
        tell(1)

        answer = people.signed_in(owner).get(f"{PATH}?page={number}")

        assert titles(answer.content.decode()) == [FIRST]


def tell(*days_more: int, on: date = DAY) -> None:
    """Tell acme, in this order, that its trial is so many days longer."""
    was_on = date(2026, 3, 31)
    for more in days_more:
        ends_on = was_on + timedelta(days=more)
        figures = {"was_on": str(was_on), "ends_on": str(ends_on)}
        messages.announce(Event("acme", "trial_extended", figures=figures), on=on)


def titles(page: str) -> Sequence[str]:
    found = re.findall(r'<div class="row spread"><h2>(.*?)</h2>', page)
    return [re.sub("<.*?>", "", title) for title in found]


def days(page: str) -> Sequence[str]:
    return re.findall(r'<span class="muted"><time[^>]*>(.*?)</time>', page)


def unread(client: Client, path: str = PATH) -> Sequence[str]:
    badge = r'<h2>(.*?)</h2><span class="row">\s*<span class="badge info">새 알림'
    found = re.findall(badge, client.get(path).content.decode())
    return [re.sub("<.*?>", "", title) for title in found]


def links(page: str) -> Sequence[tuple[str, str]]:
    return re.findall(r'rel="(prev|next)" href="(.*?)"', page)
