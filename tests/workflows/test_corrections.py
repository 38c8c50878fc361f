"""A corrected date computes everything again, in both directions."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import Role
from permis.correction import ContradictoryDate, Correctable
from permis.enums import Ground, Means, Outcome, State
from permis.models import Application
from permis.models.journal import Event
from tests import factories
from tests.workflows.test_actions import DEPOSIT, NOTICE, WORK, authority, draft, file, open_tasks, reviewed, signed, staff
from workflows.actions import clock, corrections, notification

__all__ = ["authority", "draft", "staff"]
pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 20)


def correct(case, which, to, staff, on=TODAY):
    return corrections.correct_date(case, which=which, to=to, reason="Tampon mal lu", by=staff, on=on)


def test_a_corrected_reception_moves_the_last_day_and_the_worklist(draft, staff):
    case = correct(file(draft), Correctable.RECEPTION, date(2026, 2, 26), staff, on=DEPOSIT)
    assert (case.clock_started_on, case.tacit_on) == (date(2026, 2, 26), date(2026, 3, 26))
    assert case.work_items.get().legal_date == date(2026, 3, 26)
    line = case.journal.get(event=Event.DATE_CORRECTED)
    assert (line.author, line.facts["before"], line.facts["after"]) == (staff, "2026-03-02", "2026-02-26")
    assert line.facts["sent"] == ["Accusé d’enregistrement du 02/03/2026"]


def test_a_presentation_that_was_late_gives_the_permit_back_to_silence(draft, staff):
    case = signed(draft, staff, Outcome.REFUSED, grounds=[Ground.DECENCY], works=[WORK])
    case = notification.notify(case, means=Means.REGISTERED_LETTER, notified_on=NOTICE, by=staff, on=NOTICE)
    case = correct(case, Correctable.NOTIFICATION, date(2026, 4, 3), staff)
    assert (case.state, case.notified_on, case.valid_until) == (State.GRANTED_TACIT, None, date(2028, 4, 2))
    # What had not been done is known, for the figures, and for whoever corrects the date again.
    assert case.state_before_silence == State.DECISION_SIGNED


def test_a_month_that_was_not_over_opens_the_case_again(draft, staff):
    case = clock.grant_tacitly(reviewed(draft, staff), on=date(2026, 4, 3))
    assert open_tasks(case) == set()
    case = correct(case, Correctable.RECEPTION, date(2026, 3, 25), staff)
    assert (case.state, case.tacit_on, case.valid_until) == (State.UNDER_REVIEW, date(2026, 4, 25), None)
    assert open_tasks(case) == {"check_answer", "plan_visit"}


def test_a_grant_keeps_its_outcome_and_changes_its_term(draft, staff):
    case = notification.notify(signed(draft, staff), means=Means.HAND, notified_on=NOTICE, by=staff, on=NOTICE)
    case = correct(case, Correctable.NOTIFICATION, date(2026, 3, 19), staff)
    assert (case.state, case.valid_until) == (State.GRANTED, date(2028, 3, 19))


@pytest.mark.parametrize(
    ("which", "to", "message"),
    [
        (Correctable.RECEPTION, date(2026, 5, 1), "dans le futur"),
        (Correctable.COMPLETION, date(2026, 3, 5), "n’a pas de date"),
        (Correctable.NOTIFICATION, date(2026, 3, 17), "précéder la signature"),
    ],
)
def test_a_contradictory_date_is_refused_and_changes_nothing(draft, staff, which, to, message):
    case = notification.notify(signed(draft, staff), means=Means.HAND, notified_on=NOTICE, by=staff, on=NOTICE)
    with pytest.raises(ContradictoryDate, match=message):
        correct(case, which, to, staff)
    assert Application.objects.get(pk=case.pk).notified_on == NOTICE


def test_only_a_manager_corrects(draft, authority):
    with pytest.raises(PermissionDenied):
        correct(file(draft), Correctable.RECEPTION, DEPOSIT, factories.member(authority, Role.OFFICER))
