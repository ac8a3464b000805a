"""Values in words, in both languages, and what the template filters add to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from workplace_console.common import words
from workplace_console.common.forms import ConsoleForm, DayInput
from workplace_console.common.refusal import Refused

DAY = date(2026, 3, 5)


@contextmanager
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def drawn(source: str, **context: Any) -> str:
    template = engines["html"].from_string("{% load console %}" + source)
    return str(template.render(context))


def test_korean_words_are_written_as_on_a_korean_page() -> None:
    with translation.override("ko"):
        assert words.day(DAY) == "2026. 3. 5."
        assert words.short_day(DAY) == "3. 5."
        assert words.month(DAY) == "2026년 3월"
        assert words.weekday(DAY) == "목"
        assert words.won(1_265_744) == "1,265,744원"
        assert words.won(-500) == "-500원"


def test_english_words_follow_english_habits() -> None:
    with english():
        assert words.day(DAY) == "Mar 5, 2026"
        assert words.short_day(DAY) == "Mar 5"
        assert words.month(DAY) == "March 2026"
        assert words.weekday(DAY) == "Thu"
        assert words.won(1_265_744) == "₩1,265,744"
        assert words.won(-500) == "-₩500"


def test_outside_of_any_language_words_are_korean() -> None:
    with translation.override(None):
        assert words.day(DAY) == "2026. 3. 5."


def test_a_period_names_its_years_only_when_they_differ() -> None:
    with translation.override("ko"):
        assert words.period(date(2026, 11, 1), date(2026, 11, 22)) == "11. 1.–11. 22."
        assert words.period(DAY, DAY) == "3. 5."
        assert words.period(date(2026, 12, 1), DAY.replace(year=2027)) == "2026. 12. 1.–2027. 3. 5."


def test_how_far_off_a_day_is() -> None:
    with translation.override("ko"):
        assert words.days_off(DAY, DAY) == "오늘"
        assert words.days_off(date(2026, 3, 13), DAY) == "8일 뒤"
        assert words.days_off(date(2026, 3, 2), DAY) == "3일 전"


def test_a_moment_is_told_by_the_clock_of_the_business() -> None:
    with translation.override("ko"):
        assert words.moment(datetime(2026, 3, 4, 15, 3, tzinfo=UTC)) == "2026. 3. 5. 00:03"


def test_in_words_takes_days_numbers_and_words() -> None:
    with translation.override("ko"):
        assert words.in_words(DAY) == "2026. 3. 5."
        assert words.in_words(12_000) == "12,000"
        assert words.in_words("WORKPLACE") == "WORKPLACE"


def test_a_refusal_says_its_days_in_the_language_of_the_page() -> None:
    no = Refused("x", "{first}부터 {n:,}일, {plan}", first=DAY, n=1000, plan="Collabo")
    with translation.override("ko"):
        assert words.sentence(no) == "2026. 3. 5.부터 1,000일, Collabo" == str(no)
    with english():
        assert words.sentence(no) == "Mar 5, 2026부터 1,000일, Collabo"


def test_won_on_a_chart_are_short_and_never_more_than_they_are() -> None:
    amounts = (0, 9_999, 10_000, 954_321, 1_058_266, 435_488_709, 1_000_000_000)
    with translation.override("ko"):
        assert [words.short_won(amount) for amount in amounts] == [
            *("0", "9,999", "1만", "95.4만", "105.8만", "4.35억", "10억")
        ]
    with english():
        assert [words.short_won(amount) for amount in amounts] == [
            *("0", "9.9K", "10K", "954.3K", "1.05M", "435.4M", "1,000M")
        ]


def test_the_amount_of_a_page_has_its_unit_small() -> None:
    with translation.override("ko"):
        assert drawn("{{ a|amount }}", a=5000) == '<span class="won">5,000<small>원</small></span>'
        assert drawn("{{ a|amount }}", a=-50) == '<span class="won">−50<small>원</small></span>'
        for less, shown in ((-5, "−5"), (0, "0"), (5, "+5")):
            assert shown in drawn("{{ a|large_difference }}", a=less)
    with english():
        assert drawn("{{ a|amount }}", a=5000) == (
            '<span class="won"><small class="before">₩</small>5,000</span>'
        )


def test_a_sign_is_not_parted_from_the_particle_after_it() -> None:
    shown = drawn("{{ t|held }}", t="80 %를 (오늘)부터")

    assert shown == "80\N{NO-BREAK SPACE}%\N{WORD JOINER}를 (오늘)\N{WORD JOINER}부터"


def test_days_are_marked_up_for_machines() -> None:
    with translation.override("ko"):
        assert drawn("{{ d|day }}", d=DAY) == '<time datetime="2026-03-05">2026. 3. 5.</time>'
        assert drawn("{{ d|short_day }}", d=DAY) == '<time datetime="2026-03-05">3. 5.</time>'
        assert drawn("{{ d|plain_day }}", d=DAY) == "2026. 3. 5."
        shown = drawn("{{ at|moment }}", at=datetime(2026, 3, 4, 15, 3, tzinfo=UTC))
        assert shown == '<time datetime="2026-03-05T00:03:00+09:00">2026. 3. 5. 00:03</time>'


@pytest.mark.parametrize(
    "name",
    ["won", "amount", "number", "day", "plain_day", "short_day", "moment", "month"],
)
def test_what_is_not_there_is_a_dash(name: str) -> None:
    assert drawn(f"{{{{ nothing|{name} }}}}", nothing=None) == "–"


def test_business_numbers_stand_as_on_paper() -> None:
    assert drawn('{{ "1234567890"|business_number }}') == "123-45-67890"
    assert drawn('{{ "12345"|business_number }}') == "12345"
    assert drawn('{{ ""|business_number }}') == "–"


class Sample(ConsoleForm):
    day = forms.DateField(label="예약일", widget=DayInput, help_text="이날부터 이용합니다.")
    plan = forms.ChoiceField(label="요금제", choices=[("a", "A")], widget=forms.RadioSelect)
    mail = forms.EmailField(label="이메일", max_length=8)
    own = forms.CharField(label="이름", error_messages={"required": "이름을 적으세요."})


def test_a_form_says_in_plain_words_what_is_wrong() -> None:
    with translation.override("ko"):
        form = Sample({"day": "5. 3.", "mail": "someone@company.example"})
        assert form.errors == {
            "day": ["날짜를 2026-03-05처럼 적으세요."],
            "plan": ["하나를 고르세요."],
            "mail": ["8자까지 적을 수 있습니다. 지금은 23자입니다."],
            "own": ["이름을 적으세요."],
        }


def test_a_field_names_its_hint_and_its_error() -> None:
    html = Sample({"day": "5. 3."})["day"].as_field_group()
    assert 'aria-describedby="id_day_helptext id_day_error"' in html
    assert 'id="id_day_helptext"' in html
    assert 'id="id_day_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="5. 3."' in html
    assert 'class="input short"' in html


def test_the_summary_links_each_wrong_field_to_something_with_that_id() -> None:
    html = str(Sample({"day": "2026-03-05", "own": "x"}))
    for name in ("plan", "mail"):
        assert f'href="#id_{name}"' in html
        assert f'id="id_{name}"' in html
    assert 'href="#id_day"' not in html


def test_a_form_without_faults_has_no_summary() -> None:
    assert "notice" not in str(Sample())
