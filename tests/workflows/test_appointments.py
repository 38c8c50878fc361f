"""Appointments: their bounds, who is told and how, one person never in two places, the clock that nothing moves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django_fsm import TransitionNotAllowed

from accounts.enums import Role
from inspections.enums import ContactChannel, ContactResult, Purpose
from inspections.models import Mandate, Operator, Visit
from notifications.models import Message
from permis import guards, scope
from permis.models import Application, Entrusted
from permis.models.journal import Event
from tests import factories
from tests.workflows.test_actions import CHECK, DEPOSIT, reviewed
from tests.workflows.test_races import at_once
from workflows import tasks
from workflows.actions import appointments, contacts, inspection, intake

pytestmark = pytest.mark.django_db
VISIT = datetime(2026, 3, 12, 8, tzinfo=UTC)  # 9 h in Paris
HOUR = timedelta(hours=1)


@pytest.fixture
def authority():
    return factories.AuthorityFactory()


@pytest.fixture
def staff(authority):
    return factories.member(authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


@pytest.fixture
def draft(authority):
    return factories.ApplicationFactory(authority=authority)


@pytest.fixture
def case(draft, staff):
    return reviewed(draft, staff)


def plan(case, staff, *, at=VISIT, lasting=HOUR, on=CHECK, **facts):
    given = {"inspector": staff, "by": staff} | facts
    return appointments.plan_visit(case, starts_at=at, ends_at=at + lasting, on=on, **given)


def events(case):
    return [entry.event for entry in case.journal.order_by("position")]


def told(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


@pytest.fixture
def operator(authority):
    person = factories.member(authority, Role.OPERATOR)
    organisation = Operator.objects.create(authority=authority, name="SOLIHA")
    organisation.people.add(person)
    return person


@pytest.fixture
def mandate(operator):
    return Mandate.objects.create(
        operator=operator.operators.get(), reference="n° 2026-12", signed_on=date(2026, 1, 5),
        starts_on=date(2026, 1, 10), ends_on=date(2026, 3, 12),
    )  # fmt: skip


@pytest.mark.parametrize("hours", [-4, 12.5, 11.75])
def test_no_visit_outside_the_hours_of_the_law(case, staff, hours):
    """5 h, 21 h 30, and 20 h 45 to 21 h 45 on the clocks of Paris."""
    with pytest.raises(guards.OutsideVisitHours):
        plan(case, staff, at=VISIT + timedelta(hours=hours))
    visit = plan(case, staff)
    with pytest.raises(guards.OutsideVisitHours):
        appointments.move_visit(
            visit,
            inspector=staff,
            starts_at=VISIT + timedelta(hours=hours),
            ends_at=VISIT + timedelta(hours=hours + 1),
            by=staff,
            on=CHECK,
        )


def test_no_first_visit_after_the_month_planned_or_moved(case, staff):
    late = datetime(2026, 4, 3, 8, tzinfo=UTC)
    with pytest.raises(guards.VisitOutsideTerm):
        plan(case, staff, at=late)
    visit = plan(case, staff)
    with pytest.raises(guards.VisitOutsideTerm):
        appointments.move_visit(visit, inspector=staff, starts_at=late, ends_at=late + HOUR, by=staff, on=CHECK)


def test_a_counter_visit_needs_an_agreement_and_no_month(case, staff):
    late = datetime(2026, 6, 3, 8, tzinfo=UTC)
    for agreed_on in (None, CHECK + timedelta(days=1)):
        with pytest.raises(appointments.NotAgreed):
            plan(case, staff, at=late, purpose=Purpose.COUNTER, agreed_on=agreed_on)
    assert plan(case, staff, at=late, purpose=Purpose.COUNTER, agreed_on=CHECK).agreed_on == CHECK


def test_one_person_is_not_in_two_places(authority, case, staff):
    other = reviewed(factories.ApplicationFactory(authority=authority), staff)
    first = plan(case, staff)
    with pytest.raises(appointments.SlotTaken):
        plan(other, staff, at=VISIT + timedelta(minutes=59))
    second = plan(other, staff, at=VISIT + HOUR)
    with pytest.raises(appointments.SlotTaken):
        appointments.move_visit(second, inspector=staff, starts_at=VISIT, ends_at=VISIT + HOUR, by=staff, on=CHECK)
    appointments.cancel_visit(first, by=staff, on=CHECK)
    assert appointments.move_visit(second, inspector=staff, starts_at=VISIT, ends_at=VISIT + HOUR, by=staff, on=CHECK)


def test_the_database_itself_refuses_two_visits_at_once(case, staff):
    visit = plan(case, staff)
    with pytest.raises(IntegrityError, match="one_visit_at_a_time"), transaction.atomic():
        Visit.objects.create(application=case, inspector=staff, starts_at=VISIT, ends_at=VISIT + HOUR)
    assert Visit.objects.get() == visit


@pytest.mark.django_db(transaction=True)
def test_eight_officers_who_plan_for_one_person_at_once_plan_one_visit(authority, staff):
    cases = [reviewed(factories.ApplicationFactory(authority=authority), staff) for _ in range(8)]
    officers = [factories.member(authority, Role.OFFICER) for _ in cases]

    answers = at_once(*(lambda case=case, by=by: plan(case, staff, by=by) for case, by in zip(cases, officers, strict=True)))

    assert sorted(answers) == ["SlotTaken"] * 7 + ["done"]
    assert Visit.objects.count() == 1


def test_both_are_convoked_with_a_calendar_and_a_link(case, staff):
    plan(case, staff, occupied=True, occupant_name="Mme Sow", occupant_email="Sow@Exemple.fr")

    assert told("visit_planned") == sorted({case.applicant.email, "h.duprat@exemple.fr"})
    [occupant] = Message.objects.filter(kind="occupant_convoked")
    assert occupant.recipient == "sow@exemple.fr"
    assert "SEQUENCE:0" in occupant.calendar
    assert "/rendez-vous/" in occupant.text
    assert "Vous pouvez refuser" in occupant.text
    assert not case.acts.filter(kind="occupant_convocation").exists()
    own, theirs = (Message.objects.filter(kind=kind).first().text for kind in ("visit_planned", "occupant_convoked"))
    assert {line for line in own.split() if "/rendez-vous/" in line}.isdisjoint(
        line for line in theirs.split() if "/rendez-vous/" in line
    )


def test_who_has_no_address_gets_a_letter(case, staff):
    case.lessors.update(email="")
    Application.objects.filter(pk=case.pk).update(applicant=None)
    plan(case, staff, occupied=True, occupant_name="M. Fau")

    assert set(case.acts.values_list("kind", flat=True)) >= {"convocation", "occupant_convocation"}
    letter = case.acts.get(kind="occupant_convocation")
    assert letter.content["recipient"][0] == "M. Fau"


def test_an_empty_dwelling_has_nobody_to_convoke(case, staff):
    plan(case, staff, occupied=False)
    assert not case.acts.filter(kind="occupant_convocation").exists()
    assert told("occupant_convoked") == []


def test_moving_tells_both_and_replaces_the_calendar_entry(case, staff):
    visit = plan(case, staff, occupied=True, occupant_email="sow@exemple.fr")
    later = VISIT + timedelta(days=1)
    appointments.move_visit(visit, inspector=staff, starts_at=later, ends_at=later + HOUR, by=staff, on=CHECK)
    appointments.cancel_visit(visit, by=staff, on=CHECK)

    rows = Message.objects.filter(recipient="sow@exemple.fr").order_by("pk")
    assert [row.kind for row in rows] == ["occupant_convoked", "occupant_moved", "occupant_cancelled"]
    assert [next(line for line in row.calendar.split() if "SEQUENCE" in line) for row in rows] == [
        "SEQUENCE:0",
        "SEQUENCE:1",
        "SEQUENCE:2",
    ]
    assert len({next(line for line in row.calendar.split() if "UID" in line) for row in rows}) == 1
    assert events(case)[-3:] == [Event.VISIT_PLANNED, Event.VISIT_MOVED, Event.VISIT_CANCELLED]
    assert Application.objects.get(pk=case.pk).tacit_on == case.tacit_on
    with pytest.raises(TransitionNotAllowed):
        appointments.move_visit(visit, inspector=staff, starts_at=later, ends_at=later + HOUR, by=staff, on=CHECK)


def test_only_the_service_moves_and_cancels(case, staff):
    visit = plan(case, staff)
    for stranger in (case.applicant, factories.member(factories.AuthorityFactory(), Role.OFFICER)):
        with pytest.raises(PermissionDenied):
            appointments.move_visit(visit, inspector=staff, starts_at=VISIT, ends_at=VISIT + HOUR, by=stranger, on=CHECK)
        with pytest.raises(PermissionDenied):
            appointments.cancel_visit(visit, by=stranger, on=CHECK)
        with pytest.raises(PermissionDenied):
            plan(case, staff, by=stranger)
        with pytest.raises(PermissionDenied):
            plan(case, staff, inspector=stranger)


def test_an_occupant_known_later_is_convoked_then(case, staff):
    visit = plan(case, staff)
    who = {"occupied": True, "occupant_name": "Mme Sow", "occupant_email": "sow@exemple.fr", "occupant_phone": ""}
    appointments.name_occupant(visit, by=staff, on=CHECK, **who)
    appointments.name_occupant(visit, by=staff, on=CHECK, **who)  # the same again tells nobody again
    assert told("occupant_convoked") == ["sow@exemple.fr"]


def test_a_visit_is_recalled_two_days_before_once(case, staff, authority):
    visit = plan(case, staff, occupied=True, occupant_email="sow@exemple.fr")
    day = date(2026, 3, 12)
    before = [appointments.run_reminders(authority, on=day - timedelta(days=days))["reminded"] for days in (8, 3, 2, 1, 0)]

    assert before == [0, 0, 1, 0, 0]
    assert told("occupant_reminder") == ["sow@exemple.fr"]
    assert len(told("visit_reminder")) == 2
    assert Visit.objects.get().reminded_on == day - timedelta(days=2)
    moved = VISIT + timedelta(days=7)
    appointments.move_visit(visit, inspector=staff, starts_at=moved, ends_at=moved + HOUR, by=staff, on=day)
    assert appointments.run_reminders(authority, on=date(2026, 3, 18))["reminded"] == 1


def test_no_reminder_of_what_is_cancelled_or_just_announced(case, staff, authority):
    visit = plan(case, staff)
    appointments.cancel_visit(visit, by=staff, on=CHECK)
    plan(case, staff, on=date(2026, 3, 10))
    assert appointments.run_reminders(authority, on=date(2026, 3, 10))["reminded"] == 0
    assert told("visit_reminder") == []


def test_nobody_is_awaited_in_a_case_that_is_closed(case, staff, authority):
    visit = plan(case, staff)
    intake.withdraw(case, by=case.applicant, on=CHECK)
    assert appointments.run_reminders(authority, on=date(2026, 3, 10))["reminded"] == 0
    later = VISIT + timedelta(days=1)
    with pytest.raises(guards.WrongState):
        appointments.move_visit(visit, inspector=staff, starts_at=later, ends_at=later + HOUR, by=staff, on=CHECK)


def test_the_morning_task_recalls_and_forgets(case, staff, time_machine):
    visit = plan(case, staff, occupied=True, occupant_name="Mme Sow", occupant_phone="06")
    time_machine.move_to(datetime(2026, 3, 10, 9, tzinfo=UTC), tick=False)
    tasks.remind_of_visits()
    assert len(told("visit_reminder")) == 2
    inspection.record_no_show(visit, by=staff, on=date(2026, 3, 12))
    time_machine.move_to(datetime(2026, 4, 10, 9, tzinfo=UTC), tick=False)
    tasks.remind_of_visits()
    assert Visit.objects.get().occupant_name == "Mme Sow"
    time_machine.move_to(datetime(2026, 4, 12, 9, tzinfo=UTC), tick=False)
    tasks.remind_of_visits()
    assert (Visit.objects.get().occupant_name, Visit.objects.get().occupant_phone) == ("", "")


def test_a_reminder_that_fails_keeps_no_other_one_waiting(case, staff, time_machine, monkeypatch):
    """Neither the next visit of the same authority, nor the authorities that come after it."""
    second, third = factories.ApplicationFactory(authority=case.authority), factories.ApplicationFactory()
    colleague = factories.member(third.authority, Role.OFFICER, Role.INSPECTOR)
    failing = plan(case, staff)
    plan(reviewed(second, staff), staff, at=VISIT + 2 * HOUR)
    plan(reviewed(third, colleague), colleague)
    tell = appointments._tell_landlord

    def break_down(visit, **facts):
        assert visit.pk != failing.pk
        tell(visit, **facts)

    monkeypatch.setattr(appointments, "_tell_landlord", break_down)
    time_machine.move_to(datetime(2026, 3, 10, 9, tzinfo=UTC), tick=False)
    with pytest.raises(ExceptionGroup):
        tasks.remind_of_visits()
    assert list(Visit.objects.order_by("pk").values_list("reminded_on", flat=True)) == [None, *[date(2026, 3, 10)] * 2]


def test_a_contact_is_kept_with_its_day_and_never_ahead(case, staff):
    tried = {"channel": ContactChannel.PHONE, "person": "Mme Duprat", "result": ContactResult.NO_ANSWER, "by": staff, "on": CHECK}
    contacts.record_contact(case, contacted_on=DEPOSIT, note="Répondeur", **tried)
    with pytest.raises(contacts.DayToCome):
        contacts.record_contact(case, contacted_on=CHECK + timedelta(days=1), **tried)
    with pytest.raises(PermissionDenied):
        contacts.record_contact(case, contacted_on=CHECK, **{**tried, "by": case.applicant})

    [entry] = case.journal.filter(event=Event.CONTACT_ATTEMPTED)
    assert (entry.on, entry.facts) == (DEPOSIT, {"channel": "phone", "result": "no_answer"})  # no name in what is never erased
    assert not case.journal.for_landlord().filter(pk=entry.pk).exists()


def test_the_judge_is_asked_after_a_refusal_and_the_clock_stays(case, staff):
    visit = plan(case, staff)
    day = date(2026, 3, 12)
    with pytest.raises(guards.WrongState):
        contacts.record_judge(visit, asked_on=day, granted_on=None, by=staff, on=day)
    inspection.record_access_refused(visit, by=staff, on=day)
    contacts.record_judge(visit, asked_on=day, granted_on=None, by=staff, on=day)
    with pytest.raises(contacts.JudgeBeforeAsked):
        contacts.record_judge(visit, asked_on=day, granted_on=day - timedelta(days=1), by=staff, on=day)
    with pytest.raises(contacts.DayToCome):
        contacts.record_judge(visit, asked_on=day, granted_on=day + timedelta(days=1), by=staff, on=day)
    contacts.record_judge(visit, asked_on=day, granted_on=day + timedelta(days=1), by=staff, on=day + timedelta(days=1))

    assert events(case)[-2:] == [Event.JUDGE_ASKED, Event.JUDGE_GRANTED]
    assert Application.objects.get(pk=case.pk).tacit_on == case.tacit_on
    inspector = factories.member(case.authority, Role.INSPECTOR)
    with pytest.raises(PermissionDenied):
        contacts.record_judge(visit, asked_on=day, granted_on=None, by=inspector, on=day)


def test_a_dwelling_is_placed_by_the_service(case, staff):
    contacts.place_dwelling(case, latitude=45.14, longitude=-0.44, by=staff, on=CHECK)
    assert Application.objects.get(pk=case.pk).dwelling.place == (45.14, -0.44)
    with pytest.raises(PermissionDenied):
        contacts.place_dwelling(case, latitude=0, longitude=0, by=case.applicant, on=CHECK)


def test_without_a_mandate_that_day_no_visit_is_given_to_an_operator(case, staff, operator, mandate):
    """The last day of the mandate is the day of the visit; the next day is one too many."""
    with pytest.raises(appointments.NoMandate, match="mandat écrit"):
        plan(case, staff, inspector=operator, at=VISIT + timedelta(days=1))
    visit = plan(case, staff, inspector=operator)
    with pytest.raises(appointments.NoMandate):
        appointments.move_visit(
            visit,
            inspector=operator,
            starts_at=VISIT + timedelta(days=1),
            ends_at=VISIT + timedelta(days=1) + HOUR,
            by=staff,
            on=CHECK,
        )
    assert "SOLIHA, par mandat écrit n° 2026-12 du 5 janvier 2026" in Message.objects.filter(
        kind="visit_planned"
    ).first().text.replace("\u00a0", " ")


def test_an_operator_sees_their_own_visits_and_their_cases_alone(authority, case, staff, operator, mandate):
    other = reviewed(factories.ApplicationFactory(authority=authority), staff)
    plan(other, staff)
    visit = plan(case, staff, inspector=operator)
    second = plan(case, staff, at=VISIT + timedelta(hours=3))

    assert list(Visit.objects.visible_to(operator)) == [visit]
    assert list(Application.objects.visible_to(operator)) == [case]
    assert set(Visit.objects.visible_to(staff)) == {visit, second, *other.visits.all()}
    assert not Application.objects.filter(scope.by_right(operator)).exists()
    with pytest.raises(PermissionDenied):
        plan(other, operator)
    with pytest.raises(PermissionDenied):
        appointments.cancel_visit(visit, by=operator, on=CHECK)
    with pytest.raises(PermissionDenied):
        inspection.record_no_show(second, by=operator, on=date(2026, 3, 12))
    inspection.record_visit(visit, conclusion="favourable", by=operator, on=date(2026, 3, 12))
    operator.memberships.all().delete()
    fresh = type(operator).objects.get(pk=operator.pk)
    assert not Visit.objects.visible_to(fresh).exists()


def test_a_case_taken_back_is_seen_no_more(case, staff, operator, mandate):
    visit = plan(case, staff, inspector=operator)
    assert Entrusted.objects.filter(application=case, user=operator).exists()
    appointments.move_visit(visit, inspector=staff, starts_at=VISIT, ends_at=VISIT + HOUR, by=staff, on=CHECK)
    assert not Application.objects.visible_to(operator).exists()
    appointments.move_visit(visit, inspector=operator, starts_at=VISIT, ends_at=VISIT + HOUR, by=staff, on=CHECK)
    appointments.cancel_visit(visit, by=staff, on=CHECK)
    assert not Entrusted.objects.exists()


def test_what_fails_halfway_leaves_nothing(case, staff, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    before = events(case)
    monkeypatch.setattr("workflows.flows.advance", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        plan(case, staff)
    assert (events(case), Visit.objects.count(), Message.objects.filter(kind="visit_planned").count()) == (before, 0, 0)
