"""The action before the court, the judgment, and a case that a judge opens again: its dates, its tasks, and what stays provable."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django_fsm import TransitionNotAllowed

from accounts.enums import Role
from documents import rendering
from documents.enums import ActKind, FilePurpose
from inspections.enums import Purpose
from notifications.enums import Kind
from notifications.models import Message
from permis import journal
from permis.enums import Ground, Means, Outcome, State
from permis.litigation import AppealState, Judgment, Suspension
from permis.models import Appeal, Application, Decision, Notice
from permis.models.journal import Event
from tests import factories
from tests.documents.reading import text_of
from tests.workflows.contested import again, seized, silent, state
from tests.workflows.desk import words
from tests.workflows.test_actions import NOTICE, WORK
from tests.workflows.test_appeals import FILED, notified
from tests.workflows.test_rights import STAFF, ask
from workflows import contesting, flows, remedies
from workflows.actions import afterlife, clock, completeness, court, decision, notification
from workflows.actions.court import NoTerm, NothingJudged, NotYet

pytestmark = pytest.mark.django_db
SEIZED, JUDGED, RECEIVED = date(2026, 8, 31), date(2027, 2, 10), date(2027, 2, 15)
# Sixty days after the authority received the judgment.
TERM = date(2027, 4, 16)


@pytest.fixture
def boss(town):
    return factories.member(town, *STAFF)


@pytest.fixture
def refused(town, boss):
    return notified(town, boss)


@pytest.fixture
def legal(town):
    return factories.member(town, Role.LEGAL)


def judged(case, by, judgment=Judgment.ANNULLED_REEXAMINE, *, days=60, on=RECEIVED):
    appeal = Appeal.objects.filter(application=case).before_court().first() or seized(case, by, on=SEIZED)
    return court.judge(
        appeal,
        judgment=judgment,
        judged_on=JUDGED,
        notified_on=RECEIVED,
        judgment_sha256="a" * 64,
        reexamine_within_days=days if judgment == Judgment.ANNULLED_REEXAMINE else None,
        by=by,
        on=on,
    )


def propose(case, boss, *, on, outcome=Outcome.GRANTED):
    adverse = outcome != Outcome.GRANTED
    return decision.propose_decision(
        again(case),
        outcome=outcome,
        grounds=[Ground.DECENCY] if adverse else [],
        works=[WORK | {"evidence": "Rapport"}] if adverse else [],
        by=boss,
        on=on,
    )


def sign_and_notify(case, boss, *, signed_on, notified_on):
    proposed = again(case)
    signed = decision.sign(proposed, act=decision.preview(proposed, by=boss, on=signed_on), by=boss, on=signed_on)
    return notification.notify(signed, means=Means.HAND, notified_on=notified_on, recipient="Mme Duprat", by=boss, on=notified_on)


def status(client, act):
    """What a person gets who asks for this act."""
    return ask(client, "act", reverse("act", args=[act.pk]), act.application.applicant).status_code


# -- Before the judgment


def test_the_court_after_the_silence(client, refused, legal, boss, time_machine):
    silent(refused, on=FILED)
    time_machine.move_to("2026-09-01T12:00:00Z")
    client.force_login(legal)
    url = reverse("case-court", args=[refused.pk])
    shown = client.get(url)
    assert "7 septembre 2026" in words(shown)
    said = dict(shown.context["form"].initial) | {
        "received_on": "2026-08-31",
        "suspension": "asked",
        "defence_due_on": "2026-11-02",
    }
    assert client.post(url, said | {"received_on": ""}).status_code == 422

    assert client.post(url, said).status_code == 302

    appeal = Appeal.objects.before_court().get()
    assert (appeal.court_name, appeal.suspension, appeal.is_late) == (
        "tribunal administratif de Bordeaux",
        Suspension.ASKED,
        False,
    )
    assert (appeal.next_on, remedies.of(refused, today=date(2026, 12, 1)).is_final) == (date(2026, 11, 2), False)
    page = words(client.get(reverse("litigation")))
    assert page.index("Délai du tribunal") < page.index("Mémoire en défense")
    client.force_login(refused.applicant)
    assert "Le tribunal est saisi" in words(client.get(reverse("application", args=[refused.pk])))


def test_the_case_before_the_court_is_followed_and_its_files_stay_with_the_service(client, refused, legal, time_machine):
    appeal = seized(refused, legal, on=SEIZED, defence_due_on=date(2026, 11, 2))
    time_machine.move_to("2026-10-20T12:00:00Z")
    client.force_login(legal)
    said = {"court_number": "2604567", "defence_sent_on": "2026-10-19", "sits_on": "2027-01-20", "notes": "Le rapport suffit."}
    url = reverse("court-follow", args=[refused.pk, appeal.pk])
    assert client.post(url, said | {"defence_sent_on": "2026-10-21"}).status_code == 422
    assert client.post(url, said | {"upload": factories.upload(b"%PDF-1.4 memoire", "memoire.pdf")}).status_code == 302

    appeal = again(appeal)
    assert (appeal.court_number, appeal.next_on, len(appeal.files)) == ("2604567", date(2027, 1, 20), 1)
    file = refused.files.get(purpose=FilePurpose.LITIGATION)
    assert file.name in client.get(reverse("case", args=[refused.pk])).content.decode()
    client.force_login(refused.applicant)
    assert client.get(reverse("file", args=[file.pk])).status_code == 404
    page = client.get(reverse("application", args=[refused.pk])).content.decode()
    assert "Le rapport suffit" not in page
    assert "Suite de l’affaire" not in page


def test_a_court_judges_nothing_that_was_not_decided_and_only_legal_says_so(town, boss, refused, legal):
    with pytest.raises(NothingJudged):
        seized(factories.ApplicationFactory(authority=town), legal, on=SEIZED)
    with pytest.raises(NotYet):
        court.seize(refused, author="X", court_name="T", court_number="", received_on=SEIZED, by=legal, on=SEIZED - timedelta(1))
    with pytest.raises(PermissionDenied):
        seized(refused, factories.member(town, Role.SIGNATORY), on=SEIZED)


# -- The judgment


def test_a_dismissal_leaves_the_decision_as_it_is(refused, legal):
    appeal = judged(refused, legal, Judgment.DISMISSED)
    assert (appeal.state, state(refused), appeal.next_on) == (AppealState.DISMISSED, State.REFUSED, None)
    with pytest.raises(TransitionNotAllowed):
        judged(refused, legal, Judgment.ANNULLED)


def test_an_annulment_ends_the_case_and_voids_its_act(refused, legal):
    judged(refused, legal, Judgment.ANNULLED)

    case = again(refused)
    assert (case.state, case.ended_on, flows.calls_for(case)) == (State.ANNULLED, JUDGED, set())
    assert case.acts.get(kind=ActKind.DECISION_REFUSED).void_on == JUDGED
    assert Decision.objects.get(application=case).outcome == Outcome.REFUSED


@pytest.mark.parametrize(("facts", "refusal"), [
    ({"judged_on": RECEIVED + timedelta(1)}, NotYet),
    ({"notified_on": RECEIVED + timedelta(1)}, NotYet),
    ({"judged_on": SEIZED - timedelta(1)}, NotYet),
    ({"reexamine_within_days": None}, NoTerm),
])  # fmt: skip
def test_a_judgment_has_its_days_in_order_and_its_term(refused, legal, facts, refusal):
    known = {"judgment": Judgment.ANNULLED_REEXAMINE, "judged_on": JUDGED, "notified_on": RECEIVED, "reexamine_within_days": 60}
    appeal = seized(refused, legal, on=SEIZED)
    with pytest.raises(refusal):
        court.judge(appeal, judgment_sha256="a" * 64, by=legal, on=RECEIVED, **known | facts)
    assert (state(refused), again(appeal).state) == (State.REFUSED, AppealState.BEFORE_COURT)


def test_an_order_to_decide_again_opens_the_case_until_the_term_of_the_judge(refused, legal, boss):
    judged(refused, legal)

    case = again(refused)
    assert (case.state, case.tacit_on, case.reexamine_by, case.clock_started_on) == (State.UNDER_REVIEW, TERM, TERM, RECEIVED)
    assert (case.outcome, case.signed_on, case.notified_on, case.ended_on) == ("", None, None, None)
    assert flows.calls_for(case) == {"draft_decision"} == set(case.work_items.values_list("node", flat=True))
    assert case.work_items.get().legal_date == TERM
    events = [Event.JUDGED, Event.ANNULLED, Event.REOPENED]
    assert list(case.journal.order_by("position").values_list("event", flat=True))[-3:] == events
    assert "au plus tard le 16 avril 2027" in Message.objects.filter(kind=Kind.REOPENED).first().text.replace("\xa0", " ")
    assert Message.objects.filter(kind=Kind.REEXAMINE, recipient=boss.email).exists()
    assert list(journal.faults(case)) == []


def test_the_former_decision_stays_provable_and_the_landlord_s(client, refused, legal, boss):
    act, notice = refused.acts.get(kind=ActKind.DECISION_REFUSED), Notice.objects.get()
    judged(refused, legal)

    former = Decision.objects.get(former_case=refused)
    assert (former.act_sha256, former.notified_on, former.replaced_on) == (act.sha256, NOTICE, JUDGED)
    assert (former.works.count(), again(notice).act_sha256, again(act).void_on) == (2, act.sha256, JUDGED)
    client.force_login(refused.applicant)
    page = words(client.get(reverse("application", args=[refused.pk])))
    assert "Refus d’autorisation" in page
    assert "En instruction" in page
    assert "réponse au plus tard le 16 avril 2027" in page
    assert status(client, act) == 200
    client.force_login(boss)
    page = words(client.get(reverse("case", args=[refused.pk])))
    assert "Annulée, demande à réexaminer" in page
    assert "notifiée le 20/03/2026" in page
    assert "Le tribunal a ordonné de réexaminer la demande avant le 16 avril 2027" in page


def test_a_new_decision_is_drafted_signed_and_notified_before_that_term(client, refused, legal, boss):
    judged(refused, legal)
    propose(refused, boss, on=date(2027, 3, 1), outcome=Outcome.REFUSED)
    assert Decision.objects.count() == 2
    client.force_login(refused.applicant)

    signed = again(refused)
    preview = decision.preview(signed, by=boss, on=date(2027, 3, 2))
    text = text_of(rendering.render(preview.content))
    assert "le jugement n° 2600001 du 10 février 2027" in text
    assert "a annulé le refus du 18 mars 2026" in text
    assert "déposée et complète le 2 mars 2026" in text
    decision.sign(signed, act=preview, by=boss, on=date(2027, 3, 2))
    assert status(client, preview) == 404  # not theirs before its notification

    case = notification.notify(
        again(refused), means=Means.HAND, notified_on=date(2027, 3, 5), recipient="Mme Duprat", by=boss, on=date(2027, 3, 5)
    )

    assert (case.state, case.notified_on) == (State.REFUSED, date(2027, 3, 5))
    assert status(client, preview) == 200
    assert [each.handed_over_on for each in case.notices.order_by("pk")] == [NOTICE, date(2027, 3, 5)]
    assert remedies.of(case, today=date(2027, 3, 6)).until == date(2027, 5, 7)  # the 6th is Ascension Day
    assert contesting.appeals_for_service(case, boss, date(2027, 3, 6))["former"][0][2] == 2
    assert list(journal.faults(case)) == []


def test_a_second_judgment_sets_a_second_decision_aside(refused, legal, boss):
    judged(refused, legal)
    propose(refused, boss, on=date(2027, 3, 1), outcome=Outcome.REFUSED)
    sign_and_notify(refused, boss, signed_on=date(2027, 3, 2), notified_on=date(2027, 3, 5))
    appeal = seized(refused, legal, on=date(2027, 5, 3))
    court.judge(
        appeal,
        judgment=Judgment.ANNULLED_REEXAMINE,
        judged_on=date(2028, 1, 10),
        notified_on=date(2028, 1, 12),
        judgment_sha256="b" * 64,
        reexamine_within_days=30,
        by=legal,
        on=date(2028, 1, 12),
    )
    assert Decision.objects.filter(former_case=refused).count() == 2
    assert again(refused).tacit_on == date(2028, 2, 11)


def test_the_silence_kept_until_the_term_of_the_judge_grants(refused, legal, boss):
    judged(refused, legal)
    clock.run(refused.authority, on=TERM)
    assert state(refused) == State.UNDER_REVIEW
    clock.run(refused.authority, on=TERM + timedelta(1))

    case = again(refused)
    assert (case.state, case.valid_until) == (State.GRANTED_TACIT, date(2029, 4, 16))
    content = afterlife.attest(case, by=boss, on=date(2027, 5, 1)).content
    assert "jusqu’au terme fixé par le juge" in str(content)


def test_a_missing_piece_may_still_be_asked_for_and_a_visit_planned(refused, legal, boss):
    judged(refused, legal)
    case = completeness.request_missing(
        again(refused), kinds=["dpe"], respond_by=date(2027, 3, 15), by=boss, on=date(2027, 2, 20)
    )
    assert flows.calls_for(case) == {"provide_pieces"}
    assert case.visits.filter(purpose=Purpose.FIRST).exists()


def test_the_screen_of_the_judgment_keeps_its_text_and_warns_of_a_term_already_past(client, refused, legal, time_machine):
    appeal = seized(refused, legal, on=SEIZED)
    time_machine.move_to("2027-05-20T12:00:00Z")
    client.force_login(legal)
    url = reverse("court-judgment", args=[refused.pk, appeal.pk])
    said = {
        "judgment": "annulled_reexamine",
        "judged_on": "2027-02-10",
        "notified_on": "2027-02-15",
        "reexamine_within_days": "60",
    }

    def send(**more):
        return client.post(url, said | {"upload": factories.upload(b"%PDF-1.4 jugement", "jugement.pdf")} | more)

    assert client.post(url, said).status_code == 422
    past = send()
    assert (past.status_code, "16/04/2027, déjà passé" in past.content.decode()) == (422, True)
    assert state(refused) == State.REFUSED
    assert send(is_past="on").status_code == 302
    appeal = again(appeal)
    assert (appeal.state, appeal.reexamine_by) == (AppealState.ANNULLED, TERM)
    assert refused.files.filter(sha256=appeal.judgment_sha256, purpose=FilePurpose.LITIGATION).exists()
    assert Application.objects.get(pk=refused.pk).state == State.UNDER_REVIEW
    page = client.get(reverse("case", args=[refused.pk])).content.decode()
    assert "Jugement reçu le 15/02/2027." in page
