"""An answer for people: the same figures as a text table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from unicodedata import east_asian_width

from products.choices import Cycle, Item, Plan, State
from workplace_console.common import won
from workplace_console.simulation.play import Answer


def table(answer: Answer) -> str:
    """Invoices with their lines, companies, refusals, mails and deletions, one below the other."""
    return "\n".join(line.rstrip() for line in _parts(answer)) + "\n"


def _parts(answer: Answer) -> Iterator[str]:
    yield "청구서"
    for invoice in answer["invoices"]:
        first, last = invoice["period"]
        yield f"  {invoice['issued_on']}  {invoice['payer']}  ({first} – {last})"
        yield from _columns([*_lines(invoice), *_totals(invoice)], indent=4, right={3, 4, 5})
    if not answer["invoices"]:
        yield "  없음"
    yield ""
    yield "회사 (마지막 날 0시)"
    yield from _columns(
        [
            ["id", "상태", "상품", "주기", "계정", "추가", "공용 용량", "다음 청구"],
            *_companies(answer),
        ],
        indent=2,
        right={4, 5, 6, 7},
    )
    for title, key, columns in (
        ("거절된 일", "rejected", ("event", "code", "message")),
        ("메일", "mails", ("on", "company", "kind")),
        ("삭제된 데이터", "deleted", ("on", "company", "reason")),
    ):
        yield ""
        yield title
        rows = [[str(row[column]) for column in columns] for row in answer[key]]
        yield from _columns(rows, indent=2) if rows else ["  없음"]


def _lines(invoice: Answer) -> Iterator[list[str]]:
    for line in invoice["lines"]:
        yield [
            line["company"],
            Item.of(line["item"]).label,
            _plan(line),
            won.in_words(line["unit_price"]),
            f"× {line['quantity_days']:,} ÷ {line['days_in_period']}",
            won.in_words(line["amount"]),
        ]


def _plan(line: Answer) -> str:
    if line["plan"] is None:
        return ""
    return f"{Plan.of(line['plan']).label} {Cycle.of(line['cycle']).label}"


def _totals(invoice: Answer) -> Iterator[list[str]]:
    for label, key in (("공급가액", "supply"), ("부가세", "vat"), ("합계", "total")):
        yield ["", "", "", "", label, won.in_words(invoice[key])]


def _companies(answer: Answer) -> Iterator[list[str]]:
    for company_id, company in answer["companies"].items():
        yield [
            company_id,
            str(State(company["state"]).label),
            Plan.of(company["plan"]).label if company["plan"] else "–",
            Cycle.of(company["cycle"]).label if company["cycle"] else "–",
            f"{company['accounts']:,}",
            f"{company['added_tb']} TB",
            f"{company['shared_capacity_bytes'] // 1024**3:,} GB",
            won.in_words(company["next_charge"]),
        ]


def _columns(
    rows: Sequence[Sequence[str]], *, indent: int, right: Collection[int] = ()
) -> Iterator[str]:
    """Rows with their cells below each other; a Hangul syllable is two columns wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            " " * (width - _width(cell)) + cell
            if n in right
            else cell + " " * (width - _width(cell))
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield " " * indent + "  ".join(cells)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
