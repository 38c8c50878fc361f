"""A new application from what the former one says, and the works that its decision asked for."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from documents import examining
from permis import guards
from permis.enums import Ground, Outcome, PieceKind, RequestNature, State
from permis.models.journal import Event
from tests import factories
from tests.workflows.desk import words
from tests.workflows.test_actions import WORK
from tests.workflows.test_leases import notified
from workflows.actions import intake, leases, resubmission
from workflows.actions.resubmission import AlreadyResubmitted

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 3)


@pytest.fixture
def staff_of(case):
    return factories.member(case.authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


@pytest.fixture
def refused(case, staff_of):
    return notified(case, staff_of, Outcome.REFUSED, grounds=[Ground.DECENCY], works=[WORK])


def test_a_refusal_is_followed_by_a_draft_that_says_the_same(refused):
    draft = resubmission.resubmit(refused, by=refused.applicant, on=TODAY)

    assert (draft.state, draft.resubmits, draft.applicant) == (State.DRAFT, refused, refused.applicant)
    assert draft.number is None
    assert draft.lessors.get().name == refused.lessors.get().name
    assert draft.dwelling.street_line == refused.dwelling.street_line
    assert draft.dwelling.pk != refused.dwelling.pk
    assert [work.work for work in resubmission.works_asked(draft)] == [WORK["work"]]


def test_pressing_twice_opens_one_draft_and_a_filed_one_is_named(refused):
    draft = resubmission.resubmit(refused, by=refused.applicant, on=TODAY)
    assert resubmission.resubmit(refused, by=refused.applicant, on=TODAY) == draft
    filed = intake.submit(draft, by=refused.applicant, on=TODAY)
    with pytest.raises(AlreadyResubmitted, match=filed.number):
        resubmission.resubmit(refused, by=refused.applicant, on=TODAY)


def test_the_deposit_names_the_former_case_and_the_former_names_it(refused):
    draft = resubmission.resubmit(refused, by=refused.applicant, on=TODAY)
    filed = intake.submit(draft, by=refused.applicant, on=TODAY)

    assert filed.journal.get(event=Event.SUBMITTED).about == f"suite du dossier {refused.number}"
    assert refused.journal.get(event=Event.RESUBMITTED).about == filed.number


def test_diagnostics_still_valid_are_taken_again(refused):
    refused.pieces.update(established_on=date(2026, 1, 10))
    examining.examine(refused.files.select_related("application").get())

    draft = resubmission.resubmit(refused, by=refused.applicant, on=TODAY)

    taken = draft.pieces.get()
    assert (taken.kind, taken.established_on) == (PieceKind.DPE, date(2026, 1, 10))
    assert taken.file.application == draft


def test_a_permit_that_was_used_is_followed_by_a_new_letting(case, staff_of):
    granted = notified(case, staff_of)
    with pytest.raises(guards.WrongState):
        resubmission.resubmit(granted, by=granted.applicant, on=TODAY)
    leases.declare_lease(granted, signed_on=[date(2026, 6, 1)], by=granted.applicant, on=TODAY)
    assert resubmission.resubmit(granted, by=granted.applicant, on=TODAY).nature == RequestNature.AGAIN


def test_nobody_files_again_for_somebody_with_an_account(refused, staff_of):
    with pytest.raises(PermissionDenied):
        resubmission.resubmit(refused, by=staff_of, on=TODAY)


def test_on_screen_the_works_asked_are_shown_and_their_proof_joined(client, refused, staff_of):
    client.force_login(refused.applicant)
    page = words(client.get(reverse("application", args=[refused.pk])))
    assert "Déposer une nouvelle demande" in page
    opened = client.post(reverse("application-resubmit", args=[refused.pk]))
    draft = refused.resubmissions.get()
    assert opened.url == reverse("application-step", args=[draft.pk, "location"])

    step = words(client.get(reverse("application-step", args=[draft.pk, "diagnostics"])))
    assert "Travaux demandés par la décision précédente" in step
    assert WORK["work"] in step
    work = refused.decision.works.get()
    url = reverse("application-work-done", args=[draft.pk, work.pk])
    assert client.post(url).status_code == 422
    assert client.post(url, {"upload": factories.upload(name="facture.pdf")}).status_code == 302
    piece = draft.pieces.get(kind=PieceKind.OTHER)
    assert piece.title == resubmission.evidence_title(work)
    assert "facture.pdf" in words(client.get(reverse("application", args=[draft.pk])))

    intake.submit(draft, by=refused.applicant, on=draft.authority.today())
    client.force_login(staff_of)
    for case, other in ((draft, refused), (refused, draft)):
        page = client.get(reverse("case", args=[case.pk])).content.decode()
        assert reverse("case", args=[other.pk]) in page
    assert "facture.pdf" in words(client.get(reverse("case", args=[draft.pk])))


def test_works_of_another_case_are_not_found(client, refused):
    draft = resubmission.resubmit(refused, by=refused.applicant, on=TODAY)
    client.force_login(refused.applicant)
    assert client.get(reverse("application-work-done", args=[refused.pk, refused.decision.works.get().pk])).status_code == 404
    assert client.get(reverse("application-work-done", args=[draft.pk, 0])).status_code == 404
