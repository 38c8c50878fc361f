"""Dates in words and the spaces of French typography."""

from datetime import date

import pytest

from documents import french

NB, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("plain", "printed"),
    [
        ("Vu : la loi", f"Vu{NB}: la loi"),
        ("fait ; quoi ? non !", f"fait{THIN}; quoi{THIN}? non{THIN}!"),
        ("« Centre-bourg »", f"«{NB}Centre-bourg{NB}»"),
        ("loi n° 89-462 du 6 juillet 1989", f"loi n°{NB}89-462 du 6{NB}juillet 1989"),
        ("le 1er mars", f"le 1er{NB}mars"),
        ("article L. 635-3", f"article{NB}L.{NB}635-3"),
        ("R. 635-3", f"R.{NB}635-3"),
        ("9 h 30", f"9{NB}h{NB}30"),
        ("58,4 m² et 2 mois", f"58,4{NB}m² et 2{NB}mois"),
        ("M. Benali et Mme Duprat", f"M.{NB}Benali et Mme{NB}Duprat"),
        ("https://exemple.fr/a:b?c=d", "https://exemple.fr/a:b?c=d"),
    ],
)
def test_spaces_that_must_not_break(plain, printed):
    assert french.typeset(plain) == printed
    assert french.typeset(printed) == printed


@pytest.mark.parametrize(
    ("value", "words"),
    [(date(2026, 3, 1), "1er mars 2026"), (date(2028, 2, 29), "29 février 2028")],
)
def test_a_date_in_words(value, words):
    assert french.day(value) == words


@pytest.mark.parametrize(("words", "sentence"), [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")])
def test_a_list_in_words(words, sentence):
    assert french.listing(words) == sentence


@pytest.mark.parametrize(
    ("title", "complement"), [("Le Maire", "du Maire"), ("La Présidente", "de la Présidente"), ("L’adjoint", "de l’adjoint")]
)
def test_the_article_contracts(title, complement):
    assert french.of(title) == complement


def test_zero_and_one_are_singular():
    assert [french.plural(n, "dossier", "dossiers") for n in (-1, 0, 1, 2)] == ["dossier", "dossier", "dossier", "dossiers"]
    assert french.counted(0, "jour", "jours") == "0\N{NO-BREAK SPACE}jour"
    assert french.counted(12, "jour", "jours") == "12\N{NO-BREAK SPACE}jours"
