"""The author of an appeal withdraws it: nothing is decided, and the period before the court is that of the decision again."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django_fsm import TransitionNotAllowed

from accounts.enums import Role
from notifications.enums import Kind
from notifications.models import Message
from permis import journal
from permis.enums import State
from permis.litigation import AppealState
from permis.models.journal import Event
from tests import factories
from tests.workflows.contested import again, appealed, seized, silent
from tests.workflows.desk import words
from tests.workflows.test_appeals import FILED, UNTIL, notified, reject
from tests.workflows.test_leases import plain
from tests.workflows.test_rights import STAFF
from workflows import remedies
from workflows.actions import appeals, clock, court

pytestmark = pytest.mark.django_db
LATER = FILED + timedelta(4)


@pytest.fixture
def boss(town):
    return factories.member(town, *STAFF)


@pytest.fixture
def refused(town, boss):
    return notified(town, boss)


def to(kind):
    return set(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_a_withdrawn_appeal_is_as_if_never_filed(refused, boss):
    appeal = appealed(refused, on=FILED)
    assert remedies.of(again(refused), today=LATER).until is None
    appeals.withdraw(appeal, by=refused.applicant, on=LATER)

    assert (again(appeal).state, again(appeal).withdrawn_on, again(appeal).next_on) == (AppealState.WITHDRAWN, LATER, None)
    found = remedies.of(again(refused), today=LATER)
    assert (found.until, found.may_appeal) == (UNTIL, True)
    assert again(refused).state == State.REFUSED
    assert refused.journal.get(event=Event.APPEAL_WITHDRAWN).on == LATER
    assert not list(journal.faults(refused))
    assert to(Kind.APPEAL_WITHDRAWN) == {"h.duprat@exemple.fr", refused.applicant.email}
    assert "jusqu’au 21 mai 2026" in plain(Message.objects.filter(kind=Kind.APPEAL_WITHDRAWN).first())
    assert boss.email in to(Kind.APPEAL_WITHDRAWN_SERVICE)
    clock.run(refused.authority, on=date(2026, 7, 5))
    assert again(appeal).state == AppealState.WITHDRAWN
    assert appealed(refused, on=LATER).state == AppealState.PENDING


def test_only_its_author_or_the_service_and_only_while_it_is_examined(refused, boss, town):
    appeal = appealed(refused, on=FILED)
    for stranger in (factories.UserFactory(), factories.member(town, Role.INSPECTOR)):
        with pytest.raises(PermissionDenied):
            appeals.withdraw(appeal, by=stranger, on=LATER)
    with pytest.raises(appeals.ReceivedLater):
        appeals.withdraw(appeal, by=boss, on=LATER, withdrawn_on=LATER + timedelta(1))
    with pytest.raises(appeals.ReceivedLater):
        appeals.withdraw(appeal, by=boss, on=LATER, withdrawn_on=FILED - timedelta(1))
    reject(appeal, boss, on=LATER)
    with pytest.raises((TransitionNotAllowed, PermissionDenied)):
        appeals.withdraw(appeal, by=refused.applicant, on=LATER)


def test_an_appeal_rejected_by_silence_is_no_longer_withdrawn(refused):
    with pytest.raises((TransitionNotAllowed, PermissionDenied)):
        appeals.withdraw(silent(refused, on=FILED), by=refused.applicant, on=date(2026, 8, 1))


def test_the_landlord_withdraws_online(client, refused, time_machine):
    time_machine.move_to("2026-05-08T12:00:00Z")
    appeal = appealed(refused, on=FILED)
    client.force_login(refused.applicant)
    page = reverse("application", args=[refused.pk])
    assert "Me désister de ce recours" in words(client.get(page))
    assert client.post(reverse("application-withdraw-appeal", args=[refused.pk, appeal.pk])).status_code == 302
    shown = words(client.get(page))
    assert "Vous vous en êtes désisté le 8 mai 2026" in shown
    assert "Me désister" not in shown


def test_the_tribunal_takes_note_and_the_decision_stands(client, refused, boss, town, time_machine):
    appeal = seized(refused, boss, on=FILED)
    officer = factories.member(town, Role.OFFICER)
    with pytest.raises(PermissionDenied):
        court.withdraw(appeal, withdrawn_on=LATER, by=officer, on=LATER)
    with pytest.raises(court.NotYet):
        court.withdraw(appeal, withdrawn_on=FILED - timedelta(1), by=boss, on=LATER)
    time_machine.move_to("2026-05-08T12:00:00Z")
    client.force_login(boss)
    assert "Inscrire un désistement" in words(client.get(reverse("case", args=[refused.pk])))
    url = reverse("appeal-withdraw", args=[refused.pk, appeal.pk])
    asked = words(client.get(url))
    assert f"{appeal.get_kind_display()} de {appeal.author} contre {appeal.against}, enregistré le" in asked
    assert client.post(url, {"withdrawn_on": "2026-05-08"}).status_code == 302
    assert (again(appeal).state, again(refused).state) == (AppealState.WITHDRAWN, State.REFUSED)
    assert "Désistement du" in words(client.get(reverse("case", args=[refused.pk])))
