"""변경 이력 and its file: what is there, and what a filter leaves of it. R: A4, H2."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from groupco.models import User
from tests import audit_log
from tests.companies import BY, trial
from tests.pages import people
from workplace_console.common import audit, sizes
from workplace_console.common.audit import SYSTEM, Actor, Change
from workplace_console.pages.paging import PAGE

DAY = date(2026, 3, 2)
PATH = "/c/acme/audit/"
AT = datetime(2026, 3, 2, 9, 5, tzinfo=ZoneInfo("Asia/Seoul"))
BAD_DAY = "날짜를 2026-03-05처럼 적으세요."
BAD_ORDER = "마지막 날이 첫날보다 빠릅니다. 날짜를 바꾸세요."
BAD_CHOICE = "목록에 있는 것 가운데 고르세요."
HEADING = ["시각", "누가", "어디서", "무엇을", "이전", "이후"]
WHEN = "2026. 3. 2. 09:05"

Row = list[str]


@pytest.fixture
def owner(db: None, settings: Any, time_machine: Any) -> User:
    """Of a company about which three things are written down, one a day."""
    settings.CONSOLE_TODAY = DAY
    time_machine.move_to(AT, tick=False)
    trial("acme", on=DAY)
    audit_log.clear()
    user = User.objects.get(email="admin@acme.example")
    write("trial_started", on=date(2026, 3, 1), after={"ends_on": "2026-03-31"}, by=SYSTEM)
    by = Actor.user(user.pk, address="192.0.2.7")
    write("admin_set", before={"role": "viewer"}, after={"role": "owner"}, by=by)
    write("price_set", on=date(2026, 3, 3), after={"unit_price": 12000}, by=BY)
    return user


TRIAL: Row = [WHEN, "자동 처리", "", "무료 체험 시작", "", "마지막 날 2026. 3. 31."]
WHO = "admin@acme.example"
ADMIN: Row = [WHEN, WHO, "192.0.2.7", "콘솔 관리자 역할 지정", "역할 열람", "역할 소유자"]
PRICE: Row = [WHEN, "운영자", "", "단가 지정", "", "단가 12,000원"]


class TestTheList:
    def test_every_entry_is_there_in_words_newest_first(self, owner: User) -> None:
        assert on_page(people.signed_in(owner)) == [PRICE, ADMIN, TRIAL]

    def test_it_is_read_from_the_beginning_when_the_address_says_so(self, owner: User) -> None:
        client = people.signed_in(owner)

        assert on_page(client, "?sort=at") == [TRIAL, ADMIN, PRICE]
        assert in_file(client, "?sort=at") == [TRIAL, ADMIN, PRICE]
        assert on_page(client, "?sort=%00") == [PRICE, ADMIN, TRIAL]
        assert 'href="?sort=-at"' in client.get(PATH + "?sort=at").content.decode()

    def test_the_file_has_the_same_rows_behind_a_mark_for_excel(self, owner: User) -> None:
        answer = people.signed_in(owner).get(PATH + "csv/")

        content = answer.getvalue()
        assert content.startswith(b"\xef\xbb\xbf" + HEADING[0].encode())
        assert content.count(b"\xef\xbb\xbf") == 1
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert 'filename="audit-acme-2026-03-02.csv"' in answer.headers["Content-Disposition"]
        assert parsed(content) == [HEADING, PRICE, ADMIN, TRIAL]

    def test_entries_of_another_company_are_never_there(self, owner: User) -> None:
        trial("other", on=DAY)
        stranger = User.objects.get(email="admin@other.example")
        client = people.signed_in(owner)

        for query, expected in (
            ("", [PRICE, ADMIN, TRIAL]),
            ("?what=trial_started", [TRIAL]),
            ("?who=command", [PRICE]),
            (f"?who=user:{stranger.pk}", []),
        ):
            assert "other" not in client.get(PATH + query).content.decode()
            assert on_page(client, query) == in_file(client, query) == expected

        foreign = people.signed_in(stranger)
        assert [foreign.get(PATH + more).status_code for more in ("", "csv/")] == [404, 404]

    def test_someone_who_is_no_admin_any_more_is_not_named(self, owner: User) -> None:
        gone = User.objects.create(email="gone@acme.example")
        write("price_set", by=Actor.user(gone.pk, address=None))

        assert on_page(people.signed_in(owner))[0][1] == "고객지원이나 탈퇴한 사용자"

    def test_a_long_log_is_cut_into_pages_but_its_file_is_whole(self, owner: User) -> None:
        for number in range(1, PAGE):
            write("accounts_registered", after={"count": number})
        client = people.signed_in(owner)

        pages = [on_page(client, f"?who=&page={number}") for number in (1, 2)]

        assert [len(page) for page in pages] == [PAGE, 2]
        assert [*pages[0], *pages[1]] == in_file(client, "?page=2")
        assert pages[1] == [ADMIN, TRIAL]
        assert 'rel="next" href="?who=&amp;page=2"' in client.get(PATH + "?who=").content.decode()


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("first=2026-03-02", [PRICE, ADMIN]),
            ("last=2026-03-02", [ADMIN, TRIAL]),
            ("first=2026-03-02&last=2026-03-02", [ADMIN]),
            ("first=2026-03-04", []),
            ("who=system", [TRIAL]),
            ("who=command", [PRICE]),
            ("who=user:{me}", [ADMIN]),
            ("what=price_set", [PRICE]),
            ("what=price_set&who=system", []),
            ("first=&last=&who=&what=", [PRICE, ADMIN, TRIAL]),
        ],
    )
    def test_a_filter_leaves_the_same_on_the_page_and_in_the_file(
        self, owner: User, query: str, expected: list[Row]
    ) -> None:
        client = people.signed_in(owner)
        query = "?" + query.format(me=owner.pk)

        assert on_page(client, query) == expected
        assert in_file(client, query) == expected

    def test_the_page_leads_to_the_file_of_what_it_shows(self, owner: User) -> None:
        page = people.signed_in(owner).get(PATH + "?who=system&page=1").content.decode()
        assert 'href="/c/acme/audit/csv/?who=system"' in page

    def test_a_file_for_a_filter_that_is_wrong_leads_to_the_page_that_says_so(
        self, owner: User
    ) -> None:
        answer = people.signed_in(owner).get(PATH + "csv/?first=2026-13-40&who=system")

        assert answer.status_code == 302
        assert answer.headers["Location"] == PATH + "?first=2026-13-40&who=system"

    def test_a_filter_that_finds_nothing_says_so(self, owner: User) -> None:
        page = people.signed_in(owner).get(PATH + "?first=2026-03-04").content.decode()
        assert "맞는 기록이 없습니다" in page
        assert 'value="2026-03-04"' in page

    @pytest.mark.parametrize(
        ("query", "says", "keeps"),
        [
            ("first=2026-02-30", BAD_DAY, 'value="2026-02-30"'),
            ("last=yesterday&who=system", BAD_DAY, 'value="yesterday"'),
            ("last=yesterday&who=system", BAD_DAY, 'value="system" selected'),
            ("first=%00&last=2026-03-02", BAD_DAY, 'value="2026-03-02"'),
            ("first=2026-03-03&last=2026-03-02", BAD_ORDER, 'value="2026-03-03"'),
            ("first=2026-03-03&last=2026-03-02", BAD_ORDER, 'value="2026-03-02"'),
            ("who=user:0&last=2026-03-02", BAD_CHOICE, 'value="2026-03-02"'),
            ("what=%27+OR+1%3D1&who=command", BAD_CHOICE, 'value="command" selected'),
        ],
    )
    def test_a_filter_not_in_order_is_told_so_and_what_was_typed_stays(
        self, owner: User, query: str, says: str, keeps: str
    ) -> None:
        client = people.signed_in(owner)

        answer = client.get(f"{PATH}?{query}")

        page = answer.content.decode()
        assert answer.status_code == 200
        assert says in page
        assert keeps in page
        assert on_page(client, f"?{query}") == []
        assert in_file(client, f"?{query}") == []


def test_bytes_are_told_as_people_tell_them(owner: User) -> None:
    used = {"category": "board", "bytes": 1536 * sizes.GB}
    write("storage_reported", before={**used, "bytes": 53_395_033_423}, after=used)

    newest = on_page(people.signed_in(owner))[0]

    assert newest[4:] == [
        "사용량 49.7 GB · 구분 게시판 데이터",
        "사용량 1.5 TB · 구분 게시판 데이터",
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_of_the_file_is_a_formula(owner: User, sign: str) -> None:
    User.objects.filter(pk=owner.pk).update(name=f"{sign}1+2")
    client = people.signed_in(owner)

    assert (on_page(client)[1][1], in_file(client)[1][1]) == (f"{sign}1+2", f"'{sign}1+2")


def write(action: str, *, on: date = DAY, by: Actor = BY, **figures: Any) -> None:
    audit.record(Change("acme", action, **figures), on=on, by=by)


def on_page(client: Client, query: str = "") -> list[Row]:
    cell = r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>"
    rows = []
    page = client.get(PATH + query).content.decode()
    for row in re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL):
        cells = [unescape(text) for text in re.findall(cell, row, re.DOTALL)]
        what, before, after, who, at = ("" if text == "–" else text for text in cells)
        name, _small, address = who.replace("</small>", "").partition("<small>")
        rows.append([re.sub("<.*?>", "", at), name, address, what, before, after])
    return rows


def in_file(client: Client, query: str = "") -> list[Row]:
    return parsed(client.get(f"{PATH}csv/{query}").getvalue())[1:]


def parsed(content: bytes) -> list[Row]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
