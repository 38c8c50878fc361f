"""How words are cut, read in full, asked for, and found one letter away: pure functions, no database."""

import json
import os
import string
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from permis import words
from permis.words import Question

LETTERS = st.text(string.ascii_lowercase, min_size=words.SHORTEST_KEPT, max_size=14)


@st.composite
def edits(draw):
    """A word, and what one slip of the keyboard makes of it."""
    word = draw(LETTERS)
    place = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    kind = draw(st.sampled_from(["insert", "delete", "replace", "swap"]))
    if kind == "insert":
        return word, word[:place] + letter + word[place:]
    if kind == "delete":
        return word, word[:place] + word[place + 1 :]
    if kind == "replace":
        return word, word[:place] + letter + word[place + 1 :]
    return word, word[:place] + word[place : place + 2][::-1] + word[place + 2 :]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12bis, av. de l’Haÿ-les-Roses", {"12", "bis", "avenue", "hay", "roses"}),
        ("12 BIS AVENUE L'HAY LES ROSES", {"12", "bis", "avenue", "hay", "roses"}),
        ("Bd St-Jean", {"boulevard", "saint", "jean"}),
        ("pl. Ste Cécile", {"place", "sainte", "cecile"}),
        ("chem. du Gal Œuvray", {"chemin", "general", "oeuvray"}),
        ("Rte / imp. / all.", {"route", "impasse", "allee"}),
        ("Mme Lætitia d’Arc", {"laetitia", "arc"}),
        ("N-D des Champs", {"champs"}),
        ("ND des Champs", {"notre", "dame", "champs"}),
        ("", set()),
        ("\x00 ' \\ : * & | ! ( )", set()),
        ("\ud800", set()),
    ],
)
def test_words_are_folded_in_full_and_without_links(text, expected):
    assert words.kept(text) == expected


@pytest.mark.parametrize(
    "text", ["06 12 34 56 78", "06.12.34.56.78", "+33 6 12 34 56 78", "+33 (0)6 12-34-56-78", "0033612345678", "0612345678"]
)
def test_a_phone_is_the_number_one_dials(text):
    assert words.phone(text) == "0612345678"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("apml 033473 26 00042", True),
        ("APML0334732600042", True),
        ("033473 26 00042", True),
        ("033473 2600042", True),
        ("033473 26 42", True),
        ("26 42", True),
        ("26/042", True),
        ("26 00042", True),
        ("2600042", True),
        ("00042", True),
        ("apml 0334", True),
        ("apml 033473 26", True),
        ("apml 033473 26 000", True),
        ("dml 033473 26 00042", False),
        ("26 43", False),
        ("25 42", False),
        ("26 4", False),
    ],
)
def test_a_number_is_found_however_it_is_spaced_or_shortened(asked, found):
    assert Question.of(asked).is_in(words.of_number("APML 033473 26 00042")) is found


@pytest.mark.parametrize("asked", ["APML 02A004 26 00042", "apml02a0042600042", "02A004 26 42", "02a004 2600042"])
def test_a_number_of_corsica_too(asked):
    assert Question.of(asked).is_in(words.of_number("APML 02A004 26 00042"))


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("APML 033473 26 00042", "APML 033473 26 00042"),
        ("apml-033473-26-00042", "APML 033473 26 00042"),
        ("dml02a0042600001", "DML 02A004 26 00001"),
        ("APML 033473 26 0042", ""),
        ("26 42", ""),
        ("", ""),
    ],
)
def test_a_whole_number_names_its_case(asked, number):
    assert Question.of(asked).number == number


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ("gare", "12 rue de la Gare", True),
        ("gar", "12 rue de la Gare", True),
        ("gar 12", "12 rue de la Gare", False),
        ("12 gare rue", "12 rue de la Gare", True),
        ("rue de la", "12 rue de la Gare", True),
        ("13 rue de la gare", "12 rue de la Gare", False),
        ("av gare", "3 avenue de la Gare", True),
        ("avenue gare", "3 av. de la Gare", True),
        ("avenue gare", "3 AVE de la Gare", True),
        ("rue st", "rue Saint-Jean", True),
        ("rue saint j", "rue St Jean", True),
        ("rue ste", "rue Sainte-Anne", True),
        ("bd", "boulevard Voltaire", True),
        ("boul", "bd Voltaire", True),
        ("la", "Lacombe", True),
        ("oeuv", "SCI L’Œuvre", True),
        ("œuvre", "SCI L'OEUVRE", True),
        ("m. duprat", "Hélène Duprat", True),
        ("madame duprat helene", "Hélène Duprat", True),
        ("n° 12 gare", "12 rue de la Gare", True),
        ("2633E0123456X", "2633E0123456X", True),
        ("2633 e 0123 456", "2633E0123456X", True),
        ("2633E0123457", "2633E0123456X", False),
    ],
)
def test_every_word_is_asked_for_and_the_last_one_may_be_unfinished(asked, text, found):
    assert Question.of(asked).is_in(words.kept(text)) is found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("06 12 34 56 78", True),
        ("06 12 34", True),
        ("+33 6 12 34 56 78", True),
        ("0033 (0)6 12 34 56 78", True),
        ("06-12-34-56-78", True),
        ("0612345678", True),
        ("06 12 35", False),
        ("06123 duprat", True),
        ("06 12 34 duprat", True),
    ],
)
def test_a_phone_is_asked_for_in_any_format_and_from_its_beginning(asked, found):
    assert Question.of(asked).is_in({words.phone("+33 (0)6 12 34 56 78"), "duprat"}) is found


def test_an_electronic_address_is_one_word_asked_for_from_its_beginning():
    known = {words.mail("Hélène.Duprat@Exemple.fr")}
    assert Question.of("hélène.duprat@ex").is_in(known)
    assert not Question.of("paul.duprat@exemple.fr").is_in(known)
    assert Question.of("@").is_empty


@given(edits())
def test_one_slip_is_one_letter_away_and_shares_a_deletion(pair):
    word, typed = pair
    assert words.is_near(word, typed)
    assert words.is_near(typed, word)
    assert words.deletions(word) & words.deletions(typed)


@pytest.mark.parametrize(("one", "other"), [("gare", "grande"), ("gare", "rage"), ("duprat", "durapt2"), ("abcd", "badc")])
def test_two_slips_are_too_many(one, other):
    assert not words.is_near(one, other)


@given(st.text(max_size=60))
@example("0 0")
def test_a_question_holds_no_sign_of_the_language_of_the_server(text):
    """The lexemes are quoted: what is between the quotes never ends them."""
    for part in (part for term in Question.of(text).terms for way in term.ways for part in way):
        assert not set(part.word) & set("'\\ \x00")
        assert part.word


@pytest.mark.reference_data
def test_hostile_strings_are_questions_like_any_other():
    strings = json.loads((Path(os.environ["TEST_DATA_DIR"]) / "text" / "blns.json").read_text())
    for text in strings:
        question = Question.of(text)
        assert len(question.terms) <= words.MOST_WORDS + 12
        assert "\x00" not in question.for_authority(1)
