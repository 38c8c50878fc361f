"""Each column of an export, on a case that has everything; and what strangers typed stays text."""

import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.enums import Role
from notifications.exports import FORMULA
from permis.enums import ConditionMode, Ground, Means, Outcome, State
from permis.models import Agent, Application, Lessor, PieceRequest
from tests import factories
from tests.conftest import REFERENCE_DATA
from tests.workflows.exported import cells_of, csv_of, day_of, xlsx_of
from tests.workflows.test_actions import CHECK, NOTICE, WORK, signed
from workflows.actions import notification, works
from workflows.exports import sheets
from workflows.exports.columns import BY_KEY, COLUMNS, PRESETS, Kind

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
SIGNS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1", "=cmd|' /C calc'!A0"]
# What the case below has in each column, as the CSV writes it.
RICH = {
    "numero": "APML 033000 26 00001",
    "regime": "APML",
    "etat": "Autorisée sous conditions",
    "collectivite": "CC de l’Estuaire",
    "commune": "Saint-Savin",
    "insee": "33000",
    "perimetre": "Centre-bourg",
    "reception": "En ligne",
    "nature": "Relocation",
    "location": "Location vide, résidence principale",
    "adresse": "12 rue de la Gare, Résidence du Parc",
    "porte": "bâtiment A, escalier 2, 2e étage, porte gauche, lot 14",
    "code_postal": "33920",
    "cadastre": "AB 123",
    "immeuble": "Immeuble collectif",
    "propriete": "Copropriété",
    "construction": "1990",
    "surface": "58,40",
    "pieces": "3",
    "meuble": "non",
    "dpe": "D",
    "dpe_date": "2025-05-06",
    "bailleurs": "Mme Hélène Duprat, SCI Les Platanes",
    "bailleur_type": "Personne physique",
    "bailleur_adresse": "5 allée des Tilleuls, 33000 Bordeaux",
    "bailleur_courriel": "h.duprat@exemple.fr, sci@exemple.fr",
    "bailleur_telephone": "(+33) 6 12 34 56 78, 05 57 00 00 01",
    "mandataire": "Agence du Port",
    "suivi": "Nadia Instruction",
    "recue": "2026-03-02",
    "demande_pieces": "2026-03-04",
    "attendues": "",
    "complete": "2026-03-02",
    "tacite": "2026-04-02",
    "prochaine": "2026-05-01",
    "signee": "2026-03-18",
    "notifiee": "2026-03-20",
    "delai": "18",
    "valable": "2028-03-20",
    "recepisse": "",
    "close": "",
    "sens": "Autorisation sous conditions",
    "silence": "non",
    "mode": "Travaux dans un délai, location permise",
    "motifs": str(Ground.DECENCY.label),
    "arrete": "",
    "signataire": "Nadia Instruction",
    "visite": "2026-03-12",
    "derniere_visite": "2026-03-12",
    "visites": "1",
    "visites_manquees": "0",
    "conclusion": "Favorable avec réserves",
    "travaux": "2",
    "travaux_faits": "1",
    "travaux_retard": "1",
    "terme": "2026-05-01",
    "levee": "",
    "bail": "",
}


@pytest.fixture
def rich():
    """Asked for a piece, completed, visited, granted under conditions of which one is met."""
    town = factories.AuthorityFactory(name="CC de l’Estuaire")
    staff = factories.member(
        town, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER, first_name="Nadia", last_name="Instruction"
    )
    commune = factories.CommuneFactory(insee="33000", name="Saint-Savin", epci_siren=town.siren)
    draft = factories.ApplicationFactory(
        authority=town,
        commune=commune,
        zone=factories.ZoneFactory(authority=town, commune=commune),
        officer=staff,
        sheet={
            "complement": "Résidence du Parc", "building": "A", "staircase": "2", "door": "gauche", "lot": "14",
            "cadastral_reference": "AB 123", "ownership": "condominium", "dpe_class": "E", "dpe_adjusted_class": "D",
            "dpe_established_on": date(2025, 5, 6),
        },
    )  # fmt: skip
    draft.lessors.update(phone="+33 6 12 34 56 78")
    Lessor.objects.create(
        application=draft, kind="company", company="SCI Les Platanes", address="1 quai", postcode="33000", city="Bordeaux",
        email="sci@exemple.fr", phone="05 57 00 00 01", position=1, legal_form="SCI", capacity="Gérante",
    )  # fmt: skip
    Agent.objects.create(application=draft, name="Agence du Port", activity="Gestion", address="2 quai, 33000 Bordeaux")
    case = signed(
        draft, staff, Outcome.CONDITIONAL, grounds=[Ground.DECENCY], mode=ConditionMode.DEFERRED,
        works=[WORK | {"due_on": date(2026, 4, 20)}, WORK | {"due_on": date(2026, 5, 1)}],
    )  # fmt: skip
    case = notification.notify(case, means=Means.HAND, notified_on=NOTICE, recipient="Hélène Duprat", by=staff, on=NOTICE)
    PieceRequest.objects.create(
        application=case, pieces=["dpe"], requested_on=CHECK, respond_by=date(2026, 4, 4), answered_on=date(2026, 3, 5)
    )
    works.settle_work(case.decision.works.get(due_on=date(2026, 4, 20)), met=True, by=staff, on=date(2026, 4, 8))
    return Application.objects.get(pk=case.pk)


def all_of(case):
    return Application.objects.filter(pk=case.pk).order_by("pk")


def test_every_column_says_what_the_case_has(rich):
    written = csv_of(all_of(rich), COLUMNS, day=DAY)[0]

    found = {column.key: written[column.header] for column in COLUMNS}
    assert {key: value for key, value in found.items() if value != RICH[key]} == {}
    assert set(RICH) == set(BY_KEY)


def test_works_of_a_permit_that_ended_are_late_no_more(rich):
    Application.objects.filter(pk=rich.pk).update(state=State.LAPSED)
    (written,) = csv_of(all_of(rich), [BY_KEY["travaux"], BY_KEY["travaux_retard"]], day=DAY)
    assert list(written.values()) == ["2", "0"]


def test_the_workbook_has_the_same_with_real_dates_and_numbers(rich):
    written, sheet = csv_of(all_of(rich), COLUMNS, day=DAY)[0], xlsx_of(all_of(rich), COLUMNS, day=DAY)[0]

    for column in COLUMNS:
        value, text = sheet.get(column.header), written[column.header]
        if column.kind == Kind.DATE:
            assert (day_of(value).isoformat() if value is not None else "") == text, column.key
        elif column.kind in (Kind.WHOLE, Kind.DECIMAL):
            assert Decimal(str(value)) == Decimal(text.replace(",", ".")), column.key
        elif column.kind == Kind.PHONE:
            assert value == "+33 6 12 34 56 78, 05 57 00 00 01"
        else:
            assert (value or "") == text, column.key


def test_every_column_is_explained_beside_the_rows(rich):
    notice = sheets.Notice("Dossiers", [("Filtres", "état : autorisée")])
    with sheets.xlsx(sheets.values(all_of(rich), COLUMNS, day=DAY), COLUMNS, notice=notice) as file:
        content = file.read()

    rows = cells_of(content, sheet=2)
    assert rows[0] == {0: "Filtres", 3: "état : autorisée"}
    told = {row[0]: row[3] for row in rows[2:]}
    assert told == {column.header: column.definition for column in COLUMNS}
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        first, workbook = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/workbook.xml").decode()
    assert '<pane ySplit="1"' in first
    assert "<autoFilter" in first
    assert re.findall(r'<sheet name="([^"]+)"', workbook) == ["Dossiers", "Définitions"]


def test_columns_are_told_apart():
    assert len(COLUMNS) > 30
    assert len(BY_KEY) == len({column.header for column in COLUMNS}) == len(COLUMNS)
    assert all(column.definition.endswith(".") for column in COLUMNS)
    assert all(set(preset.keys) <= set(BY_KEY) for preset in PRESETS)


def test_what_tells_of_a_person_is_marked():
    personal = {column.key for column in COLUMNS if column.is_personal}
    assert personal == {
        "adresse", "porte", "cadastre", "bailleurs", "bailleur_adresse", "bailleur_courriel", "bailleur_telephone", "mandataire",
        "suivi", "signataire",
    }  # fmt: skip


@pytest.mark.parametrize("text", SIGNS)
def test_no_cell_begins_as_a_formula(rich, text):
    rich.dwelling.address, rich.agent.name = text, text
    rich.dwelling.save()
    rich.agent.save()
    rich.lessors.update(phone=text)
    columns = [BY_KEY[key] for key in ("adresse", "mandataire", "bailleur_telephone")]

    written, sheet = csv_of(all_of(rich), columns, day=DAY)[0], xlsx_of(all_of(rich), columns, day=DAY)[0]

    assert written["Mandataire"] == f"'{text}"
    assert not written["Adresse du logement"].startswith(FORMULA)
    assert not written["Téléphone du bailleur"].startswith(FORMULA)
    assert sheet["Mandataire"] == text


@pytest.mark.parametrize(
    ("phone", "written"),
    [
        ("+33 6 12 34 56 78", "(+33) 6 12 34 56 78"),
        ("+33612345678", "(+33612345678)"),
        ("06.12.34.56.78", "06.12.34.56.78"),
        ("+1+cmd", "'+1+cmd"),
        ("+33 6 ou le soir", "'+33 6 ou le soir"),
    ],
)
def test_a_phone_stays_readable(rich, phone, written):
    rich.lessors.filter(position=1).delete()
    rich.lessors.update(phone=phone)

    assert csv_of(all_of(rich), [BY_KEY["bailleur_telephone"]], day=DAY)[0]["Téléphone du bailleur"] == written
    assert xlsx_of(all_of(rich), [BY_KEY["bailleur_telephone"]], day=DAY)[0]["Téléphone du bailleur"] == phone


@pytest.mark.reference_data
def test_naughty_strings_come_back_as_they_were(rich):
    strings = json.loads((REFERENCE_DATA / "text" / "blns.json").read_text(encoding="utf-8"))
    texts = [text for text in [*strings, "\ufffe", "_x0041_", "a" * 200] if text.strip() and "\x00" not in text]
    cases = Application.objects.bulk_create(Application(authority=rich.authority, commune=rich.commune) for _ in texts)
    Agent.objects.bulk_create(Agent(application=case, name=text[:200]) for case, text in zip(cases, texts, strict=True))
    taken, columns = Application.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk"), [BY_KEY["mandataire"]]

    written = [row["Mandataire"] for row in csv_of(taken, columns, day=DAY)]
    sheet = [row["Mandataire"] for row in xlsx_of(taken, columns, day=DAY)]

    kept = [text[:200] for text in texts]
    assert len(kept) > 400
    assert written == [f"'{text}" if text.startswith(FORMULA) else text for text in kept]
    assert sheet == [sheets.legible(text) for text in kept]


def test_a_cell_holds_what_its_format_holds():
    assert len(sheets.legible("a" * 40_000)) == sheets.MOST_LETTERS
    assert sheets.legible("\ufffe\uffff") == "\N{REPLACEMENT CHARACTER}" * 2


def test_a_day_before_spreadsheets_is_a_text(rich):
    Application.objects.filter(pk=rich.pk).update(lease_signed_on=date(202, 2, 3))

    assert xlsx_of(all_of(rich), [BY_KEY["bail"]], day=DAY)[0]["Bail signé le"] == "0202-02-03"


def test_the_hour_of_a_visit_is_that_of_the_authority(rich):
    rich.authority.time_zone = "Pacific/Noumea"
    rich.authority.save()
    rich.visits.update(starts_at=datetime(2026, 3, 12, 14, tzinfo=UTC), ends_at=datetime(2026, 3, 12, 15, tzinfo=UTC))

    assert csv_of(all_of(rich), [BY_KEY["visite"]], day=DAY)[0]["Première visite le"] == "2026-03-13"


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"state": "submitted", "tacit_on": date(2026, 7, 1)}, "2026-07-01"),
        ({"state": "incomplete", "tacit_on": None, "respond_by": date(2026, 7, 2)}, "2026-07-02"),
        ({"state": "granted", "valid_until": date(2028, 7, 3)}, "2028-07-03"),
        ({"regime": "DML", "state": "submitted", "receipt_due_on": date(2026, 7, 4), "lease_signed_on": DAY}, "2026-07-04"),
        ({"state": "withdrawn", "ended_on": date(2026, 7, 5)}, ""),
    ],
)
def test_the_next_day_that_counts(changes, due):
    case = factories.ApplicationFactory()
    facts = {"number": "APML 033000 26 00009", "received_on": DAY, "notified_on": NOTICE, "tacit_on": DAY} | changes
    rows = Application.objects.filter(pk=case.pk)
    rows.update(**facts)

    assert csv_of(all_of(case), [BY_KEY["numero"], BY_KEY["prochaine"]], day=DAY)[0]["Prochaine échéance"] == due
