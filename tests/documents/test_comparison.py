"""What was typed against what was read: said when both are known, and only then."""

from dataclasses import replace
from datetime import date

import pytest

from documents.checks import Answer, Document, Severity
from documents.comparison import compared
from documents.extraction import Facts
from permis.enums import PieceKind

TYPED = Document(PieceKind.DPE, date(2024, 3, 18), "2433 e041 2076 k", "d")
READ = Facts(kind="dpe", number="2433E0412076K", established_on=date(2024, 3, 18), energy_class="D")


def test_the_same_values_agree():
    results = compared(TYPED, READ, alone=True)

    assert [(each.code, each.answer) for each in results] == [
        ("same_number", Answer.YES),
        ("same_date", Answer.YES),
        ("same_class", Answer.YES),
    ]


@pytest.mark.parametrize(
    ("read", "code", "title", "both"),
    [
        (replace(READ, number="2433E0400001B"), "same_number", "Le numéro saisi n’est pas celui du document", ("2433E0412076K", "2433E0400001B")),
        (replace(READ, established_on=date(2019, 5, 12)), "same_date", "La date saisie n’est pas celle du document", ("18/03/2024", "12/05/2019")),
        (replace(READ, energy_class="E"), "same_class", "La classe saisie n’est pas celle du document", ("D", "E")),
    ],
)  # fmt: skip
def test_a_difference_is_a_finding_of_its_own(read, code, title, both):
    refuted = [each for each in compared(TYPED, read, alone=True) if each.answer == Answer.NO]

    assert [(each.code, each.severity, each.title) for each in refuted] == [(code, Severity.WARNING, title)]
    assert all(value in refuted[0].reason for value in both)


@pytest.mark.parametrize(("typed", "read"), [(Document(PieceKind.DPE), READ), (TYPED, Facts(kind="dpe")), (TYPED, Facts())])
def test_what_is_known_once_is_compared_with_nothing(typed, read):
    assert compared(typed, read, alone=True) == []


def test_another_diagnostic_is_told_unless_the_file_holds_several():
    gas = replace(READ, kind="gas")

    assert [each.code for each in compared(TYPED, gas, alone=True)] == ["other_kind"]
    assert "État de l’installation de gaz" in compared(TYPED, gas, alone=True)[0].reason
    assert compared(TYPED, gas, alone=False) == []
