"""What a case tells its acts, read back from their content."""

from datetime import UTC, date, datetime

import pytest

from documents.enums import ActKind
from documents.facts import Signatory
from documents.models import Piece, StoredFile
from documents.wording.decisions import IncompleteDecision
from inspections.enums import Conclusion, VisitState
from inspections.models import Visit
from permis.enums import ConditionMode, Ground, LessorKind, Outcome, PieceKind
from permis.models import Agent, Decision, Lessor, PieceRequest, PrescribedWork
from territories.enums import Regime
from territories.models import Delegation
from tests import factories
from workflows import drafting
from workflows.actions import intake

pytestmark = pytest.mark.django_db
DEPOSIT, TODAY = date(2026, 3, 2), date(2026, 3, 18)
SIGNED_BY = Signatory("Philippe Castaing", "Le vice-président", "l’arrêté n° 31")


@pytest.fixture
def case():
    application = factories.ApplicationFactory(zoned=True)
    return intake.submit(application, by=application.applicant, on=DEPOSIT)


def decided(case, *, evidence="", **draft):
    decision = Decision.objects.create(application=case, drafted_by=case.applicant, **draft)
    if draft["outcome"] != Outcome.GRANTED:
        PrescribedWork.objects.create(
            decision=decision,
            position=0,
            place="Entrée",
            finding="Aucun détecteur",
            evidence=evidence,
            basis="CCH",
            work="En poser un",
        )
    return decision


def words(content):
    return " ".join(block.text for block in content.blocks)


def test_the_frozen_act_of_a_deposit_says_when_it_will_be_answered(case):
    content = case.acts.get(kind=ActKind.REGISTRATION).content

    assert "16 mars 2026" in str(content)
    assert content["recipient"] == ["Mme Hélène Duprat", "5 allée des Tilleuls", "33000 Bordeaux"]


def test_a_receipt_reproduces_the_application_and_its_pieces(case):
    stored = StoredFile.objects.create(application=case, sha256="0" * 64, name="dpe.pdf", content_type="application/pdf", size=1)
    Piece.objects.create(application=case, kind=PieceKind.DPE, file=stored, established_on=date(2024, 3, 18), received_on=DEPOSIT)

    annex = dict(drafting.receipt(case, on=TODAY).annex)

    assert ("Nom", "Mme Hélène Duprat") in annex["Bailleur"]
    assert annex["Pièces jointes"] == [(PieceKind.DPE.label, "établi le 18 mars 2024")]


def test_a_receipt_after_completion_counts_from_the_last_piece(case):
    case.completed_on, case.tacit_on = date(2026, 3, 10), date(2026, 4, 10)

    assert "reçue le 10 mars 2026 : votre dossier est complet" in words(drafting.receipt(case, on=TODAY))


def test_a_request_for_pieces_quotes_the_text_that_requires_each(case):
    request = PieceRequest.objects.create(
        application=case, pieces=[PieceKind.DPE], reasons={"dpe": "il a expiré"}, requested_on=DEPOSIT, respond_by=TODAY
    )

    text = words(drafting.missing_pieces(case, request, on=DEPOSIT))

    assert "(loi 89-462, art. 3-3, 1°) : il a expiré" in text


def test_a_company_and_its_agent_are_named_and_the_agent_is_written_to(case):
    Lessor.objects.filter(application=case).update(
        kind=LessorKind.COMPANY, company="SCI Les Platanes", legal_form="SCI", capacity="Gérante", country="Belgique"
    )
    case = type(case).objects.get(pk=case.pk)
    content = drafting.withdrawal(case, on=TODAY)
    assert content.recipient == ["SCI Les Platanes", "Gérante", "5 allée des Tilleuls", "33000 Bordeaux", "Belgique"]

    Agent.objects.create(application=case, name="Agence du Port", activity="Gestion", address="1 quai Nord, 33390 Blaye")
    case = type(case).objects.get(pk=case.pk)

    assert drafting.withdrawal(case, on=TODAY).recipient == [
        "Agence du Port", "pour SCI Les Platanes", "1 quai Nord", "33390 Blaye",
    ]  # fmt: skip


def test_an_order_cites_zone_delegations_and_visit(case):
    epci = factories.AuthorityFactory(name="CC Latitude Nord Gironde")
    Delegation.objects.create(
        epci=epci,
        delegate=case.authority,
        commune=case.commune,
        regime=Regime.APML,
        starts_on=date(2025, 1, 1),
        deliberation="2025-3",
    )
    Visit.objects.create(
        application=case, state=VisitState.DONE, inspector=factories.UserFactory(first_name="Karim", last_name="Benali"),
        starts_at=datetime(2026, 3, 12, 8, 30, tzinfo=UTC), ends_at=datetime(2026, 3, 12, 9, 20, tzinfo=UTC),
        conclusion=Conclusion.FAVOURABLE, reported_on=TODAY, people_present="la bailleresse",
    )  # fmt: skip

    content = drafting.decision(case, decided(case, outcome=Outcome.GRANTED), signatory=SIGNED_BY, on=TODAY)

    assert "dans le périmètre « Centre-bourg », en vigueur depuis le 1er mai 2025" in words(content)
    assert "la délibération n° 2025-3 par laquelle CC Latitude Nord Gironde délègue" in words(content)
    assert "de 9 h 30 à 10 h 20, par Karim Benali, en présence de la bailleresse" in words(content)
    assert content.signature.capacity.startswith("Pour le Président")


def test_a_defect_is_proved_by_the_report_of_the_visit_or_by_what_the_officer_gives(case):
    decision = decided(case, outcome=Outcome.REFUSED, grounds=[Ground.DECENCY])
    with pytest.raises(IncompleteDecision, match="la preuve du constat"):
        drafting.decision(case, decision, signatory=SIGNED_BY, on=TODAY)

    Visit.objects.create(
        application=case, state=VisitState.DONE, inspector=case.applicant, conclusion=Conclusion.UNFAVOURABLE, reported_on=TODAY,
        starts_at=datetime(2026, 3, 12, 8, tzinfo=UTC), ends_at=datetime(2026, 3, 12, 9, tzinfo=UTC),
    )  # fmt: skip

    assert (
        drafting.decision(case, decision, signatory=SIGNED_BY, on=TODAY).works[0].evidence
        == "Rapport de la visite du 12 mars 2026"
    )


def test_the_officers_paragraphs_become_recitals(case):
    decision = decided(
        case, outcome=Outcome.CONDITIONAL, mode=ConditionMode.PRIOR, grounds=[Ground.DECENCY], evidence="photo 1",
        considerations="Considérant que A.\n\nque B ;\nMme Duprat était là.\nIl manque un garde-corps",
    )  # fmt: skip

    recitals = [
        block.text
        for block in drafting.decision(case, decision, signatory=SIGNED_BY, on=TODAY).blocks
        if block.kind == "consider"
    ]

    assert recitals[:4] == ["que A ;", "que B ;", "que Mme Duprat était là ;", "qu’il manque un garde-corps ;"]
