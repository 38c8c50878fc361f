"""The database itself refuses to change or delete what was entered during a visit."""

from django.db import migrations, models

SEAL = """
CREATE FUNCTION inspections_refuse_entry_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was entered during a visit is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER inspections_entries_are_append_only BEFORE UPDATE OR DELETE ON inspections_entry
    FOR EACH ROW EXECUTE FUNCTION inspections_refuse_entry_change();
"""
UNSEAL = """
DROP TRIGGER inspections_entries_are_append_only ON inspections_entry;
DROP FUNCTION inspections_refuse_entry_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0003_entries_and_editions"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="is_late",
            field=models.BooleanField(default=False, verbose_name="arrivée après le compte rendu"),
        ),
        migrations.RunSQL(SEAL, UNSEAL),
    ]
