"""What somebody means who types a Korean name, letter by letter. R: F5."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from unicodedata import normalize

MOST_WORDS: Final = 5

INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
FINALS: Final = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
# Two consonants in a row may arrive as one letter.
DOUBLE: Final = str.maketrans(
    {
        "ㄳ": "ㄱㅅ",
        "ㄵ": "ㄴㅈ",
        "ㄶ": "ㄴㅎ",
        "ㄺ": "ㄹㄱ",
        "ㄻ": "ㄹㅁ",
        "ㄼ": "ㄹㅂ",
        "ㄽ": "ㄹㅅ",
        "ㄾ": "ㄹㅌ",
        "ㄿ": "ㄹㅍ",
        "ㅀ": "ㄹㅎ",
        "ㅄ": "ㅂㅅ",
    }
)
FIRST: Final = 0xAC00
OF_AN_INITIAL: Final = 21 * 28
OF_A_VOWEL: Final = 28
SYLLABLES: Final = 19 * OF_AN_INITIAL


class Word(NamedTuple):
    """What to look for, case ignored: itself in lower case, or PostgreSQL's regular expression."""

    text: str
    is_pattern: bool


def words(asked: str) -> list[Word]:
    """What is looked for by each of the words, five at most.

    ㄱㅅㅇ finds 김서연, and so does each step of typing it: 기, 김, 김ㅅ, 김서, 김성. A word
    without Korean is what it is: that is several times as quick.
    """
    return [
        Word(word.lower(), is_pattern=False)
        if word.isascii()
        else Word(_pattern(word), is_pattern=True)
        for word in normalize("NFC", asked).split()[:MOST_WORDS]
    ]


def _pattern(word: str) -> str:
    letters = word.translate(DOUBLE)
    return "".join(_letter(letter) for letter in letters[:-1]) + _last(letters[-1])


def _letter(letter: str) -> str:
    """An initial consonant stands for all that begin with it, anything else for itself."""
    if letter in INITIALS:
        return f"[{_all_of(INITIALS.index(letter))}{letter}]"
    return re.sub(r"[][\\.^$*+?(){}|]", r"\\\g<0>", letter)


def _last(letter: str) -> str:
    """A syllable that is not finished yet, or has swallowed the beginning of the next one."""
    place = ord(letter) - FIRST
    if not 0 <= place < SYLLABLES:
        return _letter(letter)
    final = FINALS[place % OF_A_VOWEL]
    if final == " ":
        return f"[{letter}-{chr(ord(letter) + OF_A_VOWEL - 1)}]"
    if final not in INITIALS:
        return letter
    open_syllable = chr(ord(letter) - place % OF_A_VOWEL)
    return f"(?:{letter}|{open_syllable}[{_all_of(INITIALS.index(final))}])"


def _all_of(initial: int) -> str:
    first = FIRST + initial * OF_AN_INITIAL
    return f"{chr(first)}-{chr(first + OF_AN_INITIAL - 1)}"
