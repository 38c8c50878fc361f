"""A permit is taken away only from somebody who was heard: letters, observations, revocation and repeal."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from documents.acts import PreviewChanged
from documents.enums import ActKind
from notifications.enums import Kind
from notifications.models import Message
from permis import deadlines, guards, journal
from permis.enums import Means, State
from permis.litigation import HearingPurpose
from permis.models import Application, Hearing, RuleChange
from permis.models.journal import Event
from tests import factories
from tests.workflows.contested import again, letter, state
from tests.workflows.desk import words
from tests.workflows.test_actions import DEPOSIT, file
from tests.workflows.test_rights import at
from workflows import contesting, flows, illegality
from workflows.actions import afterlife, clock, hearing, taking_back, works
from workflows.actions.hearing import AlreadyAnswered, HearingOpen, NotYetHappened, NotYetUnmet

pytestmark = pytest.mark.django_db
WHY = "que le logement n’a pas de chauffage ;"


@pytest.fixture
def tacit(town):
    """A permit born of the silence kept since the deposit, on an immovable that is under a police order."""
    draft = factories.ApplicationFactory(authority=town)
    Application.objects.filter(pk=draft.pk).update(police_order=True)
    return clock.grant_tacitly(file(again(draft)), on=date(2026, 4, 3))


@pytest.fixture
def conditional(town, boss):
    return at("conditional", town, boss)


def before_revocation(case, boss, *, on, received_on=None, **said):
    """A letter before a revocation, received the day it was sent unless told otherwise."""
    sent = hearing.open_hearing(
        case, purpose=HearingPurpose.REVOCATION, reasons=WHY, texts="CCH L. 635-9", means=Means.REGISTERED_LETTER, by=boss, on=on
    )
    return hearing.record_answer(sent, received_on=received_on or on, by=boss, on=on, **said)


def revoke(case, boss, *, on, **said):
    act = taking_back.preview_revocation(case, reasons=WHY, by=boss, on=on, **said)
    return taking_back.revoke(case, act=act, reasons=WHY, by=boss, on=on, **said)


def repeal(case, boss, *, on):
    act = taking_back.preview_repeal(case, reasons=WHY, by=boss, on=on)
    return taking_back.repeal(case, act=act, reasons=WHY, by=boss, on=on)


# -- The letter


def test_the_letter_gives_the_days_that_the_authority_has_settled_and_keeps_them(town, boss, tacit):
    RuleChange.objects.create(authority=town, rule="hearing_days", value=21, since=date(2026, 4, 1), by=boss)

    sent = before_revocation(tacit, boss, on=date(2026, 4, 10), received_on=date(2026, 4, 10))

    assert (sent.answer_days, sent.answer_by) == (21, date(2026, 5, 4))  # the first of May and its week-end are jumped
    act = tacit.acts.get(kind=ActKind.HEARING_REVOCATION)
    assert "vingt et un jours" in str(act.content)
    assert "21 jours" in Message.objects.filter(kind=Kind.HEARING).first().text.replace("\xa0", " ")


def test_a_declared_conditional_permit_alone_is_heard_before_a_repeal(boss, tacit):
    with pytest.raises(guards.WrongState):
        hearing.open_hearing(tacit, reasons="?", means="hand", by=boss, on=date(2026, 4, 10))


def test_the_landlord_answers_online_and_asks_to_be_heard(client, conditional, boss, today):
    sent = letter(conditional, boss, on=today)
    client.force_login(conditional.applicant)
    url = reverse("application-observations", args=[conditional.pk, sent.pk])
    assert url in words_of(client, "application", conditional)
    assert client.post(url, {}).status_code == 422
    said = {
        "observations": "L’électricien vient lundi.",
        "asks_interview": "on",
        "upload": factories.upload(factories.PDF + b"%", "devis.pdf"),
    }

    assert client.post(url, said).status_code == 302

    sent = again(sent)
    assert (sent.observations, sent.oral_asked_on, sent.received_on) == ("L’électricien vient lundi.", today, today)
    told = Message.objects.get(kind=Kind.OBSERVATIONS_RECEIVED, recipient=boss.email).text
    assert "entendu de vive voix" in told.replace("\xa0", " ")
    client.force_login(boss)
    page = client.get(reverse("case", args=[conditional.pk])).content.decode()
    assert "Entretien demandé le" in page
    assert "devis.pdf" in page
    assert list(journal.faults(conditional)) == []


def test_somebody_else_answers_nothing(conditional, boss, today):
    sent = letter(conditional, boss, on=today)
    with pytest.raises(PermissionDenied):
        hearing.answer(sent, observations="Moi.", asks_interview=False, by=factories.UserFactory(), on=today)


def test_an_interview_that_was_asked_for_is_held_before_anything(conditional, boss, today):
    sent = hearing.record_answer(
        letter(conditional, boss, on=today), observations="Non.", received_on=today, oral_asked_on=today, by=boss, on=today
    )
    with pytest.raises(HearingOpen, match="entendu"):
        repeal(conditional, boss, on=today)

    hearing.record_answer(sent, oral_held_on=today, oral_report="M. Duprat, sans conseil.", by=boss, on=today)

    assert repeal(conditional, boss, on=today).state == State.REPEALED


@pytest.mark.parametrize("name", ["received_on", "observations_on", "oral_asked_on", "oral_held_on", "file_read_on"])
def test_no_day_of_a_hearing_is_tomorrow(conditional, boss, today, name):
    sent = letter(conditional, boss, on=today)
    with pytest.raises(NotYetHappened):
        hearing.record_answer(sent, by=boss, on=today, **{name: today + timedelta(1)})


def test_the_screen_wants_the_interview_told(client, conditional, boss, today):
    sent = letter(conditional, boss, on=today)
    client.force_login(boss)
    url = reverse("case-hearing-answer", args=[conditional.pk, sent.pk])
    answer = client.post(url, {"oral_held_on": today.isoformat(), "file_read_on": today.isoformat()})
    assert answer.status_code == 422
    assert "qui ne s’y est pas présenté" in answer.content.decode()


# -- The repeal


def test_a_repeal_waits_for_the_answer_then_names_what_is_still_undone(conditional, boss, today):
    sent = letter(conditional, boss, on=today)
    with pytest.raises(HearingOpen, match="réception"):
        repeal(conditional, boss, on=today)
    sent = hearing.record_answer(sent, received_on=today, by=boss, on=today)
    with pytest.raises(HearingOpen):
        repeal(conditional, boss, on=sent.answer_by)

    done = repeal(conditional, boss, on=sent.answer_by + timedelta(1))

    act = done.acts.get(kind=ActKind.REPEAL)
    assert (done.state, done.ended_on, act.sealed_at is not None) == (State.REPEALED, sent.answer_by + timedelta(1), True)
    assert [row["place"] for row in act.content["works"]] == ["Séjour"]
    assert done.acts.get(kind=ActKind.DECISION_CONDITIONAL).void_on == done.ended_on
    assert (done.journal.get(event=Event.REPEALED).facts["hearing"], flows.calls_for(done)) == (sent.pk, set())
    assert Message.objects.filter(kind=Kind.REPEALED).exists()
    assert not done.work_items.exists()


def test_works_done_since_the_letter_leave_nothing_to_repeal(conditional, boss, today):
    sent = hearing.record_answer(letter(conditional, boss, on=today), received_on=today, by=boss, on=today)
    works.settle_work(conditional.decision.works.get(), met=True, by=boss, on=today)
    with pytest.raises(NotYetUnmet):
        repeal(conditional, boss, on=sent.answer_by + timedelta(1))


def test_nobody_repeals_without_a_letter_nor_without_a_power(conditional, boss, town, today):
    with pytest.raises(guards.NotAdversarial):
        repeal(conditional, boss, on=today)
    letter_of = hearing.record_answer(letter(conditional, boss, on=today), observations="Non.", by=boss, on=today)
    assert letter_of.is_heard(today)
    with pytest.raises(PermissionDenied):
        repeal(conditional, factories.member(town, Role.OFFICER), on=today)


def test_a_letter_given_up_holds_nothing_up_and_allows_nothing(conditional, boss, today):
    sent = hearing.drop(letter(conditional, boss, on=today), reason="Travaux faits", by=boss, on=today)
    assert sent.dropped_on == today
    assert Message.objects.filter(kind=Kind.HEARING_DROPPED).exists()
    with pytest.raises(guards.NotAdversarial):
        repeal(conditional, boss, on=today)
    with pytest.raises(AlreadyAnswered):
        hearing.answer(sent, observations="Trop tard ?", asks_interview=False, by=conditional.applicant, on=today)


# -- The revocation


def test_an_illegal_tacit_permit_is_revoked_after_a_hearing_and_its_attestation_falls(tacit, boss):
    afterlife.attest(tacit, by=boss, on=date(2026, 4, 8))
    sent = before_revocation(tacit, boss, on=date(2026, 4, 10))

    done = revoke(tacit, boss, on=date(2026, 8, 2))

    assert (done.state, sent.answer_by) == (State.REVOKED, date(2026, 4, 27))
    act = done.acts.get(kind=ActKind.REVOCATION)
    assert "née le 2 avril 2026" in str(act.content).replace("\xa0", " ")
    assert done.acts.get(kind=ActKind.TACIT_ATTESTATION).void_on == date(2026, 8, 2)
    assert list(journal.faults(done)) == []


@pytest.mark.parametrize(("on", "said", "refusal"), [
    (date(2026, 8, 2), {}, None),
    (date(2026, 8, 3), {}, guards.TooLate),
    (date(2027, 1, 4), {"fraud": "que le DPE joint est celui d’un autre logement ;"}, None),
])  # fmt: skip
def test_four_months_from_the_birth_of_the_permit_unless_by_fraud(tacit, boss, on, said, refusal):
    before_revocation(tacit, boss, on=date(2026, 4, 10))
    if refusal is None:
        assert revoke(tacit, boss, on=on, **said).state == State.REVOKED
        return
    with pytest.raises(refusal):
        revoke(tacit, boss, on=on, **said)
    assert state(tacit) == State.GRANTED_TACIT


def test_a_hearing_for_a_repeal_allows_no_revocation_and_holds_it_up_while_it_is_open(conditional, boss, today):
    sent = letter(conditional, boss, on=today)
    before_revocation(conditional, boss, on=today, observations="Tout est légal.")
    with pytest.raises(HearingOpen):
        revoke(conditional, boss, on=today)
    hearing.record_answer(sent, observations="Non.", received_on=today, by=boss, on=today)
    assert revoke(conditional, boss, on=today).state == State.REVOKED


def test_words_changed_after_the_preview_are_read_again(tacit, boss):
    before_revocation(tacit, boss, on=date(2026, 4, 10))
    on = date(2026, 5, 4)
    act = taking_back.preview_revocation(tacit, reasons=WHY, by=boss, on=on)
    with pytest.raises(PreviewChanged):
        taking_back.revoke(tacit, act=act, reasons="que tout a changé ;", by=boss, on=on)
    assert (state(tacit), tacit.acts.filter(kind=ActKind.REVOCATION, issued_on__isnull=False).exists()) == (
        "granted_tacit",
        False,
    )


def test_the_screen_shows_the_act_then_seals_that_one(client, tacit, boss, time_machine):
    before_revocation(tacit, boss, on=date(2026, 4, 10))
    time_machine.move_to("2026-05-04T12:00:00Z")
    client.force_login(boss)
    url = reverse("case-revoke", args=[tacit.pk])
    assert "Titulaire entendu" in client.get(url).content.decode()
    assert client.post(url, {"reasons": ""}).status_code == 422

    shown = client.post(url, {"reasons": WHY, "read": "yes"})
    assert (shown.status_code, "Signer cet acte" in shown.content.decode()) == (200, True)
    act = shown.context["preview"]
    wrong = client.post(url, {"reasons": "autre chose", "act": act.pk, "sign": "yes"})
    assert (wrong.status_code, "Relisez-le" in wrong.content.decode()) == (422, True)
    assert client.post(url, {"reasons": WHY, "act": act.pk, "sign": "yes"}).status_code == 302
    assert state(tacit) == State.REVOKED
    assert client.get(url).status_code == 409


# -- « Encore N jours pour retirer »


def test_the_page_counts_the_days_left_to_revoke_an_illegal_tacit_permit(client, tacit, boss, time_machine):
    time_machine.move_to("2026-07-31T12:00:00Z")
    client.force_login(boss)
    page = words(client.get(reverse("case", args=[tacit.pk])))
    assert "Encore 2 jours pour retirer" in page
    assert "Un arrêté de police frappe l’immeuble" in page
    assert illegality.of(tacit, today=date(2026, 8, 3)).is_over


def test_a_tacit_permit_that_is_legal_shows_no_countdown(town):
    case = clock.grant_tacitly(file(factories.ApplicationFactory(authority=town)), on=date(2026, 4, 3))
    assert illegality.of(case, today=DEPOSIT) is None


def test_a_class_that_may_not_be_let_makes_a_tacit_permit_illegal(town):
    draft = factories.ApplicationFactory(authority=town, sheet={"dpe_class": "G"})
    case = clock.grant_tacitly(file(draft), on=date(2026, 4, 3))
    assert "classe G" in illegality.of(case, today=DEPOSIT).reasons[0]


def test_the_adjusted_class_is_the_one_that_counts(town):
    draft = factories.ApplicationFactory(authority=town, sheet={"dpe_class": "G", "dpe_adjusted_class": "E"})
    case = clock.grant_tacitly(file(draft), on=date(2026, 4, 3))
    assert illegality.of(case, today=DEPOSIT) is None


def test_what_is_written_again_of_an_answer_is_in_the_journal(conditional, boss, today):
    sent = letter(conditional, boss, on=today)
    told = {"observations": "Non.", "oral_held_on": today, "oral_report": "Il maintient.", "by": boss, "on": today}
    for more in ({}, {}, {"oral_report": "Il maintient, facture à l’appui."}):
        hearing.record_answer(again(sent), **told | more)

    lines = conditional.journal
    assert [entry.facts["report"] for entry in lines.filter(event=Event.INTERVIEW_HELD)] == [
        "Il maintient.", "Il maintient, facture à l’appui.",
    ]  # fmt: skip
    assert lines.filter(event=Event.OBSERVATIONS_RECEIVED).count() == 1


def test_the_panels_cost_the_same_with_one_letter_and_with_ten(conditional, boss, today, django_assert_max_num_queries):
    work = works.settle_work(conditional.decision.works.get(), met=False, by=boss, on=today)
    for _ in range(10):
        letter(conditional, boss, on=today, works_of=[work])
    case = Application.objects.with_sheet().get(pk=conditional.pk)
    with django_assert_max_num_queries(3):
        found = contesting.hearings_for_service(case, boss, today)
    assert (len(found["letters"]), Hearing.objects.count()) == (10, 10)
    assert deadlines.answer_by(date(2026, 5, 1), days=8) == date(2026, 5, 11)


def words_of(client, name, case):
    return client.get(reverse(name, args=[case.pk])).content.decode()
