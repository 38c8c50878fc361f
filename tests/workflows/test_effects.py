"""A date that is plausible and wrong is read with its effect before it is saved, and confirmed where the effect is grave."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from permis import deadlines
from permis.enums import Channel, PieceKind, State
from permis.models import Application
from tests import factories
from tests.workflows.desk import words
from tests.workflows.test_rights import STAFF, at
from workflows.actions import clock, gathering

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client, town):
    person = factories.member(town, *STAFF)
    client.force_login(person)
    return person


def entered(town, boss, *, days_ago):
    """A paper application typed up to its last step."""
    today = town.today()
    case = factories.ApplicationFactory(
        authority=town, applicant=None, channel=Channel.PAPER, received_on=today - timedelta(days=days_ago)
    )
    gathering.add_piece(case, kinds=[PieceKind.DPE], upload=factories.upload(), by=boss, on=today)
    return case


def again(case):
    return Application.objects.get(pk=case.pk)


def deposit(client, case, **ticked):
    return client.post(reverse("application-step", args=[case.pk, "depot"]), {"accuracy_declared": "on", **ticked})


def correct(client, case, to, which="received_on", **confirmed):
    typed = {"which": which, "to": to.isoformat(), "reason": "Tampon mal lu"}
    return client.post(reverse("case-correct-date", args=[case.pk]), typed | confirmed)


def seen(answer):
    return {"seen": answer.context["effect"].seal}


def test_the_deposit_of_a_paper_says_its_deadline(client, town, boss):
    case = entered(town, boss, days_ago=3)
    last_day = deadlines.tacit_on(case.received_on)
    page = words(client.get(reverse("application-step", args=[case.pk, "depot"])))
    assert f"Échéance : {last_day:%d/%m/%Y}, dans" in page
    assert "J’ai relu la date" not in page
    assert deposit(client, case).status_code == 302
    assert again(case).tacit_on == last_day


def test_a_month_that_is_over_is_confirmed_before_the_deposit(client, town, boss):
    case = entered(town, boss, days_ago=40)
    page = words(client.get(reverse("application-step", args=[case.pk, "depot"])))
    assert "elle est passée : l’autorisation tacite serait constatée aussitôt" in page
    refused = deposit(client, case)
    assert refused.status_code == 422
    assert "cochez cette case ou changez-la" in words(refused)
    assert again(case).state == State.DRAFT
    assert deposit(client, case, date_confirmed="on").status_code == 302
    assert again(case).state == State.SUBMITTED


def test_the_reception_of_a_draft_is_changed_where_it_was_typed(client, town, boss):
    case = entered(town, boss, days_ago=40)
    address = reverse("application-step", args=[case.pk, "location"])
    assert case.received_on.isoformat() in client.get(address).content.decode()
    typed = {
        "channel": "counter", "commune": case.commune_id, "nature": "again", "lease_kind": "unfurnished", "separate_leases": "1",
    }  # fmt: skip
    late = client.post(address, {**typed, "received_on": (town.today() + timedelta(days=1)).isoformat()})
    assert (late.status_code, again(case).received_on) == (422, case.received_on)
    assert client.post(address, {**typed, "received_on": town.today().isoformat()}).status_code == 302
    assert (again(case).received_on, again(case).channel) == (town.today(), Channel.COUNTER)


def test_a_landlord_types_no_reception(client, town):
    case = factories.ApplicationFactory(authority=town)
    client.force_login(case.applicant)
    assert "Date de réception" not in client.get(reverse("application-step", args=[case.pk, "location"])).content.decode()
    assert "Échéance" not in words(client.get(reverse("application-step", args=[case.pk, "depot"])))


def test_a_correction_shows_its_effect_then_is_confirmed(client, town, boss):
    case = at("submitted", town, boss)
    to = town.today() - timedelta(days=2)
    shown = correct(client, case, to)
    assert shown.status_code == 200
    page = words(shown)
    assert f"Échéance : {deadlines.tacit_on(to):%d/%m/%Y} (au lieu du {case.tacit_on:%d/%m/%Y})" in page
    assert "Tampon mal lu" in page, "what was typed stays"
    assert again(case).received_on == case.received_on
    assert correct(client, case, to, **seen(shown)).status_code == 302
    assert (again(case).received_on, again(case).tacit_on) == (to, deadlines.tacit_on(to))


def test_an_effect_that_was_not_shown_is_not_confirmed(client, town, boss):
    case = at("submitted", town, boss)
    shown = correct(client, case, town.today() - timedelta(days=2))
    other = correct(client, case, town.today() - timedelta(days=3), **seen(shown))
    assert other.status_code == 200
    assert seen(other) != seen(shown)
    assert again(case).received_on == case.received_on


def test_a_correction_that_ends_the_month_is_ticked_besides(client, town, boss):
    case = at("submitted", town, boss)
    to = town.today() - timedelta(days=40)
    shown = correct(client, case, to)
    assert "constatée aussitôt" in words(shown)
    refused = correct(client, case, to, **seen(shown))
    assert (refused.status_code, again(case).tacit_on) == (422, case.tacit_on)
    assert "pour confirmer, ou corrigez la date" in words(refused)
    assert correct(client, case, to, **seen(shown), understood="on").status_code == 302
    assert again(case).tacit_on == deadlines.tacit_on(to)


def test_a_correction_that_opens_a_case_again_is_ticked_besides(client, town, boss):
    case = at("submitted", town, boss)
    today = town.today()
    Application.objects.filter(pk=case.pk).update(
        received_on=today - timedelta(40),
        clock_started_on=today - timedelta(40),
        tacit_on=deadlines.tacit_on(today - timedelta(40)),
    )
    case = clock.grant_tacitly(again(case), on=today)
    shown = correct(client, case, today)
    assert "le dossier serait rouvert" in words(shown)
    assert correct(client, case, today, **seen(shown)).status_code == 422
    correct(client, case, today, **seen(shown), understood="on")
    assert again(case).state == State.SUBMITTED


def test_a_notification_that_comes_too_late_says_that_silence_decided(client, town, boss):
    case = at("conditional", town, boss)
    today = town.today()
    started = today - timedelta(days=60)
    Application.objects.filter(pk=case.pk).update(
        received_on=started, clock_started_on=started, tacit_on=deadlines.tacit_on(started),
        signed_on=started, notified_on=started + timedelta(days=5),
    )  # fmt: skip
    shown = correct(client, case, today, which="notified_on")
    page = words(shown)
    assert "la décision serait sans effet" in page
    assert "au lieu de" in page
    correct(client, case, today, which="notified_on", **seen(shown), understood="on")
    assert again(case).state == State.GRANTED_TACIT


def test_a_contradictory_date_shows_no_effect(client, town, boss):
    case = at("submitted", town, boss)
    answer = correct(client, case, town.today() + timedelta(days=1))
    assert answer.status_code == 422
    assert "dans le futur" in words(answer)
    assert "Ce que fera cette correction" not in words(answer)


def test_only_who_corrects_reads_the_effect(client, town):
    case = at("submitted", town, factories.member(town, *STAFF))
    client.force_login(factories.member(town, Role.OFFICER))
    assert correct(client, case, town.today()).status_code == 403
