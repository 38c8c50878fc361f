"""What a row of a worklist shows of its case, kept with the row."""

from django.db import migrations, models

FILL = """
UPDATE workflows_workitem item SET shown = jsonb_build_object(
    'dwelling', jsonb_build_object(
        'address', dwelling.address, 'complement', dwelling.complement, 'building', dwelling.building,
        'staircase', dwelling.staircase, 'floor', dwelling.floor, 'door', dwelling.door),
    'lessor', (SELECT jsonb_build_object(
            'kind', kind, 'civility', civility, 'first_name', first_name, 'last_name', last_name, 'company', company)
        FROM permis_lessor WHERE application_id = application.id ORDER BY position, id LIMIT 1),
    'days', jsonb_build_object(
        'clock_started_on', application.clock_started_on, 'tacit_on', application.tacit_on, 'held_until', application.held_until,
        'notified_on', application.notified_on, 'respond_by', application.respond_by,
        'receipt_due_on', application.receipt_due_on, 'receipted_on', application.receipted_on),
    'works', (SELECT jsonb_build_object(
            'has_proof', coalesce(bool_or(work.state = 'proof_received'), false),
            'due_on', min(work.due_on) FILTER (WHERE work.state <> 'met'))
        FROM permis_prescribedwork work JOIN permis_decision decision ON decision.id = work.decision_id
        WHERE decision.application_id = application.id)
)
FROM permis_application application LEFT JOIN permis_dwelling dwelling ON dwelling.application_id = application.id
WHERE application.id = item.application_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0008_action_sheet_changed"),
        ("permis", "0016_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="workitem",
            name="shown",
            field=models.JSONField(default=dict, verbose_name="ce que la ligne montre du dossier"),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
