"""What the landlord is told of each piece before the deposit: facts worth typing, advice that never blocks, the clock."""

import ast
import inspect
from datetime import date, timedelta

import pytest
from django.urls import reverse

from documents import checks, examining
from permis.enums import InstallationAge, PieceKind, State
from permis.models import Application
from tests import factories
from tests.workflows.sending import give, page, pdf
from workflows import dossier, guidance
from workflows.actions import intake

pytestmark = pytest.mark.django_db
OLD = {"construction_year": 1930, "electricity": InstallationAge.OLD, "gas": InstallationAge.OLD}


@pytest.fixture
def case():
    return factories.ApplicationFactory(sheet=OLD)


@pytest.fixture
def landlord(case, client):
    client.force_login(case.applicant)
    return client


def cards(case):
    case = Application.objects.with_sheet().get(pk=case.pk)
    today = case.authority.today()
    return {card.line.kind: card for card in guidance.cards(case, dossier.checklist(case, on=today), on=today)}


def advised(case, kind=PieceKind.DPE):
    return [each.title for each in cards(case)[kind].advice]


def describe(client, case, **facts):
    piece = case.pieces.current().latest("pk")
    return client.post(reverse("piece-facts", args=[case.pk, piece.pk]), facts)


def test_every_check_has_words_for_the_landlord_or_a_reason_to_have_none():
    codes = {
        call.args[1].value
        for call in ast.walk(ast.parse(inspect.getsource(checks)))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "partial" and len(call.args) > 1
    }

    assert codes == set(guidance.TO_LANDLORD) | guidance.ONLY_FOR_OFFICERS


@pytest.mark.parametrize(("facts", "title"), [
    ({"dpe_established_on": date(2022, 1, 10), "dpe_class": "G"}, "La classe G ne permet pas de louer"),
    ({"dpe_number": "12345"}, "Ce numéro n’est pas celui d’un DPE"),
    ({"dpe_number": "2433T0412076K"}, "Ce DPE n’est pas celui d’un logement"),
    ({"dpe_number": "2433E0412076K", "dpe_established_on": date(2022, 1, 10)}, "Le numéro ne va pas avec ce DPE"),
])  # fmt: skip
def test_what_a_dpe_says_is_checked_before_the_deposit(case, facts, title):
    give(case, examined=False)
    for name, value in facts.items():
        setattr(case.dwelling, name, value)
    case.dwelling.save()

    assert title in " ".join(advised(case))


def test_what_will_expire_before_the_lease_is_said_now(case):
    case.lease_planned_on = case.authority.today() + timedelta(days=200)
    case.save()
    give(case, PieceKind.ELECTRICITY, established_on=case.authority.today() - timedelta(days=365 * 6 - 60), examined=False)

    [advice] = cards(case)[PieceKind.ELECTRICITY].advice
    assert "sera périmé le jour du bail" in advice.title
    assert "prévenez le bailleur" not in advice.text


def test_a_single_page_is_doubtful_and_several_photographs_are_not(case):
    give(case, content=pdf(1))
    assert advised(case) == ["Ce fichier n’a qu’une page"]

    give(case, content=pdf(2))
    assert advised(case) == []


def test_the_number_of_another_case_is_nobody_s_business(case, landlord):
    other = factories.ApplicationFactory(authority=case.authority)
    give(other)
    number = intake.submit(other, by=other.applicant, on=other.authority.today()).number
    give(case)

    assert number not in page(landlord, case)


def test_an_expired_diagnostic_says_what_to_do_and_may_be_filed(case, landlord):
    give(case, established_on=date(2019, 5, 12), examined=False)
    shown = page(landlord, case)
    assert "Expiré" in shown
    assert "plus valable depuis le 01/01/2025" in shown

    deposit = landlord.get(reverse("application-step", args=[case.pk, "depot"])).content.decode()
    assert "4 pièces exigées manquent" in deposit.replace("\N{NO-BREAK SPACE}", " ")
    factories.prove_address(case.applicant)
    landlord.post(reverse("application-step", args=[case.pk, "depot"]), {"accuracy_declared": "on"})
    assert Application.objects.get(pk=case.pk).state == State.SUBMITTED


def test_the_deposit_says_what_is_missing_what_advises_and_what_the_clock_does(case, landlord):
    factories.prove_address(case.applicant)
    give(case)
    shown = landlord.get(reverse("application-step", args=[case.pk, "depot"])).content.decode().replace("\N{NO-BREAK SPACE}", " ")

    assert "3 pièces exigées manquent" in shown
    assert "un nouveau mois part du jour où la dernière arrive" in shown
    assert "Ce fichier n’a qu’une page" in shown
    assert "rien ici n’empêche de déposer" in shown
    assert "Le délai d’un mois part d’aujourd’hui : réponse au plus tard le" in shown


def test_facts_are_asked_where_they_help(case, landlord):
    give(case, PieceKind.DPE, examined=False)
    give(case, PieceKind.NOISE, content=pdf("noise"), examined=False)
    crep = give(case, PieceKind.CREP, content=pdf("lead"), examined=False)
    wanted = {kind: card.wanted for kind, card in cards(case).items()}
    assert wanted[PieceKind.DPE] == ("dpe_number", "dpe_class", "established_on")
    assert wanted[PieceKind.NOISE] == ()
    assert wanted[PieceKind.CREP] == ("established_on",)

    describe(landlord, case, established_on="2015-01-05")
    assert cards(case)[PieceKind.CREP].wanted == ("established_on", "lead_found"), "too old, if it found lead"
    describe(landlord, case, established_on="2015-01-05", lead_found="False")
    crep.refresh_from_db()
    assert crep.lead_found is False
    assert cards(case)[PieceKind.CREP].known == ("établi le 05/01/2015", "pas de plomb")


def test_what_a_dpe_says_goes_to_the_dwelling_of_a_draft(case, landlord):
    give(case, examined=False)
    answer = describe(landlord, case, dpe_number="2433 e041 2076k", dpe_class="D", established_on="2024-03-18")

    assert answer.status_code == 302
    case.dwelling.refresh_from_db()
    assert (case.dwelling.dpe_number, case.dwelling.dpe_class) == ("2433E0412076K", "D")
    assert "classe D" in page(landlord, case)
    assert "valable jusqu’au 18/03/2034" in page(landlord, case)


def test_once_filed_only_the_date_of_the_piece_may_be_told(case, landlord):
    piece = give(case, examined=False)
    intake.submit(case, by=case.applicant, on=case.authority.today())
    describe(landlord, case, dpe_number="2433E0412076K", established_on="2024-03-18")

    piece.refresh_from_db()
    case.dwelling.refresh_from_db()
    assert (piece.established_on, case.dwelling.dpe_number) == (date(2024, 3, 18), "")


@pytest.mark.parametrize(("facts", "said"), [
    ({"established_on": "2099-01-01"}, "Cette date est dans le futur"), ({"dpe_number": "123"}, "treize caractères"),
])  # fmt: skip
def test_a_fact_that_cannot_be_is_said_and_nothing_is_lost(case, landlord, facts, said):
    give(case, examined=False)
    answer = describe(landlord, case, **facts)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_piece_that_nobody_asks_for_is_explained_by_what_happens_without_it(case, landlord):
    shown = page(landlord, case)

    assert shown.count("Je ne l’ai pas") == 4
    assert "un nouveau mois part du jour où vous l’envoyez" in shown
    assert shown.count('<svg class="pl-example"') == 4


def test_a_file_that_cannot_be_opened_is_told_on_its_card(case, landlord):
    piece = give(case, content=b"%PDF-1.4\nbroken", examined=False)
    examining.examine(piece.file)

    card = cards(case)[PieceKind.DPE]
    assert (card.badge.label, card.wanted) == ("À remplacer", ())
    assert f'name="instead_of" value="{piece.pk}"' in page(landlord, case)


def test_a_draft_without_a_dwelling_shows_its_page(client):
    case = factories.ApplicationFactory()
    case.dwelling.delete()
    case = Application.objects.get(pk=case.pk)
    give(case, examined=False)
    client.force_login(case.applicant)

    assert "aucun diagnostic n’est exigé" in page(client, case)
