"""Finding an answer by words. R: H5."""

from __future__ import annotations

import pytest

from workplace_console.help.search import Text, find

TEXTS = (
    Text(
        "storage", "공용 용량이란", "무엇이 쓰는지", "첨부 파일과 사진이 씁니다.", also="스토리지"
    ),
    Text("add", "용량 추가", "1 TB 단위", "공용 용량을 늘립니다. " * 20),
    Text("bill", "청구서", "발행하는 날", "매달 1일에 발행합니다. 추가한 용량도 청구합니다."),
    Text("trial", "무료 체험", "Trial", "체험이 끝나면 데이터를 지웁니다. The trial ends."),
)


def keys(asked: str) -> list[str]:
    return [found.key for found in find(TEXTS, asked)]


def test_a_title_weighs_more_than_any_text() -> None:
    assert keys("용량") == ["add", "storage", "bill"]


def test_every_word_must_be_there() -> None:
    assert keys("용량 청구") == ["bill"]
    assert keys("용량 수박") == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("용량추가", "add"),
        ("  용량을   늘립니다 ", "add"),
        ("청구서는", "bill"),
        ("스토리지", "storage"),
        ("TRIAL", "trial"),
        ("trial의", "trial"),
        ("ｔｒｉａｌ", "trial"),
        ("ends", "trial"),
    ],
    ids=[
        "no blank",
        "many blanks",
        "with a particle",
        "another word",
        "capitals",
        "foreign",
        "wide",
        "in the text",
    ],
)
def test_it_is_found_however_it_is_typed(asked: str, found: str) -> None:
    assert keys(asked)[0] == found


@pytest.mark.parametrize("asked", ["", "   ", "\x00", "없는말", ".*", "theends"])
def test_nothing_is_found_of_nothing(asked: str) -> None:
    assert keys(asked) == []


def test_the_piece_around_the_word_is_shown() -> None:
    (found,) = find(TEXTS, "1일에")

    assert (found.before, found.hit, found.after) == (
        "매달 ",
        "1일에",
        " 발행합니다. 추가한 용량도 청구합니다.",
    )


def test_a_long_text_is_cut_at_blanks() -> None:
    (found,) = find([Text("long", "", "", "앞말 " * 50 + "가운데 " + "뒷말 " * 50)], "가운데")

    assert found.before.startswith("… 앞말")
    assert found.after.endswith("뒷말 …")
    assert len(found.before + found.after) < 200


def test_where_only_the_title_holds_it_the_summary_is_shown() -> None:
    (found,) = [found for found in find(TEXTS, "공용 용량이란") if found.key == "storage"]

    assert (found.before, found.hit, found.after) == ("무엇이 쓰는지", "", "")
