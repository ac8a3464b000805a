"""Made-up companies in the tables of the product, written by a few statements.

Of a hundred companies five are in trial; of the others a fifth has an annual contract, fifteen in a
hundred belong to a group of fifty and are paid for by its representative, five have added
capacity. How many accounts they have is skewed: most have few. Nothing here is random: the same
arguments make the same rows.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from benchmarks.scale.places import Place

OPEN_END = "9999-12-31"

# Whose number ends like this: what they are is told by it.
COMPANY = """
CREATE UNLOGGED TABLE made AS
SELECT n, 'w' || substr(md5(n::text), 1, 11) COLLATE "C" AS id, n %% 20 <> 19 AS is_paid,
       n %% 5 = 3 AS is_annual, n / 50 %% 7 = 2 AS is_grouped, n %% 50 = 0 AS leads, n / 50 AS team,
       n %% 20 = 7 AS has_added,
       1 + (%(mean)s * 3 * (n * 7919 %% 1000 / 1000.0) ^ 2)::int AS people,
       %(first)s::date - 1 - (n * 31 %% 350) AS paid_from
FROM generate_series(0, %(companies)s - 1) AS n;
CREATE UNIQUE INDEX ON made (id);
ANALYZE made;
INSERT INTO groupco_takenid SELECT id FROM made;
INSERT INTO groupco_company (id, name, business_number, representative, address, business_type,
    business_item, signed_up_on, numbered)
SELECT id, '회사 ' || n, '', '', '', '', '', paid_from - 30, people FROM made;
INSERT INTO products_trial (company_id, starts_on, ends_on)
SELECT id, CASE WHEN is_paid THEN paid_from - 30 ELSE %(today)s::date - n %% 20 END,
       CASE WHEN is_paid THEN paid_from - 1 ELSE %(today)s::date + 10 + n %% 20 END FROM made;
INSERT INTO products_phase (company_id, plan, cycle, contract_from, applied_on, starts_on, ends_on)
SELECT id, 1 + n %% 3, CASE WHEN is_annual THEN 2 ELSE 1 END, paid_from, paid_from - 10, paid_from,
       %(open_end)s FROM made WHERE is_paid;
INSERT INTO groupco_group (id, formed_on, order_version, scope_version)
SELECT DISTINCT team + 1, %(first)s::date, 0, 0 FROM made WHERE is_grouped;
INSERT INTO groupco_membership (group_id, company_id, is_representative, starts_on, ends_on)
SELECT team + 1, id, leads, %(first)s::date, %(open_end)s FROM made WHERE is_grouped;
INSERT INTO groupco_payer (company_id, payer_id, starts_on, ends_on)
SELECT made.id, coalesce(lead.id, made.id), made.paid_from - 30, %(open_end)s
FROM made LEFT JOIN made AS lead ON lead.n = made.team * 50 AND made.is_grouped;
INSERT INTO products_addedcapacity (company_id, count, starts_on, ends_on)
SELECT id, 1 + n %% 5, paid_from, %(open_end)s FROM made WHERE has_added AND is_paid;
INSERT INTO products_storageuse (company_id, category, bytes, reported_on)
SELECT id, category, (200 + n %% 40)::bigint * 1000000000, %(today)s::date FROM made
CROSS JOIN unnest(ARRAY['attachment', 'photo']) AS category;
INSERT INTO groupco_user (id, password, is_superuser, email, name, language, staff_roles, is_active,
    created_at)
SELECT n + 1, '!', false, 'admin' || n || '@example.com', '관리자 ' || n, 'ko', '{}', true, now()
FROM made;
INSERT INTO groupco_admin (user_id, company_id, role, notices_read_to)
SELECT n + 1, id, 'owner', 0 FROM made;
INSERT INTO groupco_billingaddress (company_id, email, topics)
SELECT id, 'bills' || n || '@example.com', '{bills,payment,contract}' FROM made WHERE n %% 3 = 0;
INSERT INTO billing_budget (company, amount, starts_on, ends_on)
SELECT id, people * 9000::bigint + 100000, %(first)s::date, %(open_end)s FROM made
WHERE n %% 20 = 4
"""

EMPLOYEES = """
INSERT INTO groupco_employee (id, company_id, number, name, email, is_workplace_admin)
SELECT row_number() OVER (), id, 'W' || lpad(m::text, 6, '0'), '사원 ' || m,
       'p' || m || '@' || id || '.example', m = 1
FROM made CROSS JOIN LATERAL generate_series(1, people) AS m
"""
ACCOUNTS = """
INSERT INTO groupco_account (company_id, employee_id, registered_on)
SELECT employee.company_id, employee.id, made.paid_from - 20
FROM groupco_employee AS employee JOIN made ON made.id = employee.company_id
"""
# What happened is written as it happened: companies mixed, one day after another. Every company's
# count was written anew some three times a month, as people came and went.
SPANS = """
INSERT INTO groupco_headcount (company_id, count, starts_on, ends_on)
SELECT id, people, starts_on, least(lead(starts_on) OVER (PARTITION BY n ORDER BY starts_on) - 1,
                                    %(open_end)s::date)
FROM (
    SELECT id, n, people, paid_from - 20 AS starts_on FROM made
    UNION ALL
    SELECT id, n, people, starts_on::date + n %% 10 FROM made
    CROSS JOIN generate_series(%(first)s::date, %(today)s::date - 11, '10 days') AS starts_on
) AS step ORDER BY starts_on, md5(n::text)
"""

# What each company is charged for on a day, at which price, and who pays.
HELD = """
CREATE UNLOGGED TABLE held AS
SELECT made.id AS company, used.item, used.plan, used.cycle, quantity, unit_price,
       payer.payer_id AS payer, phase.starts_on, phase.contract_from
FROM made
JOIN products_phase AS phase ON phase.company_id = made.id
JOIN groupco_payer AS payer ON payer.company_id = made.id
CROSS JOIN LATERAL (
    SELECT 1 AS item, phase.plan, phase.cycle, people AS quantity
    UNION ALL SELECT 2, NULL, NULL, 1 + n %% 5 WHERE has_added
) AS used
JOIN LATERAL (
    SELECT unit_price FROM products_price AS price
    WHERE price.item = used.item AND price.plan IS NOT DISTINCT FROM used.plan
      AND price.cycle IS NOT DISTINCT FROM used.cycle LIMIT 1
) AS price ON true;
ANALYZE held
"""
# The days that are over, as the night would have charged them.
HISTORY = """
INSERT INTO billing_daycharge (day, company, item, plan, cycle, quantity, unit_price, payer,
    period_from, period_to)
SELECT day, company, item, plan, cycle, quantity, unit_price, payer,
       CASE cycle WHEN 2 THEN year_from ELSE %(month)s END,
       CASE cycle WHEN 2 THEN (year_from + interval '1 year')::date - 1 ELSE %(month_to)s END
FROM generate_series(%(month)s::date, %(until)s::date, '1 day') AS at
CROSS JOIN held
CROSS JOIN LATERAL (SELECT at::date AS day, CASE cycle WHEN 2 THEN (contract_from + make_interval(
    years => extract(year FROM age(at, contract_from))::int))::date END AS year_from) AS each_day
WHERE starts_on <= day ORDER BY day, company, item
"""

# What the months before were billed, without lines of their own kind: one a payer and month.
INVOICES = """
INSERT INTO billing_invoice (number, payer, issued_on, due_on, kind, sequence, period_from,
    period_to, supply, vat, total, buyer_name, buyer_business_number, buyer_representative,
    buyer_address, buyer_business_type, buyer_business_item, supplier, created_at)
SELECT id || to_char(month, '-YYYYMM-1'), id, month, month + 9, 'regular', 1,
       (month - interval '1 month')::date, month - 1, people * 10000::bigint,
       people * 1000::bigint, people * 11000::bigint, '회사 ' || n, '', '', '', '', '', '{}', month
FROM made CROSS JOIN LATERAL (
    SELECT month::date FROM generate_series(%(first)s::date + interval '1 month',
                                            %(month)s::date, '1 month') AS month
) AS each_month WHERE is_paid AND (NOT is_grouped OR leads) ORDER BY month, id;
INSERT INTO billing_invoiceline (invoice_id, company, item, plan, cycle, unit_price, period_from,
    period_to, quantity_days, days_in_period, amount)
SELECT id, payer, 1, 1, 1, 10000, period_from, period_to,
       supply / 10000 * (period_to - period_from + 1), period_to - period_from + 1, supply
FROM billing_invoice ORDER BY id;
INSERT INTO billing_payment (number, payer, invoice_id, way, amount, "on", sequence, brand,
    last_four, depositor, created_at)
SELECT 'p' || number, payer, id, 'transfer', total, due_on, 1, '', '', '', due_on
FROM billing_invoice WHERE issued_on < %(month)s;
INSERT INTO billing_paymentoutcome (payment_id, state, "on", gateway_id, reason, at)
SELECT number, 'done', "on", '', '', "on" FROM billing_payment
"""

SEQUENCES = """
SELECT setval(pg_get_serial_sequence('groupco_user', 'id'), (SELECT max(id) FROM groupco_user)),
       setval(pg_get_serial_sequence('groupco_group', 'id'),
              coalesce((SELECT max(id) FROM groupco_group), 1)),
       setval(pg_get_serial_sequence('groupco_employee', 'id'),
              (SELECT max(id) FROM groupco_employee))
"""


def fill(
    place: Place, *, companies: int, accounts: int, first: date, month: date, until: date
) -> None:
    """Companies, their facts since `first`, and their charges from then to `until`, which lies in
    the month that begins on `month`."""
    values = {
        "companies": companies,
        "mean": accounts / companies,
        "first": first,
        "month": month,
        "today": month + timedelta(days=31),
        "open_end": OPEN_END,
    }
    place.sql(
        "SET synchronous_commit = off; SET maintenance_work_mem = '256MB'; SET work_mem = '256MB'"
    )
    _each(place, COMPANY, values)
    for table, statement in (
        ("groupco_employee", EMPLOYEES),
        ("groupco_account", ACCOUNTS),
        ("groupco_headcount", SPANS),
    ):
        _load(place, table, statement, values)
    place.sql(SEQUENCES)
    place.sql("ANALYZE")
    _each(place, INVOICES, values)
    _each(place, HELD, values)
    begins = first
    while begins <= until:
        ends = (begins.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        place.sql(
            HISTORY, **values | {"month": begins, "month_to": ends, "until": min(ends, until)}
        )
        begins = ends + timedelta(days=1)
    place.sql("RESET synchronous_commit; RESET work_mem")
    place.settle()


def _each(place: Place, statements: str, values: dict[str, Any]) -> None:
    for statement in statements.split(";"):
        place.sql(statement, **values)


def _load(place: Place, table: str, statement: str, values: dict[str, Any]) -> None:
    """Fill a table without the indexes that can be made afterwards, in a tenth of the time."""
    again = place.sql(
        """SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
                  format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                         pg_get_constraintdef(oid))
           FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype IN ('u', 'x', 'f')
           UNION ALL
           SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
           FROM pg_index WHERE indrelid = %(table)s::regclass AND NOT EXISTS (
               SELECT FROM pg_constraint WHERE conindid = indexrelid)""",
        table=table,
    )
    for drop, _make in again:
        place.sql(drop)
    place.sql(statement, **values)
    for _drop, make in again:
        place.sql(make)
