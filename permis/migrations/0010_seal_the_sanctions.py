"""The database itself refuses to change or delete a line of the journal of a sanction, as it does for a case."""

from django.db import migrations

SEAL = """
CREATE TRIGGER permis_sanction_journal_is_append_only BEFORE UPDATE OR DELETE ON permis_sanctionentry
    FOR EACH ROW EXECUTE FUNCTION permis_refuse_journal_change();
"""
UNSEAL = "DROP TRIGGER permis_sanction_journal_is_append_only ON permis_sanctionentry;"


class Migration(migrations.Migration):
    dependencies = [("permis", "0009_law")]

    operations = [migrations.RunSQL(SEAL, UNSEAL)]
