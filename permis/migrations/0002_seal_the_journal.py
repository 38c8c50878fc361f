"""The database itself refuses to change or delete a line of the journal."""

from django.db import migrations

SEAL = """
CREATE FUNCTION permis_refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER permis_journal_is_append_only BEFORE UPDATE OR DELETE ON permis_entry
    FOR EACH ROW EXECUTE FUNCTION permis_refuse_journal_change();
"""
UNSEAL = """
DROP TRIGGER permis_journal_is_append_only ON permis_entry;
DROP FUNCTION permis_refuse_journal_change();
"""


class Migration(migrations.Migration):
    dependencies = [("permis", "0001_initial")]

    operations = [migrations.RunSQL(SEAL, UNSEAL)]
