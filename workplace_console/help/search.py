"""Finding what was asked for in texts. Plain values in, plain values out.

Every word must be there, anywhere, also inside another: Korean sticks endings to its words. Where
the words are found weighs: in the title most, in the text least. Blanks in Korean don't count
(용량추가 finds 용량 추가), and a particle at the end of what was asked is dropped if the word is
found without it (용량을 finds 용량).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

TITLE, SUMMARY, TEXT = 20, 8, 1
# A word said often counts so many times, no more.
MOST: Final = 5

HANGUL: Final = re.compile("[가-힣]")
PARTICLES: Final = re.compile(
    "(?<=[가-힣a-z0-9]{2})(에서는|에서|으로|까지|부터|이란|은|는|이|가|을|를|의|에|로|와|과|도|란)$"
)
AROUND: Final = 40


@dataclass(frozen=True)
class Text:
    """Something to be found. `also` are words that count as if they stood in the summary."""

    key: str
    title: str
    summary: str
    body: str
    also: str = ""


@dataclass(frozen=True)
class Found:
    """A text and the piece of it that shows why: what stands before a word, it, and after."""

    key: str
    before: str
    hit: str
    after: str


def find(texts: Iterable[Text], asked: str) -> list[Found]:
    """The texts that hold every word, best first; those that are as good, in their own order."""
    words = _plain(asked).split()
    if not words:
        return []
    scored = [(_score(text, words), text) for text in texts]
    best_first = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return [_shown(text, words) for _score, text in best_first]


def _score(text: Text, words: Iterable[str]) -> int:
    """How good a text is for these words; 0 when one of them is missing."""
    parts = [(text.title, TITLE), (f"{text.summary} {text.also}", SUMMARY), (text.body, TEXT)]
    scores = []
    for word in words:
        for form in _forms(word):
            score = sum(weight * min(_count(form, part), MOST) for part, weight in parts)
            if score:
                break
        scores.append(score)
    return sum(scores) if all(scores) else 0


def _forms(word: str) -> list[str]:
    """A word as it was typed, then without its particle."""
    bare = PARTICLES.sub("", word)
    return [word] if bare == word else [word, bare]


def _count(word: str, part: str) -> int:
    plain = _plain(part)
    return ("".join(plain.split()) if HANGUL.search(word) else plain).count(word)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _shown(text: Text, words: Iterable[str]) -> Found:
    """Around the first word that stands in the text as it is; without one, the summary."""
    body = " ".join(text.body.split())
    for form in chain.from_iterable(map(_forms, words)):
        at = body.lower().find(form)
        if at >= 0:
            return _piece(text.key, body, at, at + len(form))
    return Found(text.key, text.summary, "", "")


def _piece(key: str, body: str, at: int, end: int) -> Found:
    """What stands around body[at:end], cut at blanks."""
    first = body.rfind(" ", 0, max(at - AROUND, 0)) + 1
    last = body.find(" ", end + 2 * AROUND)
    after = body[end:] if last < 0 else f"{body[end:last]} …"
    return Found(key, ("… " if first else "") + body[first:at], body[at:end], after)
