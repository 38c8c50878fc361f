"""What a landlord commits to in writing: an act, a line of the journal, and evidence that the decision cites."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from documents.enums import ActKind
from notifications.enums import Kind
from notifications.models import Message
from permis import guards
from permis.enums import Outcome, State
from permis.models import Application, Commitment
from permis.models.journal import Event
from tests import factories
from tests.workflows.desk import words
from tests.workflows.test_actions import CHECK, DRAFT, SIGN, reviewed, visited
from workflows.actions import commitments, decision
from workflows.actions.commitments import CommitmentInThePast

pytestmark = pytest.mark.django_db
PROMISE = {"text": "Poser un extracteur d’air.\n\nRefaire le joint.", "due_on": date(2026, 9, 1), "name": "Hélène Duprat"}


@pytest.fixture
def staff_of(case):
    return factories.member(case.authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


def test_a_commitment_is_kept_as_an_act_and_told_to_the_service(case, staff_of):
    under_review = reviewed(case, staff_of)
    deadline = under_review.tacit_on
    commitment = commitments.commit_to_works(under_review, **PROMISE, by=case.applicant, on=CHECK)

    act = under_review.acts.get(kind=ActKind.WORKS_COMMITMENT)
    assert [block["text"] for block in act.content["blocks"] if "extracteur" in block["text"]] == ["Poser un extracteur d’air."]
    assert under_review.journal.get(event=Event.WORKS_COMMITTED).facts["commitment"] == commitment.pk
    assert Message.objects.get(kind=Kind.WORKS_COMMITTED).recipient == staff_of.email
    under_review = Application.objects.get(pk=case.pk)
    assert (under_review.state, under_review.tacit_on) == (State.UNDER_REVIEW, deadline)


def test_the_decision_cites_it(case, staff_of):
    seen = visited(case, staff_of)
    decision.propose_decision(seen, outcome=Outcome.GRANTED, by=staff_of, on=DRAFT)
    commitments.commit_to_works(Application.objects.get(pk=case.pk), **PROMISE, by=case.applicant, on=DRAFT)
    act = decision.preview(Application.objects.get(pk=case.pk), by=staff_of, on=SIGN)
    cited = " ".join(block["text"] for block in act.content["blocks"]).replace("\xa0", " ")
    assert "l’engagement écrit d’Hélène Duprat du 16 mars 2026" in cited
    assert "au plus tard le 1er septembre 2026" in cited


def test_only_the_applicant_commits_for_days_to_come_before_the_decision_takes_effect(case, staff_of):
    under_review = reviewed(case, staff_of)
    with pytest.raises(PermissionDenied):
        commitments.commit_to_works(under_review, **PROMISE, by=staff_of, on=CHECK)
    with pytest.raises(CommitmentInThePast):
        commitments.commit_to_works(under_review, **PROMISE | {"due_on": CHECK - timedelta(1)}, by=case.applicant, on=CHECK)
    with pytest.raises(guards.TooLate):
        commitments.commit_to_works(under_review, **PROMISE, by=case.applicant, on=under_review.tacit_on + timedelta(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.create(
            application=case, text="?", due_on=CHECK - timedelta(1), name="?", made_on=CHECK, by=case.applicant
        )


def test_it_is_written_on_screen_and_read_where_the_decision_is_prepared(client, case, staff_of, time_machine):
    seen = visited(case, staff_of)
    time_machine.move_to("2026-03-13T10:00:00+00:00")
    client.force_login(case.applicant)
    assert "S’engager à des travaux" in words(client.get(reverse("application", args=[case.pk])))
    url = reverse("application-commit", args=[case.pk])
    typed = {"text": PROMISE["text"], "due_on": "2026-09-01", "name": "Hélène Duprat"}
    unticked = client.post(url, typed)
    assert unticked.status_code == 422
    assert "Refaire le joint" in unticked.content.decode()
    past = client.post(url, typed | {"due_on": "2026-03-01", "engaged": "on"})
    assert past.status_code == 422
    assert "La date des travaux est passée" in words(past)
    assert client.post(url, typed | {"engaged": "on"}).status_code == 302
    assert "Poser un extracteur" in words(client.get(reverse("application", args=[case.pk])))

    client.force_login(staff_of)
    for name in ("case", "case-draft"):
        assert "Poser un extracteur" in words(client.get(reverse(name, args=[seen.pk])))


def test_a_decided_case_takes_no_commitment(client, case, staff_of):
    decided = visited(case, staff_of)
    Application.objects.filter(pk=decided.pk).update(state=State.WITHDRAWN)
    client.force_login(case.applicant)
    url = reverse("application-commit", args=[case.pk])
    assert "n’est plus en cours d’examen" in words(client.get(url))
    with pytest.raises(guards.WrongState):
        commitments.commit_to_works(decided, **PROMISE, by=case.applicant, on=DRAFT)
