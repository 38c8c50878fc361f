"""The loop of the prescribed works: deadlines, reminders, counter-visits of chosen items, and the adversarial letter."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from documents import rendering
from documents.enums import ActKind
from inspections.enums import Conclusion, Purpose
from inspections.models import Visit
from notifications.enums import Kind
from notifications.models import Message
from permis import deadlines, journal
from permis.enums import ConditionMode, ConditionState, Ground, Means, Outcome
from permis.models import Application, Hearing, PrescribedWork
from permis.models.journal import Event
from tests import factories
from tests.workflows.desk import words
from tests.workflows.test_rights import at
from workflows import conditions, flows, tasks
from workflows.actions import decision, hearing, inspection, notification, owed, works
from workflows.actions.hearing import NotYetHappened, NotYetUnmet
from workflows.actions.works import NothingToSee

pytestmark = pytest.mark.django_db
SOCKET, WINDOW, CELLAR = "E03", "C07", ""


@pytest.fixture
def case(town, boss, today):
    """A permit with three works to do in forty days, one of them off the grid."""
    visited = at("visited", town, boss)
    due = today + timedelta(40)
    prescribed = [
        {"code": code, "place": place, "finding": "Défaut", "basis": "décret 2002-120", "work": "Réparer", "due_on": due}
        for code, place in ((SOCKET, "Séjour"), (WINDOW, "Chambre"), (CELLAR, "Cave"))
    ]
    decision.propose_decision(
        visited,
        outcome=Outcome.CONDITIONAL,
        mode=ConditionMode.DEFERRED,
        grounds=[Ground.DECENCY],
        works=prescribed,
        by=boss,
        on=today,
    )
    proposed = Application.objects.get(pk=visited.pk)
    signed = decision.sign(proposed, act=decision.preview(proposed, by=boss, on=today), by=boss, on=today)
    return notification.notify(signed, means="hand", notified_on=today, recipient="le bailleur", by=boss, on=today)


def work_of(case, code):
    return PrescribedWork.objects.get(decision__application=case, code=code)


def order(case, boss, today, *codes, hour=11):
    noon = datetime.combine(today, datetime.min.time(), tzinfo=UTC) + timedelta(hours=hour)
    chosen = [work_of(case, code) for code in codes]
    slot = {"inspector": boss, "starts_at": noon, "ends_at": noon + timedelta(hours=1), "agreed_on": today}
    return works.order_counter_visit(case, works=chosen, by=boss, on=today, **slot)


# -- Counter-visits


def test_a_counter_visit_looks_only_at_what_was_ordered_and_says_so(case, boss, today):
    visit = order(case, boss, today, SOCKET)

    assert (visit.purpose, visit.codes(), [work.code for work in visit.works.all()]) == (Purpose.COUNTER, [SOCKET], [SOCKET])
    told = Message.objects.filter(kind=Kind.VISIT_PLANNED).order_by("pk").last().text
    assert "Séjour : Réparer" in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "Chambre" not in told
    entry = case.journal.order_by("-position").first()
    assert (entry.event, entry.facts["works"]) == (Event.COUNTER_VISIT_ORDERED, [work_of(case, SOCKET).pk])
    assert list(journal.faults(case)) == []


def test_an_item_off_the_grid_hides_nothing_from_the_inspector(case, boss, today):
    assert order(case, boss, today, SOCKET, CELLAR).codes() == []


def test_what_is_done_needs_no_counter_visit(case, boss, today):
    works.settle_work(work_of(case, SOCKET), met=True, by=boss, on=today)
    with pytest.raises(NothingToSee):
        order(case, boss, today, SOCKET)
    assert not case.visits.filter(purpose=Purpose.COUNTER).exists()


def test_the_screen_orders_it_and_every_screen_of_the_visit_says_its_scope(client, case, boss, today):
    client.force_login(boss)
    url = reverse("case-counter-visit", args=[case.pk])
    assert "Travaux à regarder" in client.get(url).content.decode()
    slot = {"day": today.isoformat(), "start": "10:00", "end": "11:00", "inspector": boss.pk, "agreed_on": today.isoformat()}
    late = client.post(url, slot | {"works": [work_of(case, WINDOW).pk], "start": "21:30", "end": "22:00"})
    assert (late.status_code, "6 h et 21 h" in late.content.decode().replace("\N{NO-BREAK SPACE}", " ")) == (422, True)
    assert "Cochez au moins un" in client.post(url, slot).content.decode()

    assert client.post(url, slot | {"works": [work_of(case, WINDOW).pk]}).status_code == 302

    visit = case.visits.get(purpose=Purpose.COUNTER)
    pages = [reverse("visit-day"), reverse("visit-report", args=[visit.pk]), reverse("case", args=[case.pk]),
             reverse("case-works", args=[case.pk])]  # fmt: skip
    for page in pages:
        shown = client.get(page).content.decode().replace("\N{NO-BREAK SPACE}", " ")
        assert "À revoir : Chambre – Réparer" in shown, page


def test_after_the_counter_visit_its_works_are_settled_at_once(client, case, boss, today):
    visit = order(case, boss, today, SOCKET, WINDOW)
    defect = {"code": WINDOW, "place": "Chambre", "description": "Rien n’a changé", "severity": "R"}
    inspection.record_visit(visit, conclusion=Conclusion.RESERVES, findings=[defect], by=boss, on=today)
    client.force_login(boss)
    url = reverse("case-settle-works", args=[case.pk])
    assert url in client.get(reverse("case-works", args=[case.pk])).content.decode()

    form = client.get(url).context["form"]

    assert [(field.name, field.value()) for field in form] == [
        (f"work_{work_of(case, SOCKET).pk}", "yes"), (f"work_{work_of(case, WINDOW).pk}", "no"),
    ]  # fmt: skip
    assert client.post(url, {field.name: field.value() for field in form}).status_code == 302
    assert [work_of(case, code).state for code in (SOCKET, WINDOW, CELLAR)] == ["met", "unmet", "open"]
    assert case.journal.filter(event=Event.WORKS_SETTLED).count() == 2
    assert "Constatez en une fois" not in client.get(reverse("case-works", args=[case.pk])).content.decode()
    assert [field.name for field in client.get(url).context["form"]] == [
        f"work_{work_of(case, code).pk}" for code in (WINDOW, CELLAR)
    ], "what is left is settled without a visit"


def test_settling_nothing_is_said_and_settling_all_leads_to_the_lifting(client, case, boss):
    client.force_login(boss)
    url = reverse("case-settle-works", args=[case.pk])
    answer = client.post(url)
    assert (answer.status_code, "Dites d’au moins un" in answer.content.decode()) == (422, True)
    all_done = {f"work_{work.pk}": "yes" for work in works.to_settle(case)}

    assert client.post(url, all_done).url == case.get_absolute_url()

    assert flows.calls_for(Application.objects.get(pk=case.pk)) == {"lift_conditions"}
    lifted = decision.lift_conditions(case, by=boss, on=case.authority.today())
    content = lifted.acts.get(kind=ActKind.LIFTING).content
    assert [each["place"] for each in content["works"]] == ["Séjour", "Chambre", "Cave"]


def test_somebody_without_the_right_settles_nothing(case, town, today):
    with pytest.raises(PermissionDenied):
        works.settle_works(case, results={work_of(case, SOCKET).pk: True}, by=factories.UserFactory(), on=today)
    assert work_of(case, SOCKET).state == ConditionState.OPEN


# -- Deadlines and reminders


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [(date(2027, 3, 31), [date(2027, 3, 1), date(2027, 3, 24), date(2027, 4, 1)]),
     (date(2028, 3, 1), [date(2028, 1, 31), date(2028, 2, 23), date(2028, 3, 2)])],
)  # fmt: skip
def test_days_of_the_reminders(due_on, expected):
    assert deadlines.works_reminders_on(due_on) == expected


@pytest.mark.parametrize(
    ("received_on", "expected"), [(date(2027, 2, 1), date(2027, 2, 16)), (date(2027, 2, 5), date(2027, 2, 22))]
)
def test_the_answer_has_fifteen_days_and_ends_on_a_working_day(received_on, expected):
    assert deadlines.answer_by(received_on) == expected


def reminders(case, kind):
    return Message.objects.filter(application=case, kind=kind).values("once", "text").count()


def test_each_reminder_leaves_once_on_its_day_and_the_officer_hears_of_the_last(case, town, today):
    landlord = len({case.applicant.email, *(lessor.email for lessor in case.lessors.all())} - {""})
    told = []
    for days in (9, 10, 11, 32, 33, 34, 40, 41, 42):
        for _ in range(2):
            owed.of(town, works.DUTIES, on=today + timedelta(days))
        told.append((reminders(case, Kind.WORKS_REMINDER) // landlord, reminders(case, Kind.WORKS_OVERDUE)))

    assert told == [(0, 0), (1, 0), (1, 0), (1, 0), (2, 0), (2, 0), (2, 0), (3, 1), (3, 1)]
    assert case.journal.filter(event=Event.WORKS_REMINDED).count() == 3
    assert list(journal.faults(case)) == []


def test_a_worker_that_slept_sends_the_last_step_only(case, town, today):
    owed.of(town, works.DUTIES, on=today + timedelta(60))
    steps = [entry.facts["step"] for entry in case.journal.filter(event=Event.WORKS_REMINDED)]
    assert steps == [(today + timedelta(41)).isoformat()]


def test_what_was_over_when_the_decision_was_notified_is_not_recalled(case, town, today):
    PrescribedWork.objects.filter(decision__application=case).update(due_on=today + timedelta(20))
    owed.of(town, works.DUTIES, on=today + timedelta(1))
    assert not case.journal.filter(event=Event.WORKS_REMINDED).exists()


def test_a_proof_that_waits_is_not_asked_for_again_but_the_service_is_told(case, town, boss, today):
    for work in works.to_settle(case):
        works.prove_work(work, proofs=["0" * 64], by=case.applicant, on=today)
    owed.of(town, works.DUTIES, on=today + timedelta(41))
    assert (reminders(case, Kind.WORKS_REMINDER), reminders(case, Kind.WORKS_OVERDUE)) == (0, 1)


def test_the_periodic_task_reminds_every_authority(case, today):
    PrescribedWork.objects.filter(decision__application=case).update(due_on=today)
    Application.objects.filter(pk=case.pk).update(notified_on=today - timedelta(20), tacit_on=today)
    tasks.remind_of_works()
    assert case.journal.filter(event=Event.WORKS_REMINDED).count() == 1


def test_works_of_a_permit_have_a_place_in_the_worklist(client, case, boss, today):
    item = case.work_items.get()
    assert (item.node, item.legal_date) == ("check_works", today + timedelta(40))
    work_of(case, SOCKET)
    PrescribedWork.objects.filter(decision__application=case, code=SOCKET).update(due_on=today - timedelta(1))
    flows.advance(case)
    client.force_login(boss)
    soon = client.get(reverse("worklist"), {"file": "soon"}).content.decode()
    assert re.search(r'class="pl-chip is-danger">.*?Travaux [\d/]+ · <b>en retard de 1 j', soon, re.DOTALL)
    assert "Constater des travaux en retard" in soon
    assert "Le terme est passé" in client.get(reverse("case-works", args=[case.pk])).content.decode()


def test_a_figure_that_one_case_adds_to_several_times_says_so(client, case, town, today):
    client.force_login(factories.member(town, Role.MANAGER))
    for asked in ({"mesure": "works", "periode": str(today.year)}, {"mesure": "works_due", "terme": "later"}):
        page = words(client.get(reverse("figure-cases"), asked))
        assert "Le chiffre est de 3" in page
        assert page.count(case.number) == 1
    page = words(client.get(reverse("figure-cases"), {"mesure": "outcome", "periode": str(today.year)}))
    assert case.number in page
    assert "Le chiffre est de" not in page


def test_a_prior_condition_is_due_before_any_letting(town, boss):
    prior = at("conditional", town, boss)
    [condition] = conditions.of(prior)
    assert condition.deadline == "avant toute mise en location"
    assert condition.told == "À faire, puis à prouver."


# -- The adversarial letter


def unmet(case, boss, today, code=SOCKET):
    return works.settle_work(work_of(case, code), met=False, by=boss, on=today)


def test_the_letter_tells_the_facts_and_gives_fifteen_days_from_its_reception(client, case, boss, today):
    unmet(case, boss, today)
    client.force_login(boss)
    url = reverse("case-hearing", args=[case.pk])
    page = client.get(url)
    assert [work.code for work in page.context["form"].fields["works"].queryset] == [SOCKET]
    said = {"works": [work_of(case, SOCKET).pk], "reasons": "La prise pend toujours.", "means": Means.REGISTERED_LETTER}

    assert client.post(url, said).status_code == 302

    sent = Hearing.objects.get()
    assert (sent.answer_by, sent.received_on, [work.code for work in sent.works.all()]) == (None, None, [SOCKET])
    act = case.acts.get(kind=ActKind.HEARING)
    message = Message.objects.filter(kind=Kind.HEARING).first()
    assert (list(message.acts.all()), "La prise pend toujours." in message.text) == ([act], True)
    assert [each["place"] for each in act.content["works"]] == ["Séjour"]
    assert rendering.render(act.content).startswith(b"%PDF")
    client.force_login(case.applicant)
    assert "Présentez vos observations" in client.get(reverse("application", args=[case.pk])).content.decode()

    client.force_login(boss)
    answer = reverse("case-hearing-answer", args=[case.pk, sent.pk])
    assert client.post(answer, {"received_on": today.isoformat()}).status_code == 302
    sent.refresh_from_db()
    assert sent.answer_by >= today + timedelta(15)
    said = {"received_on": today.isoformat(), "observations": "L’électricien vient lundi.", "observations_on": today.isoformat()}
    client.post(answer, said)
    client.post(answer, said)
    events = [Event.HEARING_OPENED, Event.HEARING_RECEIVED, Event.OBSERVATIONS_RECEIVED]
    assert list(case.journal.filter(event__in=events).order_by("position").values_list("event", flat=True)) == events
    assert "vient lundi" in client.get(reverse("case-works", args=[case.pk])).content.decode()
    assert list(journal.faults(case)) == []


def test_nothing_is_held_against_works_that_still_have_time(case, boss, today):
    with pytest.raises(NotYetUnmet):
        hearing.open_hearing(case, works=[work_of(case, SOCKET)], reasons="?", means=Means.HAND, by=boss, on=today)
    late = today + timedelta(41)
    sent = hearing.open_hearing(case, works=[work_of(case, SOCKET)], reasons="Rien.", means=Means.HAND, by=boss, on=late)
    assert sent.sent_on == late


@pytest.mark.parametrize("days", [-1, 1])
def test_a_letter_is_received_neither_before_it_left_nor_tomorrow(case, boss, today, days):
    unmet(case, boss, today)
    sent = hearing.open_hearing(case, works=[work_of(case, SOCKET)], reasons="Rien.", means=Means.HAND, by=boss, on=today)
    with pytest.raises(NotYetHappened):
        hearing.record_answer(sent, received_on=today + timedelta(days), by=boss, on=today)


def test_an_inspector_writes_no_letter(case, boss, town, today):
    unmet(case, boss, today)
    inspector = factories.member(town, Role.INSPECTOR)
    with pytest.raises(PermissionDenied):
        hearing.open_hearing(case, works=[work_of(case, SOCKET)], reasons="Rien.", means=Means.HAND, by=inspector, on=today)


def test_a_letter_of_another_case_is_not_found(client, case, boss, town, today):
    unmet(case, boss, today)
    sent = hearing.open_hearing(case, works=[work_of(case, SOCKET)], reasons="Rien.", means=Means.HAND, by=boss, on=today)
    other = at("conditional", town, boss)
    client.force_login(boss)
    assert client.get(reverse("case-hearing-answer", args=[other.pk, sent.pk])).status_code == 404


def test_the_scope_costs_the_day_of_visits_no_query_a_visit(client, case, boss, today, django_assert_max_num_queries):
    for hour, codes in ((13, [SOCKET]), (14, [WINDOW]), (15, [SOCKET, WINDOW, CELLAR])):
        order(case, boss, today, *codes, hour=hour)
    client.force_login(boss)
    with django_assert_max_num_queries(14):
        client.get(reverse("visit-day"))
    assert Visit.objects.filter(purpose=Purpose.COUNTER).count() == 3
