"""The judge of urgency suspends a decision: what it stops, what it opens again, and what is left once the case is judged."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from documents.enums import ActKind, FilePurpose
from notifications.enums import Kind
from notifications.models import Message
from permis import guards, journal
from permis.enums import PieceKind, State, TransferState
from permis.litigation import AppealState, Judgment, Replacement, Suspension
from permis.models import Decision
from permis.models.journal import Event
from tests import factories
from tests.workflows.contested import again, seized
from tests.workflows.desk import words
from tests.workflows.ended import closed, repealed, revoked
from tests.workflows.test_appeals import notified as refused_case
from tests.workflows.test_court import propose, sign_and_notify
from tests.workflows.test_leases import notified, plain
from tests.workflows.test_rights import STAFF
from workflows.actions import clock, completeness, court, gathering, leases, suspension
from workflows.actions.suspension import NothingToReexamine, NotSuspendable, NotSuspended, OrderMisdated

pytestmark = pytest.mark.django_db
SEIZED, ORDERED, RECEIVED, JUDGED = date(2026, 6, 2), date(2026, 6, 18), date(2026, 6, 22), date(2027, 2, 10)
LIFTED, HEARD = date(2026, 9, 3), date(2026, 9, 7)
TERM = date(2026, 7, 22)  # thirty days after the order was received


@pytest.fixture
def boss(case):
    return factories.member(case.authority, *STAFF)


@pytest.fixture
def refused(case, boss):
    return refused_case(case.authority, boss)


def suspended(case, boss, *, days=None, on=RECEIVED, **changes):
    facts = {"ordered_on": ORDERED, "notified_on": RECEIVED, "order_sha256": "b" * 64, "reexamine_within_days": days} | changes
    return suspension.suspend(seized(case, boss, on=SEIZED), **facts, by=boss, on=on)


def judged(appeal, boss, judgment, *, days=None):
    return court.judge(
        again(appeal), judgment=judgment, judged_on=JUDGED, notified_on=JUDGED, judgment_sha256="a" * 64,
        reexamine_within_days=days, by=boss, on=JUDGED,
    )  # fmt: skip


def told(kind):
    return Message.objects.filter(kind=kind)


def test_a_suspended_permit_allows_neither_lease_nor_transfer_until_the_judgment(case, boss):
    granted = notified(case, boss)
    pending = factories.transfer(granted, on=date(2026, 6, 3))
    appeal = suspended(granted, boss)

    case = again(granted)
    assert (case.state, case.suspended_on, appeal.suspension) == (State.GRANTED, ORDERED, Suspension.ORDERED)
    assert again(pending).is_pending
    for day in (ORDERED, RECEIVED):
        with pytest.raises(guards.Suspended):
            leases.declare_lease(case, signed_on=[day], by=case.applicant, on=RECEIVED)
    with pytest.raises(guards.Suspended):
        factories.transfer(case, on=RECEIVED)
    assert case.journal.get(event=Event.SUSPENDED).facts["file"] == "b" * 64
    assert all("aucun bail ne peut être signé" in plain(each) for each in (*told(Kind.SUSPENDED), *told(Kind.SUSPENDED_SERVICE)))
    assert set(told(Kind.SUSPENDED).values_list("recipient", flat=True)) == {"h.duprat@exemple.fr", case.applicant.email}
    assert boss.email in told(Kind.SUSPENDED_SERVICE).values_list("recipient", flat=True)

    judged(appeal, boss, Judgment.DISMISSED)
    case = again(granted)
    assert (case.state, case.suspended_on) == (State.GRANTED, None)
    assert case.journal.filter(event=Event.SUSPENSION_ENDED).exists()
    assert told(Kind.SUSPENSION_ENDED).exists()
    assert not list(journal.faults(case))
    leases.declare_lease(case, signed_on=[JUDGED], by=case.applicant, on=JUDGED)


def test_the_page_of_a_suspended_permit_invites_nobody_to_sign(client, case, boss):
    granted = notified(case, boss)
    suspended(granted, boss)
    client.force_login(granted.applicant)
    shown = words(client.get(reverse("application", args=[granted.pk])))
    assert "Ne signez aucun bail avant le jugement" in shown
    assert "Joignez l’autorisation à votre bail" not in shown


def test_a_lease_of_before_the_suspension_is_still_declared(case, boss):
    granted = notified(case, boss)
    suspended(granted, boss)
    leases.declare_lease(again(granted), signed_on=[ORDERED - timedelta(1)], by=granted.applicant, on=RECEIVED)
    assert again(granted).state == State.USED


def test_a_suspended_permit_lapses_on_its_day_and_an_annulled_one_ends(case, boss):
    granted = notified(case, boss)
    appeal = suspended(granted, boss)
    pending = factories.transfer(granted, on=date(2026, 6, 3))
    judged(appeal, boss, Judgment.ANNULLED)
    assert (again(granted).state, again(granted).suspended_on) == (State.ANNULLED, None)
    assert again(pending).state == TransferState.CLOSED


def test_a_suspended_refusal_grants_nothing_by_itself(refused, boss):
    appeal = suspended(refused, boss)
    assert (again(refused).state, again(refused).suspended_on, again(refused).tacit_on) == (
        State.REFUSED, None, refused.tacit_on,
    )  # fmt: skip
    assert "ne vaut pas autorisation" in plain(told(Kind.SUSPENDED).first())
    judged(appeal, boss, Judgment.ANNULLED_REEXAMINE, days=60)
    assert (again(refused).state, again(refused).reexamine_by) == (State.UNDER_REVIEW, JUDGED + timedelta(60))


def test_an_order_to_examine_again_opens_the_case_until_its_term(refused, boss):
    appeal = suspended(refused, boss, days=30)

    case = again(refused)
    assert (case.state, case.tacit_on, case.reexamined_on, appeal.reexamine_by) == (State.UNDER_REVIEW, TERM, RECEIVED, TERM)
    former = Decision.objects.get(former_case=case)
    assert former.replaced_because == Replacement.SUSPENSION
    assert case.acts.get(sha256=former.act_sha256).void_on is not None
    assert case.journal.filter(event=Event.REOPENED).exists()
    assert "avant le 22 juillet 2026" in plain(told(Kind.SUSPENDED).first())
    assert told(Kind.REEXAMINE).exists()

    propose(case, boss, on=RECEIVED)
    sign_and_notify(case, boss, signed_on=RECEIVED, notified_on=RECEIVED)
    act = again(case).acts.get(kind=ActKind.DECISION_GRANTED)
    assert "l’ordonnance n° 2600001 du 18 juin 2026" in str(act.content).replace("\xa0", " ")
    for judgment in (Judgment.ANNULLED_REEXAMINE,):
        judged(appeal, boss, judgment, days=60)
    # What was decided anew is not what the judgment annuls.
    assert (again(case).state, again(appeal).state) == (State.GRANTED, AppealState.ANNULLED)
    assert "tient seul" in plain(told(Kind.SUSPENSION_ENDED).first())


def test_the_silence_until_the_term_of_the_order_grants(refused, boss):
    suspended(refused, boss, days=30)
    clock.run(refused.authority, on=TERM)
    assert again(refused).state == State.UNDER_REVIEW
    clock.run(refused.authority, on=TERM + timedelta(1))
    assert again(refused).state == State.GRANTED_TACIT


def test_a_closure_suspended_is_examined_again(case, boss):
    ended = closed(case, boss)
    suspended(ended, boss, days=30)
    case = again(ended)
    assert (case.state, case.respond_by, case.tacit_on, case.open_request()) == (State.UNDER_REVIEW, None, TERM, None)


@pytest.mark.parametrize(("end", "during", "after"), [
    (revoked, State.GRANTED, State.REVOKED),
    (repealed, State.GRANTED_CONDITIONAL, State.REPEALED),
])  # fmt: skip
@pytest.mark.parametrize("outcome", ["dismissed", "withdrawn", "annulled"])
def test_a_suspended_revocation_gives_the_permit_back_until_the_judgment(case, boss, end, during, after, outcome):
    ended = end(case, boss)
    permit = ended.acts.filter(kind__in=ActKind.decisions()).get()
    appeal = suspended(ended, boss)
    case = again(ended)
    assert (case.state, case.ended_on, case.suspended_on) == (during, None, None)
    assert again(permit).void_on is None
    guards.require_usable(case, RECEIVED)

    if outcome == "withdrawn":
        court.withdraw(again(appeal), withdrawn_on=JUDGED, by=boss, on=JUDGED)
    else:
        judged(appeal, boss, Judgment(outcome))
    assert again(case).state == (during if outcome == "annulled" else after)
    assert (again(permit).void_on is None) == (outcome == "annulled")


def test_a_lease_signed_meanwhile_stays(case, boss):
    ended = revoked(case, boss)
    appeal = suspended(ended, boss)
    leases.declare_lease(again(ended), signed_on=[RECEIVED], by=ended.applicant, on=RECEIVED)
    judged(appeal, boss, Judgment.DISMISSED)
    assert again(ended).state == State.USED


def test_an_order_has_its_days_in_order_its_place_and_its_person(case, boss, refused):
    for wrong in ({"ordered_on": SEIZED - timedelta(1)}, {"notified_on": ORDERED - timedelta(1)}, {"on": ORDERED}):
        with pytest.raises(OrderMisdated):
            suspended(refused, boss, **wrong)
    appeal = seized(refused, boss, on=SEIZED)
    facts = {"ordered_on": ORDERED, "notified_on": RECEIVED, "order_sha256": "b" * 64, "on": RECEIVED}
    with pytest.raises(PermissionDenied):
        suspension.suspend(appeal, **facts, by=factories.member(case.authority, Role.OFFICER))
    suspension.suspend(appeal, **facts, by=boss)
    with pytest.raises(NotSuspendable):
        suspension.suspend(appeal, **facts, by=boss)
    granted = notified(case, boss)
    with pytest.raises(NothingToReexamine):
        suspended(granted, boss, days=30)


# -- Ended by the judge of urgency himself, before the court has judged (CJA L.521-4)


def lifted(appeal, boss, **changes):
    facts = {"ordered_on": LIFTED, "notified_on": HEARD, "order_sha256": "c" * 64, "by": boss, "on": HEARD} | changes
    return suspension.lift(again(appeal), **facts)


def test_a_permit_may_be_used_again_once_its_suspension_is_lifted(case, boss):
    granted = notified(case, boss)
    appeal = lifted(suspended(granted, boss), boss)

    case = again(granted)
    assert (case.state, case.suspended_on, appeal.state) == (State.GRANTED, None, AppealState.BEFORE_COURT)
    line = case.journal.get(event=Event.SUSPENSION_ENDED)
    assert (line.on, line.facts["file"], "levé la suspension" in line.facts["reason"]) == (HEARD, "c" * 64, True)
    assert told(Kind.SUSPENSION_ENDED).exists()
    assert told(Kind.SUSPENSION_ENDED_SERVICE).exists()
    leases.declare_lease(case, signed_on=[HEARD], by=case.applicant, on=HEARD)

    judged(appeal, boss, Judgment.DISMISSED)
    assert again(granted).journal.filter(event=Event.SUSPENSION_ENDED).count() == 1
    assert not list(journal.faults(again(granted)))


@pytest.mark.parametrize(("end", "during", "after"), [
    (revoked, State.GRANTED, State.REVOKED),
    (repealed, State.GRANTED_CONDITIONAL, State.REPEALED),
])  # fmt: skip
@pytest.mark.parametrize("judgment", [Judgment.DISMISSED, Judgment.ANNULLED])
def test_a_revocation_whose_suspension_is_lifted_holds_until_it_is_annulled(case, boss, end, during, after, judgment):
    ended = end(case, boss)
    permit = ended.acts.filter(kind__in=ActKind.decisions()).get()
    appeal = lifted(suspended(ended, boss), boss)
    assert (again(ended).state, again(ended).ended_on) == (after, HEARD)
    assert again(permit).void_on == HEARD

    judged(appeal, boss, judgment)
    assert again(ended).state == (during if judgment == Judgment.ANNULLED else after)
    assert (again(permit).void_on is None) == (judgment == Judgment.ANNULLED)


def test_a_refusal_whose_suspension_is_lifted_is_annulled_and_examined_as_any_other(refused, boss):
    appeal = lifted(suspended(refused, boss), boss)
    assert again(refused).state == State.REFUSED
    judged(appeal, boss, Judgment.ANNULLED_REEXAMINE, days=60)
    assert (again(refused).state, again(refused).reexamine_by) == (State.UNDER_REVIEW, JUDGED + timedelta(60))


def test_what_was_examined_again_is_not_undone_by_the_order_that_lifts(refused, boss):
    appeal = lifted(suspended(refused, boss, days=30), boss)
    assert (again(refused).state, again(refused).tacit_on) == (State.UNDER_REVIEW, TERM)
    assert "le service juridique dit ce qu’il en reste" in plain(told(Kind.SUSPENSION_ENDED).first())
    judged(appeal, boss, Judgment.ANNULLED_REEXAMINE, days=60)
    assert (again(refused).state, again(refused).tacit_on) == (State.UNDER_REVIEW, TERM)


def test_a_suspension_is_lifted_once_in_its_order_of_days_and_by_who_follows_the_court(case, boss, refused):
    appeal = seized(refused, boss, on=SEIZED)
    with pytest.raises(NotSuspended):
        lifted(appeal, boss)
    suspension.suspend(appeal, ordered_on=ORDERED, notified_on=RECEIVED, order_sha256="b" * 64, by=boss, on=RECEIVED)
    for wrong in ({"ordered_on": RECEIVED - timedelta(1)}, {"notified_on": LIFTED - timedelta(1)}, {"on": HEARD - timedelta(1)}):
        with pytest.raises(OrderMisdated):
            lifted(appeal, boss, **wrong)
    with pytest.raises(PermissionDenied):
        lifted(appeal, factories.member(case.authority, Role.OFFICER))
    lifted(appeal, boss)
    with pytest.raises(NotSuspended):
        lifted(appeal, boss)
    with pytest.raises(guards.WrongState):
        again(appeal).end_suspension(on=HEARD, order_sha256="c" * 64)


def test_the_screen_that_lifts_a_suspension(client, refused, boss, time_machine):
    time_machine.move_to("2026-09-10T12:00:00Z")
    appeal = suspended(refused, boss)
    client.force_login(boss)
    assert "Inscrire la fin de la suspension" in words(client.get(reverse("case", args=[refused.pk])))
    url = reverse("court-suspension-end", args=[refused.pk, appeal.pk])
    assert "produit de nouveau tous ses effets, jusqu’au jugement" in words(client.get(url))
    said = {"ordered_on": "2026-09-03", "notified_on": "2026-06-01"}
    order = SimpleUploadedFile("ordonnance.pdf", factories.PDF + b"% fin", content_type="application/pdf")
    refusal = client.post(url, {**said, "upload": order})
    assert (refusal.status_code, "vérifiez ces dates" in words(refusal)) == (422, True)
    order.seek(0)
    assert client.post(url, {**said, "notified_on": "2026-09-07", "upload": order}).status_code == 302
    shown = words(client.get(reverse("case", args=[refused.pk])))
    assert "levée par le juge le" in shown
    assert "Inscrire la fin de la suspension" not in shown
    assert client.get(url).status_code == 409  # somebody else was first
    assert refused.files.filter(purpose=FilePurpose.LITIGATION, sha256=again(appeal).suspension_end_sha256).exists()


def test_the_screen_keeps_the_order_and_says_its_effect(client, refused, boss, time_machine):
    time_machine.move_to("2026-06-22T12:00:00Z")
    appeal = seized(refused, boss, on=SEIZED, suspension=Suspension.ASKED)
    client.force_login(boss)
    assert "Inscrire une suspension" in words(client.get(reverse("case", args=[refused.pk])))
    url = reverse("court-suspension", args=[refused.pk, appeal.pk])
    assert "Le refus est suspendu" in words(client.get(url))
    order = SimpleUploadedFile("ordonnance.pdf", factories.PDF + b"% ordonnance", content_type="application/pdf")
    said = {"ordered_on": "2026-06-18", "notified_on": "2026-06-22", "reexamine_within_days": "30"}
    assert "Joignez l’ordonnance" in words(client.post(url, said))
    assert client.post(url, {**said, "upload": order}).status_code == 302
    assert refused.files.get(purpose=FilePurpose.LITIGATION).sha256 == again(appeal).suspension_sha256
    shown = words(client.get(reverse("case", args=[refused.pk])))
    assert "Suspension ordonnée le" in shown
    assert "Inscrire une suspension" not in shown
    assert "suspension" not in client.get(reverse("court-follow", args=[refused.pk, appeal.pk])).context["form"].fields
    client.force_login(refused.applicant)
    assert "réponse au plus tard le 22 juillet 2026" in words(client.get(reverse("application", args=[refused.pk])))


# -- Pieces that come after a judge's order


@pytest.mark.parametrize(("given", "last"), [
    (TERM - timedelta(10), TERM),
    (TERM, TERM),
    (TERM + timedelta(5), TERM + timedelta(5)),
])  # fmt: skip
def test_pieces_asked_after_the_order_leave_the_term_of_the_judge(refused, boss, given, last):
    suspended(refused, boss, days=30)
    case = again(refused)
    completeness.request_missing(
        case,
        kinds=[PieceKind.DPE],
        respond_by=TERM + timedelta(20),
        by=boss,
        on=RECEIVED + timedelta(1),
        reasons={"dpe": "Périmé."},
    )
    assert again(case).tacit_on is None
    upload = factories.upload(factories.PDF + b"% nouveau DPE")
    gathering.add_piece(again(case), kinds=[PieceKind.DPE], upload=upload, by=boss, on=given)
    case = again(case)
    assert (case.state, case.clock_started_on, case.tacit_on) == (State.UNDER_REVIEW, RECEIVED, last)
    assert last < given + timedelta(28)
