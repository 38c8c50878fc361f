"""Each advice, by one example that is accepted, one that is refused and one where a fact is missing."""

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from documents import checks
from documents.checks import Answer, Document, Severity, Situation
from permis.enums import InstallationAge, PieceKind
from permis.pieces import DwellingFacts

YES, NO, UNKNOWN = Answer
OLD = DwellingFacts(construction_year=1930, in_risk_zone=True, in_noise_zone=True)
NEW = DwellingFacts(construction_year=2019)
SITUATION = Situation(
    dwelling=OLD,
    address="12 rue de la Gare, bâtiment A, 2e étage, porte gauche",
    postcode="33920",
    city="Saint-Savin",
    department="33",
    surface=Decimal("58.4"),
    received_on=date(2026, 11, 14),
    lease_on=date(2027, 1, 1),
)
# The certificate of the design pages.
DPE = Document(
    kind=PieceKind.DPE,
    established_on=date(2024, 3, 18),
    number="2433E0412076K",
    energy_class="D",
    address="12 r. de la Gare 33920 SAINT SAVIN",
    surface=Decimal("58.4"),
    page_count=9,
)


def situation(**changes) -> Situation:
    return replace(SITUATION, **changes)


def dpe(**changes) -> Document:
    return replace(DPE, **changes)


def certificates(folder: Path) -> list[dict[str, str]]:
    with (folder / "dpe" / "dpe_DEV_dept87.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def as_document(row: dict[str, str]) -> Document:
    return Document(
        kind=PieceKind.DPE,
        established_on=date.fromisoformat(row["date_etablissement"]),
        number=row["numero_dpe"],
        energy_class=row["classe_dpe"],
        address=f"{row['adresse_brut']}\n{row['code_postal_brut']} {row['commune_brut']}",
        surface=Decimal(row["surface_logement"]),
    )


def as_situation(row: dict[str, str], **changes) -> Situation:
    own = {
        "address": row["ban_label"],
        "postcode": "",
        "city": "",
        "department": "87",
        "surface": Decimal(row["surface_logement"]),
    }
    return situation(**(own | changes))


@pytest.mark.parametrize(
    ("kind", "dwelling", "answer", "said"),
    [
        (PieceKind.CREP, OLD, YES, "Immeuble construit avant 1949"),
        (PieceKind.CREP, DwellingFacts(construction_year=1949), NO, "pas d’avant 1949"),
        (PieceKind.CREP, DwellingFacts(), UNKNOWN, "demandez l’année de construction."),
        (PieceKind.ELECTRICITY, DwellingFacts(electricity=InstallationAge.OLD), YES, "plus de quinze ans"),
        (PieceKind.ELECTRICITY, DwellingFacts(1930, electricity=InstallationAge.RECENT), NO, "pas plus de quinze ans"),
        (PieceKind.ELECTRICITY, DwellingFacts(), UNKNOWN, "l’âge de l’installation"),
        (PieceKind.GAS, OLD, YES, "Installation de gaz"),
        (PieceKind.GAS, DwellingFacts(1930, gas=InstallationAge.ABSENT), NO, "pas d’installation de gaz"),
        (PieceKind.GAS, DwellingFacts(), UNKNOWN, "l’âge de l’installation"),
        (PieceKind.ERP, OLD, YES, "état des risques"),
        (PieceKind.ERP, NEW, NO, "pas concernée"),
        (PieceKind.NOISE, OLD, YES, "aérodrome"),
        (PieceKind.NOISE, NEW, NO, "pas en zone de bruit"),
        (PieceKind.ASBESTOS, OLD, NO, "Aucun décret"),
    ],
)
def test_required(kind, dwelling, answer, said):
    result = checks.required(Document(kind), situation(dwelling=dwelling))

    assert (result.answer, result.severity) == (answer, Severity.INFO)
    assert said in result.reason


@pytest.mark.parametrize(
    ("document", "received_on", "answer", "said"),
    [
        (DPE, date(2034, 3, 18), YES, "jusqu’au 18/03/2034"),
        (DPE, date(2034, 3, 19), NO, "valait jusqu’au 18/03/2034"),
        (dpe(established_on=None), date(2026, 11, 14), UNKNOWN, "Relevez la date"),
        (dpe(established_on=date(2017, 12, 31)), date(2022, 12, 31), YES, "31/12/2022"),
        (dpe(established_on=date(2017, 12, 31)), date(2023, 1, 1), NO, "31/12/2022"),
        (dpe(established_on=date(2019, 5, 12)), date(2024, 12, 31), YES, "31/12/2024"),
        (dpe(established_on=date(2019, 5, 12)), date(2025, 1, 10), NO, "31/12/2024"),
        (dpe(established_on=date(2021, 6, 30)), date(2025, 1, 1), NO, "31/12/2024"),
        (dpe(established_on=date(2021, 7, 1)), date(2025, 1, 1), YES, "01/07/2031"),
        (Document(PieceKind.CREP, date(2010, 1, 1), lead_found=False), date(2026, 1, 1), YES, "reste valable"),
        (Document(PieceKind.CREP, date(2010, 1, 1), lead_found=True), date(2026, 1, 1), NO, "01/01/2016"),
        (Document(PieceKind.CREP, date(2010, 1, 1)), date(2026, 1, 1), UNKNOWN, "jusqu’au 01/01/2016 s’il a trouvé du plomb"),
        (Document(PieceKind.CREP, date(2024, 1, 1)), date(2026, 1, 1), YES, "01/01/2030"),
        (Document(PieceKind.ELECTRICITY, date(2020, 2, 29)), date(2026, 2, 28), YES, "28/02/2026"),
        (Document(PieceKind.ELECTRICITY, date(2020, 2, 29)), date(2026, 3, 1), NO, "28/02/2026"),
        (Document(PieceKind.ELECTRICITY), date(2026, 3, 1), UNKNOWN, "Relevez la date"),
        (Document(PieceKind.GAS, date(2021, 5, 2)), date(2027, 5, 2), YES, "02/05/2027"),
        (Document(PieceKind.GAS, date(2021, 5, 2)), date(2027, 5, 3), NO, "02/05/2027"),
        (Document(PieceKind.ERP, date(2026, 8, 31)), date(2027, 2, 28), YES, "28/02/2027"),
        (Document(PieceKind.ERP, date(2026, 8, 31)), date(2027, 3, 1), NO, "28/02/2027"),
        (Document(PieceKind.NOISE, date(2010, 1, 1)), date(2026, 1, 1), YES, "reste valable"),
    ],
)
def test_valid_on_deposit(document, received_on, answer, said):
    result = checks.valid_on_deposit(document, situation(received_on=received_on))

    assert (result.answer, result.severity) == (answer, Severity.BLOCKING)
    assert said in result.reason


@pytest.mark.parametrize(
    ("document", "lease_on", "answer", "said"),
    [
        (Document(PieceKind.ERP, date(2026, 10, 1)), date(2027, 4, 1), YES, "bail est prévu le 01/04/2027"),
        (Document(PieceKind.ERP, date(2026, 10, 1)), date(2027, 4, 2), NO, "vaut jusqu’au 01/04/2027"),
        (Document(PieceKind.ERP, date(2026, 10, 1)), None, UNKNOWN, "Demandez la date du bail"),
        (Document(PieceKind.ERP), date(2027, 4, 1), UNKNOWN, "Relevez la date"),
        (Document(PieceKind.CREP, date(2021, 1, 1)), date(2027, 4, 1), UNKNOWN, "lisez sa conclusion"),
        (Document(PieceKind.CREP, date(2021, 1, 1), lead_found=False), None, YES, "pas de terme"),
    ],
)
def test_valid_for_lease(document, lease_on, answer, said):
    result = checks.valid_for_lease(document, situation(lease_on=lease_on))

    assert (result.answer, result.severity) == (answer, Severity.WARNING)
    assert said in result.reason


@pytest.mark.parametrize(
    ("number", "answer", "said"),
    [
        ("2433E0412076K", YES, "2433E0412076K"),
        (" 2433 e041 2076-k ", YES, "2433E0412076K"),
        ("262AE0412076K", YES, "262AE0412076K"),
        ("1833V1001234B", YES, "1833V1001234B"),
        ("2433E041207K", NO, "12 caractères au lieu de 13"),
        ("2433X0412076K", NO, "Relisez-le"),
        ("2363T1680837R", NO, "local tertiaire"),
        ("", UNKNOWN, "première page"),
    ],
)
def test_number_format(number, answer, said):
    result = checks.number_format(dpe(number=number), SITUATION)

    assert result.answer == answer
    assert said in result.reason


@pytest.mark.parametrize(
    ("number", "established_on", "department", "answer", "said"),
    [
        ("2433E0412076K", date(2024, 3, 18), "33", YES, "département 33"),
        ("2433E0412076K", date(2023, 12, 30), "33", YES, "30/12/2023"),
        ("2433E0412076K", date(2022, 3, 18), "33", NO, "donné en 2024"),
        ("2433E0412076K", date(2025, 1, 4), "33", NO, "DPE est du 04/01/2025"),
        ("2687E0412076K", date(2026, 3, 18), "33", NO, "du département 87 et le logement du 33"),
        ("2697E1150241Z", date(2026, 4, 27), "974", YES, "département 974"),
        ("262AE0412076K", date(2026, 4, 27), "2A", YES, "département 2A"),
        ("2620E0412076K", date(2026, 4, 27), "2b", YES, "département 2B"),
        ("2133V0412076K", date(2021, 6, 30), "33", YES, "30/06/2021"),
        ("2133V0412076K", date(2021, 7, 1), "33", NO, "lettre V"),
        ("2133E0412076K", date(2021, 6, 30), "33", NO, "lettre E"),
        ("2433E0412076K", None, "33", UNKNOWN, "date du DPE"),
        ("2433E0412076K", date(2024, 3, 18), "", UNKNOWN, "département"),
        ("illisible", date(2024, 3, 18), "33", UNKNOWN, "numéro lisible"),
    ],
)
def test_number_consistent(number, established_on, department, answer, said):
    result = checks.number_consistent(dpe(number=number, established_on=established_on), situation(department=department))

    assert (result.answer, result.severity) == (answer, Severity.WARNING)
    assert said in result.reason


@pytest.mark.parametrize(
    ("energy_class", "department", "lease_on", "answer", "said"),
    [
        ("D", "33", None, YES, "Aucune interdiction"),
        ("F", "33", date(2027, 12, 31), YES, "jusqu’au 31/12/2027"),
        ("F", "33", date(2028, 1, 15), NO, "depuis le 01/01/2028 et le bail est prévu le 15/01/2028"),
        ("F", "33", None, UNKNOWN, "jusqu’au 31/12/2027"),
        ("G", "33", None, NO, "la demande est du 14/11/2026"),
        ("g", "33", date(2027, 1, 1), NO, "prescrivez des travaux préalables"),
        ("G", "974", date(2027, 12, 31), YES, "jusqu’au 31/12/2027"),
        ("G", "974", date(2028, 1, 1), NO, "01/01/2028"),
        ("E", "974", date(2040, 1, 1), YES, "Aucune interdiction"),
        ("E", "33", date(2034, 1, 1), NO, "01/01/2034"),
        ("", "33", date(2027, 1, 1), UNKNOWN, "de A à G"),
        ("N", "33", date(2027, 1, 1), UNKNOWN, "de A à G"),
    ],
)
def test_lettable(energy_class, department, lease_on, answer, said):
    result = checks.lettable(dpe(energy_class=energy_class), situation(department=department, lease_on=lease_on))

    assert (result.answer, result.severity) == (answer, Severity.BLOCKING)
    assert said in result.reason


@pytest.mark.parametrize(
    ("energy_class", "established_on", "lease_on", "answer"),
    [
        ("G", date(2025, 12, 31), date(2026, 1, 1), NO),
        ("G", date(2026, 1, 1), date(2027, 1, 1), YES),
        ("G", date(2025, 3, 1), date(2025, 12, 31), YES),
        ("G", date(2021, 6, 30), date(2027, 1, 1), YES),
        ("F", date(2025, 3, 1), date(2027, 1, 1), YES),
        ("F", date(2025, 3, 1), date(2028, 1, 1), NO),
        ("G", None, date(2027, 1, 1), UNKNOWN),
        ("", date(2025, 3, 1), date(2027, 1, 1), UNKNOWN),
    ],
)
def test_label_stands(energy_class, established_on, lease_on, answer):
    """Only where the class forbids to let is an attestation worth asking for."""
    result = checks.label_stands(dpe(energy_class=energy_class, established_on=established_on), situation(lease_on=lease_on))

    assert (result.answer, result.severity) == (answer, Severity.INFO)
    assert ("attestation de l’ADEME" in result.reason) == (answer == NO)


@pytest.mark.parametrize(
    ("read", "declared", "answer", "said"),
    [
        ("61.32", "58.4", YES, "61,32\u00a0m² sur le DPE, 58,4\u00a0m² dans la demande"),
        ("61.33", "58.4", NO, "Vérifiez"),
        ("55.4", "58.4", NO, "Vérifiez"),
        (None, "58.4", UNKNOWN, "sur le DPE"),
        ("58.4", None, UNKNOWN, "dans la demande"),
    ],
)
def test_same_surface(read, declared, answer, said):
    surfaces = [None if each is None else Decimal(each) for each in (read, declared)]

    result = checks.same_surface(dpe(surface=surfaces[0]), situation(surface=surfaces[1]))

    assert (result.answer, result.severity) == (answer, Severity.WARNING)
    assert said in result.reason


@pytest.mark.parametrize(
    ("read", "declared", "answer", "said"),
    [
        ("12 av. Jean Jaurès 33920 Saint-Savin", "12 avenue J. Jaurès", YES, ""),
        ("12, BD VICTOR HUGO, 33920 ST SAVIN", "12 boulevard Victor-Hugo", YES, ""),
        ("Appt n° 7, bât. B, 12 r Farges 33920 Saint-Savin CEDEX", "12 rue Farge, 2e étage droite", YES, ""),
        ("3e étage porte gauche\n12-14 rue de la Gare\n33920 Saint-Savin", "14 rue de la Gare, rez-de-chaussée", YES, ""),
        ("12bis place St-Étienne Saint-Savin", "12 bis pl. Saint Etienne", YES, ""),
        ("5 rue du 8 mai 1945 33920 Saint-Savin", "5 rue du 8-Mai-1945", YES, ""),
        ("2 chemin de la Tour 33920 Saint-Savin", "2 che. de La Tour", YES, ""),
        ("Le Bourg 33920 Saint-Savin", "le bourg", YES, ""),
        ("12 rue de la Gare 33000 Bordeaux", "12 rue de la Gare", NO, "même logement"),
        ("14 rue de la Gare 33920 Saint-Savin", "12 rue de la Gare", NO, "même logement"),
        ("12 ter rue de la Gare 33920 Saint-Savin", "12 bis rue de la Gare", NO, "même logement"),
        ("12 avenue Victor Hugo 33920 Saint-Savin", "12 boulevard Victor Hugo", NO, "même logement"),
        ("12 rue des Lilas 33920 Saint-Savin", "12 rue de la Gare", NO, "même logement"),
        ("12 bis rue de la Gare 33920 Saint-Savin", "12 rue de la Gare", UNKNOWN, "Vérifiez le numéro."),
        ("rue de la Gare 33920 Saint-Savin", "12 rue de la Gare", UNKNOWN, "Vérifiez le numéro."),
        ("12 rue de la Gare", "12 rue de la Gare", UNKNOWN, "Vérifiez la commune."),
        ("12 rue de la Gare, 33920 Cézac", "12 rue de la Gare", UNKNOWN, "Vérifiez la commune."),
        ("", "12 rue de la Gare", UNKNOWN, "sur le document"),
        ("12 rue de la Gare", "", UNKNOWN, "dans la demande"),
    ],
)
def test_same_address(read, declared, answer, said):
    result = checks.same_address(dpe(address=read), situation(address=declared))

    assert (result.answer, result.severity) == (answer, Severity.WARNING), result.reason
    assert said in result.reason


@pytest.mark.parametrize(("pages", "answer"), [(9, YES), (1, NO), (None, UNKNOWN)])
def test_whole(pages, answer):
    assert checks.whole(dpe(page_count=pages), SITUATION).answer == answer


@pytest.mark.parametrize(("other", "answer"), [("", YES), ("APML 033473 26 00041", NO), (None, UNKNOWN)])
def test_own_file(other, answer):
    result = checks.own_file(dpe(same_file_in=other), SITUATION)

    assert result.answer == answer
    assert (other or "autre") in result.reason or answer == UNKNOWN


def test_a_sound_certificate_raises_nothing():
    assert [each.code for each in checks.check(DPE, SITUATION) if each.answer != YES] == []


def test_what_another_answer_made_pointless_is_left_out():
    expired = dpe(established_on=date(2019, 5, 12), number="19337")
    codes = [each.code for each in checks.check(expired, SITUATION)]
    not_required = [each.code for each in checks.check(Document(PieceKind.CREP, date(1999, 1, 1)), situation(dwelling=NEW))]

    assert "valid_on_deposit" in codes
    assert {"valid_for_lease", "number_consistent"}.isdisjoint(codes)
    assert not_required == ["required", "same_address", "whole", "own_file"]


@pytest.mark.parametrize("kind", PieceKind)
def test_every_kind_of_piece_is_checked_in_french(kind):
    """Nothing read and nothing known: no check fails, none accuses, and each text is set as French is printed."""
    empty = Situation(DwellingFacts(), "", "", "", "", None, date(2026, 11, 14))
    results = checks.check(Document(kind), empty) + checks.check(replace(DPE, kind=kind), SITUATION)

    assert results
    for result in results:
        assert all([result.code, result.title, result.reason, result.source])
        assert not any(wrong in f"{result.title}{result.reason}{result.source}" for wrong in (" :", " ;", " ?", " »", "« ", "'"))


@pytest.mark.reference_data
def test_real_certificates_have_sound_numbers_and_are_still_valid(reference_data):
    rows = certificates(reference_data)
    wrong = [
        (row["numero_dpe"], result.title)
        for row in rows
        for check in (checks.number_format, checks.number_consistent, checks.valid_on_deposit, checks.valid_for_lease)
        if (result := check(as_document(row), as_situation(row))).answer != YES
    ]

    assert len(rows) == 96
    assert wrong == []


@pytest.mark.reference_data
def test_real_certificates_of_class_g_cannot_be_let(reference_data):
    refused = {
        row["classe_dpe"]
        for row in certificates(reference_data)
        if checks.lettable(as_document(row), as_situation(row)).answer == NO
    }

    assert refused == {"G"}


@pytest.mark.reference_data
@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("2387E0855381S", YES),  # « 1ER ETAGE / 6, RUE DES URSULINES »
        ("2387E2899635W", YES),  # « 4 avenue Bellevue », « 4 Avenue Belle Vue »
        ("2387E0695337E", YES),  # « 436 allée les Versannes / Claveyrolas »
        ("2287E3122267P", YES),  # « 3 rue D'Arsonval », « 3 Rue Arsène d'Arsonval »
        ("2387E3074987E", NO),  # « 1, BOULEVARD BEL AIR », placed at number 15
        ("2287E0224445X", NO),  # « 6 le Fournet », placed in « Allée de la Fontaine »
        ("2287E0532057D", UNKNOWN),  # « 24 Allée des Tulipes », placed without a number
    ],
)
def test_real_addresses(reference_data, number, answer):
    row = next(row for row in certificates(reference_data) if row["numero_dpe"] == number)

    assert checks.same_address(as_document(row), as_situation(row)).answer == answer


@pytest.mark.reference_data
def test_no_real_address_of_the_same_street_and_number_is_refused(reference_data):
    """The national address base found these with a good score: they are the same places, however they were typed."""
    doubtful = [
        row["adresse_brut"]
        for row in certificates(reference_data)
        if float(row["ban_score"] or 0) > 0.46
        and checks.same_address(as_document(row), as_situation(row)).answer == NO
        and row["numero_dpe"] != "2387E3074987E"
    ]

    assert doubtful == []
