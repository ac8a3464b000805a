from django.db import migrations, models

# Each line gets the day of its invoice.
FILL = """
UPDATE billing_invoiceline AS line SET issued_on = invoice.issued_on
FROM billing_invoice AS invoice WHERE invoice.number = line.invoice_id;
"""

# As before, and of that day: so that only the invoices of the days of what was written are read.
# NOT IN, since the server makes a hash of those however few it takes them for.
TRIGGERS = """
CREATE OR REPLACE FUNCTION refuse_lines_without_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first date;
    last date;
    lost text;
BEGIN
    SELECT min(issued_on), max(issued_on) INTO first, last FROM written;
    EXECUTE 'SELECT invoice_id FROM written WHERE (invoice_id, issued_on) NOT IN (
                 SELECT number, issued_on FROM billing_invoice WHERE issued_on BETWEEN $1 AND $2)
             LIMIT 1' INTO lost USING first, last;
    IF lost IS NOT NULL THEN
        RAISE EXCEPTION 'there is no invoice % that has this line', lost
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'invoice_line_has_invoice';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION refuse_to_leave_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_behind text;
BEGIN
    EXECUTE 'SELECT number FROM gone WHERE EXISTS (
                 SELECT FROM billing_invoiceline AS line
                 WHERE line.issued_on = gone.issued_on AND line.invoice_id = gone.number)
             AND NOT EXISTS (
                 SELECT FROM billing_invoice AS kept
                 WHERE kept.number = gone.number AND kept.issued_on = gone.issued_on)
             LIMIT 1' INTO left_behind;
    IF left_behind IS NOT NULL THEN
        RAISE EXCEPTION 'invoice % has lines', left_behind
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'invoice_line_has_invoice';
    END IF;
    RETURN NULL;
END $$;
"""
TRIGGERS_BEFORE = """
CREATE OR REPLACE FUNCTION refuse_lines_without_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION refuse_to_leave_lines() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

# How many lines a month comes to, which the server would otherwise take for a tenth of the rows: it
# makes room for so many, and a close of very many runs a tenth longer in so much room.
STATISTICS = """
CREATE STATISTICS daycharge_lines (ndistinct)
    ON payer, company, item, plan, cycle, unit_price FROM billing_daycharge;
"""
NO_STATISTICS = "DROP STATISTICS daycharge_lines;"


class Migration(migrations.Migration):
    dependencies = [
        ('billing', '0009_invoices_at_once'),
    ]

    operations = [
        migrations.AddField('invoiceline', 'issued_on', models.DateField('발행일', null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField('invoiceline', 'issued_on', models.DateField('발행일')),
        migrations.RemoveConstraint('invoiceline', 'invoice_line_once'),
        migrations.AddConstraint(
            'invoiceline',
            models.UniqueConstraint(
                fields=[
                    *('issued_on', 'invoice', 'company', 'item', 'plan', 'cycle', 'unit_price'),
                    'period_from',
                ],
                name='invoice_line_once',
                nulls_distinct=False,
            ),
        ),
        migrations.RemoveConstraint('invoice', 'invoice_one_of_a_kind_a_day'),
        migrations.AddConstraint(
            'invoice',
            models.UniqueConstraint(
                fields=['issued_on', 'payer', 'kind'], name='invoice_one_of_a_kind_a_day'
            ),
        ),
        migrations.RemoveIndex('invoice', 'invoice_by_day'),
        migrations.RemoveIndex('invoice', 'invoice_final'),
        migrations.AddIndex('invoice', models.Index(fields=['payer'], name='invoice_by_payer')),
        migrations.RunSQL(TRIGGERS, TRIGGERS_BEFORE),
        migrations.RunSQL(STATISTICS, NO_STATISTICS),
    ]
