"""도움말: the answers, true in both languages, and each leads to where it is done. R: H5."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as console
from django.test import Client

from groupco.choices import Role
from tests.companies import BY, paid, trial
from tests.pages import people
from workplace_console import termination
from workplace_console.help.articles import ARTICLES

DAY = date(2026, 3, 2)
PATH = "/c/acme/help/"
FOLDER: Path = console.BASE_DIR / "templates" / "help"
HANGUL = re.compile("[가-힣]+")

# What people look for, in their words, and the article that should come first.
FIRST = {
    "업그레이드": "upgrade",
    "세금계산서": "bills",
    "퇴사": "headcount",
    "체험 삭제": "trial",
    "현금영수증": "payment",
    "조직도": "org-chart",
    "용량을 반납": "capacity",
    "내보내기": "take-data",
}


@pytest.fixture
def client(db: None, settings: Any) -> Client:
    settings.CONSOLE_TODAY = DAY
    trial("acme", on=DAY)
    return people.signed_in(people.admin("acme", Role.VIEWER, today=DAY))


def get(client: Client, path: str = PATH, *, language: str = "ko") -> str:
    client.cookies["console_language"] = language
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def main(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def said(page: str) -> str:
    return unescape(" ".join(re.sub("<[^>]*>", " ", main(page)).split()))


def links(page: str) -> list[str]:
    return re.findall(r'href="(/c/[^"]*)"', main(page))


def figures(text: str) -> set[str]:
    """The numbers in a text; 00:00 is the English of 0시."""
    return set(re.findall(r"\d(?:[\d,]*\d)?", text.replace("00:00", "0")))


class TestArticles:
    def test_each_has_a_text_in_korean_and_in_english_and_every_text_is_one(self) -> None:
        for folder in (FOLDER, FOLDER / "en"):
            assert {path.stem for path in folder.glob("*.html")} == set(ARTICLES)

    def test_each_leads_to_articles_that_exist_and_not_to_itself(self) -> None:
        for slug, article in ARTICLES.items():
            assert set(article.related) <= set(ARTICLES) - {slug}
            assert article.related
            assert article.places

    def test_both_languages_name_the_same_figures_and_lead_to_the_same_pages(
        self, client: Client
    ) -> None:
        led_to = set()
        for slug, article in ARTICLES.items():
            korean, english = (
                get(client, f"{PATH}{slug}/", language=language) for language in ("ko", "en")
            )
            assert figures(said(korean)) == figures(said(english)), slug
            assert links(korean) == links(english), slug
            assert HANGUL.findall(said(english)) == [], slug
            assert str(article.title) in said(korean)
            led_to |= set(links(korean))
        for link in led_to:
            assert client.get(link).status_code == 200, link

    def test_nothing_is_without_limit(self) -> None:
        """R: D1."""
        for path in FOLDER.rglob("*.html"):
            assert not re.search("무제한|unlimited", path.read_text(encoding="utf-8"), re.I)

    def test_figures_come_from_where_they_are_decided(self, client: Client, settings: Any) -> None:
        settings.TRIAL_DAYS, settings.LOW_CAPACITY_PERCENT = 45, 17
        settings.DELETION_GRACE_DAYS, settings.BACKUP_RETENTION_DAYS = 9, 77

        assert "45일" in said(get(client, f"{PATH}trial/"))
        assert "9일 뒤" in said(get(client, f"{PATH}trial/"))
        assert "17 %" in said(get(client, f"{PATH}capacity/"))
        assert "9일 뒤" in said(get(client, f"{PATH}terminate/"))
        assert "77일" in said(get(client, f"{PATH}terminate/"))
        # 5,000 × 3,015 ÷ 30 = 502,500; a tenth of it 50,250.
        charges = said(get(client, f"{PATH}charges/"))
        assert all(won in charges for won in ("3,015", "502,500원", "50,250원", "552,750원"))

    def test_an_article_that_is_none_is_not_found(self, client: Client) -> None:
        for slug in ("nosuch", "en", "..", "trial.html", "x" * 3000):
            assert client.get(f"{PATH}{slug}/").status_code == 404


class TestSearch:
    def test_without_words_all_articles_stand_by_topic(self, client: Client) -> None:
        page = get(client)

        assert set(links(page)) == {f"{PATH}{slug}/" for slug in ARTICLES}

    def test_the_answer_to_what_people_ask_comes_first(self, client: Client) -> None:
        for asked, first in FIRST.items():
            page = get(client, f"{PATH}?q={asked}")

            assert links(page)[0] == f"{PATH}{first}/", said(page)
            assert f'"{asked}"에 대한' in said(page)
            assert "건이 검색되었습니다." in said(page)

    def test_in_english_english_is_found(self, client: Client) -> None:
        page = get(client, f"{PATH}?q=receipt", language="en")

        assert f"{PATH}payment/" in links(page)
        assert HANGUL.findall(said(page)) == []

    def test_nothing_found_is_said_and_the_topics_stay(self, client: Client) -> None:
        page = get(client, f"{PATH}?q=<b>수박</b>")

        assert '"<b>수박</b>"에 대한 검색 결과가 없습니다' in said(page)
        assert "<b>수박" not in page
        assert f"{PATH}trial/" in links(page)

    def test_whatever_is_asked_is_answered(self, client: Client) -> None:
        for asked in ("%00", "%ED%A0%80", "+", "%25", "a" * 101, "[", "\\"):
            assert client.get(f"{PATH}?q={asked}").status_code == 200, asked


def test_a_terminated_company_s_admins_read_it_and_are_led_to_their_bills(
    db: None, settings: Any
) -> None:
    """R: G5."""
    settings.CONSOLE_TODAY = DAY
    paid("acme", on=DAY, accounts=1)
    client = people.signed_in(people.admin("acme", Role.OWNER, today=DAY))
    termination.terminate(company_id="acme", today=DAY, by=BY)

    assert "도움말" in get(client)
    page = get(client, f"{PATH}bills/")
    assert "/c/acme/bills/" in links(page)
    assert "/c/acme/product/" not in links(get(client, f"{PATH}org-chart/"))
