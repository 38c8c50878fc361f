"""The database itself refuses a clean file that no scan found clean, and a scan that changes."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE FUNCTION documents_refuse_unscanned_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM documents_scan WHERE file_id = NEW.id AND verdict = 'clean' AND sha256 = NEW.sha256
    ) THEN
        RAISE EXCEPTION 'A file is clean only by a scan of these very bytes.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER documents_clean_means_scanned BEFORE INSERT OR UPDATE OF state, sha256 ON documents_storedfile
    FOR EACH ROW WHEN (NEW.state = 'clean') EXECUTE FUNCTION documents_refuse_unscanned_file();

CREATE FUNCTION documents_refuse_scan_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What an engine said does not change.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER documents_scan_never_changes BEFORE UPDATE ON documents_scan
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_scan_change();
"""
UNGUARD = """
DROP TRIGGER documents_clean_means_scanned ON documents_storedfile;
DROP FUNCTION documents_refuse_unscanned_file();
DROP TRIGGER documents_scan_never_changes ON documents_scan;
DROP FUNCTION documents_refuse_scan_change();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_examined_files")]

    operations = [
        migrations.AlterField(
            model_name="scan",
            name="file",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="scans", to="documents.storedfile"),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
