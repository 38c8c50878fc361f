"""Several decisions signed in one gesture: each for itself."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from documents.models import Act
from permis.enums import Outcome, State
from permis.models import Application
from permis.models.journal import Event
from tests import factories
from tests.workflows.test_actions import CHECK, DRAFT, NOTICE, SIGN, reviewed
from tests.workflows.test_races import at_once
from workflows.actions import batch, clock, completeness, decision, inspection


@pytest.fixture
def staff(town):
    return factories.member(town, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


def waiting(town, staff, commune=None, **answers):
    """A case whose grant waits for a signature."""
    fields = {"commune": commune} if commune else {}
    case = reviewed(factories.ApplicationFactory(authority=town, **fields), staff)
    inspection.waive_visit(case, reason="Vue la semaine dernière", by=staff, on=CHECK)
    decision.propose_decision(case, outcome=Outcome.GRANTED, by=staff, on=DRAFT, **answers)
    return Application.objects.get(pk=case.pk)


def previewed(case, staff):
    act = decision.preview(case, by=staff, on=SIGN)
    return Act.objects.select_related("application__authority", "application__commune").get(pk=act.pk)


@pytest.mark.django_db
def test_one_that_fails_does_not_stop_the_others_and_says_why(town, staff):
    elsewhere = factories.CommuneFactory(epci_siren=town.siren)
    cases = [waiting(town, staff) for _ in range(4)]
    cases.append(waiting(town, staff, commune=elsewhere))
    acts = [previewed(case, staff) for case in cases]
    sound, changed, struck, late, beyond = cases
    decision.propose_decision(changed, outcome=Outcome.GRANTED, by=staff, on=DRAFT, order_number="2026-12")
    completeness.settle_police_order(struck, in_force=True, reference="2026-URB-9", by=staff, on=DRAFT)
    clock.grant_tacitly(late, on=date(2026, 4, 3))
    staff.signature_powers.get().communes.set([case.commune for case in (sound, changed, struck, late)])

    results = batch.sign_all([(act, SIGN) for act in acts], by=staff)

    assert [result.obstacle[:44] for result in results] == [
        "",
        "Le projet a changé depuis votre aperçu. Reli",
        "Un arrêté de police frappe l’immeuble : seul",
        "Cette décision n’attend plus de signature : ",
        "Votre pouvoir de signature ne couvre pas une",
    ]
    assert Application.objects.get(pk=sound.pk).state == State.DECISION_SIGNED
    assert (
        not Application.objects.filter(pk__in=[changed.pk, struck.pk, beyond.pk]).exclude(state=State.AWAITING_DECISION).exists()
    )


@pytest.mark.django_db
def test_the_last_day_passes_during_a_batch(town, staff):
    act = previewed(waiting(town, staff), staff)
    (result,) = batch.sign_all([(act, date(2026, 4, 3))], by=staff)
    assert result.obstacle.startswith("Il est trop tard")


@pytest.mark.django_db(transaction=True)
def test_two_signatories_at_once_sign_each_case_once(town, staff):
    other = factories.member(town, Role.SIGNATORY)
    cases = [waiting(town, staff) for _ in range(3)]
    own = [(previewed(case, staff), SIGN) for case in cases]
    theirs = [(previewed(case, other), SIGN) for case in cases]
    told = []
    done = at_once(
        lambda: told.extend(batch.sign_all(own, by=staff)), lambda: told.extend(batch.sign_all(list(reversed(theirs)), by=other))
    )
    assert done == ["done", "done"]
    for case in cases:
        results = [result.obstacle for result in told if result.application.pk == case.pk]
        assert sorted(results) == ["", batch.OVERTAKEN]
        assert case.journal.filter(event=Event.SIGNED).count() == 1
        assert case.acts.evidence().filter(kind="decision_granted").count() == 1


@pytest.mark.django_db
def test_the_screen_shows_each_act_then_signs_those_that_are_ticked(client, town, staff, time_machine):
    cases = [waiting(town, staff) for _ in range(2)]
    stranger = factories.member(factories.AuthorityFactory(), Role.SIGNATORY)
    time_machine.move_to(SIGN)
    client.force_login(staff)
    url = f"{reverse('batch')}?dossier={cases[0].pk}&dossier={cases[1].pk}&dossier=x"
    page = client.get(url)
    body = page.content.decode()
    acts = [item.act.pk for item in page.context["chosen"]]
    assert body.count("J’ai lu cet arrêté") == 2
    assert reverse("act-page", args=[acts[0], 1]) in body

    assert client.post(url, {}).status_code == 422
    response = client.post(url, {"acte": [acts[0], "999999", "x"]})
    assert response.status_code == 200
    assert str(cases[0]) in response.content.decode()
    assert [case.state for case in Application.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk")] == [
        State.DECISION_SIGNED, State.AWAITING_DECISION,
    ]  # fmt: skip
    again = client.post(url, {"acte": [acts[0]]})
    assert (again.status_code, batch.OVERTAKEN in again.content.decode()) == (422, True)

    client.force_login(stranger)
    assert client.post(url, {"acte": [acts[1]]}).status_code == 302
    assert Application.objects.get(pk=cases[1].pk).state == State.AWAITING_DECISION


@pytest.mark.django_db
def test_the_list_asks_the_database_as_much_for_ten_as_for_one(client, town, staff, django_assert_num_queries, time_machine):
    time_machine.move_to(NOTICE)
    client.force_login(staff)
    waiting(town, staff)
    client.get(reverse("signature-list"))
    with django_assert_num_queries(5) as one:
        client.get(reverse("signature-list"))
    for _ in range(9):
        waiting(town, staff)
    with django_assert_num_queries(len(one)):
        assert client.get(reverse("signature-list")).content.decode().count('name="dossier"') == 10


@pytest.mark.django_db
def test_a_power_that_ends_during_a_batch_stops_the_rest(town, staff):
    acts = [previewed(waiting(town, staff), staff) for _ in range(2)]
    staff.signature_powers.update(ends_on=SIGN - timedelta(1))
    results = batch.sign_all([(act, SIGN) for act in acts], by=staff)
    assert all(result.obstacle.startswith("Votre pouvoir de signature n’est pas en vigueur") for result in results)
