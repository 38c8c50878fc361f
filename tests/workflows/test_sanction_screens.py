"""The screens of sanctions: what each form sends, what it says when it is wrong, what the pages show."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from permis.breaches import Breach, SanctionState
from permis.models import Sanction
from tests import factories
from tests.notifications.factories import CaseFactory
from tests.workflows import sanctioned
from workflows import sanction_pages
from workflows.actions import fines, sanctions
from workflows.statistics import sanctions as figures

pytestmark = pytest.mark.django_db
TODAY = sanctioned.AFTER
FINDING = {
    "breach": "no_request", "address": "12 rue de la Gare", "postcode": "33920", "let_on": "2025-05-20", "found_on": "2025-06-02",
    "found_by_name": "Karim Benali", "source": "visit", "facts": "Occupé depuis mai.", "person_kind": "person",
    "person_name": "M. Paul Dumora", "person_address": "4 cours Vauban", "person_postcode": "33390", "person_city": "Blaye",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_2025(monkeypatch):
    monkeypatch.setattr("territories.models.Authority.today", lambda self: TODAY)


@pytest.fixture
def town():
    return factories.AuthorityFactory(siren="243301181")


@pytest.fixture
def zone(town):
    return factories.ZoneFactory(authority=town)


@pytest.fixture
def client(client, town):
    """The browser of the jurist."""
    client.force_login(sanctioned.jurist(town))
    return client


def text(response):
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


# -- the finding


def test_a_jurist_opens_from_scratch_with_its_evidence(client, zone):
    response = client.post(reverse("sanction-open"), FINDING | {"zone": zone.pk, "evidence": factories.upload(name="bail.pdf")})

    sanction = Sanction.objects.get()
    assert response.url == sanction.get_absolute_url()
    assert (sanction.authority, sanction.commune, sanction.found_by_name) == (zone.authority, zone.commune, "Karim Benali")
    assert sanction.files.get().name == "bail.pdf"
    assert "bail.pdf" in text(client.get(sanction.get_absolute_url()))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"found_on": "2024-04-10", "let_on": ""}, "l’amende relève du préfet"),
        ({"found_on": "2025-07-12"}, "vérifiez ces dates"),
        ({"let_on": "2025-01-01"}, "Aucun périmètre de ce régime"),
        ({"breach": "no_declaration"}, "Aucun périmètre de ce régime"),
        ({"breach": "despite_refusal"}, "Sélectionnez un choix valide"),
        ({"postcode": "33"}, "Code postal"),
        ({"person_kind": "company", "person_siret": "123"}, "SIRET"),
        ({"source": "benefit"}, "que par convention signée"),
        ({"facts": ""}, "Ce champ est obligatoire"),
        ({"evidence": factories.upload(b"MZ", "bail.exe")}, "ni un PDF ni une photo"),
        ({"found_on": "0202-01-01"}, "Vérifiez l’année"),
    ],
)
def test_a_wrong_finding_is_told_and_nothing_typed_is_lost(client, zone, given, told):
    response = client.post(reverse("sanction-open"), FINDING | {"zone": zone.pk} | given)

    assert response.status_code == 422
    assert told in text(response)
    assert "M. Paul Dumora" in text(response)
    assert not Sanction.objects.exists()


def test_a_zone_of_another_town_is_no_choice(client, town):
    elsewhere = factories.ZoneFactory()
    assert client.post(reverse("sanction-open"), FINDING | {"zone": elsewhere.pk}).status_code == 422


def test_the_case_gives_its_dwelling_and_its_lessor(client, town, zone):
    case = CaseFactory(
        authority=town, commune=zone.commune, zone=zone, refused=True, applicant=factories.UserFactory(),
        received_on=date(2025, 5, 2), notified_on=date(2025, 5, 20), tacit_on=date(2025, 6, 2),
    )  # fmt: skip
    url = reverse("sanction-open-case", args=[case.pk])
    initial = client.get(url).context["form"].initial
    assert (initial["person_name"], initial["address"], initial["breach"]) == (
        "Mme Hélène Duprat", "12 rue de la Gare, 2e étage", Breach.DESPITE_REFUSAL,
    )  # fmt: skip

    client.post(url, FINDING | {"zone": zone.pk, "breach": "despite_refusal", "let_on": "2025-05-25", "blames_applicant": "on"})

    sanction = Sanction.objects.get()
    assert (sanction.application, sanction.blames_applicant, sanction.cap) == (case, True, 15000)
    # What a notified refusal forbids is not mended: no such button, and its address is of no use.
    sanction = sanctioned.presented(sanction, on=date(2025, 6, 10))
    assert reverse("sanction-regularise", args=[sanction.pk]) not in text(client.get(sanction.get_absolute_url()))
    response = client.post(reverse("sanction-regularise", args=[sanction.pk]), {"regularised_on": "2025-07-01", "receipt": "x"})
    assert (response.status_code, "ne se régularise pas" in text(response)) == (422, True)


# -- each form, right and wrong

FORMS = [
    ("found", "sanction-letter", {"means": "hand"}, {"means": "portal"}),
    ("found", "sanction-close", {"reason": "Vacant."}, {"reason": ""}),
    ("written", "sanction-presented", {"received_on": "2025-06-10"}, {"received_on": "2025-05-01"}),
    ("presented", "sanction-observations", {"observations_on": "2025-06-20", "observations": "Non."}, {"observations_on": "2025-06-20"}),
    ("presented", "sanction-hearing", {"heard_on": "2025-06-20", "heard": "Non."}, {"heard_on": "2026-06-20", "heard": "Non."}),
    ("presented", "sanction-regularise", {"regularised_on": "2025-07-01", "receipt": "n° 4"}, {"number": "APML 999"}),
    ("presented", "sanction-regularise", {"regularised_on": "2025-07-10", "receipt": "n° 4"}, {"regularised_on": "2025-07-11", "receipt": "n° 4"}),
    ("to_decide", "sanction-propose", {"amount": "2000", "reasons": "Six mois."}, {"amount": "5001", "reasons": "Six mois."}),
    ("fined", "sanction-notify", {"means": "hand", "notified_on": "2025-07-11"}, {"means": "registered_letter", "notified_on": "2025-07-11"}),
    ("fined", "sanction-notify", {"means": "hand", "notified_on": "2025-07-11"}, {"means": "hand", "notified_on": "2025-07-10"}),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "name", "right", "wrong"), FORMS)
def test_each_form_says_what_is_wrong_and_does_what_is_right(client, town, stage, name, right, wrong):
    first = sanctioned.found(town)
    sanction = first if stage == "found" else getattr(sanctioned, stage)(first)
    before = sanction.journal.count()
    url = reverse(name, args=[sanction.pk])

    refused = client.post(url, wrong)

    assert (refused.status_code, "pl-errors" in text(refused), sanction.journal.count()) == (422, True, before)
    response = client.post(url, right)
    assert (response.status_code, response.url) == (302, sanction.get_absolute_url())
    assert sanction.journal.count() == before + 1


AFTERWARDS = [
    ("sanction-title", {"number": "T-118", "issued_on": "2025-07-11"}, SanctionState.TITLE_ISSUED),
    ("sanction-recovery", {"since": "2025-07-11"}, SanctionState.RECOVERY),
    ("sanction-payment", {"amount": "800", "paid_on": "2025-07-11"}, SanctionState.RECOVERY),
    ("sanction-contest", {"contested_on": "2025-07-11", "before": "TA de Bordeaux"}, SanctionState.APPEAL),
    (
        "sanction-appeal",
        {"outcome": "reduced", "day": "2025-07-11", "reduced_to": "1500", "reason": "TA"},
        SanctionState.RECOVERY,
    ),
    ("sanction-payment", {"amount": "700", "paid_on": "2025-07-11"}, SanctionState.PAID),
]


def test_a_fine_is_followed_to_its_end(client, town):
    sanction = sanctioned.fined(sanctioned.found(town))
    fines.notify(sanction, means="hand", notified_on=TODAY, by=sanctioned.jurist(town), on=TODAY)
    for name, sent, state in AFTERWARDS:
        assert client.post(reverse(name, args=[sanction.pk]), {}).status_code == 422, name
        assert client.post(reverse(name, args=[sanction.pk]), sent).status_code == 302, name
        assert Sanction.objects.get(pk=sanction.pk).state == state, name
    page = text(client.get(sanction.get_absolute_url()))
    assert "L’amende de 1 500 € est payée depuis le 11/07/2025" in page
    assert "800 € le 11 juillet 2025" in page


def test_the_title_is_a_row_of_a_spreadsheet_without_formula(client, town):
    sanction = sanctioned.found(town, person=sanctioned.PERSON | {"person_name": "=cmd|calc"})
    sanction = sanctioned.fined(sanction)
    fines.notify(sanction, means="hand", notified_on=TODAY, by=sanctioned.jurist(town), on=TODAY)

    sent = client.get(reverse("sanction-title-data", args=[sanction.pk])).content.decode("utf-8-sig")

    labels, values = csv.reader(io.StringIO(sent), delimiter=";")
    told = dict(zip(labels, values, strict=True))
    assert told["Débiteur"] == "'=cmd|calc"
    assert told["Procédure"] == sanction.number
    assert told["Bénéficiaire"].startswith(town.name)


def test_an_earlier_breach_is_confirmed_on_screen(client, town, zone):
    earlier = sanctioned.fined(sanctioned.found(town, zone=zone))
    sanction = sanctioned.found(town, zone=zone, found_on=date(2025, 7, 1))
    page = text(client.get(sanction.get_absolute_url()))
    assert "Un manquement antérieur est trouvé" in page
    assert "trouvé par rapprochement, non retenu" in page

    client.post(reverse("sanction-repeat", args=[sanction.pk]), {"previous": earlier.pk})

    page = text(client.get(sanction.get_absolute_url()))
    assert "récidive confirmée par" in page
    assert "15 000 €" in text(client.get(reverse("sanction-letter", args=[sanction.pk])))


def test_a_mended_first_breach_is_closed_or_fined_for_a_written_reason(client, town):
    sanction = sanctioned.presented(sanctioned.found(town))
    sanctions.regularise(sanction, regularised_on=sanctioned.UNTIL, receipt="n° 4", by=sanctioned.jurist(town), on=TODAY)
    assert "Classez la procédure" in text(client.get(sanction.get_absolute_url()))
    url = reverse("sanction-propose", args=[sanction.pk])

    response = client.post(url, {"amount": "300", "reasons": "Six mois.", "exception": ""})
    assert (response.status_code, "Six mois." in text(response)) == (422, True)
    assert client.post(url, {"amount": "300", "reasons": "Six mois.", "exception": "Plancher dangereux."}).status_code == 302


# -- signature


def test_a_signatory_reads_then_signs(client, town):
    sanction = sanctioned.proposed(sanctioned.found(town))
    client.force_login(sanctioned.signatory(town))
    url = reverse("sanction-sign", args=[sanction.pk])
    page = client.get(url)
    preview = page.context["preview"]
    assert f"/actes/{preview.pk}/page/1/" in text(page)

    assert client.post(url, {"act": preview.pk}).status_code == 302

    assert Sanction.objects.get(pk=sanction.pk).state == SanctionState.FINED
    again = client.post(url, {"act": preview.pk})
    assert (again.status_code, "Amende signée" in text(again)) == (409, True)


def test_a_signatory_without_power_is_told(client, town):
    sanction = sanctioned.proposed(sanctioned.found(town))
    person = sanctioned.signatory(town)
    person.signature_powers.update(ends_on=date(2025, 1, 1))
    client.force_login(person)
    page = client.get(reverse("sanction-sign", args=[sanction.pk]))
    assert (page.status_code, "pouvoir de signature" in text(page)) == (200, True)


# -- the pages

STAGES = ["found", "written", "presented", "to_decide", "proposed", "fined"]


@pytest.mark.parametrize("stage", STAGES)
def test_the_page_says_what_to_do_to_each_of_its_readers(client, town, stage):
    first = sanctioned.found(town)
    sanction = first if stage == "found" else getattr(sanctioned, stage)(first)
    for role in Role.reading_sanctions():
        client.force_login(factories.member(town, role))
        page = text(client.get(sanction.get_absolute_url()))
        acts = role == (Role.SIGNATORY if stage == "proposed" else Role.LEGAL)
        assert ("btn-go" in page) or not acts, role
        assert ("en est chargé" in page) != acts, role
    assert all(sanction_pages.BADGES[state] for state in SanctionState)


def test_the_list_filters_by_state_words_and_bar(client, town, zone, monkeypatch):
    closed = sanctioned.found(town, zone=zone, address="9 rue du Moulin")
    sanctions.close(closed, reason="Vacant.", by=sanctioned.jurist(town), on=TODAY)
    running = sanctioned.presented(sanctioned.found(town, zone=zone))
    elsewhere = sanctioned.found()
    url = reverse("sanction-list")

    def shown(**asked):
        page = text(client.get(url, asked))
        return {each.pk for each in (closed, running, elsewhere) if each.get_absolute_url() in page}

    assert shown() == {closed.pk, running.pk}
    assert shown(etat="closed") == {closed.pk}
    assert shown(q="moulin") == {closed.pk}
    assert shown(q=f"{running.number}") == {running.pk}
    assert shown(prescription="proche") == set()
    assert "Effacez-les tous" in text(client.get(url, {"q": "inconnu"}))
    assert "Observations jusqu’au 10/07/2025" in text(client.get(url))
    monkeypatch.setattr("territories.models.Authority.today", lambda self: date(2026, 5, 28))
    assert shown(prescription="proche") == {running.pk}
    assert "is-danger" in text(client.get(url, {"prescription": "proche"}))


def test_an_empty_list_says_so(client, town):
    page = text(client.get(reverse("sanction-list")))
    assert "Aucune procédure de sanction" in page
    assert reverse("sanction-open") in page


@pytest.mark.parametrize("name", ["sanction-list", "sanction"])
def test_ten_rows_cost_the_queries_of_one(client, town, zone, name, django_assert_max_num_queries, django_assert_num_queries):
    sanction = sanctioned.presented(sanctioned.found(town, zone=zone))
    url = reverse(name) if name == "sanction-list" else sanction.get_absolute_url()
    with django_assert_max_num_queries(22) as few:
        client.get(url)
    for rank in range(9):
        if name == "sanction-list":
            sanctioned.found(town, zone=zone, address=f"{rank} rue du Moulin")
        else:
            sanctions.record_observations(
                sanction, observations="Encore.", observations_on=TODAY, by=sanctioned.jurist(town), on=TODAY
            )
    with django_assert_num_queries(len(few)):
        client.get(url)


def test_figures_count_what_stands(town, zone):
    titled = sanctioned.titled(sanctioned.found(town, zone=zone))
    fines.record_payment(titled, amount=500, paid_on=date(2026, 1, 5), by=sanctioned.jurist(town), on=date(2026, 1, 5))
    withdrawn = sanctioned.fined(sanctioned.found(town, zone=zone, address="9 rue du Moulin"))
    fines.withdraw(withdrawn, reason="Erreur.", by=sanctioned.signatory(town), on=date(2025, 9, 1))
    closed = sanctioned.found(town, zone=zone, address="1 place de la Mairie")
    sanctions.close(closed, reason="Vacant.", by=sanctioned.jurist(town), on=TODAY)
    sanctioned.titled()

    assert figures.by_year({town.pk}) == [
        figures.Year(2026, recovered=500),
        figures.Year(2025, found=3, closed=1, fined=1, ordered=2000),
    ]
    assert figures.by_year(set()) == []


# -- the person blamed


def test_the_person_blamed_answers_online(client, town, zone):
    case = CaseFactory(
        authority=town, commune=zone.commune, filed=True, applicant=factories.UserFactory(), received_on=date(2025, 7, 1)
    )
    sanction = sanctioned.presented(sanctioned.found(town, zone=zone, application=case, blames_applicant=True))
    client.force_login(case.applicant)
    url = reverse("sanction-answer", args=[case.pk, sanction.pk])

    assert client.post(url, {"observations": ""}).status_code == 422
    response = client.post(url, {"observations": "C’est ma sœur.", "hearing_asked": "on"})

    assert response.url == reverse("application", args=[case.pk])
    sanction = Sanction.objects.get(pk=sanction.pk)
    assert (sanction.observations, sanction.hearing_asked) == ("C’est ma sœur.", True)
    assert sanction.messages.get(kind="sanction_answered").recipient == sanctioned.jurist(town).email
    sanctions.close(sanction, reason="Vacant.", by=sanctioned.jurist(town), on=TODAY)
    assert client.post(url, {"observations": "Encore."}).status_code == 409
    assert "La procédure est classée" in text(client.get(reverse("application", args=[case.pk])))
