"""What a landlord gives once the case is filed: what the service asks for comes first, and its effect is told."""

from datetime import timedelta

import pytest

from documents.enums import Verdict
from permis.enums import PieceKind, State
from permis.models import Application
from permis.models.journal import Event
from tests.workflows.sending import give, page, send
from workflows.actions import completeness, intake

pytestmark = pytest.mark.django_db


def test_a_filed_case_asks_first_for_what_the_service_wants_and_says_what_it_does(landlord, incomplete):
    shown = page(landlord, incomplete)
    assert shown.index('id="carte-dpe"') < shown.index('id="carte-photos"')
    assert "Le DPE n’est pas joint." in shown
    assert "Il reste une pièce à envoyer" in shown

    send(landlord, incomplete)
    case = Application.objects.get(pk=incomplete.pk)
    assert case.state == State.UNDER_REVIEW
    assert case.journal.filter(event=Event.PIECES_RECEIVED).count() == 1
    told = page(landlord, case).replace("\N{NO-BREAK SPACE}", " ")
    assert (
        f"C’était la dernière pièce demandée : le délai d’un mois part d’aujourd’hui, échéance le {case.tacit_on:%d/%m/%Y}"
        in told
    )


def test_what_is_asked_without_obligation_has_its_card(landlord, case, officer):
    today = case.authority.today()
    filed = intake.submit(case, by=case.applicant, on=today)
    completeness.request_optional(filed, kinds=[PieceKind.TITLE_DEED], by=officer, on=today)

    assert "sans obligation" in page(landlord, filed)


def test_why_a_piece_is_asked_without_obligation_is_told_on_its_card_until_it_is_given(landlord, case, officer):
    today = case.authority.today()
    filed = intake.submit(case, by=case.applicant, on=today)
    wish = {"kinds": [PieceKind.TITLE_DEED], "by": officer, "on": today}
    completeness.request_optional(filed, reasons={"title_deed": "Le nom du propriétaire diffère."}, **wish)
    assert "Le nom du propriétaire diffère." in page(landlord, filed)
    completeness.request_optional(filed, reasons={"title_deed": "L’acte de vente suffira."}, **wish)

    told = page(landlord, filed)
    assert ("Pourquoi :" in told.replace("\N{NO-BREAK SPACE}", " "), told.count("L’acte de vente suffira.")) == (True, 1)
    assert "Le nom du propriétaire diffère." not in told

    give(filed, PieceKind.TITLE_DEED)
    assert "L’acte de vente suffira." not in page(landlord, filed)


def test_what_is_asked_without_obligation_is_not_folded_among_the_pieces_nobody_asks_for(landlord, incomplete, officer):
    completeness.request_optional(incomplete, kinds=[PieceKind.TITLE_DEED], by=officer, on=incomplete.authority.today())

    shown = page(landlord, incomplete)
    assert shown.index('id="carte-dpe"') < shown.index('id="carte-title_deed"') < shown.index('id="hors-demande"')


def test_the_reason_of_a_refusal_is_read_once_on_its_card(landlord, case, officer):
    give(case, PieceKind.DPE)
    today, reason = case.authority.today(), "La deuxième page est illisible."
    filed = intake.submit(case, by=case.applicant, on=today)
    completeness.check_piece(filed, kind=PieceKind.DPE, verdict=Verdict.REFUSED, reason=reason, by=officer, on=today)
    completeness.request_missing(
        filed, kinds=[PieceKind.DPE], respond_by=today + timedelta(30), by=officer, on=today, reasons={"dpe": reason}
    )

    assert page(landlord, filed).count(reason) == 1
