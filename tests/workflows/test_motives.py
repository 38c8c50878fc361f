"""The canned sentences that a landlord reads when a piece is asked for again."""

from datetime import date

import pytest

from documents.checks import Answer, Result, Severity
from documents.models import Piece
from permis.enums import PieceKind
from workflows import motives

ON = date(2026, 11, 26)
LONGEST = Piece._meta.get_field("reason").max_length


@pytest.mark.parametrize("kind", PieceKind)
@pytest.mark.parametrize("established_on", [None, date(2012, 12, 31), date(2019, 5, 12), date(2026, 11, 1)])
def test_each_kind_has_sentences_that_fit_and_say_what_to_do(kind, established_on):
    found = motives.of(kind, on=ON, established_on=established_on)

    codes = [motive.code for motive in found]
    assert {"unreadable", "missing_pages", "other_dwelling", "other"} <= set(codes)
    assert len(codes) == len(set(codes))
    for motive in found[:-1]:
        assert len(motive.text) <= LONGEST
        assert "ici" in motive.text
    assert (found[-1].code, found[-1].text) == ("other", "")


@pytest.mark.parametrize(
    ("kind", "established_on", "said"),
    [
        (PieceKind.DPE, date(2019, 5, 12), "date du 12\u00a0mai 2019\u00a0: il ne vaut plus depuis le 1er\u00a0janvier 2025."),
        (PieceKind.DPE, date(2024, 3, 18), "Votre DPE n’est plus valable."),
        (PieceKind.DPE, None, "Votre DPE n’est plus valable."),
        (PieceKind.ELECTRICITY, date(2020, 2, 29), "il ne vaut plus depuis le 1er\u00a0mars 2026"),
        (PieceKind.ERP, date(2026, 5, 1), "errial.georisques.gouv.fr"),
    ],
)
def test_the_date_is_said_only_where_it_proves_the_point(kind, established_on, said):
    expired = {motive.code: motive.text for motive in motives.of(kind, on=ON, established_on=established_on)}["expired"]

    assert said in expired


def test_a_piece_without_term_is_never_out_of_date():
    assert "expired" not in {motive.code for motive in motives.of(PieceKind.PHOTOS, on=ON)}


def refuted(code):
    return Result(code, Answer.NO, Severity.WARNING, "", "", "")


def test_the_checks_suggest_a_motive():
    assert motives.suggested([refuted("whole"), refuted("valid_on_deposit")]) == "expired"
    assert motives.suggested([refuted("same_address")]) == "other_dwelling"
    assert motives.suggested([refuted("own_file")]) == ""
    assert motives.suggested([], is_unusable=True) == "unreadable"


@pytest.mark.parametrize("kind", PieceKind)
def test_what_is_suggested_is_a_motive_of_the_kind(kind):
    """A suggestion that is not in the list would be ignored without a word."""
    known = {motive.code for motive in motives.of(kind, on=ON)}
    suggestions = {
        "valid_on_deposit": {PieceKind.DPE, PieceKind.CREP, PieceKind.ELECTRICITY, PieceKind.GAS, PieceKind.ERP},
        "number_format": {PieceKind.DPE},
        "known_to_ademe": {PieceKind.DPE},
        "same_address": set(PieceKind),
        "whole": set(PieceKind),
        "other_kind": set(PieceKind),
    }
    for code, kinds in suggestions.items():
        if kind in kinds:
            assert motives.suggested([refuted(code)]) in known
