"""Dates, hours, sizes and plurals as French readers write them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from config.templatetags import pl

NOON = datetime(2026, 7, 1, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("filtered", "words"),
    [
        (pl.jour(date(2026, 12, 4)), "04/12/2026"),
        (pl.jour(None), ""),
        (pl.longue(date(2026, 8, 1)), "1er\u00a0août 2026"),
        (pl.longue(date(2026, 12, 14)), "14\u00a0décembre 2026"),
        (pl.heure(NOON), "12\u00a0h\u00a005"),
        (pl.heure(None), ""),
        (pl.taille(0), "1\u00a0Ko"),
        (pl.taille(1024 * 1024 - 1), "1024\u00a0Ko"),
        (pl.taille(5 * 1024 * 1024 + 300 * 1024), "5,3\u00a0Mo"),
        (pl.euros(None), ""),
        (pl.euros(15000), "15\u202f000\u00a0€"),
        (pl.qualite("Le Vice-président chargé de l’habitat"), "le Vice-président chargé de l’habitat"),
        (pl.qualite("La Maire"), "la Maire"),
        (pl.qualite("Arrêté n° 3"), "arrêté n° 3"),
        (pl.qualite("Léa Garnier"), "Léa Garnier"),
        (pl.qualite("M. le Préfet"), "M. le Préfet"),
        (pl.siret("83214785600012"), "832\u00a0147\u00a0856\u00a000012"),
        (pl.siret("832 147 856 00012"), "832\u00a0147\u00a0856\u00a000012"),
        (pl.de("Odile Pineau"), "d’Odile Pineau"),
        (pl.de("Élise Roy"), "d’Élise Roy"),
        (pl.de("Hélène Duprat"), "d’Hélène Duprat"),
        (pl.de("Karim Benali"), "de Karim Benali"),
        (pl.de("Le Barp"), "du Barp"),
        (pl.de("le bailleur"), "du bailleur"),
        (pl.de("Les Billaux"), "des Billaux"),
        (pl.typo("« Centre » : oui"), "«\u00a0Centre\u00a0»\u00a0: oui"),
        (pl.siret("inconnu"), "inconnu"),
        (pl.pluriel(0, "tâche,tâches"), "0\u00a0tâche"),
        (pl.pluriel(1, "tâche,tâches"), "1\u00a0tâche"),
        (pl.pluriel(2, "tâche,tâches"), "2\u00a0tâches"),
    ],
)
def test_french(filtered, words):
    assert filtered == words


def test_an_hour_is_said_where_the_authority_is():
    with timezone.override("Indian/Reunion"):
        assert pl.heure(NOON) == "14\u00a0h\u00a005"


def test_an_icon_beside_a_word_is_silent_and_alone_it_speaks():
    assert 'aria-hidden="true"' in pl.icon("clock")
    assert 'role="img" aria-label="Échéance"' in pl.icon("clock", "Échéance")
    with pytest.raises(Exception, match="No icon"):
        pl.icon("../../etc/passwd")
