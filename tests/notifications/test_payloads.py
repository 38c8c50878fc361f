"""What each recipient may read, word for word: a field that appears here was given to another administration."""

import csv
import io
import json
from datetime import date

import pytest

from documents.acts import ActNotReady
from inspections.models import Visit
from notifications import exports, payloads
from notifications.enums import RecipientKind
from notifications.models import Transmission
from permis.enums import LessorKind
from permis.models import Lessor
from tests import factories
from tests.workflows import partners
from tests.workflows.test_actions import NOTICE
from workflows.actions import transmissions

WHAT, WHERE = ["numero", "decision", "date_decision", "decision_precedente"], ["adresse", "code_postal", "commune", "code_insee"]
PARCEL, WHO, WHY = ["reference_cadastrale", "lot"], ["bailleur", "siret"], ["motifs", "travaux"]
MAY_READ = {
    "caf": [*WHAT, *WHERE, *WHO],
    "msa": [*WHAT, *WHERE, *WHO],
    "tax": [*WHAT, *WHERE, *PARCEL, *WHO, "adresse_bailleur"],
    "pdalhpd": [*WHAT, *WHERE, *PARCEL, *WHO, *WHY],
    "observatory": [*WHAT, *WHERE, *PARCEL, *WHY],
    "prefecture": ["numero_acte", "nature", "matiere", "objet", "date_acte"],
    "epci": [],
}
# Said of the case or of its visit, and of no use to any of them.
SECRETS = (
    "Awa Sow", "a.sow@courriel.test", "06 39 98 11 11", "Bébé dans la chambre", "h.duprat@exemple.fr", "06 00 00 00 00", "Voisin bruyant",
)  # fmt: skip


@pytest.fixture
def case(db):
    """A refusal, with an occupant, a finding and ways of reaching everybody."""
    authority = factories.AuthorityFactory()
    partners.directory(authority)
    staff = factories.member(authority, "officer", "inspector", "signatory", "manager")
    draft = factories.ApplicationFactory(authority=authority, sheet={"cadastral_reference": "AB 214", "lot": "7"})
    draft.access_phone, draft.access_name = "06 00 00 00 00", "Voisin bruyant"
    draft.save()
    Lessor.objects.create(
        application=draft, position=1, kind=LessorKind.COMPANY, company="SCI Les Platanes", siret="12345678900011", legal_form="SCI",
        capacity="Gérant", address="1 quai", postcode="33000", city="Bordeaux", email="sci@exemple.fr",
    )  # fmt: skip
    case = partners.decided(draft, staff)
    visit = Visit.objects.get(application=case)
    visit.occupied, visit.occupant_name, visit.occupant_email = True, "Awa Sow", "a.sow@courriel.test"
    visit.occupant_phone = "06 39 98 11 11"
    visit.save()
    case.decision.considerations = "Bébé dans la chambre humide"
    case.decision.save()
    return case


def test_the_table_is_this_one_and_no_other():
    assert {str(kind): list(payloads.FIELDS[kind]) for kind in RecipientKind} == MAY_READ
    assert set(payloads.LABELS) == {name for fields in MAY_READ.values() for name in fields} | {*payloads.ZONE_FIELDS, "trace"}


@pytest.mark.parametrize("kind", [kind for kind in RecipientKind if kind != RecipientKind.EPCI])
def test_each_recipient_is_given_its_fields_and_no_secret(case, kind):
    transmission = Transmission.objects.get(kind=kind)

    assert list(payloads.of_case(transmission)) == MAY_READ[kind]
    assert sorted(transmission.payload) == sorted(MAY_READ[kind])
    sent = exports.as_json([transmission]).decode() + exports.decisions_csv(kind, [transmission]).decode("utf-8-sig")
    assert [secret for secret in SECRETS if secret in sent] == []


def test_the_caf_is_told_where_who_what_and_when(case):
    payload = Transmission.objects.get(kind=RecipientKind.CAF).payload

    assert payload == {
        "numero": case.number,
        "decision": "Refus",
        "date_decision": "2026-03-20",
        "decision_precedente": "",
        "adresse": "12 rue de la Gare, 2e étage",
        "code_postal": "33920",
        "commune": case.commune.name,
        "code_insee": case.commune_id,
        "bailleur": "Mme Hélène Duprat, SCI Les Platanes",
        "siret": "12345678900011",
    }


def test_the_observatory_is_told_of_works_and_of_nobody(case):
    payload = Transmission.objects.get(kind=RecipientKind.OBSERVATORY).payload

    assert payload["motifs"] == ["Non-décence (loi du 6 juillet 1989, art. 6)"]
    assert payload["travaux"] == [
        {"lieu": "Salle d’eau", "travaux": "Poser un extracteur", "fondement": "décret 2002-120, art. 2", "echeance": ""}
    ]
    assert "Duprat" not in json.dumps(payload, ensure_ascii=False)


def test_a_csv_has_the_promised_columns_and_runs_nothing(case):
    case.dwelling.address = '=HYPERLINK("http://pirate.test")'
    case.dwelling.save()
    transmission = Transmission.objects.get(kind=RecipientKind.PDALHPD)
    transmission.payload = payloads.of_case(transmission)

    content = exports.decisions_csv(RecipientKind.PDALHPD, [transmission])

    assert content.startswith(b"\xef\xbb\xbf")
    header, row = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert header == ["identifiant", "objet", "etabli_le", "rectifie", "collectivite", *MAY_READ["pdalhpd"]]
    read = dict(zip(header, row, strict=True))
    assert read["adresse"].startswith("'=HYPERLINK")
    assert read["travaux"] == "Salle d’eau, Poser un extracteur, décret 2002-120, art. 2"


def test_what_was_sent_does_not_change_with_the_case(case):
    caf = Transmission.objects.get(kind=RecipientKind.CAF)
    case.dwelling.address = "99 rue Neuve"
    case.dwelling.save()

    assert "12 rue de la Gare" in exports.as_json([caf]).decode()


def test_a_recipient_never_hears_of_a_former_transmission_it_did_not_get(case):
    former = Transmission.objects.get(kind=RecipientKind.CAF)
    corrective = Transmission(pk=99, authority=case.authority, occasion="lifting", opened_on=NOTICE, corrects=former)
    assert exports.record(corrective)["rectifie"] is None

    former.sent_on = NOTICE
    assert exports.record(corrective)["rectifie"] == former.pk


def test_a_deliberation_is_sent_whole_with_its_outline(db):
    authority = factories.AuthorityFactory()
    outline = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}
    zone = factories.ZoneFactory.build(authority=authority, commune=factories.CommuneFactory(), geometry=outline)
    transmissions.keep_zone(zone, on=date(2026, 3, 1))
    caf = Transmission.objects.get(kind=RecipientKind.CAF)

    assert json.loads(exports.as_json([caf]))["transmissions"][0]["trace"] == outline
    header, row = csv.reader(io.StringIO(exports.deliberations_csv([caf]).decode("utf-8-sig")), delimiter=";")
    assert "trace" not in header
    assert dict(zip(header, row, strict=True))["entree_en_vigueur"] == "2025-05-01"
    assert ("Tracé (GeoJSON)", "joint") in payloads.lines(caf.payload)


def test_an_act_that_is_not_rendered_yet_stops_the_archive(case):
    waiting = Transmission(pk=7, payload={}, application=case)
    waiting.act = case.acts.issued().filter(sha256="").first()

    with pytest.raises(ActNotReady, match="en préparation"):
        exports.actes_archive([waiting])
