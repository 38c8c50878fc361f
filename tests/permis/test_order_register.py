"""Registers of police orders, as town halls write them."""

from datetime import date

import pytest

from permis import order_register
from permis.enums import OrderAuthority, OrderKind

COMMUNES = {"saint savin": "33473", "33473": "33473", "cavignac": "33114"}
HEADINGS = "Numéro;Date;Nature;Autorité;Commune;Adresse;Bâtiment;Référence cadastrale;Mainlevée;Source"


def read(text, encoding="utf-8"):
    return order_register.read(order_register.decode(text.encode(encoding)), communes=COMMUNES)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_register_is_read_whatever_wrote_it(encoding, newline):
    line = "2026-URB-009;03/03/2026;Arrêté de péril;Le maire;Saint-Savin;12 rue de la Gare;Bât. B;ab 214;;Mairie"
    (row,) = read(newline.join([HEADINGS, line, ";;;;;;;;;", ""]), encoding)
    assert row.errors == []
    assert (row.line, row.values["number"], row.values["dated_on"]) == (2, "2026-URB-009", date(2026, 3, 3))
    assert (row.values["kind"], row.values["taken_by"]) == (OrderKind.SAFETY, OrderAuthority.MAYOR)
    assert (row.values["commune"], row.values["cadastral_reference"]) == ("33473", "AB 214")


def test_commas_quotes_and_other_headings_are_understood():
    (row,) = read('N°,Date de l’arrêté,INSEE,Adresse de l’immeuble\nA-1,2026-03-03,33473,"12, rue de la Gare"')
    assert (row.errors, row.values["address"]) == ([], "12, rue de la Gare")


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("Mise en sécurité (L.511-11)", OrderKind.SAFETY),
        ("péril", OrderKind.SAFETY),
        ("Traitement de l’insalubrité", OrderKind.INSALUBRITY),
        ("Péril imminent", OrderKind.URGENT),
        ("L. 511-19", OrderKind.URGENT),
        ("Règlement sanitaire", OrderKind.OTHER),
        ("", OrderKind.OTHER),
    ],
)
def test_the_nature_of_an_order_is_recognised(kind, known):
    (row,) = read(f"Numéro;Date;Nature;Commune;Adresse\n1;03/03/2026;{kind};Cavignac;1 rue X")
    assert row.values["kind"] == known


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (";03/03/2026;;;Cavignac;1 rue X;;;;", "Numéro : à indiquer."),
        ("1;03/03/2026;;;Cavignac;;;;;", "Adresse : à indiquer."),
        ("1;31/02/2026;;;Cavignac;1 rue X;;;;", "Date : « 31/02/2026 » n’est pas une date (jj/mm/aaaa)."),
        ("1;03/03/3017;;;Cavignac;1 rue X;;;;", "Date : « 03/03/3017 » n’est pas une date (jj/mm/aaaa)."),
        ("1;03/03/2026;;;Bordeaux;1 rue X;;;;", "Commune : « Bordeaux » n’est pas une commune de votre territoire."),
        ("1;03/03/2026;;;Cavignac;1 rue X;;;01/03/2026;", "La mainlevée précède l’arrêté."),
        ("1;03/03/2026;;;Cavignac;1 rue X;;douze;;", "Référence cadastrale : « DOUZE » ne se lit pas. Par exemple « AB 214 »."),
    ],
)
def test_a_line_says_what_is_wrong_with_it_and_the_next_is_read(line, error):
    wrong, right = read(f"{HEADINGS}\n{line}\n2;04/03/2026;;;Cavignac;2 rue X;;;;")
    assert wrong.errors == [error]
    assert right.errors == []


def test_a_number_written_twice_is_one_order():
    first, second = read(f"{HEADINGS}\nA1;03/03/2026;;;Cavignac;1 rue X;;;;\na1;03/03/2026;;;Cavignac;1 rue X;;;;")
    assert first.errors == []
    assert second.errors == ["Même numéro et même commune que la ligne 2."]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "est vide"),
        ("Nom;Prénom\nA;B", "Colonnes absentes : Numéro, Date, Commune, Adresse"),
        ("Numéro;Date;Commune;Adresse\n" + "1;2;3;4\n" * 5001, "plus de 5000 lignes"),
        ("PK\x03\x04\x00\x00", "n’est pas un CSV"),
    ],
)
def test_a_file_that_is_no_register_is_refused_with_the_reason(text, error):
    with pytest.raises(order_register.UnreadableRegister, match=error):
        read(text)
