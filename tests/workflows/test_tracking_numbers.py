"""Numbers of registered letters: kept without their spaces whoever types them, shown as on the slip, each one letter's."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from documents.enums import ActKind
from permis.enums import Ground, Means, Outcome
from permis.models import Sanction
from tests import factories
from tests.workflows import sanctioned
from tests.workflows.contested import again, appealed, letter
from tests.workflows.desk import words
from tests.workflows.test_actions import NOTICE, WORK, signed
from tests.workflows.test_rights import STAFF, at
from workflows.actions import act_notices, appeals, fines, hearing, notification, sanctions

pytestmark = pytest.mark.django_db
TYPED, KEPT, SHOWN = "1a 204.873 0614 7", "1A20487306147", "1A 204 873 0614 7"
REGISTERED = Means.REGISTERED_LETTER
ANSWERED = date(2026, 6, 4)


@pytest.fixture
def boss(town):
    return factories.member(town, *STAFF)


def test_the_numbers_of_a_sanction_are_kept_plain_and_shown_as_on_the_slip(client, town):
    by, on = sanctioned.jurist(town), sanctioned.AFTER
    sanction = sanctioned.found(town)
    sanctions.open_observations(sanction, means=REGISTERED, tracking_number=TYPED, by=by, on=sanctioned.FOUND)
    assert again(sanction).letter_tracking == KEPT

    fined = sanctioned.fined(sanctioned.found(town))
    fines.notify(fined, means=REGISTERED, notified_on=on, tracking_number=TYPED, by=by, on=on)
    assert again(fined).notice_tracking == KEPT
    assert fined.journal.order_by("position").last().facts["tracking"] == KEPT

    client.force_login(by)
    assert SHOWN in words(client.get(sanction.get_absolute_url()))
    assert SHOWN in words(client.get(fined.get_absolute_url()))


def test_the_number_of_an_adversarial_letter_too(client, town, boss):
    case = at("conditional", town, boss)
    sent = letter(case, boss, on=town.today(), tracking_number=TYPED)
    assert sent.tracking_number == KEPT

    hearing.record_answer(sent, received_on=town.today(), tracking_number="RK 123 456 785 FR", by=boss, on=town.today())
    assert again(sent).tracking_number == "RK123456785FR"


@pytest.mark.parametrize(
    ("stage", "name", "sent"),
    [
        ("found", "sanction-letter", {"means": "registered_letter"}),
        ("written", "sanction-presented", {"received_on": "2025-06-10"}),
        ("fined", "sanction-notify", {"means": "registered_letter", "notified_on": "2025-07-11"}),
    ],
)
def test_a_number_that_the_post_never_gave_is_refused_on_the_screens_of_a_sanction(client, town, stage, name, sent):
    sanction = sanctioned.found(town)
    sanction = sanction if stage == "found" else getattr(sanctioned, stage)(sanction)
    client.force_login(factories.member(town, Role.LEGAL))

    answer = client.post(reverse(name, args=[sanction.pk]), sent | {"tracking_number": "1A 204"})

    assert answer.status_code == 422
    assert "recopiez-le en entier" in words(answer)
    assert Sanction.objects.get(pk=sanction.pk).state == sanction.state


def test_a_number_that_the_post_never_gave_is_refused_on_the_screens_of_a_hearing(client, town, boss):
    case = at("conditional", town, boss)
    sent = letter(case, boss, on=town.today())
    client.force_login(boss)

    answer = client.post(reverse("case-hearing-answer", args=[case.pk, sent.pk]), {"tracking_number": "1A 204"})
    opening = {"reasons": "Rien.", "means": "registered_letter", "tracking_number": "1A 204"}
    other = client.post(reverse("case-hearing-revocation", args=[case.pk]), opening)

    assert (answer.status_code, other.status_code) == (422, 422)
    assert "recopiez-le en entier" in words(answer)
    assert "recopiez-le en entier" in words(other)


def refused_and_answered(town, boss):
    """A refusal notified by letter, and the rejection of an appeal against it, still to notify."""
    case = signed(factories.ApplicationFactory(authority=town), boss, Outcome.REFUSED, grounds=[Ground.DECENCY], works=[WORK])
    case = notification.notify(case, means=Means.HAND, notified_on=NOTICE, recipient="Mme Duprat", by=boss, on=NOTICE)
    appeal, why = appealed(case, on=date(2026, 5, 4)), {"reasons": "que rien n’est fait ;", "by": boss, "on": date(2026, 6, 1)}
    appeals.reject(appeal, act=appeals.preview_rejection(appeal, **why), **why)
    return case, case.acts.get(kind=ActKind.APPEAL_REJECTION)


def test_the_number_of_the_letter_of_an_act_is_one_letters_in_the_whole_authority(town, boss):
    (one, first), (other, second) = refused_and_answered(town, boss), refused_and_answered(town, boss)
    facts = {"means": REGISTERED, "notified_on": ANSWERED, "by": boss, "on": ANSWERED}

    notice = act_notices.notify_act(one, act=first, tracking_number=TYPED, **facts)
    assert notice.tracking_number == KEPT

    with pytest.raises(notification.TrackingNumberTaken, match=str(again(one))):
        act_notices.notify_act(other, act=second, tracking_number=SHOWN, **facts)
    assert not other.notices.of_act(second.sha256).exists()
