import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models

# The buyer's details out of one JSON into columns.
SPREAD = """
UPDATE billing_invoice SET
    buyer_name = coalesce(buyer->>'name', ''),
    buyer_business_number = coalesce(buyer->>'business_number', ''),
    buyer_representative = coalesce(buyer->>'representative', ''),
    buyer_address = coalesce(buyer->>'address', ''),
    buyer_business_type = coalesce(buyer->>'business_type', ''),
    buyer_business_item = coalesce(buyer->>'business_item', '');
"""
GATHER = """
UPDATE billing_invoice SET buyer = jsonb_build_object('name', buyer_name,
    'business_number', buyer_business_number, 'representative', buyer_representative,
    'address', buyer_address, 'business_type', buyer_business_type,
    'business_item', buyer_business_item);
"""

# A line has its invoice, and an invoice that goes leaves no line behind: what a foreign key says,
# asked once for all rows of a statement. Planned each time, for one row or a hundred thousand.
TRIGGERS = """
CREATE FUNCTION refuse_lines_without_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lost text;
BEGIN
    EXECUTE 'SELECT invoice_id FROM written WHERE NOT EXISTS (
                 SELECT FROM billing_invoice WHERE number = invoice_id) LIMIT 1' INTO lost;
    IF lost IS NOT NULL THEN
        RAISE EXCEPTION 'there is no invoice % that has this line', lost
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'invoice_line_has_invoice';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER invoice_line_has_invoice AFTER INSERT ON billing_invoiceline
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_lines_without_invoice();
CREATE TRIGGER invoice_line_keeps_invoice AFTER UPDATE ON billing_invoiceline
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_lines_without_invoice();

CREATE FUNCTION refuse_to_leave_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_behind text;
BEGIN
    EXECUTE 'SELECT number FROM gone WHERE EXISTS (
                 SELECT FROM billing_invoiceline WHERE invoice_id = number)
             AND NOT EXISTS (SELECT FROM billing_invoice AS kept WHERE kept.number = gone.number)
             LIMIT 1' INTO left_behind;
    IF left_behind IS NOT NULL THEN
        RAISE EXCEPTION 'invoice % has lines', left_behind
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'invoice_line_has_invoice';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER invoice_leaves_no_line AFTER DELETE ON billing_invoice
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_leave_lines();
CREATE TRIGGER invoice_keeps_its_lines AFTER UPDATE ON billing_invoice
    REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_leave_lines();
"""
NO_TRIGGERS = """
DROP TRIGGER invoice_keeps_its_lines ON billing_invoice;
DROP TRIGGER invoice_leaves_no_line ON billing_invoice;
DROP FUNCTION refuse_to_leave_lines();
DROP TRIGGER invoice_line_keeps_invoice ON billing_invoiceline;
DROP TRIGGER invoice_line_has_invoice ON billing_invoiceline;
DROP FUNCTION refuse_lines_without_invoice();
"""

# Django makes a second index of a text key, for LIKE; in the collation "C" the key itself serves it.
ONE_INDEX = "DROP INDEX IF EXISTS billing_invoice_number_b2bb8a8d_like;"
TWO_INDEXES = """
CREATE INDEX billing_invoice_number_b2bb8a8d_like
    ON billing_invoice (number varchar_pattern_ops);
"""


def buyer(name: str, words: str, length: int) -> migrations.AddField:
    return migrations.AddField(
        'invoice',
        f'buyer_{name}',
        models.CharField(words, max_length=length, blank=name != 'name', default=''),
        preserve_default=False,
    )


class Migration(migrations.Migration):
    dependencies = [
        ('billing', '0008_budgets'),
    ]

    operations = [
        buyer('name', '공급받는 자', 100),
        buyer('business_number', '사업자등록번호', 10),
        buyer('representative', '대표자', 60),
        buyer('address', '주소', 200),
        buyer('business_type', '업태', 60),
        buyer('business_item', '종목', 60),
        migrations.AlterField(
            'invoice',
            'buyer',
            models.JSONField(
                '공급받는 자', default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
            ),
        ),
        migrations.RunSQL(SPREAD, GATHER),
        migrations.RemoveField('invoice', 'buyer'),
        migrations.AlterField(
            'invoiceline',
            'invoice',
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name='lines',
                to='billing.invoice',
            ),
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(ONE_INDEX, TWO_INDEXES),
        migrations.AddIndex(
            'invoice',
            django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=['issued_on'], name='invoice_by_day', pages_per_range=16
            ),
        ),
    ]
