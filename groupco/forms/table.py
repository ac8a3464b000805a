"""A CSV that somebody gives the console, row by row, or refused with the line and the reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from groupco.rules import BadRoster, has_control
from workplace_console.common import csv_file
from workplace_console.common.refusal import gettext_noop

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 20_000

Row = tuple[int, dict[str, str]]


def decoded(content: bytes) -> str:
    """The text of a file, UTF-8 or CP949. Raises BadRoster."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadRoster(1, gettext_noop("글자를 읽을 수 없습니다. UTF-8 CSV로 저장하세요."))


def check_size(content: bytes) -> None:
    """What is uploaded, written as UTF-8, is 5 MB at most. Raises BadRoster."""
    if len(decoded(content).encode()) > MOST_BYTES:
        raise BadRoster(1, gettext_noop("파일이 5 MB보다 큽니다. 나누어 올리세요."))


def check_rows(lines: Sequence[int]) -> None:
    """At most 20,000 rows are uploaded at once; `lines` says where each stands."""
    if len(lines) > MOST_ROWS:
        raise BadRoster(
            lines[MOST_ROWS],
            gettext_noop("한 번에 {most}행까지 올릴 수 있습니다. 나누어 올리세요."),
            most=MOST_ROWS,
        )


def rows(
    text: str,
    *,
    company_id: str,
    headings: Mapping[str, str],
    required: Collection[str],
    optional: Collection[str],
    faults: list[BadRoster] | None = None,
) -> Iterator[Row]:
    """The line and the cells by column of each row that is a company's, empty rows left out.

    `headings`: what columns are called in our own downloads. A column `company` picks the rows.
    Raises BadRoster; a row that has too many cells or too few goes to `faults` instead, if given.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = [headings.get(cell.strip(), cell.strip()) for cell in next(reader, [])]
        _check_columns(columns, required, optional)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                fault = BadRoster(
                    reader.line_num,
                    gettext_noop("칸이 {found}개입니다. 머리글처럼 {wanted}개로 맞추세요."),
                    found=len(cells),
                    wanted=len(columns),
                )
                if faults is None:
                    raise fault
                faults.append(fault)
                continue
            found = (csv_file.plain(cell.strip()) for cell in cells)
            values = dict(zip(columns, found, strict=True))
            if values.pop("company", company_id) == company_id:
                yield reader.line_num, values
    except csv.Error:
        raise BadRoster(
            reader.line_num, gettext_noop("CSV 형식이 아닙니다. 따옴표와 쉼표를 확인하세요.")
        ) from None


def _check_columns(
    columns: Sequence[str], required: Collection[str], optional: Collection[str]
) -> None:
    for column in required:
        if column not in columns:
            raise BadRoster(
                1, gettext_noop("{column} 열이 없습니다. 머리글을 확인하세요."), column=column
            )
    for place, column in enumerate(columns):
        if column not in (*required, *optional, "company") or column in columns[:place]:
            raise BadRoster(
                1,
                gettext_noop("{column} 열은 모르는 열이거나 두 번 있습니다. 머리글을 고치세요."),
                column=repr(column[:40]),
            )


def check_text(line: int, column: str, text: str, *, most: int) -> None:
    """A cell that fits and can be printed. Raises BadRoster."""
    if len(text) > most or has_control(text):
        raise BadRoster(
            line,
            gettext_noop(
                "{column}이(가) 너무 길거나 쓸 수 없는 글자가 있습니다. {most}자 이하로 적으세요."
            ),
            column=column,
            most=most,
        )
