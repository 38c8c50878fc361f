"""The screens of the ledger: late first, sent by recipient, proved, corrected; the directory in the settings."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from notifications.ledger import Occasion, RecipientKind, TransmissionMeans, TransmissionState
from notifications.models import Recipient, Slip, Transmission
from tests import factories
from tests.workflows import partners
from tests.workflows.test_actions import NOTICE
from workflows.actions import transmissions

pytestmark = pytest.mark.django_db
CAF, PREFECTURE = RecipientKind.CAF, RecipientKind.PREFECTURE


@pytest.fixture
def authority(time_machine):
    time_machine.move_to("2026-03-23T12:00:00Z")
    return factories.AuthorityFactory()


@pytest.fixture
def staff(authority):
    return factories.member(authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


@pytest.fixture
def refused(authority, staff):
    return partners.decided(factories.ApplicationFactory(authority=authority), staff)


def words(client, user, name="ledger", *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query).content.decode()


def rows(count, authority, recipient, *, due_on=NOTICE):
    """Deliberations to send, as many as wanted."""
    zone = factories.ZoneFactory(authority=authority)
    Transmission.objects.bulk_create(
        Transmission(authority=authority, kind=recipient.kind, recipient=recipient, occasion=Occasion.DELIBERATION, zone=zone,
                     opened_on=NOTICE, due_on=due_on + timedelta(rank % 20))
        for rank in range(count)
    )  # fmt: skip


def test_an_empty_ledger_says_how_a_transmission_is_born(client, authority, staff):
    page = words(client, staff)

    assert "Tout ce qui devait partir est parti" in page
    assert "Une transmission naît d’elle-même" in page


def test_what_is_due_is_read_by_recipient_with_those_that_nobody_named(client, authority, staff, refused):
    partners.directory(authority, CAF)
    transmissions.keep_recipient(Recipient.objects.get(kind=CAF), members=[], on=NOTICE)

    page = words(client, staff)

    assert "Caisse d’allocations familiales d’ici" in page
    assert page.count("Destinataire à désigner") == 5
    assert page.count("Tout envoyer") == 1


def test_late_ones_come_first_and_alarm_the_manager_at_home(client, authority, staff, refused, time_machine):
    assert "en retard" not in words(client, staff, "worklist")
    time_machine.move_to("2026-04-01T12:00:00Z")

    page = words(client, staff, etat="retard")
    assert page.count("En retard depuis le 28/03/2026") == 5
    assert "5\N{NO-BREAK SPACE}transmissions obligatoires en retard" in words(client, staff, "worklist")
    assert "obligatoires en retard" not in words(client, factories.member(authority, Role.OFFICER), "worklist")


@pytest.mark.parametrize("query", [{"destinataire": "msa"}, {"q": "rue inconnue"}])
def test_filters_narrow_and_say_how_to_come_back(client, authority, staff, refused, query):
    assert "Effacer les filtres" in words(client, staff, etat="envoyees", **query)
    assert "Effacer les filtres" not in words(client, staff, q="gare")


@pytest.mark.parametrize(
    "query", [{"etat": "x"}, {"destinataire": "x"}, {"page": "x"}, {"page": "99999999999999999999"}, {"q": "%'"}]
)
def test_an_address_written_by_hand_is_read_as_well_as_it_can_be(client, staff, refused, query):
    client.force_login(staff)
    assert client.get(reverse("ledger"), query).status_code == 200


def test_two_hundred_rows_are_read_page_after_page(client, authority, staff):
    rows(200, authority, partners.directory(authority, CAF)[CAF])

    assert "Page 1 sur 8" in words(client, staff)
    last = words(client, staff, page=8)
    assert last.count('scope="row"') == 25
    assert "Page suivante" not in last


@pytest.mark.parametrize("count", [1, 10, 200])
def test_the_ledger_asks_as_much_of_the_database_whatever_it_holds(client, authority, staff, count, django_assert_num_queries):
    rows(count, authority, partners.directory(authority, CAF)[CAF])
    client.force_login(staff)
    client.get(reverse("ledger"))

    with django_assert_num_queries(10):
        client.get(reverse("ledger"))


def test_another_town_reads_and_sends_nothing_of_this_one(client, authority, staff, refused):
    caf = partners.directory(authority, CAF)[CAF]
    stranger = factories.member(factories.AuthorityFactory(), Role.OFFICER, Role.MANAGER, Role.AUDITOR)
    one = Transmission.objects.first()
    client.force_login(stranger)

    assert "Tout ce qui devait partir est parti" in words(client, stranger)
    for name, key in (("transmission", one.pk), ("transmission-correct", one.pk), ("transmission-send", caf.pk)):
        assert client.get(reverse(name, args=[key])).status_code == 404


def test_an_auditor_reads_everything_and_moves_nothing(client, authority, staff):
    one = partners.sent_zone(authority)
    auditor = factories.member(authority, Role.AUDITOR)

    page = words(client, auditor, "transmission", one.pk)
    assert "Données transmises, et aucune autre" in page
    assert "Enregistrer l’accusé" not in page
    assert client.post(reverse("transmission-acknowledge", args=[one.pk]), {}).status_code == 403


def test_a_sending_by_hand_asks_for_its_day_and_its_proof(client, authority, staff, refused):
    caf = partners.directory(authority, CAF)[CAF]
    transmissions.keep_recipient(caf, members=[], on=NOTICE)
    client.force_login(staff)
    url = reverse("transmission-send", args=[caf.pk])

    page = client.get(url).content.decode()
    assert "Jamais de photo" in page
    assert "Bailleur" in page
    refused_answer = client.post(url, {"sent_on": "2026-03-22", "proof": ""})
    assert refused_answer.status_code == 422
    assert "2026-03-22" in refused_answer.content.decode()
    too_soon = client.post(url, {"sent_on": "2026-03-01", "proof": "LRAR 1A"})
    assert (too_soon.status_code, "LRAR 1A" in too_soon.content.decode()) == (422, True)
    assert client.post(url, {"sent_on": "2026-03-22", "proof": "LRAR 1A"}).url == reverse("ledger")

    assert Transmission.objects.get(kind=CAF).sending_proof == "LRAR 1A"
    second = client.post(url, {"sent_on": "2026-03-22", "proof": "LRAR 1A"})
    assert (second.status_code, "Il n’y a plus rien à envoyer" in second.content.decode()) == (422, True)
    assert Slip.objects.count() == 1


def test_one_transmission_alone_may_be_sent(client, authority, staff):
    caf = partners.directory(authority, CAF, means=TransmissionMeans.EMAIL)[CAF]
    rows(3, authority, caf)
    chosen = Transmission.objects.order_by("pk")[1]
    client.force_login(staff)

    client.post(reverse("transmission-send", args=[caf.pk]) + f"?transmission={chosen.pk}")

    assert list(Slip.objects.get().transmissions.all()) == [chosen]


def test_the_archive_for_the_operator_holds_the_acts_under_their_number(client, authority, staff, refused):
    prefecture = partners.directory(authority, PREFECTURE, means=TransmissionMeans.ACTES)[PREFECTURE]
    transmissions.keep_recipient(prefecture, members=[], on=NOTICE)
    client.force_login(staff)
    answer = client.get(reverse("transmission-actes", args=[prefecture.pk]))

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        one = Transmission.objects.get(kind=PREFECTURE)
        assert sorted(archive.namelist()) == [f"acte-{one.pk}.pdf", "actes.csv"]
        sheet = archive.read("actes.csv").decode("utf-8-sig")
        assert archive.read(f"acte-{one.pk}.pdf").startswith(b"%PDF-")
    assert "Permis de louer : refus" in sheet
    assert one.act.sha256 in sheet
    assert "8.5" in sheet


def test_a_proof_of_reception_is_entered_and_a_correction_prepared(client, authority, staff):
    one = partners.sent_zone(authority)
    client.force_login(staff)

    early = client.post(reverse("transmission-acknowledge", args=[one.pk]), {"acknowledged_on": "2026-03-22", "proof": "AR"})
    assert (early.status_code, "ne peut ni précéder" in early.content.decode()) == (422, True)
    client.post(reverse("transmission-acknowledge", args=[one.pk]), {"acknowledged_on": "2026-03-23", "proof": "AR 12"})
    assert Transmission.objects.get(pk=one.pk).acknowledgement == "AR 12"
    again = client.post(reverse("transmission-acknowledge", args=[one.pk]), {"acknowledged_on": "2026-03-23", "proof": "AR 13"})
    assert (again.status_code, "a changé entre-temps" in again.content.decode()) == (422, True)
    assert client.post(reverse("transmission-correct", args=[one.pk]), {"reason": ""}).status_code == 422
    answer = client.post(reverse("transmission-correct", args=[one.pk]), {"reason": "Tracé erroné"})

    corrective = Transmission.objects.get(corrects=one)
    assert answer.url == corrective.get_absolute_url()
    assert (corrective.state, corrective.reason) == (TransmissionState.DUE, "Tracé erroné")


def test_the_page_of_a_case_shows_its_transmissions_to_the_service_alone(client, authority, staff, refused):
    assert "En retard" not in words(client, staff, "case", refused.pk)
    assert "Caisse d’allocations familiales" in words(client, staff, "case", refused.pk)
    assert reverse("transmission", args=[Transmission.objects.first().pk]) in words(client, staff, "case", refused.pk)
    inspector = words(client, factories.member(authority, Role.INSPECTOR), "case", refused.pk)
    assert "Caisse d’allocations familiales" in inspector
    assert "/transmissions/" not in inspector
    assert "Caisse d’allocations familiales" not in words(client, refused.applicant, "application", refused.pk)


def test_the_directory_names_who_is_missing_and_hands_over_what_waited(client, authority, refused):
    admin = factories.member(authority, Role.ADMINISTRATOR)
    reader = factories.member(authority, Role.PARTNER)
    page = words(client, admin, "settings-recipients")
    assert page.count("Prévu par") == 6
    entry = {
        "kind": "caf",
        "name": "CAF de la Gironde",
        "means": "space",
        "since": "2026-03-01",
        "members": reader.memberships.get().pk,
    }

    client.post(reverse("recipient-create"), entry)

    caf = Recipient.objects.get()
    assert Transmission.objects.get(kind=CAF).recipient == caf
    assert caf.seats.get().membership.user == reader
    assert "CAF de la Gironde" in words(client, admin, "settings-recipients")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"means": "email", "email": ""}, "Indiquez la boîte aux lettres"),
        ({"means": "actes"}, "@CTES ne sert qu’à la préfecture"),
        ({"until": "2026-01-01"}, "La fin précède le début"),
        ({"kind": "msa"}, "Un destinataire de cette nature est déjà en place"),
    ],
)
def test_a_recipient_that_cannot_be_is_refused_and_nothing_typed_is_lost(client, authority, changes, message):
    partners.directory(authority, RecipientKind.MSA)
    client.force_login(factories.member(authority, Role.ADMINISTRATOR))
    entry = {"kind": "caf", "name": "CAF des Landes", "means": "space", "since": "2026-03-01"} | changes

    answer = client.post(reverse("recipient-create"), entry)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert "CAF des Landes" in answer.content.decode()


def test_a_partner_sits_for_one_recipient_of_an_authority(client, authority):
    found = partners.directory(authority, CAF, RecipientKind.MSA)
    reader = partners.partner(found[CAF])
    client.force_login(factories.member(authority, Role.ADMINISTRATOR))
    entry = {"kind": "msa", "name": "MSA", "means": "space", "since": "2025-01-01", "members": reader.memberships.get().pk}

    answer = client.post(reverse("recipient", args=[found[RecipientKind.MSA].pk]), entry)

    assert answer.status_code == 422
    assert found[CAF].seats.get().membership.user == reader


def test_a_zone_saved_in_the_settings_is_due_to_the_caf_and_the_msa(client, authority):
    zone = factories.ZoneFactory(authority=authority)
    client.force_login(factories.member(authority, Role.ADMINISTRATOR))
    entry = {
        "commune": zone.commune_id, "regime": "APML", "name": "Gare", "deliberation": "2025-01", "deliberated_on": "2025-01-02",
        "published_on": "2025-01-03", "in_force_on": "2025-08-01",
    }  # fmt: skip

    assert client.post(reverse("zone", args=[zone.pk]), entry).status_code == 302

    assert set(Transmission.objects.values_list("kind", "zone__name")) == {("caf", "Gare"), ("msa", "Gare")}
    assert Transmission.objects.first().due_on == date(2026, 3, 31)
