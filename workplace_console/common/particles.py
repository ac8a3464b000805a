"""Particles that fit the word before them: 은 or 는, 이 or 가, 을 or 를, 과 or 와, 으로 or 로.

Texts are written with both, "{company}은(는)", since what is put in isn't known then; the one that
fits is chosen when the sentence is filled in, by how the word before it ends when read aloud.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final


class Ending(Enum):
    """How a word ends when it is read."""

    VOWEL = auto()
    RIEUL = auto()  # a final ㄹ, after which it is 로 and not 으로
    CONSONANT = auto()


# Of each pair: what follows a consonant, and what follows a vowel.
PAIRS: Final = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
BOTH: Final = re.compile("|".join(re.escape(both) for both in PAIRS))

# A day ends in 일, with its point (2026. 3. 5.) or without (2026-03-05).
DAY: Final = re.compile(r"\d\.$|\d{4}-\d{2}-\d{2}$")
# What stands in brackets or quotes doesn't count: WORKPLACE(월 결제), 'acme'.
ASIDE: Final = re.compile(r"(?:\([^()]*\)|[\s'\"’”」)\]>.,!?…])+$")
# Read letter by letter: CSV, ID, but not WORKPLACE.
ACRONYM: Final = re.compile(r"(?<![A-Za-z])[A-Z]{1,4}$")
# As loanwords are written in Korean: example 이그잼플, phone 폰, soft 소프트, hanbit 한빛.
ENDS_IN_RIEUL: Final = re.compile(r"(?:l|le)$", re.IGNORECASE)
ENDS_IN_CONSONANT: Final = re.compile(r"(?:[mn]|ng|[aiou][mn]e|[aeiou][bckpt])$", re.IGNORECASE)

# 영 일 이 삼 사 오 육 칠 팔 구; 십, 백, 천 and 만 end in consonants, as 영 does.
DIGITS: Final = dict(
    zip(
        "0123456789",
        (
            *(Ending.CONSONANT, Ending.RIEUL, Ending.VOWEL, Ending.CONSONANT, Ending.VOWEL),
            *(Ending.VOWEL, Ending.CONSONANT, Ending.RIEUL, Ending.RIEUL, Ending.VOWEL),
        ),
        strict=True,
    )
)
# 엘, 엠, 엔, 알; every other letter's name ends in a vowel.
LETTERS: Final = {
    "L": Ending.RIEUL,
    "M": Ending.CONSONANT,
    "N": Ending.CONSONANT,
    "R": Ending.RIEUL,
}
# 퍼센트, 플러스.
SIGNS: Final = {"%": Ending.VOWEL, "+": Ending.VOWEL}

FIRST_SYLLABLE, LAST_SYLLABLE, FINALS = ord("가"), ord("힣"), 28
RIEUL: Final = 8
# No word that matters is longer.
LOOKED_AT: Final = 100


def fitted(text: str) -> str:
    """The text with the particles that fit; both are left after what can't be read."""
    return BOTH.sub(_fitting, text)


def ending(word: str) -> Ending | None:
    """How a word ends when it is read; None when that can't be told."""
    if DAY.search(word):
        return Ending.RIEUL
    word = ASIDE.sub("", word)
    last = word[-1:]
    if FIRST_SYLLABLE <= ord(last or " ") <= LAST_SYLLABLE:
        return _final((ord(last) - FIRST_SYLLABLE) % FINALS)
    if last.isascii() and last.isalpha():
        return _read(word)
    return DIGITS.get(last) or SIGNS.get(last)


def _fitting(found: re.Match[str]) -> str:
    end = ending(found.string[max(0, found.start() - LOOKED_AT) : found.start()])
    if end is None:
        return found[0]
    after_consonant, after_vowel = PAIRS[found[0]]
    if found[0] == "(으)로" and end is Ending.RIEUL:
        return after_vowel
    return after_vowel if end is Ending.VOWEL else after_consonant


def _final(number: int) -> Ending:
    """Of a syllable, by the number of its final consonant; 0 is none."""
    if number == RIEUL:
        return Ending.RIEUL
    return Ending.CONSONANT if number else Ending.VOWEL


def _read(word: str) -> Ending:
    """Of a word in Latin letters."""
    if ACRONYM.search(word):
        return LETTERS.get(word[-1], Ending.VOWEL)
    if ENDS_IN_RIEUL.search(word):
        return Ending.RIEUL
    return Ending.CONSONANT if ENDS_IN_CONSONANT.search(word) else Ending.VOWEL
