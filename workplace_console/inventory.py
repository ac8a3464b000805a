"""Every table, what it holds of a company, and when that goes. R: G3, G5.

A new table is a new line here: a test compares the list with the database's own. Within a stage the
lines stand in the order in which rows can be deleted, those that point at others first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from workplace_console.common import sql


@dataclass(frozen=True)
class Part:
    """Rows of a table that belong to companies, as a condition over %(companies)s.

    `called`: what the deletion record calls them, with their number. `by`: the statement that
    deletes them, where the database lets no other do it.
    """

    table: str
    rows: str
    called: Promise | None = None
    by: str = ""

    @property
    def counted(self) -> str:
        """The statement that deletes them and counts what goes by company."""
        of = "company_id" if BY_KEY in self.rows else "company"
        return f"""
            WITH gone AS (DELETE FROM {self.table} WHERE {self.rows} RETURNING {of})
            SELECT {of}, count(*) FROM gone GROUP BY 1 ORDER BY 1"""


BY_KEY: Final = "company_id = ANY(%(companies)s)"
BY_ID: Final = "company = ANY(%(companies)s)"

# What the law wants kept of the audit log: contract and billing. They hold ids and figures.
OF_THE_CONTRACT: Final = (
    *("company_created", "trial_started", "trial_extended", "trial_expired"),
    *("conversion_reserved", "conversion_changed", "conversion_cancelled", "conversion_started"),
    *("upgrade_requested", "upgrade_cancelled", "upgrade_applied"),
    *("capacity_added", "capacity_returned", "accounts_registered", "accounts_excluded"),
    *("accounts_imported", "group_formed", "group_joined", "group_left"),
    *("group_applied", "group_agreed", "group_declined", "representative_replaced"),
    *("invoice_issued", "credit_note_issued", "terminated", "termination_undone", "data_deleted"),
    *("payment_method_added", "payment_method_chosen", "payment_method_removed", "payment_asked"),
    *("cash_receipt_asked", "cash_receipt_issued", "cash_receipt_refused"),
    *("cash_receipt_cancelled", "tax_invoice_issued", "tax_invoice_cancelled"),
    *("payment_made", "payment_refused", "refund_asked", "payment_refunded", "refund_refused"),
)

# Mails that a company is owed after its end; they wait in the queue until they are sent.
STILL_TOLD: Final = (
    *("terminated", "trial_expired", "data_deleted", "invoice_issued", "credit_note_issued"),
    *("payment_made", "payment_refused", "payment_refunded", "payment_overdue"),
)

# Gone when the company's data is deleted: whatever its people are, do and store.
DATA: Final = (
    Part("billing_budget", BY_ID),
    Part("billing_budgetalert", BY_ID),
    # What was asked for and not issued holds somebody's number; it is no evidence of anything.
    Part(
        "billing_evidence",
        "payer = ANY(%(companies)s) AND issued_on IS NULL AND refused_on IS NULL"
        " AND cancelled_on IS NULL",
    ),
    Part("groupco_headcount", BY_KEY),
    Part("groupco_invitation", BY_KEY, lazy("초대")),
    Part("groupco_apitoken", BY_KEY, lazy("API 토큰")),
    Part(
        "groupco_posting",
        f"employee_id IN (SELECT id FROM groupco_employee WHERE {BY_KEY})"
        f" OR department_id IN (SELECT id FROM groupco_department WHERE {BY_KEY})",
    ),
    Part("groupco_department", BY_KEY, lazy("부서")),
    Part(
        "groupco_applicationcompany",
        f"{BY_KEY} OR given_id = ANY(%(companies)s) OR corrected_id = ANY(%(companies)s)"
        " OR application_id IN"
        " (SELECT id FROM groupco_groupapplication WHERE applicant_id = ANY(%(companies)s))",
    ),
    Part("groupco_groupapplication", "applicant_id = ANY(%(companies)s)"),
    Part("groupco_account", BY_KEY, lazy("계정")),
    Part("groupco_employee", BY_KEY, lazy("사원")),
    Part("groupco_session", "rtrim(lower(split_part(host, ':', 1)), '.') = ANY(%(hosts)s)"),
    Part("groupco_corporatecards", BY_KEY),
    Part("products_storageuse", BY_KEY),
    Part("products_storageday", BY_KEY, lazy("공용 용량 기록")),
    Part("products_capacityalert", BY_KEY),
    Part("products_addedcapacity", BY_KEY),
    Part("common_answer", BY_ID),
    Part("common_notice", f"{BY_ID} AND kind <> ALL(%(still_told)s)", lazy("알림")),
    Part(
        "common_mail",
        f"{BY_ID} AND NOT (state = 'queued' AND kind = ANY(%(still_told)s))",
        lazy("메일"),
    ),
    Part(
        "common_auditentry",
        f"{BY_ID} AND action <> ALL(%(of_the_contract)s)",
        by="SELECT forget_audit_entries(%(companies)s, %(of_the_contract)s)",
    ),
    # While its company is there, an entry goes after two years (common/accesses.py).
    Part("common_access", BY_ID, by="SELECT forget_accesses_of(%(companies)s)"),
)

# Gone when nobody has to read the bills any more (R: G5); after an expired trial, at once.
CONSOLE: Final = (
    Part("groupco_admin", BY_KEY),
    # Bills are settled by now; what was paid with them stays.
    Part("billing_paymentmethod", BY_ID),
    Part("groupco_billingaddress", BY_KEY),
    Part("groupco_chartplace", BY_KEY),
    Part("groupco_membership", BY_KEY),
    Part("groupco_chartplace", "group_id NOT IN (SELECT group_id FROM groupco_membership)"),
    Part("groupco_group", "id NOT IN (SELECT group_id FROM groupco_membership)"),
    Part("groupco_payer", f"{BY_KEY} OR payer_id = ANY(%(companies)s)"),
    Part("products_phase", BY_KEY),
    Part("products_trial", BY_KEY),
    Part("common_parked", BY_ID),
    Part("common_notice", BY_ID),
    Part("common_mail", f"{BY_ID} AND state <> 'queued'"),
    Part("groupco_company", "id = ANY(%(companies)s)"),
)

# Kept as the law demands, for five years after a company's end.
OF_BILLS: Final = "IN (SELECT id FROM billing_invoice WHERE payer = ANY(%(companies)s))"
OF_PAYMENTS: Final = "IN (SELECT number FROM billing_payment WHERE payer = ANY(%(companies)s))"
OF_REFUNDS: Final = "IN (SELECT number FROM billing_refund WHERE payer = ANY(%(companies)s))"
LEGAL: Final = (
    Part("billing_evidence", "payer = ANY(%(companies)s)"),
    Part("billing_refundoutcome", f"refund_id {OF_REFUNDS}"),
    Part("billing_refund", "payer = ANY(%(companies)s)"),
    Part("billing_paymentoutcome", f"payment_id {OF_PAYMENTS}"),
    Part("billing_payment", "payer = ANY(%(companies)s)"),
    Part("billing_creditnote", f"invoice_id {OF_BILLS}"),
    Part("billing_invoiceline", f"invoice_id {OF_BILLS}"),
    Part("billing_invoice", "payer = ANY(%(companies)s)"),
    Part("billing_daycharge", BY_ID),
    Part(
        "common_auditentry", BY_ID, by="SELECT forget_audit_entries(%(companies)s, ARRAY[]::text[])"
    ),
    Part("common_mail", BY_ID),
)

# Nobody's in particular, each with the reason why it may stay as it is.
STAYS: Final[Mapping[str, str]] = {
    "groupco_takenid": "an id is never handed out again (A3)",
    "groupco_user": "goes with its last link to a company (A5), see groupco.operations.users",
    "groupco_device": "goes with its user; hashed",
    "groupco_secondfactor": "goes with its user; sealed",
    "groupco_recoverycode": "goes with its user; hashed",
    "groupco_user_groups": "Django's, unused",
    "groupco_user_user_permissions": "Django's, unused",
    "billing_mockcharge": "the demo's gateway, empty in earnest: hashed keys and amounts",
    "billing_holiday": "days on which banks are closed, the same for all",
    "products_price": "the catalogue, the same for all",
    "products_deletion": "an id and figures; goes last (G3), see products.operations.deletion",
    "common_jobrun": "days and jobs",
    "common_share": "days and jobs, gone when the night is done",
    "common_throttlecount": "hashed keys, gone when their window is over",
    "common_sentform": "hashed keys, gone after two days",
    "django_admin_log": "Django's, unused: staff's writes stand in the audit log",
    "auth_group": "Django's, unused",
    "auth_group_permissions": "Django's, unused",
    "auth_permission": "names of Django's models",
    "django_content_type": "names of Django's models",
    "django_migrations": "names of migrations",
}

# What goes with a user.
OF_USERS: Final = (
    *("groupco_user", "groupco_device"),
    *("groupco_secondfactor", "groupco_recoverycode"),
)


def delete(parts: Sequence[Part], companies: Collection[str]) -> dict[str, dict[str, int]]:
    """Delete these parts of companies; how many rows by company and table, where that is told."""
    counts: dict[str, dict[str, int]] = {company: {} for company in companies}
    values = {
        "companies": sorted(companies),
        "hosts": [f"{company}.{settings.COMPANY_DOMAIN}" for company in companies],
        "still_told": list(STILL_TOLD),
        "of_the_contract": list(OF_THE_CONTRACT),
    }
    for part in parts:
        if not part.called:
            sql.changed(part.by or f"DELETE FROM {part.table} WHERE {part.rows}", **values)
            continue
        for company, rows in sql.rows(part.counted, **values):
            counts[company][part.table] = rows
    return counts


def in_words(counts: Mapping[str, int]) -> list[tuple[Promise, int]]:
    """What a deletion record says was deleted, in the words of the inventory; all kinds of it."""
    return [(part.called, counts.get(part.table, 0)) for part in DATA if part.called]


def tables(*stages: Sequence[Part]) -> list[str]:
    """The tables that these stages delete rows of companies and their users from, each once."""
    return [*dict.fromkeys(part.table for stage in stages for part in stage), *OF_USERS]


def all_tables() -> set[str]:
    """Every table there may be."""
    return {part.table for part in (*DATA, *CONSOLE, *LEGAL)} | set(STAYS)
