from django.db import migrations

# Entries are added and never changed, whoever asks. What removes them for the law's sake says so by
# a setting that a function of the database holds for as long as it runs (docs/adr/0021).
FORWARD = """
CREATE FUNCTION refuse_unless_by_law() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' AND current_setting('console.removes', true) = 'by law' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON common_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_unless_by_law();
ALTER TABLE common_auditentry ENABLE ALWAYS TRIGGER append_only;
"""
BACKWARD = """
DROP TRIGGER append_only ON common_auditentry;
DROP FUNCTION refuse_unless_by_law();
"""


class Migration(migrations.Migration):
    dependencies = [
        ('common', '0005_refused_addresses'),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
