"""Which particle fits a word. R: H3."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplace_console.common.particles import PAIRS, fitted

TOPIC = {
    "한빛테크": "는",
    "새벽물류": "는",
    "가람식품": "은",
    "마루건설": "은",
    "사번 7": "은",
    "사번 0120": "은",
    "사번 14": "는",
    "2026. 3. 5.": "은",
    "2026-03-05": "은",
    "2 TB": "는",
    "80 %": "는",
    "1,000원": "은",
    "WORKPLACE": "는",
    "WORKPLACE Collabo+": "는",
    "WORKPLACE Collabo(월 결제)": "는",
    "한빛(주)": "은",
    "'acme'": "는",
    "acme-7": "은",
    "hanbit": "은",
    "saebyeok": "은",
    "nuri": "는",
    "dasom": "은",
    "soft": "는",
    "phone": "은",
    "CSV": "는",
    "HTML": "은",
    "PM": "은",
    "pay@acme.example": "은",
}
TOWARDS = {
    "새벽물류": "로",
    "마루건설": "로",
    "가람식품": "으로",
    "2026. 3. 5.": "로",
    "pay@acme.example": "로",
    "hanbit": "으로",
    "10": "으로",
    "8": "로",
}


@pytest.mark.parametrize(("word", "particle"), TOPIC.items(), ids=ascii)
def test_a_word_is_followed_by_the_particle_that_its_sound_asks_for(
    word: str, particle: str
) -> None:
    assert fitted(f"{word}은(는) 없습니다.") == f"{word}{particle} 없습니다."


@pytest.mark.parametrize(("word", "particle"), TOWARDS.items(), ids=ascii)
def test_after_a_final_rieul_it_is_the_short_one(word: str, particle: str) -> None:
    assert fitted(f"{word}(으)로 보냅니다.") == f"{word}{particle} 보냅니다."


def test_every_pair_has_its_two_sides() -> None:
    both = "".join(f"사원{pair} 회사{pair} " for pair in PAIRS)

    assert fitted(both) == (
        "사원은 회사는 사원이 회사가 사원을 회사를 사원과 회사와 사원으로 회사로 "
    )


@pytest.mark.parametrize("word", ["", "漢字", "…", "🙂"], ids=ascii)
def test_what_cannot_be_read_keeps_both(word: str) -> None:
    assert fitted(f"{word}을(를) 고치세요.") == f"{word}을(를) 고치세요."


@given(st.text(max_size=300))
def test_nothing_but_the_particle_changes(text: str) -> None:
    assert fitted(f"{text}을(를)") in {fitted(text) + end for end in ("을", "를", "을(를)")}
