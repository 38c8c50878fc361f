"""Administrative appeals: filed in time or late, rejected by silence or expressly, accepted; what remains to contest, day by day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django_fsm import TransitionNotAllowed, can_proceed

from accounts.enums import Role
from documents import rendering
from documents.enums import ActKind, Verdict
from notifications.enums import Kind
from notifications.models import Message
from permis import correction, guards, journal
from permis.enums import ConditionMode, ConditionState, Ground, Means, Outcome, State
from permis.litigation import AppealChannel, AppealKind, AppealState
from permis.models import Appeal, Application, PrescribedWork
from permis.models.journal import Event
from tests import factories
from tests.documents.reading import text_of
from tests.workflows.contested import again, appealed, state
from tests.workflows.desk import words
from tests.workflows.test_actions import NOTICE, WORK, signed
from tests.workflows.test_rights import STAFF
from workflows import contesting, flows, remedies
from workflows.actions import act_notices, appeals, clock, notification, works
from workflows.actions.appeal_clock import AppealExamined
from workflows.actions.appeals import NothingToContest, NotReplaceable, ReasonsClosed, ReceivedLater
from workflows.contested import NewRuling

pytestmark = pytest.mark.django_db
WHY = "que les travaux prescrits ne sont pas faits ;"
# Notified on 20 March 2026: the court may be seized until the 21st of May, a Thursday.
UNTIL = date(2026, 5, 21)
FILED, SILENT = date(2026, 5, 4), date(2026, 7, 4)


@pytest.fixture
def boss(town):
    return factories.member(town, *STAFF)


def notified(town, boss, outcome=Outcome.REFUSED, **draft):
    case = signed(
        factories.ApplicationFactory(authority=town, **draft.pop("fields", {})),
        boss,
        outcome,
        grounds=[Ground.DECENCY],
        works=[WORK, WORK | {"place": "Séjour", "work": "Remplacer la prise"}],
        **draft,
    )
    case.pieces.update(verdict=Verdict.ACCEPTED, checked_by=boss)
    return notification.notify(case, means=Means.HAND, notified_on=NOTICE, recipient="Mme Duprat", by=boss, on=NOTICE)


@pytest.fixture
def refused(town, boss):
    return notified(town, boss)


def reject(appeal, boss, *, on):
    return appeals.reject(appeal, act=appeals.preview_rejection(appeal, reasons=WHY, by=boss, on=on), reasons=WHY, by=boss, on=on)


def accept(appeal, boss, *, on, **ruling):
    new = NewRuling(considerations="que les travaux sont faits ;", **({"outcome": Outcome.GRANTED} | ruling))
    return appeals.accept(appeal, act=appeals.preview_acceptance(appeal, ruling=new, by=boss, on=on), ruling=new, by=boss, on=on)


def until(case, on=FILED):
    return remedies.of(again(case), today=on).until


# -- What remains to contest


@pytest.mark.parametrize(("lessor", "last"), [
    ({}, UNTIL),
    ({"overseas": True}, date(2026, 6, 22)),
    ({"country": "Belgique"}, date(2026, 7, 21)),
])  # fmt: skip
def test_two_months_francs_and_the_distance(refused, lessor, last):
    refused.lessors.update(**lessor)
    assert until(refused) == last


def test_a_court_overseas_is_far_from_the_mainland():
    town = factories.AuthorityFactory(department="974", time_zone="Indian/Reunion")
    case = notified(town, factories.member(town, *STAFF))
    assert until(case) == date(2026, 6, 22)  # the 21st of June is a Sunday
    case.lessors.update(postcode="97400")
    assert until(case) == UNTIL


def test_a_refusal_without_routes_has_no_period_but_a_reasonable_one(town, boss):
    case = notified(town, boss)
    case.decision.appeal_routes = False
    case.decision.save()
    found = remedies.of(again(case), today=date(2027, 3, 20))
    assert (found.until, found.is_opposable, found.is_final, found.reasonable_until) == (None, False, False, date(2027, 3, 20))


def test_after_the_last_day_the_decision_is_final_and_the_page_says_so(client, refused, boss, time_machine):
    assert not remedies.of(refused, today=UNTIL).is_final
    time_machine.move_to("2026-05-22T12:00:00Z")
    client.force_login(boss)
    assert "Décision définitive" in words(client.get(reverse("case", args=[refused.pk])))
    client.force_login(refused.applicant)
    assert "a pris fin le 21 mai 2026" in words(client.get(reverse("application", args=[refused.pk])))


# -- Filing


def test_an_appeal_is_acknowledged_with_the_day_of_its_implicit_rejection(refused, boss):
    appeal = appealed(refused, on=FILED)

    assert (appeal.state, appeal.implicit_rejection_on, appeal.is_late, appeal.next_on) == (
        AppealState.PENDING,
        SILENT,
        False,
        SILENT,
    )
    text = text_of(rendering.render(refused.acts.get(kind=ActKind.APPEAL_RECEIPT).content))
    for mention in ("le refus du 18 mars 2026", "4 mai 2026", "4 juillet 2026", "7 septembre 2026", "L. 411-7", "L. 232-4"):
        assert mention in text
    assert Message.objects.filter(kind=Kind.APPEAL_RECEIVED, acts__kind=ActKind.APPEAL_RECEIPT).exists()
    assert "rejeté par le silence le 4 juillet 2026" in Message.objects.get(kind=Kind.APPEAL_FILED).text.replace("\xa0", " ")
    assert (until(refused), refused.journal.order_by("-position").first().event) == (None, Event.APPEAL_FILED)


def test_a_late_appeal_is_taken_with_a_warning_and_prolongs_nothing(refused, boss):
    appeal = appealed(refused, on=date(2026, 5, 22))

    assert (appeal.is_late, appeal.until, until(refused)) == (True, UNTIL, UNTIL)
    assert "il ne prolonge pas" in Message.objects.filter(kind=Kind.APPEAL_RECEIVED).first().text.replace("\xa0", " ")
    clock.run(refused.authority, on=date(2026, 7, 23))
    assert (again(appeal).state, again(appeal).court_until) == (AppealState.IMPLICITLY_REJECTED, None)


def test_the_service_enters_the_letter_at_the_day_it_came(client, refused, boss, time_machine):
    time_machine.move_to("2026-05-28T12:00:00Z")
    client.force_login(boss)
    url = reverse("case-appeal", args=[refused.pk])
    said = {"channel": "letter", "received_on": "2026-05-20", "arguments": "Tout est fait."}
    assert client.post(url, said | {"received_on": "2026-05-29"}).status_code == 422

    assert client.post(url, said | {"upload": factories.upload()}).status_code == 302

    appeal = Appeal.objects.get()
    assert (appeal.received_on, appeal.channel, appeal.author) == (date(2026, 5, 20), AppealChannel.LETTER, "Mme Hélène Duprat")
    assert len(appeal.files) == 1
    again_said = client.post(url, said)
    assert "déjà en cours d’examen" in again_said.content.decode()


def test_the_landlord_files_online_and_is_told_what_follows(client, refused, time_machine):
    time_machine.move_to("2026-05-04T12:00:00Z")
    client.force_login(refused.applicant)
    url = reverse("application-appeal", args=[refused.pk])
    page = words(client.get(reverse("application", args=[refused.pk])))
    assert "Vous pouvez contester le refus du 18 mars 2026 jusqu’au 21 mai 2026" in page
    assert client.post(url, {"arguments": " "}).status_code == 422
    assert client.post(url, {"arguments": "Les travaux sont faits."}).status_code == 302
    assert "4 juillet 2026" in words(client.get(reverse("application", args=[refused.pk])))


def test_nothing_to_contest_nobody_else_and_never_twice(town, boss, refused):
    granted = notified(town, boss, Outcome.GRANTED)
    with pytest.raises(NothingToContest):
        appealed(granted, on=FILED)
    with pytest.raises(PermissionDenied):
        appeals.file_appeal(refused, arguments="Moi", by=factories.UserFactory(), on=FILED)
    with pytest.raises(ReceivedLater):
        appeals.file_appeal(refused, arguments="Hier", received_on=date(2026, 3, 1), by=boss, on=FILED)
    appealed(refused, on=FILED)
    with pytest.raises(AppealExamined):
        appealed(refused, on=FILED)


# -- Silence


def test_silence_rejects_the_day_after_two_months_once_and_opens_the_court(refused, boss):
    appeal = appealed(refused, on=FILED)

    assert clock.run(refused.authority, on=SILENT)["appeals rejected"] == 0
    assert clock.run(refused.authority, on=SILENT + timedelta(1))["appeals rejected"] == 1
    assert clock.run(refused.authority, on=SILENT + timedelta(2))["appeals rejected"] == 0

    appeal = again(appeal)
    assert (appeal.state, appeal.court_until, until(refused)) == (
        AppealState.IMPLICITLY_REJECTED,
        date(2026, 9, 7),
        date(2026, 9, 7),
    )
    assert refused.journal.get(event=Event.APPEAL_SILENT).on == SILENT
    told = Message.objects.filter(kind=Kind.APPEAL_SILENT).first().text.replace("\xa0", " ")
    assert "jusqu’au 7 septembre 2026" in told
    assert Message.objects.filter(kind=Kind.APPEAL_SILENT_ALERT, recipient=boss.email).count() == 1
    assert list(journal.faults(refused)) == []


def test_the_reasons_of_a_silence_are_due_within_a_month_of_their_request(client, refused, boss, time_machine):
    appeal = appealed(refused, on=FILED)
    with pytest.raises(ReasonsClosed):
        appeals.ask_for_reasons(appeal, by=refused.applicant, on=FILED)
    clock.run(refused.authority, on=SILENT + timedelta(1))
    time_machine.move_to("2026-07-31T12:00:00Z")
    client.force_login(refused.applicant)
    assert client.post(reverse("application-reasons", args=[refused.pk, appeal.pk])).status_code == 302

    appeal = again(appeal)
    assert (appeal.reasons_due_on, appeal.next_on) == (date(2026, 8, 31), date(2026, 8, 31))
    assert "31 août 2026" in Message.objects.get(kind=Kind.REASONS_ASKED).text.replace("\xa0", " ")
    with pytest.raises(ReasonsClosed):
        appeals.ask_for_reasons(appeal, by=refused.applicant, on=date(2026, 8, 1))
    answered = reject(appeal, boss, on=date(2026, 8, 20))
    assert (answered.state, answered.reasons_given_on) == (AppealState.REJECTED, date(2026, 8, 20))


# -- The answer of the signatory


def test_a_rejection_is_sealed_and_its_notification_opens_two_months(refused, boss):
    appeal = reject(appealed(refused, on=FILED), boss, on=date(2026, 6, 1))

    act = refused.acts.get(kind=ActKind.APPEAL_REJECTION)
    assert (appeal.act_sha256, until(refused, on=date(2026, 6, 2))) == (act.sha256, None)
    assert "Télérecours" in text_of(rendering.render(act.content))
    assert [each.pk for each in contesting.appeals_for_service(refused, boss, date(2026, 6, 2))["to_notify"]] == [act.pk]
    with pytest.raises(act_notices.NotIssued):
        notify(refused, act, boss, date(2026, 5, 30))

    notify(refused, act, boss, date(2026, 6, 4))

    assert (until(refused), again(appeal).notified_on) == (date(2026, 8, 5), date(2026, 6, 4))
    assert contesting.appeals_for_service(refused, boss, date(2026, 6, 5))["to_notify"] == []
    assert again(refused).notified_on == NOTICE


def notify(case, act, boss, on):
    return act_notices.notify_act(
        case, act=act, means=Means.HAND, notified_on=on, recipient="Mme Duprat", by=boss, on=date(2026, 9, 1)
    )


def test_an_accepted_appeal_puts_a_new_decision_in_the_place_of_the_refusal(refused, boss):
    former, refusal = refused.decision, refused.acts.get(kind=ActKind.DECISION_REFUSED)
    appeal = appealed(refused, on=FILED)
    kept = list(former.works.all())[:1]

    accept(
        appeal,
        boss,
        on=date(2026, 6, 1),
        outcome=Outcome.CONDITIONAL,
        mode=ConditionMode.PRIOR,
        grounds=[Ground.DECENCY],
        works=kept,
    )

    case = again(refused)
    assert (case.state, case.valid_until, case.signed_on) == (State.GRANTED_CONDITIONAL, date(2028, 6, 1), date(2026, 6, 1))
    assert [(work.place, work.state) for work in case.decision.works.all()] == [("Salle d’eau", ConditionState.OPEN)]
    assert flows.calls_for(case) == {"check_works"} == set(case.work_items.values_list("node", flat=True))
    former = again(former)
    assert (former.former_case, former.application, former.notified_on, former.works.count()) == (case, None, NOTICE, 2)
    assert again(refusal).void_on == date(2026, 6, 1)
    [proof] = case.notices.of_act(refusal.sha256)
    assert (proof.notified_on, case.notices.of_decision().exists()) == (NOTICE, False)
    text = text_of(rendering.render(case.acts.get(kind=ActKind.DECISION_CONDITIONAL).content))
    assert "Le refus du 18 mars 2026 est retiré." in text
    assert "le recours gracieux formé contre lui, reçu le 4 mai 2026" in text
    assert list(journal.faults(case)) == []


def test_new_conditions_are_contested_from_their_own_notification(refused, boss):
    accept(
        appealed(refused, on=FILED),
        boss,
        on=date(2026, 6, 1),
        outcome=Outcome.CONDITIONAL,
        mode=ConditionMode.PRIOR,
        grounds=[Ground.DECENCY],
        works=list(refused.decision.works.all()),
    )
    act = refused.acts.get(kind=ActKind.DECISION_CONDITIONAL)
    assert until(refused, on=date(2026, 6, 1)) is None
    notify(refused, act, boss, date(2026, 6, 4))
    assert until(refused) == date(2026, 8, 5)
    with pytest.raises(guards.Refusal, match="recours"):
        correct(again(refused))


def correct(case):
    return correction.settle(case, correction.Correctable.RECEPTION, date(2026, 3, 1), today=date(2026, 7, 1))


def test_former_works_are_frozen(refused, boss):
    work = refused.decision.works.first()
    accept(appealed(refused, on=FILED), boss, on=date(2026, 6, 1))
    with pytest.raises(Application.DoesNotExist):
        works.settle_work(again(work), met=True, by=boss, on=date(2026, 6, 2))
    assert PrescribedWork.objects.get(pk=work.pk).state == ConditionState.OPEN


def test_an_answer_is_given_once_by_a_signatory_and_never_against_a_police_order(refused, boss, town):
    appeal = appealed(refused, on=FILED)
    with pytest.raises(PermissionDenied):
        reject(appeal, factories.member(town, Role.LEGAL), on=FILED)
    Application.objects.filter(pk=refused.pk).update(police_order=True)
    with pytest.raises(guards.PoliceOrder):
        accept(again(appeal), boss, on=FILED)
    reject(again(appeal), boss, on=FILED)
    with pytest.raises(TransitionNotAllowed):
        reject(again(appeal), boss, on=FILED + timedelta(1))


def test_what_is_no_refusal_is_not_replaced(refused, boss):
    appeal = appealed(refused, on=FILED)
    with pytest.raises(NotReplaceable):
        accept(appeal, boss, on=FILED, outcome=Outcome.REFUSED)


def test_the_screen_answers_an_appeal_in_two_steps(client, refused, boss, time_machine):
    appeal = appealed(refused, on=FILED)
    time_machine.move_to("2026-06-01T12:00:00Z")
    client.force_login(boss)
    url = reverse("appeal-answer", args=[refused.pk, appeal.pk])
    assert "Tout est fait." in client.get(url).content.decode()
    missing = client.post(url, {"outcome": "conditional", "reasons": "oui", "read": "yes"})
    assert (missing.status_code, "Dites si les travaux précèdent" in missing.content.decode()) == (422, True)
    said = {"outcome": "granted", "reasons": "que les travaux sont faits ;"}
    shown = client.post(url, said | {"read": "yes"})
    assert shown.context["preview"].kind == ActKind.DECISION_GRANTED
    assert client.post(url, said | {"act": shown.context["preview"].pk, "sign": "yes"}).status_code == 302
    assert state(refused) == State.GRANTED
    assert client.get(url).status_code == 409
    client.force_login(refused.applicant)
    page = words(client.get(reverse("application", args=[refused.pk])))
    assert "Accueilli" in page
    assert "Refus d’autorisation" in page  # the former act stays theirs


@pytest.mark.parametrize("source", list(AppealState))
def test_each_state_of_an_appeal_leads_where_the_law_says(source):
    verbs = {
        AppealState.PENDING: {"reject", "reject_by_silence", "accept", "withdraw"},
        AppealState.IMPLICITLY_REJECTED: {"reject", "accept"},
        AppealState.BEFORE_COURT: {"dismiss", "annul", "withdraw"},
    }
    names = {each.name for each in Appeal._meta.get_field("state").get_all_transitions(Appeal)}
    assert {name for name in names if can_proceed(getattr(Appeal(state=source), name))} == verbs.get(source, set())


def test_the_list_of_litigation_sorts_by_next_date_and_costs_the_same(
    client, town, boss, django_assert_max_num_queries, time_machine
):
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=UTC))
    for rank in range(3):
        appealed(notified(town, boss), on=FILED - timedelta(rank))
    client.force_login(factories.member(town, Role.LEGAL))
    with django_assert_max_num_queries(9):
        page = client.get(reverse("litigation"))
    assert client.get(reverse("home")).url == reverse("litigation")
    found = [each.next_on for each in page.context["appeals"]]
    assert (found, len(found)) == (sorted(found), 3)
    assert Appeal.objects.filter(kind=AppealKind.ADMINISTRATIVE).count() == 3
    client.force_login(factories.member(factories.AuthorityFactory(), Role.LEGAL))
    assert "Aucun recours en cours" in client.get(reverse("litigation")).content.decode()
