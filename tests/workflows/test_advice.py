"""What the checks say of the pieces of a case: what was typed, what was read, the register, and other cases together."""

from datetime import date

import pytest

from documents.checks import Answer
from documents.enums import LookUpOutcome
from permis.enums import InstallationAge, PieceKind
from tests import factories
from workflows import advice
from workflows.actions import gathering

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)
READ = {
    "kind": "dpe",
    "number": "2433E0412076K",
    "established_on": "2024-03-18",
    "energy_class": "D",
    "surface": "58.4",
    "address": "12 r. de la Gare, 33920 SAINT SAVIN",
}


@pytest.fixture
def case():
    commune = factories.CommuneFactory(name="Saint-Savin")
    return factories.ApplicationFactory(commune=commune, sheet={"electricity": InstallationAge.OLD, "construction_year": 1930})


def give(case, *kinds, read=None, pages=3, content=factories.PDF, **facts):
    given = gathering.add_piece(case, kinds=kinds, upload=factories.upload(content), by=case.applicant, on=ON, **facts)
    file = given[0].file
    type(file).objects.filter(pk=file.pk).update(facts=read or {}, page_count=pages, sha256=file.sha256 or "a" * 64)
    return given[0]


def of(case, piece):
    found = advice.of(case, case.pieces.current().select_related("file"), on=ON)
    return {result.code: result for result in found[piece.pk]}


def test_a_sound_certificate_of_this_dwelling(case):
    results = of(case, give(case, PieceKind.DPE, read=READ))

    agree = {
        "valid_on_deposit",
        "number_format",
        "number_consistent",
        "lettable",
        "same_surface",
        "same_address",
        "whole",
        "own_file",
    }
    assert {code for code, result in results.items() if result.answer == Answer.YES} >= agree
    assert advice.warnings(results.values()) == []
    assert results["known_to_ademe"].answer == Answer.UNKNOWN
    assert "jamais été vérifié" in results["known_to_ademe"].title


@pytest.mark.parametrize(
    ("changed", "code", "severity"),
    [
        ({"established_on": "2019-05-12", "number": "1933V2004512K"}, "valid_on_deposit", "blocking"),
        ({"energy_class": "G"}, "lettable", "blocking"),
        ({"address": "3 rue du Port, 33920 Saint-Savin"}, "same_address", "warning"),
        ({"surface": "70"}, "same_surface", "warning"),
        ({"number": "2487E0412076K"}, "number_consistent", "warning"),
        ({"kind": "gas"}, "other_kind", "warning"),
    ],
)
def test_a_certificate_that_raises_a_doubt(case, changed, code, severity):
    results = of(case, give(case, PieceKind.DPE, read=READ | changed))

    assert [(each.code, each.severity) for each in advice.warnings(results.values())] == [(code, severity)]


def test_what_was_typed_wins_over_what_was_read(case):
    piece = give(case, PieceKind.DPE, read=READ | {"established_on": "2019-05-12"}, established_on=date(2025, 1, 6))

    results = of(case, piece)

    assert results["valid_on_deposit"].answer == Answer.YES
    assert "06/01/2025" in results["valid_on_deposit"].reason
    assert results["same_date"].answer == Answer.NO


def test_a_piece_that_begins_further_in_its_file_is_not_what_the_first_pages_say(case):
    results = of(case, give(case, PieceKind.ELECTRICITY, PieceKind.GAS, read=READ | {"kind": "electricity"}, first_page=9))

    assert results["valid_on_deposit"].answer == Answer.UNKNOWN
    assert results["same_address"].answer == Answer.UNKNOWN


def test_one_file_for_everything_is_no_other_piece(case):
    give(case, PieceKind.DPE, PieceKind.ELECTRICITY, read=READ)
    electricity = case.pieces.get(kind=PieceKind.ELECTRICITY)

    assert "other_kind" not in of(case, electricity)


def test_lead_that_was_read_ends_the_doubt(case):
    found = {"kind": "crep", "established_on": "2019-05-12"}
    assert of(case, give(case, PieceKind.CREP, read=found | {"lead_found": False}))["valid_on_deposit"].answer == Answer.YES

    case.pieces.all().delete()
    assert of(case, give(case, PieceKind.CREP, read=found | {"lead_found": True}))["valid_on_deposit"].answer == Answer.NO

    case.pieces.all().delete()
    assert of(case, give(case, PieceKind.CREP, read=found))["valid_on_deposit"].answer == Answer.UNKNOWN


def test_photos_of_each_page_are_one_piece(case):
    first, second = (give(case, PieceKind.ELECTRICITY, pages=1, content=factories.PDF + end) for end in (b"1", b"2"))

    assert of(case, first)["whole"].answer == of(case, second)["whole"].answer == Answer.YES
    found = advice.of(case, case.pieces.current().select_related("file"), on=ON)
    together = advice.together(found.values())
    assert len({result.code for result in together}) == len(together)


def test_together_a_file_that_answers_lifts_the_doubt_and_a_refusal_stays(case):
    dated = give(case, PieceKind.ELECTRICITY, established_on=date(2025, 1, 6))
    undated = give(case, PieceKind.ELECTRICITY, content=factories.PDF + b"2")
    found = advice.of(case, case.pieces.current().select_related("file"), on=ON)
    assert found[undated.pk] != found[dated.pk]
    assert {each.code: each.answer for each in advice.together(found.values())}["valid_on_deposit"] == Answer.YES

    expired = give(case, PieceKind.ELECTRICITY, content=factories.PDF + b"3", established_on=date(2015, 1, 6))
    found = advice.of(case, case.pieces.current().select_related("file"), on=ON)
    together = advice.together(found.values())
    assert (together[0].code, together[0].answer) == ("valid_on_deposit", Answer.NO)
    assert together[0] in found[expired.pk]


def test_the_answer_of_the_register_is_shown_with_its_hour(case):
    piece = give(case, PieceKind.DPE, read=READ)
    answer = {"established_on": "2024-03-18", "energy_class": "E"}
    case.look_ups.create(number="2433E0412076K", outcome=LookUpOutcome.FOUND, answer=answer)

    result = of(case, piece)["known_to_ademe"]

    assert (result.answer, result.severity) == (Answer.NO, "blocking")
    assert "classe D au lieu de E" in result.reason
    assert "Registre consulté le" in result.reason


def test_the_register_that_was_down_is_said(case):
    piece = give(case, PieceKind.DPE, read=READ)
    case.look_ups.create(number="2433E0412076K", outcome=LookUpOutcome.UNAVAILABLE)

    assert "indisponible" in of(case, piece)["known_to_ademe"].title


def test_the_same_bytes_in_another_filed_case_are_told(case):
    piece = give(case, PieceKind.DPE, read=READ)
    other = factories.ApplicationFactory(number="APML 033001 26 00009")
    twin = give(other, PieceKind.DPE)
    type(twin.file).objects.update(sha256="a" * 64)

    result = of(case, piece)["own_file"]
    assert (result.answer, "d’une autre collectivité" in result.reason, "00009" in result.reason) == (Answer.NO, True, False)

    mine = factories.ApplicationFactory(number="APML 033001 26 00010", authority=case.authority)
    twin = give(mine, PieceKind.DPE)
    type(twin.file).objects.update(sha256="a" * 64)
    assert "APML 033001 26 00010" in of(case, piece)["own_file"].reason


def test_rows_carry_what_the_fragment_shows(case):
    give(case, PieceKind.DPE, read=READ | {"energy_class": "G"})

    rows = advice.rows(advice.of(case, case.pieces.select_related("file"), on=ON)[case.pieces.get().pk])

    assert (rows[0].code, rows[0].family, rows[0].word, rows[0].is_well) == ("lettable", "is-danger", "Bloquant", False)
    assert [row.is_well for row in rows] == sorted(row.is_well for row in rows)


def test_two_queries_whatever_the_number_of_pieces(case, django_assert_num_queries):
    for rank, kind in enumerate(factories.all_kinds()):
        give(case, kind, content=factories.PDF + bytes([rank]))
    pieces = list(case.pieces.current().select_related("file"))
    assert len(pieces) == len(factories.all_kinds())
    with django_assert_num_queries(2):
        advice.of(case, pieces, on=ON)
