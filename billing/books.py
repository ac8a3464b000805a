"""The books, counted again from the first facts: what was charged and billed, a second way.

The night charges from daily counts that the operations keep ready. This counts the accounts
themselves, takes added capacity from the audit log and the payer from who was in which group, and
compares every day of the running and of the last closed month; then the lines of the invoices
against those days. Each difference is named; nothing is mended here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from products.choices import Cycle, Item, Plan
from workplace_console.common import days, sql, won

# Every day and company in a paid term, with what it should have been charged. Accounts are counted
# by those who come and go, not one by one for each day; companies whose people are deleted can't
# be counted any more. Capacity is the most of what the log says was held before or after a change;
# a termination ends it.
SHOULD_BE: Final = f"""
    WITH each_day AS (
        SELECT generate_series(%(first)s::date, %(last)s::date, '1 day')::date AS day
    ),
    paid AS (
        SELECT phase.company_id AS company, day, plan, cycle, starts_on
        FROM products_phase AS phase
        JOIN each_day ON day BETWEEN phase.starts_on AND phase.ends_on
        WHERE (%(company)s::text IS NULL OR phase.company_id = %(company)s)
    ),
    step AS (
        SELECT company_id AS company, greatest(registered_on, %(first)s) AS day, count(*) AS step
        FROM groupco_account
        WHERE registered_on <= %(last)s AND coalesce(excluded_on, %(last)s) >= %(first)s
        GROUP BY 1, 2
        UNION ALL
        SELECT company_id, excluded_on + 1, -count(*) FROM groupco_account
        WHERE excluded_on >= %(first)s AND excluded_on < %(last)s GROUP BY 1, 2
    ),
    counted AS (
        SELECT company, day, sum(coalesce(step, 0)) OVER (PARTITION BY company ORDER BY day) AS held
        FROM (SELECT DISTINCT company FROM paid) AS companies
        CROSS JOIN each_day
        LEFT JOIN (SELECT company, day, sum(step) AS step FROM step GROUP BY 1, 2) AS steps
            USING (company, day)
    ),
    change AS (
        SELECT id, company, "on" AS day, (before->>'added_tb')::int AS before,
               CASE action WHEN 'terminated' THEN 0 ELSE (after->>'added_tb')::int END AS after
        FROM common_auditentry
        WHERE action IN ('capacity_added', 'capacity_returned', 'terminated')
          AND "on" <= %(last)s
          AND (%(company)s::text IS NULL OR company = %(company)s)
    ),
    used AS (
        SELECT company, day, {Item.SEAT.value} AS item, plan::int, cycle::int, held AS quantity
        FROM paid JOIN counted USING (company, day)
        WHERE NOT EXISTS (SELECT FROM products_deletion AS gone
                          WHERE gone.company = paid.company AND gone.done_on IS NOT NULL)
        UNION ALL
        SELECT paid.company, paid.day, {Item.CAPACITY.value}, NULL, NULL, greatest(
            (SELECT max(greatest(change.before, change.after)) FROM change
             WHERE change.company = paid.company AND change.day = paid.day),
            (SELECT change.after FROM change
             WHERE change.company = paid.company AND change.day < paid.day
             ORDER BY change.id DESC LIMIT 1))
        FROM paid WHERE company IN (SELECT company FROM change)
    )
    SELECT company, day, item, plan, cycle, quantity,
           (SELECT unit_price FROM products_price AS price
            WHERE price.item = used.item AND price.plan IS NOT DISTINCT FROM used.plan
              AND price.cycle IS NOT DISTINCT FROM used.cycle
              AND price.starts_on = (SELECT max(starts_on) FROM products_price AS latest
                  WHERE latest.item = used.item AND latest.plan IS NOT DISTINCT FROM used.plan
                    AND latest.cycle IS NOT DISTINCT FROM used.cycle
                    AND latest.starts_on <= used.day)) AS unit_price,
           coalesce((SELECT lead.company_id FROM groupco_membership AS member
                     JOIN groupco_membership AS lead ON lead.group_id = member.group_id
                      AND lead.is_representative AND day BETWEEN lead.starts_on AND lead.ends_on
                     WHERE member.company_id = used.company
                       AND day BETWEEN member.starts_on AND member.ends_on), company) AS payer
    FROM used WHERE quantity > 0"""

DAYS_THAT_DIFFER: Final = f"""
    SELECT company, day, item, charged.quantity, charged.plan, charged.cycle, charged.unit_price,
           charged.payer, should.quantity, should.plan, should.cycle, should.unit_price,
           should.payer
    FROM ({SHOULD_BE}) AS should
    FULL JOIN (
        SELECT company, day, item, plan, cycle, quantity, unit_price, payer
        FROM billing_daycharge
        WHERE day = ANY(%(days)s) AND (%(company)s::text IS NULL OR company = %(company)s)
    ) AS charged USING (company, day, item)
    WHERE (charged.quantity, charged.plan, charged.cycle, charged.unit_price, charged.payer)
          IS DISTINCT FROM
          (should.quantity, should.plan, should.cycle, should.unit_price, should.payer)
      AND NOT (should.quantity IS NULL AND EXISTS (
          SELECT FROM products_deletion AS gone
          WHERE gone.company = charged.company AND gone.done_on IS NOT NULL))
    ORDER BY company, day, item"""

# What was billed for use in the last closed month, and annual lines of invoices since, against the
# charges of the same company, payer, price and period: up to today, which whoever ended today is
# charged and billed at once.
LINES_THAT_DIFFER: Final = f"""
    WITH line AS (
        SELECT invoice.payer, line.company, line.item, line.plan, line.cycle, line.unit_price,
               line.period_from, line.period_to, string_agg(invoice.number, ', ') AS numbers,
               sum(line.quantity_days) AS quantity
        FROM billing_invoiceline AS line
        JOIN billing_invoice AS invoice ON invoice.id = line.invoice_id
        WHERE (line.period_from = %(first)s AND line.cycle IS DISTINCT FROM {Cycle.ANNUAL.value}
               OR line.cycle = {Cycle.ANNUAL.value} AND invoice.issued_on > %(first)s)
          AND (%(company)s::text IS NULL OR line.company = %(company)s)
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ),
    charged AS (
        SELECT payer, company, item, plan, cycle, unit_price, period_from, period_to,
               sum(quantity) AS quantity
        FROM billing_daycharge
        WHERE day BETWEEN %(year_ago)s AND %(today)s
          AND (cycle IS DISTINCT FROM {Cycle.ANNUAL.value} AND period_from = %(first)s
               OR cycle = {Cycle.ANNUAL.value} AND (payer, company, period_from) IN
                  (SELECT payer, company, period_from FROM line
                   WHERE cycle = {Cycle.ANNUAL.value}))
          AND (%(company)s::text IS NULL OR company = %(company)s)
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    )
    SELECT coalesce(line.company, charged.company), coalesce(line.payer, charged.payer),
           coalesce(line.item, charged.item), numbers, line.quantity, charged.quantity
    FROM line FULL JOIN charged
      ON line.payer = charged.payer AND line.company = charged.company
     AND line.item = charged.item AND line.unit_price = charged.unit_price
     AND line.period_from = charged.period_from AND line.period_to = charged.period_to
     AND coalesce(line.plan, 0) = coalesce(charged.plan, 0)
     AND coalesce(line.cycle, 0) = coalesce(charged.cycle, 0)
    WHERE line.quantity IS DISTINCT FROM charged.quantity
    ORDER BY 1, 2, 3"""

INVOICES: Final = """
    SELECT invoice.number, invoice.payer, invoice.supply, invoice.vat, invoice.total,
           array_agg(line.quantity_days), array_agg(line.unit_price),
           array_agg(line.days_in_period), array_agg(line.amount)
    FROM billing_invoice AS invoice
    JOIN billing_invoiceline AS line ON line.invoice_id = invoice.id
    WHERE invoice.issued_on > %(first)s
      AND (%(company)s::text IS NULL OR invoice.payer = %(company)s)
    GROUP BY invoice.id ORDER BY invoice.number"""


@dataclass(frozen=True)
class Difference:
    """Something that was written down and should be otherwise, for staff."""

    company: str
    where: str
    recorded: str
    expected: str

    def __str__(self) -> str:
        return f"{self.company} {self.where}: 기록 {self.recorded}, 재계산 {self.expected}"


def differences(*, today: date, company: str | None = None) -> list[Difference]:
    """All differences of the running and the last closed month, for one company or all. R: E1–E5.

    Days that stand parked are differences too: they are not charged.
    """
    first = days.first_of_month(days.first_of_month(today) - days.ONE_DAY)
    last = today - days.ONE_DAY
    values = {
        "first": first,
        "last": last,
        "today": today,
        "days": list(days.each(first, last)),
        "year_ago": first.replace(year=first.year - 1),
        "company": company,
    }
    return [*_days(values), *_lines(values), *_invoices(values)]


def _days(values: dict[str, Any]) -> Iterator[Difference]:
    for company, day, item, *figures in sql.rows(DAYS_THAT_DIFFER, **values):
        yield Difference(
            company, f"{day} {Item(item).label}", _use(*figures[:5]), _use(*figures[5:])
        )


def _use(
    quantity: int | None, plan: int | None, cycle: int | None, price: int | None, payer: str | None
) -> str:
    if quantity is None:
        return "없음"
    parts = [f"{quantity:,}", "×", "단가 없음" if price is None else won.in_words(price)]
    if plan and cycle:
        parts += [Plan(plan).label, Cycle(cycle).label]
    return " ".join([*map(str, parts), f"→ {payer}"])


def _lines(values: dict[str, Any]) -> Iterator[Difference]:
    for company, payer, item, numbers, billed, charged in sql.rows(LINES_THAT_DIFFER, **values):
        where = f"{payer} 청구서 {numbers or '없음'} {Item(item).label}"
        yield Difference(company, where, _quantity(billed), _quantity(charged))


def _quantity(quantity: int | None) -> str:
    return "없음" if quantity is None else f"수량 × 일 {quantity:,}"


def _invoices(values: dict[str, Any]) -> Iterator[Difference]:
    for number, payer, supply, vat, total, *columns in sql.rows(INVOICES, **values):
        amounts = []
        for quantity, price, length, amount in zip(*columns, strict=True):
            expected = int(quantity) * price // length
            amounts.append(expected)
            if amount != expected:
                where = f"{number} {quantity:,} × {price:,} ÷ {length}"
                yield Difference(payer, where, won.in_words(amount), won.in_words(expected))
        sums = (sum(amounts), sum(amounts) // 10, sum(amounts) + sum(amounts) // 10)
        if (supply, vat, total) != sums:
            recorded, expected_sums = map(_sums, ((supply, vat, total), sums))
            yield Difference(payer, number, recorded, expected_sums)


def _sums(sums: tuple[int, int, int]) -> str:
    return " + ".join(won.in_words(part) for part in sums[:2]) + f" = {won.in_words(sums[2])}"
