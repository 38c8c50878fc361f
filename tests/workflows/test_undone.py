"""An appeal accepted against a closure, a revocation or a repeal: what ended the case is withdrawn, and the case is what it was."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import SignaturePower
from documents.enums import ActKind
from notifications.enums import Kind
from notifications.models import Message
from permis import guards, journal
from permis.enums import Ground, Outcome, PieceKind, State
from permis.litigation import AppealState, Judgment
from permis.models.journal import Event
from tests import factories
from tests.permis.stories import conditional, event, filed, granted, handed, told
from tests.workflows.contested import appealed, seized
from tests.workflows.desk import words
from tests.workflows.ended import ENDED, again, closed, repealed, revoked, take_back
from tests.workflows.test_actions import open_tasks, reviewed
from tests.workflows.test_appeals import accept, notified
from tests.workflows.test_leases import plain
from tests.workflows.test_rights import STAFF
from workflows.actions import appeals, clock, completeness, court, gathering, leases, undoing
from workflows.contested import NewRuling
from workflows.powers import NoSignaturePower

pytestmark = pytest.mark.django_db
ANSWERED = date(2026, 6, 20)
WHY = "que l’arrêté a été levé ;"


@pytest.fixture
def boss(case):
    return factories.member(case.authority, *STAFF)


def undo(appeal, boss, *, on=ANSWERED):
    act = undoing.preview_undoing(appeal, reasons=WHY, by=boss, on=on)
    return undoing.undo(appeal, act=act, reasons=WHY, by=boss, on=on)


@pytest.mark.parametrize(("end", "state", "kind"), [
    (revoked, State.GRANTED, ActKind.REVOCATION),
    (repealed, State.GRANTED_CONDITIONAL, ActKind.REPEAL),
])  # fmt: skip
def test_a_permit_is_given_back_with_its_two_years_and_its_papers(case, boss, end, state, kind):
    ended = end(case, boss)
    until, permit = ended.valid_until, ended.acts.filter(kind__in=ActKind.decisions()).get()
    assert permit.void_on == ENDED
    appeal = undo(appealed(ended, on=ENDED), boss)

    case = again(ended)
    assert (case.state, case.valid_until, case.ended_on, appeal.state) == (state, until, None, AppealState.ACCEPTED)
    assert again(permit).void_on is None
    assert case.acts.get(kind=kind).void_on == ANSWERED
    assert case.acts.get(kind=ActKind.APPEAL_ACCEPTANCE).sha256 == appeal.act_sha256
    lines = case.journal.filter(event__in=[Event.APPEAL_ACCEPTED, Event.RESTORED]).values_list("event", flat=True)
    assert set(lines) == {Event.APPEAL_ACCEPTED, Event.RESTORED}
    assert not list(journal.faults(case))
    written = Message.objects.filter(kind=Kind.APPEAL_ACCEPTED).first()
    assert "L’autorisation est rendue à son titulaire" in plain(written)
    leases.declare_lease(case, signed_on=[ANSWERED], by=case.applicant, on=ANSWERED)


def test_a_tacit_permit_is_given_back_too(case, boss):
    tacit = reviewed(case, boss)
    clock.run(case.authority, on=date(2026, 4, 3))
    ended = take_back(again(tacit), boss)
    undo(appealed(ended, on=ENDED), boss)
    assert (again(case).state, again(case).valid_until) == (State.GRANTED_TACIT, date(2028, 4, 2))


def test_a_permit_whose_two_years_are_over_lapses_the_next_day(case, boss):
    ended = revoked(case, boss)
    appeal = appealed(ended, on=ENDED)
    after = ended.valid_until + timedelta(1)
    undo(appeal, boss, on=after)
    clock.run(case.authority, on=after)
    assert again(case).state == State.LAPSED


def test_a_building_still_struck_by_an_order_gets_no_permit_back(case, boss):
    ended = revoked(case, boss)
    appeal = appealed(ended, on=ENDED)
    type(ended).objects.filter(pk=ended.pk).update(police_order=True)
    with pytest.raises(undoing.StillStruck):
        undo(again(appeal), boss)


def test_a_closed_request_is_taken_up_where_it_was_left(case, boss):
    ended = closed(case, boss)
    assert open_tasks(ended) == set()
    undo(appealed(ended, on=ENDED), boss)

    case = again(ended)
    assert (case.state, case.respond_by, case.tacit_on) == (State.INCOMPLETE, date(2026, 7, 20), None)
    assert case.open_request().respond_by == case.respond_by
    assert case.acts.get(kind=ActKind.CLOSURE).void_on == ANSWERED
    with pytest.raises(guards.NoReminder):
        completeness.close_incomplete(case, by=boss, on=date(2026, 8, 1))
    gathering.add_piece(case, kinds=[PieceKind.DPE], upload=factories.upload(), by=boss, on=date(2026, 7, 1))
    assert (again(case).state, again(case).tacit_on) == (State.UNDER_REVIEW, date(2026, 8, 1))


def test_a_request_closed_wrongly_is_decided_within_a_month(case, boss):
    ended = closed(case, boss)
    ended.piece_requests.update(answered_on=ENDED)  # the piece was there all the time
    undo(appealed(ended, on=ENDED), boss)
    case = again(ended)
    assert (case.state, case.tacit_on, case.open_request()) == (State.UNDER_REVIEW, date(2026, 7, 20), None)
    assert open_tasks(case)
    clock.run(case.authority, on=date(2026, 7, 21))
    assert again(case).state == State.GRANTED_TACIT


def test_a_decision_is_replaced_and_never_undone(case, boss):
    refused = notified(case.authority, boss)
    with pytest.raises(undoing.NothingToUndo):
        undo(appealed(refused, on=ENDED), boss)


def test_the_screen_offers_what_undoes_the_act(client, case, boss, time_machine):
    time_machine.move_to("2026-06-20T10:00:00Z")
    ended = closed(case, boss)
    appeal = appealed(ended, on=ENDED)
    client.force_login(boss)
    url = reverse("appeal-answer", args=[ended.pk, appeal.pk])
    assert "Retirer le classement : la demande est reprise" in words(client.get(url))
    said = {"outcome": "undone", "reasons": WHY}
    shown = client.post(url, said)
    assert shown.status_code == 200
    assert client.post(url, said | {"act": shown.context["preview"].pk, "sign": "1"}).status_code == 302
    assert again(ended).state == State.INCOMPLETE
    notice = client.get(reverse("case-notify-act", args=[ended.pk, ended.acts.get(kind=ActKind.APPEAL_ACCEPTANCE).pk]))
    assert notice.status_code == 200


# -- The power to sign what an appeal grants


def limit(boss, *outcomes):
    SignaturePower.objects.filter(user=boss).update(outcomes=list(outcomes))


def test_a_power_over_grants_is_enough_to_grant_on_appeal_and_not_to_set_conditions(case, boss):
    refused = notified(case.authority, boss)
    appeal = appealed(refused, on=ENDED)
    limit(boss, Outcome.GRANTED)
    works = list(refused.decision.works.all())
    conditions = NewRuling(outcome=Outcome.CONDITIONAL, considerations=WHY, mode="prior", grounds=[Ground.DECENCY], works=works)
    with pytest.raises(NoSignaturePower):
        appeals.preview_acceptance(appeal, ruling=conditions, by=boss, on=ANSWERED)
    accept(appeal, boss, on=ANSWERED)
    assert again(refused).state == State.GRANTED


def test_a_power_over_refusals_alone_gives_no_permit_back(case, boss):
    appeal = appealed(revoked(case, boss), on=ENDED)
    limit(boss, Outcome.REFUSED)
    with pytest.raises(NoSignaturePower):
        undo(appeal, boss)
    limit(boss, Outcome.GRANTED)
    undo(appeal, boss)
    assert again(case).state == State.GRANTED


# -- The court, and the simulator


def test_the_annulment_of_a_revocation_gives_the_permit_back(case, boss):
    ended = revoked(case, boss)
    judged = {"judgment": Judgment.ANNULLED, "judged_on": ANSWERED, "notified_on": ANSWERED, "judgment_sha256": "a" * 64}
    court.judge(seized(ended, boss, on=ENDED), **judged, by=boss, on=ANSWERED)
    case = again(ended)
    assert (case.state, case.valid_until) == (State.GRANTED, ended.valid_until)
    assert case.journal.filter(event=Event.ANNULLED).exists()


@pytest.mark.parametrize(("events", "state"), [
    ([filed(), granted(), handed("2025-03-20"), event("2025-07-18", "revoked", adversarial=True)], "granted"),
    ([filed(), event("2025-07-18", "revoked", adversarial=True)], "granted_tacit"),
    ([filed(), conditional(), handed("2025-03-20"), event("2025-07-18", "repealed")], "granted_conditional"),
])  # fmt: skip
def test_the_simulator_gives_it_back_too(events, state):
    appeal = event("2025-08-01", "appeal_filed", kind="administrative")
    accepted = event("2025-09-01", "appeal_decided", outcome="accepted")
    answer = told(events=[*events, appeal, accepted], as_of="2025-10-01")
    assert (answer["state"], answer["appeal"], answer["refused"]) == (state, "accepted", [])
    judged = [event("2025-08-01", "appeal_filed", kind="court"), event("2026-01-15", "judgment", outcome="annulled")]
    assert told(events=[*events, *judged], as_of="2026-02-01")["state"] == state
