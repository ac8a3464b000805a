"""What must never be in the database is refused by the database itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from groupco.models import Group
from tests import companies
from workplace_console import daily
from workplace_console.common import sql

pytestmark = pytest.mark.django_db

METHODS = """INSERT INTO billing_paymentmethod
    (company, way, is_default, sealed_key, brand, last_four, depositor, starts_on, ends_on)
    SELECT 'acme', '{way}', {is_default}, '{key}', '', '', '', '2026-01-01', '9999-12-31'
    FROM generate_series(1, 2)"""
PAYMENTS = """INSERT INTO billing_payment
    (number, payer, invoice_id, way, amount, "on", sequence, key, attempt, brand, last_four,
     depositor, created_at)
    SELECT 'p' || n, 'acme', id, '{way}', {amount}, '2026-02-01', n, {key}, {attempt}, '', '',
           '', now()
    FROM billing_invoice CROSS JOIN generate_series(1, 2) AS n WHERE payer = 'acme'"""
PAID = (
    PAYMENTS.format(key="NULL", attempt="NULL", amount=1, way="transfer").replace("1, 2", "1, 1")
    + " RETURNING number, payer"
)
REFUNDS = f"""WITH paid AS ({PAID}) INSERT INTO billing_refund
    (number, payment_id, payer, amount, "left", "on", sequence, reason, created_at)
    SELECT 'r', number, payer, {{amount}}, 1, '2026-02-01', 1, '', now() FROM paid"""

APPS = """INSERT INTO groupco_secondfactor
    (user_id, kind, name, sealed_secret, credential, counter, added_at)
    SELECT id, '{kind}', '', {secret}, {credential}, 0, now()
    FROM groupco_user CROSS JOIN generate_series(1, 2)"""

# Each breaks one promise, on a company that is paid from 2026-01-31 with one account. There is a
# group that nobody is in.
# A transfer of a won for acme's bill, and evidence for it; the second is forbidden.
EVIDENCE = """WITH paid AS (INSERT INTO billing_payment
        (number, payer, invoice_id, way, amount, "on", sequence, brand, last_four, depositor, key,
         attempt, created_at)
        SELECT 'paid', 'acme', id, '{way}', 1, '2026-02-01', 9, '', '', '',
               CASE '{way}' WHEN 'card' THEN 'k' END, CASE '{way}' WHEN 'card' THEN 0 END, now()
        FROM billing_invoice WHERE number = 'acme-202602-1'
        RETURNING number, invoice_id)
    INSERT INTO billing_evidence (kind, invoice_id, payer, payment_id, way, supply, vat, purpose,
        sealed_identity, identity_hint, number, written_on, asked_on, issued_on, refused_on,
        cancelled_on, reason, created_at)
    SELECT kind, invoice_id, 'acme', CASE kind WHEN 'cash_receipt' THEN paid.number END,
        CASE kind WHEN 'cash_receipt' THEN 'transfer' END, {supply}, 0,
        CASE kind WHEN 'cash_receipt' THEN '{purpose}' ELSE '' END, {sealed}, '', paper.number,
        CASE kind WHEN 'tax_invoice' THEN '2026-02-01'::date END, '2026-02-01', issued::date,
        {refused}, {cancelled}, '', now()
    FROM paid CROSS JOIN (VALUES {rows}) AS paper (kind, number, issued)"""
ASKED, TAXED = "('cash_receipt', '', NULL)", "('tax_invoice', 't{}', '2026-02-01')"


def evidence(*rows: str, **other: str) -> str:
    values = {"way": "transfer", "supply": "1", "purpose": "income", "sealed": "''"}
    values |= {"refused": "NULL::date", "cancelled": "NULL::date"}
    return EVIDENCE.format(rows=", ".join(rows), **values | other)


FORBIDDEN = {
    "payer_one_a_day": """INSERT INTO groupco_payer (company_id, payer_id, starts_on, ends_on)
        VALUES ('acme', 'other', '2026-05-01', '2026-05-01')""",
    "groupco_payer_days_in_order": """UPDATE groupco_payer SET ends_on = '2025-12-31'
        WHERE company_id = 'acme'""",
    "phase_one_a_day": """INSERT INTO products_phase
        (company_id, plan, cycle, starts_on, ends_on, contract_from, applied_on)
        VALUES ('acme', 2, 1, '2027-01-01', '2027-01-31', '2027-01-01', '2026-01-01')""",
    "application_one_open_a_company": """WITH row AS (
            INSERT INTO groupco_groupapplication (kind, applicant_id, applied_on, outcome, reason)
            VALUES ('form', 'acme', '2026-02-01', '', '') RETURNING id)
        INSERT INTO groupco_applicationcompany (application_id, company_id, given_id, given_number,
            corrected_id, corrected_number, is_applicant, is_open)
        SELECT id, 'acme', '', '', '', '', true, true FROM row CROSS JOIN generate_series(1, 2)""",
    "application_agreed_by_somebody": """WITH row AS (
            INSERT INTO groupco_groupapplication (kind, applicant_id, applied_on, outcome, reason)
            VALUES ('form', 'acme', '2026-02-01', '', '') RETURNING id)
        INSERT INTO groupco_applicationcompany (application_id, given_id, given_number,
            corrected_id, corrected_number, is_applicant, is_open, agreed_on)
        SELECT id, '', '', '', '', true, true, '2026-02-01' FROM row""",
    "application_closed_has_outcome": """INSERT INTO groupco_groupapplication
        (kind, applicant_id, applied_on, outcome, reason, closed_on)
        VALUES ('form', 'acme', '2026-02-01', '', '', '2026-02-02')""",
    "application_steps_in_order": """INSERT INTO groupco_groupapplication
        (kind, applicant_id, applied_on, outcome, reason, matched_on)
        VALUES ('form', 'acme', '2026-02-01', '', '', '2026-02-02')""",
    "membership_one_group_a_day": """WITH formed AS (
            INSERT INTO groupco_group (formed_on, order_version, scope_version)
            VALUES ('2026-02-01', 0, 0), ('2026-02-01', 0, 0) RETURNING id)
        INSERT INTO groupco_membership (group_id, company_id, is_representative, starts_on, ends_on)
        SELECT id, 'acme', false, '2026-02-01', '9999-12-31' FROM formed""",
    "membership_one_representative_a_day": """INSERT INTO groupco_membership
        (group_id, company_id, is_representative, starts_on, ends_on)
        SELECT formed.id, company.id, true, '2026-02-01', '9999-12-31'
        FROM groupco_group AS formed CROSS JOIN groupco_company AS company""",
    "added_capacity_one_a_day": """INSERT INTO products_addedcapacity
        (company_id, starts_on, ends_on, count)
        SELECT 'acme', '2026-02-01', '2026-02-03', 1 FROM generate_series(1, 2)""",
    "added_capacity_some": """INSERT INTO products_addedcapacity
        (company_id, starts_on, ends_on, count) VALUES ('acme', '2026-02-01', '2026-02-03', 0)""",
    "storage_use_once": """INSERT INTO products_storageuse
        (company_id, category, bytes, reported_on)
        SELECT 'acme', 'board', 1, '2026-02-01' FROM generate_series(1, 2)""",
    "credit_note_adds_up": """INSERT INTO billing_creditnote
        (number, invoice_id, payer, issued_on, sequence, supply, vat, total, reason, created_at)
        SELECT 'c', id, payer, issued_on, 1, 10, 1, 12, '', now() FROM billing_invoice""",
    "phase_within_contract": "UPDATE products_phase SET contract_from = '2026-02-02'",
    "trial_days_in_order": "UPDATE products_trial SET ends_on = '2025-12-31'",
    "headcount_one_a_day": """INSERT INTO groupco_headcount (company_id, starts_on, ends_on, count)
        VALUES ('acme', '2026-02-01', '2026-02-01', 7)""",
    "account_once_a_person_and_day": """INSERT INTO groupco_account
        (company_id, employee_id, registered_on, excluded_on)
        SELECT company_id, employee_id, '2026-03-01', NULL FROM groupco_account
        WHERE company_id = 'acme'""",
    "account_days_in_order": "UPDATE groupco_account SET excluded_on = '2025-12-31'",
    "admin_once_a_company": """INSERT INTO groupco_admin
        (user_id, company_id, role, notices_read_to)
        SELECT user_id, company_id, 'viewer', 0 FROM groupco_admin""",
    "invitation_once_an_address": """INSERT INTO groupco_invitation
        (company_id, email, role, nonce, invited_on, expires_on)
        SELECT 'acme', 'a@b.c', 'viewer', '', now(), now() FROM generate_series(1, 2)""",
    "invitation_email_lower_case": """INSERT INTO groupco_invitation
        (company_id, email, role, nonce, invited_on, expires_on)
        VALUES ('acme', 'A@b.c', 'viewer', '', now(), now())""",
    "invitation_days_in_order": """INSERT INTO groupco_invitation
        (company_id, email, role, nonce, invited_on, expires_on)
        VALUES ('acme', 'a@b.c', 'viewer', '', '2026-01-02', '2026-01-01')""",
    "billing_address_once": """INSERT INTO groupco_billingaddress (company_id, email, topics)
        SELECT 'acme', 'a@b.c', '{bills}' FROM generate_series(1, 2)""",
    "billing_address_lower_case": """INSERT INTO groupco_billingaddress (company_id, email, topics)
        VALUES ('acme', 'A@b.c', '{bills}')""",
    "billing_address_topics_known": """INSERT INTO groupco_billingaddress
        (company_id, email, topics) VALUES ('acme', 'a@b.c', '{}')""",
    "one_app_a_user": APPS.format(kind="app", secret="'s'", credential="''"),
    "passkey_once_a_user": APPS.format(kind="passkey", secret="''", credential="'c'"),
    "second_factor_has_what_it_shows": APPS.format(kind="app", secret="''", credential="'c'"),
    "recovery_code_once_a_user": """INSERT INTO groupco_recoverycode (user_id, hash)
        SELECT id, 'h' FROM groupco_user CROSS JOIN generate_series(1, 2)""",
    "device_once_a_user": """INSERT INTO groupco_device (user_id, key, place, seen_at)
        SELECT id, 'k', n::text, now() FROM groupco_user CROSS JOIN generate_series(1, 2) AS n""",
    "user_staff_roles_known": "UPDATE groupco_user SET staff_roles = '{support,king}'",
    "employee_number_once": """INSERT INTO groupco_employee
        (company_id, number, name, email, is_workplace_admin)
        SELECT company_id, number, '', '', false FROM groupco_employee""",
    "department_name_once": """INSERT INTO groupco_department (company_id, name, code, position)
        SELECT 'acme', '개발본부', '', n FROM generate_series(1, 2) AS n""",
    "department_code_once": """INSERT INTO groupco_department (company_id, name, code, position)
        SELECT 'acme', n, 'D1', n FROM generate_series(1, 2) AS n""",
    "department_not_below_itself": """INSERT INTO groupco_department
        (id, parent_id, company_id, name, code, position) VALUES (7, 7, 'acme', 'x', '', 0)""",
    "department_parent_of_its_company": """INSERT INTO groupco_department
        (id, parent_id, company_id, name, code, position)
        VALUES (7, NULL, 'other', 'x', '', 0), (8, 7, 'acme', 'x', '', 0);
        SET CONSTRAINTS ALL IMMEDIATE""",
    "posting_once": """INSERT INTO groupco_posting (employee_id, title, is_main, posted_on)
        SELECT id, '', false, '2026-02-01' FROM groupco_employee, generate_series(1, 2)""",
    "posting_one_main": """WITH made AS (INSERT INTO groupco_department
            (company_id, name, code, position) VALUES ('acme', 'x', '', 0), ('acme', 'y', '', 0)
            RETURNING id)
        INSERT INTO groupco_posting (employee_id, department_id, title, is_main, posted_on)
        SELECT employee.id, made.id, '', true, '2026-02-01'
        FROM groupco_employee AS employee, made""",
    "chart_place_once": """INSERT INTO groupco_chartplace
        (group_id, company_id, position, scope)
        SELECT id, 'acme', n, 'own' FROM groupco_group, generate_series(1, 2) AS n""",
    "chart_place_one_position": """INSERT INTO groupco_chartplace
        (group_id, company_id, position, scope)
        SELECT formed.id, company.id, 0, 'own'
        FROM groupco_group AS formed, groupco_company AS company""",
    "chart_place_not_below_itself": """INSERT INTO groupco_chartplace
        (group_id, company_id, parent_id, position, scope)
        SELECT id, 'acme', 'acme', 0, 'own' FROM groupco_group""",
    "chart_place_below_a_company": """INSERT INTO groupco_chartplace
        (group_id, company_id, parent_id, position, scope)
        SELECT id, 'acme', 'nobody', 0, 'own' FROM groupco_group""",
    "chart_place_scope_known": """INSERT INTO groupco_chartplace
        (group_id, company_id, position, scope) SELECT id, 'acme', 0, 'all' FROM groupco_group""",
    "user_email_lower_case": "UPDATE groupco_user SET email = 'A@acme.example'",
    "price_one_a_day": """INSERT INTO products_price (item, plan, cycle, starts_on, unit_price)
        SELECT item, plan, cycle, starts_on, 1 FROM products_price WHERE item = 2""",
    "price_seat_has_plan": """INSERT INTO products_price (item, starts_on, unit_price)
        VALUES (1, '2026-01-01', 1)""",
    "billing_daycharge_pkey": """INSERT INTO billing_daycharge
        SELECT * FROM billing_daycharge LIMIT 1""",
    "day_charge_of_something": "UPDATE billing_daycharge SET quantity = 0",
    "day_charge_in_its_period": "UPDATE billing_daycharge SET period_to = '2025-12-31'",
    "invoice_one_of_a_kind_a_day": """INSERT INTO billing_invoice
        (number, payer, issued_on, due_on, kind, sequence, period_from, period_to, supply, vat,
         total, buyer_name, buyer_business_number, buyer_representative, buyer_address,
         buyer_business_type, buyer_business_item, supplier, created_at)
        SELECT 'x', payer, issued_on, due_on, kind, 2, period_from, period_to, supply, vat, total,
               '', '', '', '', '', '', supplier, created_at FROM billing_invoice
        WHERE payer = 'acme'""",
    "invoice_number_once": "UPDATE billing_invoice SET number = 'acme-202602-1'",
    "invoice_due_after_issue": "UPDATE billing_invoice SET due_on = issued_on",
    "payment_method_one_default": METHODS.format(way="card", is_default="true", key="k"),
    "payment_method_one_transfer": METHODS.format(way="transfer", is_default="false", key=""),
    "payment_method_key_of_a_card": METHODS.format(way="transfer", is_default="false", key="k"),
    "payment_of_something": PAYMENTS.format(key="NULL", attempt="NULL", amount=0, way="transfer"),
    "payment_once_an_attempt": PAYMENTS.format(key="'k' || n", attempt="0", amount=1, way="card"),
    "payment_by_card_has_a_key": PAYMENTS.format(key="NULL", attempt=0, amount=1, way="card"),
    "billing_payment_key": PAYMENTS.format(key="'k'", attempt="n", amount=1, way="card"),
    "payment_outcome_once": f"""WITH paid AS ({PAID})
        INSERT INTO billing_paymentoutcome (payment_id, state, "on", gateway_id, reason, at)
        SELECT number, 'done', '2026-02-01', '', '', now()
        FROM paid CROSS JOIN generate_series(1, 2)""",
    "mock_charge_cancelled_at_most": """INSERT INTO billing_mockcharge
        (key, amount, is_made, cancelled, reasons) VALUES ('k', 1, true, 2, '[]')""",
    "refund_of_what_was_paid": REFUNDS.format(amount=2),
    "refund_outcome_once": REFUNDS.format(amount=1).replace(
        "INSERT INTO billing_refund\n", ", refund AS (INSERT INTO billing_refund\n", 1
    )
    + """ RETURNING number)
        INSERT INTO billing_refundoutcome (refund_id, state, "on", gateway_id, reason, at)
        SELECT number, 'done', '2026-02-01', '', '', now()
        FROM refund CROSS JOIN generate_series(1, 2)""",
    "parked_once": """INSERT INTO common_parked (job, day, company, reason, detail, since, tried_at)
        SELECT 'charge', '2026-01-01', 'acme', '', '', now(), now() FROM generate_series(1, 2)""",
    "invoice_adds_up": "UPDATE billing_invoice SET total = total + 1",
    "invoice_days_in_order": "UPDATE billing_invoice SET period_to = '2025-01-01'",
    "invoice_line_once": """INSERT INTO billing_invoiceline (invoice_id, company, item, plan,
            cycle, unit_price, period_from, period_to, quantity_days, days_in_period, amount)
        SELECT invoice_id, company, item, plan, cycle, unit_price, period_from, period_to,
               quantity_days, days_in_period, amount
        FROM billing_invoiceline LIMIT 1""",
    "invoice_line_has_invoice": "UPDATE billing_invoiceline SET invoice_id = 0",
    "invoice_line_rounded_down": "UPDATE billing_invoiceline SET amount = amount + 1",
    "budget_one_a_day": """INSERT INTO billing_budget (company, amount, starts_on, ends_on)
        SELECT 'acme', 1, '2026-01-01', '9999-12-31' FROM generate_series(1, 2)""",
    "budget_of_something": """INSERT INTO billing_budget (company, amount, starts_on, ends_on)
        VALUES ('acme', 0, '2026-01-01', '9999-12-31')""",
    "budget_alert_once": """INSERT INTO billing_budgetalert (company, month, kind, percent, "on")
        SELECT 'acme', '2026-01-01', 'actual', 80, '2026-01-02' FROM generate_series(1, 2)""",
    "evidence_one_kind_a_bill": evidence(ASKED, TAXED.format(1)),
    "evidence_one_a_transfer": evidence(ASKED, ASKED),
    "evidence_one_tax_invoice": evidence(TAXED.format(1), TAXED.format(2)),
    "evidence_number_once": evidence(TAXED.format(1), TAXED.format(1), cancelled="'2026-02-02'"),
    "evidence_as_its_kind": evidence(ASKED, purpose=""),
    "evidence_of_something": evidence(ASKED, supply="0"),
    "evidence_issued_has_number": evidence("('cash_receipt', '', '2026-02-01')"),
    "evidence_identity_forgotten": evidence(ASKED, sealed="'s'", refused="'2026-02-01'"),
    "evidence_days_in_order": evidence(ASKED, cancelled="'2026-01-01'"),
    "evidence_of_a_transfer": evidence(ASKED, way="card"),
    "share_once": """INSERT INTO common_share (job, day, number, "of", is_done)
        SELECT 'charge', '2026-02-02', 1, 2, false FROM generate_series(1, 2)""",
    "job_run_once_a_day": """INSERT INTO common_jobrun (job, day, at)
        SELECT job, day, at FROM common_jobrun LIMIT 1""",
    "deletion_never_early": """INSERT INTO products_deletion
        (company, reason, marked_on, due_on, done_on, counts, marked_at)
        VALUES ('acme', 'terminated', '2026-01-01', '2026-01-02', '2026-01-01', '{}', now())""",
    "api_token_scopes_known": """INSERT INTO groupco_apitoken
        (company_id, name, hash, hint, scopes, issued_on)
        VALUES ('acme', '', 'x', '', '{cards,everything}', '2026-01-01')""",
    "api_token_days_in_order": """INSERT INTO groupco_apitoken
        (company_id, name, hash, hint, scopes, issued_on, withdrawn_on)
        VALUES ('acme', '', 'x', '', '{cards}', '2026-01-02', '2026-01-01')""",
    "groupco_apitoken_hash": """INSERT INTO groupco_apitoken (name, hash, hint, scopes, issued_on)
        SELECT '', 'x', '', '{cards}', '2026-01-01' FROM generate_series(1, 2)""",
    "common_mail_key": "UPDATE common_mail SET key = 'the same'",
    "common_notice_key": "UPDATE common_notice SET key = 'the same'",
    "mail_sent_has_time": "UPDATE common_mail SET state = 'sent'",
}


@pytest.fixture(scope="class")
def two_paying_companies(kept_for_class: None) -> None:
    for company_id in ("acme", "other"):
        companies.paid(company_id, on=date(2026, 1, 31))
    Group.objects.create(formed_on=date(2026, 2, 1))
    daily.run(until=date(2026, 2, 1))


@pytest.mark.usefixtures("two_paying_companies")
class TestForbidden:
    @pytest.mark.parametrize("name", FORBIDDEN)
    def test_the_database_refuses(self, name: str) -> None:
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            sql.changed(FORBIDDEN[name])

        diagnosis: Any = refused.value.__cause__
        assert diagnosis.diag.constraint_name.startswith(name)

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM billing_invoice WHERE payer = 'acme'",
            "UPDATE billing_invoice SET id = -id",
            """INSERT INTO billing_invoiceline (invoice_id, company, item, unit_price,
                   period_from, period_to, quantity_days, days_in_period, amount)
               VALUES (0, 'acme', 2, 31, '2026-01-01', '2026-01-31', 1, 31, 1)""",
            "UPDATE billing_invoiceline SET invoice_id = -invoice_id",
        ],
        ids=["bill deleted", "bill's key changed", "line of no bill", "line moved"],
    )
    def test_no_line_is_ever_without_its_bill(self, statement: str) -> None:
        with pytest.raises(IntegrityError, match="invoice") as refused, transaction.atomic():
            sql.changed(statement)

        diagnosis: Any = refused.value.__cause__
        assert diagnosis.diag.constraint_name == "invoice_line_has_invoice"


def test_every_constraint_of_ours_is_tried() -> None:
    ours = {
        constraint.name
        for app in ("common", "groupco", "products", "billing")
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }
    # The same check of Dated stands in several tables; one of them is tried.
    assert {n for n in ours - set(FORBIDDEN) if not n.endswith("_days_in_order")} == set()
