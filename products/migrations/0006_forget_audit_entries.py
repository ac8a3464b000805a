from django.db import migrations

# The one way to remove entries of the audit log: only of companies that are marked for deletion,
# and without the actions that are to be kept.
FORWARD = """
CREATE FUNCTION forget_audit_entries(companies text[], kept text[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp SET console.removes = 'by law'
AS $$
    WITH gone AS (
        DELETE FROM common_auditentry
        WHERE company = ANY(companies) AND action <> ALL(kept)
          AND company IN (SELECT company FROM products_deletion)
        RETURNING 1
    )
    SELECT count(*) FROM gone
$$;
REVOKE EXECUTE ON FUNCTION forget_audit_entries(text[], text[]) FROM PUBLIC;
"""
BACKWARD = "DROP FUNCTION forget_audit_entries(text[], text[])"


class Migration(migrations.Migration):
    dependencies = [
        ('products', '0005_deletion_record'),
        ('common', '0006_append_only'),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
