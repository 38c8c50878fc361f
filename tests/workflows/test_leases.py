"""The lease that uses a permit up, the warnings while none is known, and the works that a let dwelling still owes."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from notifications.enums import Kind
from notifications.models import Message
from permis import guards
from permis.enums import ConditionMode, Ground, LeaseSource, Means, Outcome, State
from permis.models import Application
from permis.models.journal import Event
from tests import factories
from tests.workflows.desk import words
from tests.workflows.test_actions import DRAFT, NOTICE, SIGN, WORK, open_tasks, visited
from workflows.actions import clock, decision, leases, notification, owed, works
from workflows.actions.leases import TooManyLeases

pytestmark = pytest.mark.django_db
UNTIL = date(2028, 3, 20)


def notified(application, staff, outcome=Outcome.GRANTED, **draft):
    """A permit, or a refusal, handed over on 20 March 2026."""
    case = visited(application, staff)
    decision.propose_decision(case, outcome=outcome, by=staff, on=DRAFT, **draft)
    case = Application.objects.get(pk=case.pk)
    case = decision.sign(case, act=decision.preview(case, by=staff, on=SIGN), by=staff, on=SIGN)
    notification.notify(case, means=Means.HAND, notified_on=NOTICE, recipient="le bailleur", by=staff, on=NOTICE)
    return Application.objects.get(pk=case.pk)


def conditional(application, staff, mode):
    due = {"due_on": date(2026, 9, 1)} if mode == ConditionMode.DEFERRED else {}
    return notified(application, staff, Outcome.CONDITIONAL, mode=mode, grounds=[Ground.DECENCY], works=[{**WORK, **due}])


@pytest.fixture
def granted(case, staff_of):
    return notified(case, staff_of)


@pytest.fixture
def staff_of(case):
    return factories.member(case.authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


def plain(message):
    return message.text.replace("\xa0", " ")


def again(case):
    return Application.objects.get(pk=case.pk)


def test_the_lease_uses_the_permit_and_the_holder_is_told_what_comes_next(granted):
    leases.declare_lease(granted, signed_on=[date(2026, 6, 1)], by=granted.applicant, on=date(2026, 6, 3))

    used = again(granted)
    assert (used.state, used.lease_signed_on) == (State.USED, date(2026, 6, 1))
    assert used.leases.get().source == LeaseSource.LANDLORD
    entry = used.journal.get(event=Event.LEASE_DECLARED)
    assert (entry.on, entry.author) == (date(2026, 6, 1), granted.applicant)
    message = Message.objects.filter(kind=Kind.LEASE_DECLARED).first()
    assert "Bail signé le 1er juin 2026" in plain(message)
    assert "ne vaut pas pour une autre location" in plain(message)


def test_a_permit_that_was_used_never_lapses_and_is_never_used_again(granted):
    leases.declare_lease(granted, signed_on=[date(2026, 6, 1)], by=granted.applicant, on=date(2026, 6, 3))

    clock.run(granted.authority, on=date(2028, 4, 1))

    assert again(granted).state == State.USED
    with pytest.raises(TooManyLeases):
        leases.declare_lease(granted, signed_on=[date(2027, 1, 5)], by=granted.applicant, on=date(2027, 1, 6))


@pytest.mark.parametrize(
    ("signed_on", "on", "refusal"),
    [
        (date(2026, 3, 19), date(2026, 4, 1), guards.LeaseTooEarly),
        (date(2026, 4, 2), date(2026, 4, 1), guards.LeaseInTheFuture),
        (date(2028, 3, 21), date(2028, 3, 21), guards.TooLate),
    ],
)
def test_a_lease_rests_on_a_permit_in_force(granted, signed_on, on, refusal):
    with pytest.raises(refusal):
        leases.declare_lease(granted, signed_on=[signed_on], by=granted.applicant, on=on)
    assert again(granted).state == State.GRANTED
    assert not again(granted).leases.exists()


@pytest.mark.parametrize("signed_on", [NOTICE, UNTIL])
def test_the_first_and_the_last_day_are_in_time(granted, signed_on):
    leases.declare_lease(granted, signed_on=[signed_on], by=granted.applicant, on=UNTIL)
    assert again(granted).state == State.USED


def test_a_colocation_lists_its_leases_under_one_permit(case, staff_of):
    case.separate_leases = 3
    case.save()
    granted = notified(case, staff_of)
    first = [date(2026, 6, 10), date(2026, 6, 1)]
    leases.declare_lease(granted, signed_on=first, by=granted.applicant, on=date(2026, 6, 12))
    leases.declare_lease(granted, signed_on=[date(2026, 9, 1)], by=granted.applicant, on=date(2026, 9, 2))

    used = again(granted)
    assert used.lease_signed_on == date(2026, 6, 1)
    assert list(used.leases.order_by("signed_on").values_list("signed_on", flat=True)) == [*sorted(first), date(2026, 9, 1)]
    with pytest.raises(TooManyLeases):
        leases.declare_lease(used, signed_on=[date(2026, 9, 3)], by=granted.applicant, on=date(2026, 9, 4))


def test_prior_works_come_before_the_lease(case, staff_of):
    granted = conditional(case, staff_of, ConditionMode.PRIOR)
    with pytest.raises(guards.PriorWorksNotLifted):
        leases.declare_lease(granted, signed_on=[date(2026, 5, 1)], by=granted.applicant, on=date(2026, 5, 2))
    works.settle_work(granted.decision.works.get(), met=True, by=staff_of, on=date(2026, 5, 10))
    decision.lift_conditions(granted, by=staff_of, on=date(2026, 5, 12))
    with pytest.raises(guards.PriorWorksNotLifted):
        leases.declare_lease(granted, signed_on=[date(2026, 5, 11)], by=granted.applicant, on=date(2026, 5, 13))
    leases.declare_lease(granted, signed_on=[date(2026, 5, 12)], by=granted.applicant, on=date(2026, 5, 13))
    assert again(granted).state == State.USED


def test_works_due_later_are_still_followed_once_the_dwelling_is_let(case, staff_of):
    granted = conditional(case, staff_of, ConditionMode.DEFERRED)
    leases.declare_lease(granted, signed_on=[date(2026, 5, 1)], by=granted.applicant, on=date(2026, 5, 2))

    used = again(granted)
    assert used.state == State.USED
    assert open_tasks(used) == {"check_works"}
    assert "restent à faire" in plain(Message.objects.filter(kind=Kind.LEASE_DECLARED).first())
    assert owed.of(used.authority, works.DUTIES, on=date(2026, 8, 3)) == {"works reminded": 1}
    works.settle_work(used.decision.works.get(), met=True, by=staff_of, on=date(2026, 8, 20))
    assert open_tasks(again(granted)) == set()


def test_a_lease_signed_in_time_and_known_late_undoes_the_lapse_by_the_service_alone(granted, staff_of):
    clock.run(granted.authority, on=date(2028, 4, 1))
    # Noticed late or not, it lapsed the day after its last one.
    assert (again(granted).state, again(granted).ended_on) == (State.LAPSED, granted.valid_until + timedelta(1))
    lease = {"signed_on": [date(2028, 2, 1)], "on": date(2028, 4, 10)}
    with pytest.raises(PermissionDenied):
        leases.declare_lease(granted, **lease, by=granted.applicant)
    with pytest.raises(guards.TooLate):
        leases.declare_lease(granted, signed_on=[date(2028, 4, 1)], by=staff_of, on=date(2028, 4, 10))
    leases.declare_lease(granted, **lease, by=staff_of, source=LeaseSource.EVIDENCE, evidence="Copie du bail")

    used = again(granted)
    assert (used.state, used.ended_on) == (State.USED, None)
    assert used.journal.get(event=Event.LEASE_DECLARED).facts["reason"] == "Copie du bail"


def test_the_end_of_a_permit_is_announced_twice_each_once(granted):
    authority = granted.authority

    def told(on):
        clock.run(authority, on=on)
        clock.run(authority, on=on)
        return Message.objects.filter(kind=Kind.LAPSE_WARNING).values("once").distinct().count()

    assert told(UNTIL - timedelta(91)) == 0
    assert told(UNTIL - timedelta(90)) == 1
    assert told(UNTIL - timedelta(31)) == 1
    assert told(UNTIL - timedelta(30)) == 2
    assert told(UNTIL) == 2
    assert again(granted).journal.filter(event=Event.LAPSE_WARNED).count() == 2
    assert "valable jusqu’au 20 mars 2028" in plain(Message.objects.filter(kind=Kind.LAPSE_WARNING).first())


def test_a_worker_that_slept_through_the_first_announcement_makes_only_the_second(granted):
    clock.run(granted.authority, on=UNTIL - timedelta(20))
    assert again(granted).journal.filter(event=Event.LAPSE_WARNED).count() == 1


def test_the_landlord_declares_on_screen_and_reads_what_to_do_at_the_next_letting(client, granted, time_machine):
    time_machine.move_to("2026-06-03T10:00:00+00:00")
    client.force_login(granted.applicant)
    page = client.get(reverse("application", args=[granted.pk]))
    assert "expire dans 656 jours" in words(page)
    url = reverse("application-lease", args=[granted.pk])
    refused = client.post(url, {"lease_1": "2026-03-01"})
    assert refused.status_code == 422
    assert "signé avant que l’autorisation prenne effet" in words(refused)
    assert "2026-03-01" in refused.content.decode()

    assert client.post(url, {"lease_1": "2026-06-01"}).url == reverse("application", args=[granted.pk])

    page = words(client.get(reverse("application", args=[granted.pk])))
    assert "À la prochaine location, déposez une nouvelle demande" in page
    assert "Bail signé le 1er juin 2026" in page
    assert client.get(url).status_code == 409


def test_the_service_says_how_it_knows_the_lease(client, granted, staff_of, time_machine):
    time_machine.move_to("2026-06-03T10:00:00+00:00")
    client.force_login(staff_of)
    url = reverse("application-lease", args=[granted.pk])
    unnamed = client.post(url, {"lease_1": "2026-06-01", "source": "evidence", "evidence": ""})
    assert unnamed.status_code == 422
    assert "quelle pièce établit" in words(unnamed)
    client.post(url, {"lease_1": "2026-06-01", "source": "evidence", "evidence": "Signalement de la CAF"})
    assert again(granted).leases.get().evidence == "Signalement de la CAF"
    assert "Signalement de la CAF" in words(client.get(reverse("case", args=[granted.pk])))


def test_the_list_names_what_expires_first(client, granted, time_machine):
    time_machine.move_to("2028-02-01T10:00:00+00:00")
    client.force_login(granted.applicant)
    page = words(client.get(reverse("application-list")))
    assert "Prochaine autorisation à expirer" in page
    assert "dans 48 jours" in page


def test_the_list_asks_as_much_of_the_database_for_one_permit_as_for_ten(client, case, django_assert_num_queries):
    def hold(application, rank):
        dates = dict.fromkeys(("received_on", "notified_on", "tacit_on"), NOTICE) | {"valid_until": UNTIL}
        permit = {"state": State.GRANTED, "number": f"APML 033473 26 {rank:05d}", **dates}
        Application.objects.filter(pk=application.pk).update(**permit)

    hold(case, 0)
    client.force_login(case.applicant)
    client.get(reverse("application-list"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("application-list"))
    for rank in range(1, 10):
        hold(factories.ApplicationFactory(authority=case.authority, commune=case.commune, applicant=case.applicant), rank)
    with django_assert_num_queries(len(one)):
        assert words(client.get(reverse("application-list"))).count("valable jusqu’au") == 10
