from django.db import migrations

# Who saw a company's people goes with them, and only of companies that are marked for deletion.
FORWARD = """
CREATE FUNCTION forget_accesses_of(companies text[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp SET console.removes = 'by law'
AS $$
    WITH gone AS (
        DELETE FROM common_access
        WHERE company = ANY(companies) AND company IN (SELECT company FROM products_deletion)
        RETURNING 1
    )
    SELECT count(*) FROM gone
$$;
REVOKE EXECUTE ON FUNCTION forget_accesses_of(text[]) FROM PUBLIC;
"""
BACKWARD = "DROP FUNCTION forget_accesses_of(text[])"


class Migration(migrations.Migration):
    dependencies = [
        ('products', '0006_forget_audit_entries'),
        ('common', '0007_access_log'),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
