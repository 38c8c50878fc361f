"""What is asked of the landlord: the effect on the clock said first, the letter shown, the register of ADEME again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from notifications.models import Message
from permis.enums import InstallationAge, PieceKind, State
from permis.models import Application
from permis.models.journal import Event
from tests import factories
from tests.workflows.desk import give, judge, screen, words
from workflows.actions import intake

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(town):
    return factories.member(town, Role.OFFICER)


@pytest.fixture
def draft(town):
    return factories.ApplicationFactory(authority=town, sheet={"electricity": InstallationAge.OLD, "construction_year": 1930})


@pytest.fixture
def case(draft):
    """A DPE and an electricity report were given; the law also asks for the lead report."""
    give(draft, PieceKind.DPE)
    give(draft, PieceKind.ELECTRICITY)
    return intake.submit(draft, by=draft.applicant, on=draft.authority.today())


def test_the_effect_on_the_clock_is_said_with_its_dates_before_the_click(client, case, officer):
    page = screen(client, case, officer, piece="crep")

    effect = page.context["effect"]
    text = words(page)
    assert f"L’échéance du {case.tacit_on:%d/%m/%Y} disparaît" in text
    assert f"{effect.if_today:%d/%m/%Y}" in text
    assert f"reçue le {effect.respond_by:%d/%m/%Y}, le {effect.if_last_day:%d/%m/%Y}" in text
    assert f"L’échéance reste le {case.tacit_on:%d/%m/%Y}" in text


def test_an_optional_piece_is_said_to_stop_nothing(client, case, officer):
    give(case, PieceKind.PHOTOS)

    page = screen(client, case, officer, piece="photos")

    assert "Pièce facultative : rien ne s’arrête" in words(page)
    assert "disparaît" not in words(page)


def test_the_request_is_filled_with_what_is_missing_and_why(client, case, officer):
    judge(client, case, officer, verdict="refused", reason="La page 2 manque.")

    page = client.get(reverse("case-request", args=[case.pk]))

    form = page.context["form"]
    assert form["kinds"].value() == ["dpe", "crep"]
    assert form["reason_dpe"].value() == "La page 2 manque."
    assert "(DPE) : La page 2 manque." in words(page)
    assert "il partira du jour où la dernière de ces pièces nous parviendra" in words(page)


def test_an_expired_piece_is_asked_for_with_its_reason(client, draft, officer):
    today = draft.authority.today()
    give(draft, PieceKind.ELECTRICITY, established_on=today - timedelta(days=3000))
    case = intake.submit(draft, by=draft.applicant, on=today)
    client.force_login(officer)

    form = client.get(reverse("case-request", args=[case.pk])).context["form"]

    assert "electricity" in form["kinds"].value()
    assert "il ne vaut plus depuis" in form["reason_electricity"].value()


def test_the_preview_sends_nothing(client, case, officer):
    client.force_login(officer)
    sent = Message.objects.count()
    respond_by = case.received_on + timedelta(days=30)
    fields = {"kinds": ["crep"], "reason_crep": "L’immeuble est de 1930.", "respond_by": respond_by, "preview": "yes"}

    page = client.post(reverse("case-request", args=[case.pk]), fields)

    assert page.status_code == 200
    assert "L’immeuble est de 1930." in page.context["letter"].text
    assert (Message.objects.count(), Application.objects.get(pk=case.pk).state) == (sent, State.SUBMITTED)


def test_the_request_carries_the_reasons_of_the_ticked_pieces_alone(client, case, officer):
    client.force_login(officer)
    fields = {
        "kinds": ["crep"],
        "reason_crep": "Immeuble de 1930.",
        "reason_dpe": "rien",
        "respond_by": case.received_on + timedelta(days=30),
    }

    client.post(reverse("case-request", args=[case.pk]), fields)

    request = case.piece_requests.get()
    assert (request.pieces, request.reasons, request.required) == (["crep"], {"crep": "Immeuble de 1930."}, True)
    assert Application.objects.get(pk=case.pk).state == State.INCOMPLETE
    client.force_login(case.applicant)
    assert "Immeuble de 1930." in words(client.get(reverse("application-add-piece", args=[case.pk])))


def test_a_request_without_a_piece_says_so(client, case, officer):
    client.force_login(officer)

    page = client.post(reverse("case-request", args=[case.pk]), {"respond_by": case.received_on})

    assert page.status_code == 422
    assert "Cochez au moins une pièce." in words(page)
    assert page.context["letter"] is None


def test_an_optional_request_stops_nothing_and_says_so(client, case, officer):
    give(case, PieceKind.PHOTOS)
    judge(client, case, officer, PieceKind.PHOTOS, verdict="refused", reason="Floues : reprenez-les de jour.")
    url = reverse("case-request-optional", args=[case.pk])

    page = client.get(url)
    assert page.context["form"]["kinds"].value() == ["photos"]
    assert "ne change pas" in page.context["letter"].text.replace("\n", " ")
    offered = {option.data["value"] for option, _ in page.context["form"].rows()}
    assert offered.isdisjoint({"form", "dpe", "crep", "electricity"})
    answer = client.post(url, {"kinds": ["photos"], "reason_photos": "Floues : reprenez-les de jour."}, follow=True)

    after = Application.objects.get(pk=case.pk)
    assert (after.state, after.tacit_on) == (State.SUBMITTED, case.tacit_on)
    request = case.piece_requests.get()
    assert (request.required, request.reasons) == (False, {"photos": "Floues : reprenez-les de jour."})
    assert "le délai court comme avant" in words(answer)
    assert case.journal.latest("position").event == Event.OPTIONAL_REQUESTED


def test_what_the_law_requires_is_not_asked_for_as_optional(client, case, officer):
    client.force_login(officer)

    page = client.post(reverse("case-request-optional", args=[case.pk]), {"kinds": ["crep"]})

    assert page.status_code == 422
    assert not case.piece_requests.exists()


def test_asking_again_is_offered_where_there_is_a_register_and_a_number(client, draft, officer, settings):
    give(draft, PieceKind.DPE, facts={"kind": "dpe", "number": "2433E0412076K"})
    case = intake.submit(draft, by=draft.applicant, on=draft.authority.today())
    url = reverse("case-look-up", args=[case.pk])
    assert url not in screen(client, case, officer).content.decode()
    assert "n’est pas interrogée" in words(client.post(url, follow=True))

    settings.ADEME_URL = "http://127.0.0.1:9/datasets"
    assert url in screen(client, case, officer).content.decode()
    assert url not in screen(client, case, officer, piece="electricity").content.decode()
    assert "L’Ademe est interrogée" in words(client.post(url, follow=True))


def test_a_term_that_has_passed_is_told_as_passed(client, case, officer, time_machine):
    """It closes nothing by itself: the pieces are still taken, and the landlord must not think that it is too late."""
    client.force_login(officer)
    fields = {"kinds": ["crep"], "reason_crep": "1930.", "respond_by": case.received_on + timedelta(days=30)}
    client.post(reverse("case-request", args=[case.pk]), fields)
    term = Application.objects.get(pk=case.pk).respond_by  # a working day
    pages = [("application-list", []), ("application", [case.pk])]

    client.force_login(case.applicant)
    for name, keys in pages:
        assert f"avant le {term:%d/%m/%Y}" in words(client.get(reverse(name, args=keys)))

    time_machine.move_to(timezone.now() + timedelta(days=40))
    client.force_login(case.applicant)
    for name, keys in pages:
        page = words(client.get(reverse(name, args=keys)))
        assert f"terme passé le {term:%d/%m/%Y}" in page
        assert f"avant le {term:%d/%m/%Y}" not in page
