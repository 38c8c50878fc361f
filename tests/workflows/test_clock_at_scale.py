"""The clock where there is much to look through: two queries where nothing is due, by indexes alone, and two workers share the work."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from notifications.enums import Kind
from notifications.ledger import Occasion, RecipientKind, TransmissionState
from notifications.models import Message, Transmission
from permis.alarms import Alarm
from permis.correction import Correctable
from permis.enums import State
from permis.models import Appeal, Application
from permis.models.journal import Event
from tests import factories
from tests.workflows import sanctioned
from tests.workflows.test_actions import file
from tests.workflows.test_worklists import like
from workflows.actions import clock, completeness, corrections, delegations, opinions, owed, works

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
TODAY = NOW.date()
LAST = date(2026, 4, 10)
ROWS = 3000
# Tables of few rows, one a commune or an absence of this year: read whole, and no more of them than there are communes or people.
SMALL = {"territories_delegation", "workflows_absence"}
pytestmark = pytest.mark.django_db


def filed(**fields):
    return file(factories.ApplicationFactory(**fields), on=TODAY)


def many(original, **changes):
    """Some thousand rows like this one; each change is a function of the number of the row."""
    type(original).objects.bulk_create(like(original, **{name: value(n) for name, value in changes.items()}) for n in range(ROWS))


def lived_in():
    """An installation of some years: most is closed, terms are spread over years, and what was to be told was told."""
    delegation = factories.DelegationFactory(starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1), announced_of=date(2021, 1, 1))
    case = filed(authority=delegation.epci, commune=delegation.commune)
    communes = [factories.CommuneFactory().pk for _ in range(12)]
    states = [State.WITHDRAWN] * 17 + [State.UNDER_REVIEW, State.INCOMPLETE, State.GRANTED]
    alarms = {State.UNDER_REVIEW: Alarm.DEADLINE, State.INCOMPLETE: Alarm.ANSWER, State.GRANTED: Alarm.LAPSE}
    terms = {
        State.UNDER_REVIEW: lambda n: TODAY + timedelta(n % 30),
        State.INCOMPLETE: lambda n: TODAY - timedelta(n % 300 + 1),
        State.GRANTED: lambda n: TODAY + timedelta(n % 730),
    }

    def of(state):
        return lambda n: terms[state](n) if states[n % 20] == state else None

    many(
        case,
        number=lambda n: f"X{n}",
        commune_id=lambda n: communes[n % len(communes)],
        state=lambda n: states[n % 20],
        tacit_on=lambda n: None if states[n % 20] == State.INCOMPLETE else TODAY + timedelta(n % 30),
        notified_on=lambda _: TODAY,
        respond_by=of(State.INCOMPLETE),
        valid_until=of(State.GRANTED),
        told_alarm=lambda n: alarms.get(states[n % 20], ""),
        told_of=lambda n: terms.get(states[n % 20], lambda _: None)(n),
        tell_on=lambda n: TODAY + timedelta(n % 5 + 1) if n % 2 and states[n % 20] != State.INCOMPLETE else None,
    )
    sanction = sanctioned.found(delegation.epci, on=date(2025, 6, 2))
    many(
        sanction,
        number=lambda n: f"S{n}",
        state=lambda n: "closed" if n % 20 else "to_decide",
        ended_on=lambda _: TODAY,
        ending=lambda _: "Vacant.",
        told_alarm=lambda _: Alarm.BAR,
        told_of=lambda _: sanction.barred_after,
    )
    appeal = {"author": "Mme Duprat", "received_on": TODAY, "implicit_rejection_on": TODAY + timedelta(60)}
    many(Appeal(application=case, kind="administrative", against="refus", **appeal), state=lambda _: "rejected")
    many(
        Transmission(
            authority=delegation.epci, kind=RecipientKind.CAF, occasion=Occasion.REFUSAL, application=case, opened_on=TODAY, due_on=TODAY
        ),
        state=lambda n: TransmissionState.CORRECTED if n % 20 else TransmissionState.DUE,
        alerted_on=lambda _: TODAY,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def explained(duties, day, **options):
    sql, params = owed.owing_on(duties, day, **options).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        [answer] = cursor.fetchone()
    return list(nodes((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]))


@pytest.mark.parametrize("zones", [(), ("Indian/Reunion", "Europe/Paris")])
def test_what_is_owed_is_found_by_indexes_alone(zones):
    lived_in()

    plan = explained(clock.DUTIES, TODAY, zones=zones)

    read = [node for node in plan if node["Node Type"] == "Seq Scan"]
    assert {node["Relation Name"] for node in read} <= SMALL | {"territories_authority"}
    used = {node["Index Name"] for node in plan if "Index Name" in node}
    assert {
        "application_clock", "application_unread", "application_lapse", "application_uncompleted", "application_tell_on",
        "sanction_tell_on", "sanction_observed", "transmissions_late",
    } <= used  # fmt: skip


def test_each_duty_has_a_name_of_its_own():
    """It is the key of its figure, and of who owes it."""
    names = [duty.name for duty in clock.DUTIES]
    assert len(set(names)) == len(names)


def queries_of(run):
    with CaptureQueriesContext(connection) as captured:
        done = run()
    assert not any(done.values())
    return len(captured)


def test_a_run_that_finds_nothing_asks_two_queries_for_one_authority_and_for_twelve():
    filed()
    assert queries_of(lambda: clock.run_everywhere(now=NOW)) == 2
    for _ in range(11):
        filed()
    assert queries_of(lambda: clock.run_everywhere(now=NOW)) == 2


def test_two_days_on_earth_ask_one_query_more():
    """At 21:00 UTC it is the 11 March in La Réunion and the 10 March in Paris."""
    for zone in ("Indian/Reunion", "Indian/Mayotte", "Europe/Paris", "America/Guadeloupe"):
        filed(authority=factories.AuthorityFactory(time_zone=zone))
    assert queries_of(lambda: clock.run_everywhere(now=NOW)) == 2
    assert queries_of(lambda: clock.run_everywhere(now=NOW.replace(hour=22))) == 3


@pytest.mark.parametrize("duties", [works.DUTIES, opinions.DUTIES])
def test_the_hourly_reminders_ask_two_queries_too(duties):
    filed()
    assert queries_of(lambda: owed.everywhere(duties, now=NOW)) == 2


@pytest.mark.parametrize("day", [LAST - timedelta(10), LAST - timedelta(9), LAST - timedelta(2)])
def test_a_case_already_told_is_selected_no_more(day):
    case = filed()
    factories.member(case.authority, Role.MANAGER)
    clock.run(case.authority, on=day)
    assert case.journal.filter(event=Event.ALERTED).count() == 1

    assert not Application.objects.to_tell_on(day).exists()
    assert queries_of(lambda: clock.run_everywhere(now=datetime.combine(day, NOW.timetz()))) == 2


def test_what_was_noted_is_of_one_term():
    """A reception corrected by three days makes other alerts, whatever was told of the former last day."""
    case = filed()
    boss = factories.member(case.authority, Role.MANAGER)
    clock.run(case.authority, on=LAST - timedelta(10))
    day = LAST - timedelta(9)
    corrections.correct_date(case, which=Correctable.RECEPTION, to=TODAY - timedelta(3), reason="Tampon", by=boss, on=day)

    assert [clock.run(case.authority, on=day)["told"] for _ in range(2)] == [1, 0]
    alerted = case.journal.filter(event=Event.ALERTED).order_by("position").values_list("facts__alert", flat=True)
    assert list(alerted) == [(LAST - timedelta(before)).isoformat() for before in (10, 13)]


def test_an_alert_lost_with_its_transaction_is_given_by_the_next_run(monkeypatch):
    case = filed()
    factories.member(case.authority, Role.MANAGER)
    with monkeypatch.context() as patched:
        patched.setattr(clock.outbox, "enqueue", lambda *_, **__: 1 / 0)
        with pytest.raises(ExceptionGroup) as lost:
            clock.run(case.authority, on=LAST - timedelta(10))
    assert lost.group_contains(ZeroDivisionError)
    assert not case.journal.filter(event=Event.ALERTED).exists()

    clock.run(case.authority, on=LAST - timedelta(10))

    assert case.journal.filter(event=Event.ALERTED).count() == 1
    assert Message.objects.filter(kind=Kind.DEADLINE_ALERT).count() == 1


def test_told_before_anything_was_noted_it_is_noted_and_not_told_again():
    """What an earlier version told is in the journal alone."""
    case = filed()
    factories.member(case.authority, Role.MANAGER)
    clock.run(case.authority, on=LAST - timedelta(10))
    Application.objects.update(told_alarm="", told_of=None, tell_on=None)

    assert clock.run(case.authority, on=LAST - timedelta(10))["told"] == 0
    assert not Application.objects.to_tell_on(LAST - timedelta(10)).exists()
    assert Message.objects.filter(kind=Kind.DEADLINE_ALERT).count() == 1


def test_a_case_handed_over_follows_the_holidays_of_its_new_department():
    delegation = factories.DelegationFactory(starts_on=LAST - timedelta(8))
    case = filed(authority=delegation.epci, commune=delegation.commune)
    clock.run(delegation.epci, on=LAST - timedelta(10))
    assert Application.objects.get(pk=case.pk).told_alarm == Alarm.DEADLINE
    delegations.hand_over(case, to=delegation.delegate, on=LAST - timedelta(8))
    assert Application.objects.get(pk=case.pk).told_alarm == ""


def test_the_pieces_of_a_new_request_are_told_in_their_turn():
    case = filed()
    officer = factories.member(case.authority, Role.OFFICER)
    asked = {"kinds": ["dpe"], "by": officer, "reasons": {"dpe": "Illisible."}}
    case = completeness.request_missing(case, respond_by=TODAY + timedelta(15), on=TODAY, **asked)
    day = case.respond_by + timedelta(1)
    assert [clock.run(case.authority, on=day)["told"] for _ in range(2)] == [1, 0]
    assert not Application.objects.to_tell_on(day + timedelta(100)).exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_the_work_once():
    authority = factories.AuthorityFactory()
    factories.member(authority, Role.MANAGER)
    commune = factories.CommuneFactory(epci_siren=authority.siren)
    silent = [filed(authority=authority, commune=commune) for _ in range(4)]
    Application.objects.update(tacit_on=TODAY - timedelta(1))
    near = [filed(authority=authority, commune=commune) for _ in range(4)]
    Application.objects.filter(pk__in=[case.pk for case in near]).update(tacit_on=TODAY + timedelta(5))
    barrier = Barrier(2)

    def run(_):
        barrier.wait()
        try:
            return clock.run_everywhere(now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        first, second = workers.map(run, range(2))

    assert first["granted"] + second["granted"] == len(silent)
    assert first["told"] + second["told"] == len(near)
    for case in silent:
        assert Application.objects.get(pk=case.pk).state == State.GRANTED_TACIT
        assert case.journal.filter(event=Event.GRANTED_TACITLY).count() == 1
        assert Message.objects.filter(application=case, kind=Kind.TACIT_ALERT).count() == 1
    for case in near:
        assert case.journal.filter(event=Event.ALERTED).count() == 1


def test_a_tacit_permit_asks_few_queries():
    case = filed()
    factories.member(case.authority, Role.MANAGER)
    with CaptureQueriesContext(connection) as captured:
        clock.grant_tacitly(case, on=LAST + timedelta(1))
    assert len(captured) <= 30
    assert Message.objects.filter(application=case, kind=Kind.TACIT_ALERT).count() == 1
