"""The console looks at itself: what must be true of its data, counted again. R: G3, H2, I5.

Each check is a statement that finds what is wrong, by company; nothing found is well. Nothing is
mended here. `manage.py self_check` prints one line for each finding; staff see them as a page, and
are told of them every night.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import books
from workplace_console import inventory, register, restoring
from workplace_console.common import accesses, messages, sealed, sql
from workplace_console.common.messages import Event
from workplace_console.common.transactions import joined

Found = Iterable[tuple[str, object]]


@dataclass(frozen=True)
class Finding:
    """What is wrong, of which company ("": of none), and where."""

    check: str
    says: Promise
    company: str
    where: str

    def __str__(self) -> str:
        place = " ".join(filter(None, (self.company, self.where)))
        return f"[{self.check}] {self.says}" + (f": {place}" if place else "")


@dataclass(frozen=True)
class Check:
    """A name, a sentence for when it fails, and what finds it by a day: a statement with rows of
    (company, where), in which %(today)s is the day, or a function."""

    name: str
    says: Promise
    find: str | Callable[[date], Found]


# --- What a statement finds ----------------------------------------------------------------------

SUMS: Final = """
    SELECT payer, number FROM billing_invoice AS invoice
    WHERE supply <> (SELECT coalesce(sum(amount), 0) FROM billing_invoiceline
                     WHERE invoice_id = invoice.id)
       OR vat <> supply / 10 OR total <> supply + vat"""

# What was given back of a payment, beyond what it was.
REFUNDS: Final = """
    SELECT payment.payer, payment.number FROM billing_payment AS payment
    JOIN billing_refund AS refund ON refund.payment_id = payment.number
    WHERE NOT EXISTS (SELECT FROM billing_refundoutcome AS outcome
                      WHERE outcome.refund_id = refund.number AND outcome.state = 'failed')
    GROUP BY payment.payer, payment.number, payment.amount
    HAVING sum(refund.amount) > payment.amount"""

# A day that a job has left out between its first and its last.
GAPS: Final = """
    SELECT '', job || ' ' || min(day) || '~' || max(day) FROM common_jobrun
    GROUP BY job HAVING max(day) - min(day) + 1 <> count(*)"""

LATE_NIGHT: Final = """
    SELECT '', job || ' ' || max(day) FROM common_jobrun GROUP BY job
    HAVING max(day) > %(today)s OR max(day) < %(today)s - 1"""

AFTER_THE_END: Final = """
    SELECT DISTINCT charge.company, charge.day::text FROM billing_daycharge AS charge
    JOIN products_deletion AS gone USING (company) WHERE charge.day > gone.marked_on"""

NOT_DELETED: Final = """
    SELECT company, due_on::text FROM products_deletion
    WHERE done_on IS NULL AND due_on < %(today)s - 1"""

KEPT_TOO_LONG: Final = """
    SELECT company, marked_on::text FROM products_deletion
    WHERE closed_on IS NOT NULL AND retained_until IS NULL
      AND marked_on < %(today)s - interval '5 years' - interval '5 days'"""

# Of a company whose data is deleted, these went at once and nobody can have made them anew.
STILL_THERE: Final = """
    SELECT gone.company, 'employees' FROM products_deletion AS gone
    WHERE done_on IS NOT NULL
      AND (EXISTS (SELECT FROM groupco_employee WHERE company_id = gone.company)
           OR EXISTS (SELECT FROM groupco_account WHERE company_id = gone.company)
           OR EXISTS (SELECT FROM groupco_department WHERE company_id = gone.company)
           OR EXISTS (SELECT FROM groupco_headcount WHERE company_id = gone.company)
           OR EXISTS (SELECT FROM products_storageday WHERE company_id = gone.company))
    UNION ALL
    SELECT gone.company, 'console' FROM products_deletion AS gone
    WHERE closed_on IS NOT NULL
      AND EXISTS (SELECT FROM groupco_company WHERE id = gone.company)"""

# Rows that name a company by its id as text, and neither it nor a record of its deletion is there.
ORPHANS: Final = """
    SELECT DISTINCT found.company, found.place FROM (
        SELECT company, 'common_notice' AS place FROM common_notice
        UNION ALL SELECT company, 'common_mail' FROM common_mail
        UNION ALL SELECT company, 'common_auditentry' FROM common_auditentry
        UNION ALL SELECT company, 'common_access' FROM common_access
        UNION ALL SELECT company, 'common_answer' FROM common_answer
        UNION ALL SELECT company, 'common_parked' FROM common_parked
        UNION ALL SELECT company, 'billing_daycharge' FROM billing_daycharge
        UNION ALL SELECT payer, 'billing_invoice' FROM billing_invoice
        UNION ALL SELECT payer, 'billing_payment' FROM billing_payment
        UNION ALL SELECT company, 'billing_paymentmethod' FROM billing_paymentmethod
        UNION ALL SELECT company, 'billing_budget' FROM billing_budget
    ) AS found
    WHERE found.company <> ''
      AND NOT EXISTS (SELECT FROM groupco_company WHERE id = found.company)
      AND NOT EXISTS (SELECT FROM products_deletion WHERE company = found.company)"""

ID_NOT_TAKEN: Final = """
    SELECT id, '' FROM groupco_company
    WHERE NOT EXISTS (SELECT FROM groupco_takenid AS taken WHERE taken.id = groupco_company.id)"""

NO_TRIAL: Final = """
    SELECT id, '' FROM groupco_company
    WHERE NOT EXISTS (SELECT FROM products_trial WHERE company_id = groupco_company.id)"""

NO_OWNER: Final = """
    SELECT id, '' FROM groupco_company AS company
    WHERE EXISTS (SELECT FROM groupco_admin WHERE company_id = company.id)
      AND NOT EXISTS (SELECT FROM groupco_admin WHERE company_id = company.id AND role = 'owner')"""

HEADCOUNT: Final = """
    SELECT company.id, held.accounts || ' ≠ ' || counted.accounts
    FROM groupco_company AS company
    CROSS JOIN LATERAL (SELECT count(*) AS accounts FROM groupco_account
                        WHERE company_id = company.id AND registered_on <= %(today)s
                          AND (excluded_on IS NULL OR excluded_on >= %(today)s)) AS counted
    CROSS JOIN LATERAL (SELECT coalesce(sum(count), 0) AS accounts FROM groupco_headcount
                        WHERE company_id = company.id
                          AND %(today)s BETWEEN starts_on AND ends_on) AS held
    WHERE held.accounts <> counted.accounts"""

WAITING_MAIL: Final = """
    SELECT company, kind || ' ' || id FROM common_mail
    WHERE state = 'queued' AND created_at < now() - interval '1 day'
      AND cardinality(recipients) > 0"""

PARKED: Final = """
    SELECT company, job || ' ' || day || ' ' || reason FROM common_parked
    WHERE since < now() - interval '1 day'"""

ASLEEP: Final = """
    SELECT '', name FROM unnest(ARRAY['common_auditentry', 'common_access']) AS name
    WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = name::regclass
                      AND tgname = 'append_only' AND tgenabled = 'A')"""

UNSOUND: Final = """
    SELECT '', indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid
    UNION ALL SELECT '', conname FROM pg_constraint
    WHERE NOT convalidated AND connamespace = 'public'::regnamespace"""


OLD_ACCESSES: Final = f"""
    SELECT company, min("on") FROM common_access
    WHERE "on" < %(today)s - interval '{accesses.YEARS} years' - interval '1 day'
    GROUP BY company"""


# --- What takes more than a statement ------------------------------------------------------------


def _unlisted(_today: date) -> Found:
    tables = set(connection.introspection.table_names())
    return [("", table) for table in sorted(tables ^ inventory.all_tables())]


def _migrations(_today: date) -> Found:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [("", f"{migration.app_label}.{migration.name}") for migration, _backwards in plan]


def _secrets(_today: date) -> Found:
    return [("", f"{table} {key}") for table, key in sealed.unreadable()]


def _register(_today: date) -> Iterator[tuple[str, object]]:
    found = register.read()
    for number in found.unreadable:
        yield "", f"line {number}"
    for company in restoring.unopened(found.entries):
        yield company, "deleted before"


def _books(today: date) -> Found:
    return [(difference.company, difference.where) for difference in books.differences(today=today)]


CHECKS: Final = (
    Check("sums", _("청구서의 합계가 줄과 다릅니다"), SUMS),
    Check("refunds", _("결제한 것보다 많이 환불했습니다"), REFUNDS),
    Check("gaps", _("작업이 빠뜨린 날이 있습니다"), GAPS),
    Check("late_night", _("작업을 마친 날이 어제나 오늘이 아닙니다"), LATE_NIGHT),
    Check("after_the_end", _("해지한 뒤의 날을 청구했습니다"), AFTER_THE_END),
    Check("not_deleted", _("삭제일이 지난 데이터가 있습니다"), NOT_DELETED),
    Check("kept_too_long", _("법정 보관 기간이 지난 기록이 있습니다"), KEPT_TOO_LONG),
    Check("still_there", _("삭제한 회사의 데이터가 남아 있습니다"), STILL_THERE),
    Check("orphans", _("없는 회사의 기록입니다"), ORPHANS),
    Check("id_not_taken", _("회사 id가 쓰인 id에 없습니다"), ID_NOT_TAKEN),
    Check("no_trial", _("무료 체험이 없는 회사입니다"), NO_TRIAL),
    Check("no_owner", _("소유자가 없는 회사입니다"), NO_OWNER),
    Check("headcount", _("사용자 수가 계정과 다릅니다"), HEADCOUNT),
    Check("waiting_mail", _("하루 넘게 보내지 못한 메일입니다"), WAITING_MAIL),
    Check("parked", _("하루 넘게 보류된 회사입니다"), PARKED),
    Check("asleep", _("지우거나 고칠 수 있는 기록입니다"), ASLEEP),
    Check("unsound", _("검증되지 않은 인덱스나 제약이 있습니다"), UNSOUND),
    Check("old_accesses", _("보관 기간이 지난 열람 기록입니다"), OLD_ACCESSES),
    Check("unlisted", _("목록(inventory)과 다른 테이블입니다"), _unlisted),
    Check("migrations", _("적용하지 않은 마이그레이션입니다"), _migrations),
    Check("secrets", _("열 수 없는 비밀 값입니다. SEALING_KEYS를 확인하세요"), _secrets),
    Check("register", _("삭제 대장과 다릅니다. 복원을 마쳤는지 확인하세요"), _register),
)
# Counts every account and charge of two months; the night does so, too (billing.check_books).
BOOKS: Final = Check("books", _("장부가 다시 계산한 것과 다릅니다"), _books)


def run(*, today: date, with_books: bool = True) -> list[Finding]:
    """All that is found, check by check."""
    checks = (*CHECKS, *([BOOKS] if with_books else []))
    by_statement = _found_by_statements(checks, today)
    return [
        Finding(check.name, check.says, company, str(where))
        for check in checks
        for company, where in (
            by_statement[check.name] if isinstance(check.find, str) else check.find(today)
        )
    ]


@joined
def tell_staff(*, today: date) -> int:
    """Tell support staff, once a day, that something is found; how many findings. The books are
    left to billing.check_books, which tells of each difference."""
    found = run(today=today, with_books=False)
    if found:
        checks = ", ".join(dict.fromkeys(finding.check for finding in found))
        event = Event(
            company="",
            kind="unsound",
            figures={"found": len(found), "checks": checks},
            key=f"unsound:{today}",
        )
        messages.tell_staff([event], on=today)
    return len(found)


def _found_by_statements(
    checks: Iterable[Check], today: date
) -> dict[str, list[tuple[str, object]]]:
    """What the statements find, by check; all of them in one."""
    statements = {check.name: check.find for check in checks if isinstance(check.find, str)}
    parts = (
        f"SELECT '{name}', company, place::text FROM ({statement}) AS found (company, place)"
        for name, statement in statements.items()
    )
    found: dict[str, list[tuple[str, object]]] = {name: [] for name in statements}
    for name, company, where in sql.rows(" UNION ALL ".join(parts), today=today):
        found[name].append((company, where))
    return found
