"""What a case and all that hangs from it say today, read at once: for its open tasks, its rows of the worklists and its figures.

One statement, written as it is sent: an action asks it once, a recount asks it of thousands of cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from documents.enums import Verdict
from inspections.enums import VisitState
from permis.enums import ConditionState
from permis.models import Application

# One case: a column of `_CASES` by its name. Days and hours inside a list of objects are texts, as JSON has them.
Standing = dict[str, Any]

# `shown` is what a row of a list shows of the case without filtering or sorting by it; `visits` are those that were not cancelled,
# `defects` what those that were done have found, `severities` what any of them has; `kept_…` is what `statistics.tally` wrote last.
_CASES = """
SELECT
    application.id AS pk, application.authority_id, application.commune_id, application.regime, application.state, application.channel,
    application.outcome, application.mode, application.state_before_silence, application.received_on, application.clock_started_on,
    application.completed_on, application.tacit_on, application.receipt_due_on, application.notified_on, application.valid_until,
    application.lifted_on, application.ended_on, application.reexamined_on,
    authority.time_zone,
    dwelling.dpe_class AS energy, dwelling.dpe_adjusted_class AS adjusted,
    decision.grounds, decision.visas_required,
    json_build_object(
        'dwelling', json_build_object(
            'address', dwelling.address, 'complement', dwelling.complement, 'building', dwelling.building,
            'staircase', dwelling.staircase, 'floor', dwelling.floor, 'door', dwelling.door),
        'lessor', (SELECT json_build_object(
                'kind', kind, 'civility', civility, 'first_name', first_name, 'last_name', last_name, 'company', company)
            FROM permis_lessor WHERE application_id = application.id ORDER BY position, id LIMIT 1),
        'days', json_build_object(
            'clock_started_on', application.clock_started_on, 'tacit_on', application.tacit_on, 'held_until', application.held_until,
            'notified_on', application.notified_on, 'respond_by', application.respond_by,
            'receipt_due_on', application.receipt_due_on, 'receipted_on', application.receipted_on),
        'works', (SELECT json_build_object(
                'has_proof', coalesce(bool_or(work.state = %(proof)s), false),
                'due_on', min(work.due_on) FILTER (WHERE work.state <> %(met)s))
            FROM permis_prescribedwork work WHERE work.decision_id = decision.id)
    ) AS shown,
    EXISTS (SELECT FROM documents_piece
        WHERE application_id = application.id AND replaced_on IS NULL AND verdict = %(pending)s) AS awaits_verdict,
    ARRAY(SELECT json_build_object('state', work.state, 'due_on', work.due_on)
        FROM permis_prescribedwork work WHERE work.decision_id = decision.id ORDER BY work.id) AS works,
    ARRAY(SELECT json_build_object(
            'state', visit.state, 'purpose', visit.purpose, 'at', visit.starts_at, 'reported_on', visit.reported_on,
            'inspector', visit.inspector_id)
        FROM inspections_visit visit
        WHERE visit.application_id = application.id AND visit.state <> %(cancelled)s ORDER BY visit.id) AS visits,
    ARRAY(SELECT json_build_object('code', finding.code, 'on', visit.reported_on)
        FROM inspections_finding finding JOIN inspections_visit visit ON visit.id = finding.visit_id
        WHERE visit.application_id = application.id AND visit.state = %(done)s ORDER BY finding.id) AS defects,
    ARRAY(SELECT DISTINCT finding.severity
        FROM inspections_finding finding JOIN inspections_visit visit ON visit.id = finding.visit_id
        WHERE visit.application_id = application.id) AS severities,
    ARRAY(SELECT json_build_object('on', requested_on, 'late', is_late)
        FROM permis_piecerequest WHERE application_id = application.id AND required ORDER BY id) AS requests,
    ARRAY(SELECT json_build_object('kind', appeal.kind, 'state', appeal.state, 'on', appeal.received_on)
        FROM permis_appeal appeal WHERE appeal.application_id = application.id ORDER BY appeal.id) AS appeals,
    kept.commune_id AS kept_commune, kept.regime AS kept_regime, kept.lines AS kept_lines, kept.counts AS kept_counts
FROM permis_application application
JOIN territories_authority authority ON authority.id = application.authority_id
LEFT JOIN permis_dwelling dwelling ON dwelling.application_id = application.id
LEFT JOIN permis_decision decision ON decision.application_id = application.id
LEFT JOIN workflows_casetally kept ON kept.application_id = application.id
WHERE application.id = ANY(%(cases)s)
ORDER BY application.id
"""


def of(application: Application) -> Standing:
    """What its row and those that hang from it say in the database, whatever the object in hand says."""
    return of_each([application.pk])[0]


def of_each(cases: Sequence[int]) -> list[Standing]:
    """The cases of these keys, by key."""
    asked: dict[str, Any] = {
        "cases": list(cases),
        "pending": Verdict.PENDING,
        "cancelled": VisitState.CANCELLED,
        "done": VisitState.DONE,
        "proof": ConditionState.PROOF_RECEIVED,
        "met": ConditionState.MET,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CASES, asked)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
