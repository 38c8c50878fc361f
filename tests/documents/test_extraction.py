"""What is read on a diagnostic, on texts laid out as the diagnosticians' programs do; and what is left unread."""

import csv
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest

from documents.extraction import Facts, facts_of
from permis.enums import PieceKind

DPE = """Diagnostic de performance énergétique (logement)
N° : 2433E0412076K
Établi le : 18/03/2024
Valable jusqu’au : 17/03/2034
Type de bâtiment : appartement
Année de construction : 1962
Surface habitable : 58,4 m²
Adresse : 12 rue de la Gare
33920 Saint-Savin
Étiquette énergie : D
Propriétaire : Mme Hélène Duprat
Adresse : 5 allée des Tilleuls, 33000 Bordeaux
"""
CREP = """CONSTAT DE RISQUE D’EXPOSITION AU PLOMB
Date du rapport : 4 avril 2025
Adresse du bien : 3 place de l’Église
33620 Cavignac
En cas de présence de revêtements contenant du plomb, le propriétaire informe les occupants.
{conclusion}
"""


def test_a_certificate_is_read():
    assert facts_of(DPE) == Facts(
        kind=PieceKind.DPE,
        number="2433E0412076K",
        established_on=date(2024, 3, 18),
        energy_class="D",
        surface=Decimal("58.4"),
        address="12 rue de la Gare, 33920 Saint-Savin",
        construction_year=1962,
    )


def test_facts_come_back_from_their_column():
    facts = facts_of(DPE)

    assert facts.as_data()["surface"] == "58.4"
    assert "lead_found" not in facts.as_data()
    assert Facts.of(facts.as_data()) == facts
    assert Facts.of({}) == Facts()


@pytest.mark.parametrize("text", ["", "\x00\ufffe", "Une photo de vacances", "🏠" * 5000, "1" * 20_000, "adresse :" * 2000])
def test_nothing_is_read_of_anything_else(text):
    assert facts_of(text).as_data() == {}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("N° : 2433E0412076K", "2433E0412076K"),
        ("N° 2433 E041 2076 K", "2433E0412076K"),
        ("n° : 242AE0412076K", "242AE0412076K"),
        ("N° : 2433E0412076K, annule et remplace le DPE n° 2433E0400001B", "2433E0412076K"),
        ("N° : 2433E0412076K\nN° : 2433E0412076K", "2433E0412076K"),
        ("N° : 2433E0412076K\nN° : 2433E0400001B", ""),
        ("N° : 2433E041207", ""),
        ("Dossier X2433E0412076KY", ""),
    ],
)
def test_number(written, read):
    assert facts_of(f"Diagnostic de performance énergétique\n{written}").number == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Établi le : 18/03/2024", date(2024, 3, 18)),
        ("établi le 1er mars 2024", date(2024, 3, 1)),
        ("Date d’établissement du DPE : 18-03-2024", date(2024, 3, 18)),
        ("Date d'édition : 18.03.2024", date(2024, 3, 18)),
        ("Fait à Blaye, le 18 mars 2024", date(2024, 3, 18)),
        ("Date de la visite : 10/03/2024\nÉtabli le : 18/03/2024", date(2024, 3, 18)),
        ("Date de visite : 10/03/2024", date(2024, 3, 10)),
        ("Établi le : 18/03/2024\nÉtabli le : 19/03/2024", None),
        ("Établi le : 31/02/2024", None),
        ("Valable jusqu’au : 17/03/2034", None),
        ("Loi du 6 juillet 1989", None),
        ("Établi le : 18/03/1924", None),
    ],
)
def test_date(written, read):
    assert facts_of(f"Diagnostic de performance énergétique\n{written}").established_on == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Étiquette énergie : D", "D"),
        ("classe énergétique : G", "G"),
        ("Classe du DPE « F »", "F"),
        ("Les étiquettes vont de A à G. Étiquette énergie A à G", ""),
        ("Classe énergie : A, B, C, D", ""),
        ("Étiquette climat : B", ""),
        ("Classe énergie : D\nClasse énergie : E", ""),
        ("classe énergie d’un logement", ""),
    ],
)
def test_class(written, read):
    assert facts_of(f"Diagnostic de performance énergétique\n{written}").energy_class == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Surface habitable : 58,4 m²", Decimal("58.4")),
        ("surface de référence du logement : 61 m2", Decimal(61)),
        ("Surface habitable (loi Boutin) = 58.40 m²", Decimal("58.4")),
        ("Surface habitable : 58,4 m²\nSurface habitable : 85,4 m²", None),
        ("Surface du terrain : 300 m²", None),
        ("Surface habitable : 0 m²", None),
    ],
)
def test_surface(written, read):
    assert facts_of(written).surface == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Adresse du bien : 12 bis rue des Écoles 33620 Cavignac", "12 bis rue des Écoles 33620 Cavignac"),
        ("Adresse de l’immeuble :\n12 rue des Écoles\n33620 Cavignac\nPropriétaire", "12 rue des Écoles, 33620 Cavignac"),
        ("Propriétaire : SCI des Pins\nAdresse : 5 allée des Tilleuls, 33000 Bordeaux", ""),
        ("Diagnostiqueur certifié\nAdresse : 14 quai Souchet, 33390 Blaye", ""),
        ("Adresse : M. Sorbier, 8 rue des Écoles, 33620 Cavignac", ""),
        ("Adresse du bien : non communiquée", ""),
    ],
)
def test_address_is_that_of_the_dwelling_and_of_nobody(written, read):
    assert facts_of(written).address == read


@pytest.mark.parametrize(
    ("conclusion", "found"),
    [
        ("Le constat n’a pas révélé la présence de revêtements contenant du plomb.", False),
        ("Il n'a pas été repéré de revêtements contenant du plomb.", False),
        ("Absence de revêtements contenant du plomb.", False),
        ("Le constat a mis en évidence la présence de revêtements dégradés\ncontenant du plomb.", True),
        ("Il a été repéré des revêtements contenant du plomb.", True),
        ("Voir les tableaux de mesures.", None),
        ("Séjour : absence de revêtement contenant du plomb. Il a été repéré du plomb dans la cuisine.", None),
    ],
)
def test_lead(conclusion, found):
    facts = facts_of(CREP.format(conclusion=conclusion))

    assert (facts.kind, facts.established_on, facts.lead_found) == (PieceKind.CREP, date(2025, 4, 4), found)
    assert facts.address == "3 place de l’Église, 33620 Cavignac"


def test_a_set_of_diagnostics_states_no_date_of_one_of_them():
    facts = facts_of("Dossier de diagnostics techniques\n" + DPE)

    assert (facts.kind, facts.established_on, facts.number) == ("", None, "2433E0412076K")


def test_another_diagnostic_has_no_number():
    assert facts_of("État de l’installation intérieure d’électricité\nRéf. 2433E0412076K\nÉtabli le 3 mars 2026").as_data() == {
        "kind": "electricity",
        "established_on": "2026-03-03",
    }


@pytest.mark.reference_data
def test_real_certificates_laid_out_as_a_page(reference_data):
    """96 real numbers, dates, surfaces and dirty addresses, on the first page that we wrote for them."""
    with (reference_data / "dpe" / "dpe_DEV_dept87.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 96
    for row in rows:
        made_on = date.fromisoformat(row["date_etablissement"])
        surface = row["surface_logement"].replace(".", ",")
        facts = facts_of(
            f"Diagnostic de performance énergétique\nn° : {row['numero_dpe']}\nétabli le : {made_on:%d/%m/%Y}\n"
            f"surface habitable : {surface} m²\nadresse : {row['adresse_brut']}, {row['code_postal_brut']} {row['commune_brut']}\n"
            f"classe énergie : {row['classe_dpe']}"
        )

        assert (facts.number, facts.established_on, facts.energy_class) == (row["numero_dpe"], made_on, row["classe_dpe"])
        assert facts.surface == Decimal(row["surface_logement"])
        said = f"{row['adresse_brut']}, {row['code_postal_brut']}".replace(",", " ").split()
        assert facts.address.replace(",", " ").split()[: len(said)] == said


@pytest.mark.reference_data
def test_nothing_is_read_of_pdfs_that_are_no_diagnostics(reference_data):
    read = {}
    for path in sorted((reference_data / "pdf").rglob("*.pdf")):
        try:
            document = pypdfium2.PdfDocument(path)
            pages = [document[number] for number in range(min(3, len(document)))]
        except pypdfium2.PdfiumError:
            continue
        read[path.name] = facts_of("\n".join(page.get_textpage().get_text_range() for page in pages)).as_data()

    assert len(read) > 80
    assert {name: facts for name, facts in read.items() if facts} == {}
