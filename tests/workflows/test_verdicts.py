"""What a verdict on a piece writes, how it is undone, and who comes second."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from documents import examining
from documents.enums import FileState, Verdict
from permis import guards
from permis.enums import InstallationAge, PieceKind
from permis.models.journal import Event
from tests import factories
from tests.workflows.desk import give, judge, screen, words
from workflows import checking, dossier
from workflows.actions import completeness, intake
from workflows.actions.completeness import PieceChanged
from workflows.checking import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(town):
    return factories.member(town, Role.OFFICER)


@pytest.fixture
def draft(town):
    return factories.ApplicationFactory(authority=town, sheet={"electricity": InstallationAge.OLD, "construction_year": 1930})


@pytest.fixture
def case(draft):
    """A DPE and an electricity report were given; the law also asks for the lead report."""
    give(draft, PieceKind.DPE)
    give(draft, PieceKind.ELECTRICITY)
    return intake.submit(draft, by=draft.applicant, on=draft.authority.today())


def test_accepting_writes_it_and_goes_on_to_the_next_piece(client, case, officer):
    answer = judge(client, case, officer, verdict="accepted", then="next")

    piece = case.pieces.get(kind=PieceKind.DPE)
    assert (piece.verdict, piece.checked_by, piece.reason) == (Verdict.ACCEPTED, officer, "")
    assert answer.url == f"{reverse('case-check', args=[case.pk])}?piece=electricity&fait=dpe"
    assert case.journal.latest("position").event == Event.PIECE_ACCEPTED
    assert "DPE) : acceptée." in words(client.get(answer.url))


def test_after_the_last_one_the_screen_concludes(client, case, officer):
    judge(client, case, officer, verdict="accepted")

    page = client.get(judge(client, case, officer, PieceKind.ELECTRICITY, verdict="accepted").url)

    assert "Toutes les pièces sont vérifiées" in words(page)
    assert "Demandez 1 pièce exigée" in words(page)
    assert page.context["desk"].line.kind == PieceKind.CREP
    give(case, PieceKind.CREP)
    judge(client, case, officer, PieceKind.CREP, verdict="accepted")
    assert "Rien ne manque : déclarez le dossier complet" in words(screen(client, case, officer))


def test_refusing_takes_the_sentence_of_the_motive_when_none_was_written(client, case, officer):
    answer = judge(client, case, officer, verdict="refused", motive="missing_pages", reason="", then="next")

    piece = case.pieces.get(kind=PieceKind.DPE)
    assert (piece.verdict, answer.status_code) == (Verdict.REFUSED, 302)
    assert piece.reason.startswith("Il manque des pages.")
    assert case.journal.latest("position").facts == {"piece": "dpe", "reason": piece.reason}


def test_refusing_keeps_what_the_officer_wrote(client, case, officer):
    judge(client, case, officer, verdict="refused", motive="missing_pages", reason="La page 2 manque, envoyez-la.")

    assert case.pieces.get(kind=PieceKind.DPE).reason == "La page 2 manque, envoyez-la."


def test_without_a_script_the_sentence_of_another_motive_is_replaced(client, case, officer):
    desk = Desk(case, on=case.received_on, slug="dpe")
    suggested = next(motive.text for motive in desk.motives if motive.code == "other_dwelling")

    judge(client, case, officer, verdict="refused", motive="missing_pages", reason=suggested)

    assert case.pieces.get(kind=PieceKind.DPE).reason.startswith("Il manque des pages.")


def test_unreadable_is_a_refusal_already_written(client, case, officer):
    judge(client, case, officer, verdict="unreadable")

    piece = case.pieces.get(kind=PieceKind.DPE)
    assert (piece.verdict, "n’est pas lisible" in piece.reason) == (Verdict.REFUSED, True)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "Dites si la pièce est acceptée ou à remplacer."),
        ({"verdict": "refused", "motive": "other"}, "Choisissez un motif"),
        ({"verdict": "refused", "reason": "x" * 301}, "300 caractères au plus"),
        ({"verdict": "refused", "motive": "?"}, "Sélectionnez un choix valide"),
    ],
)
def test_an_incomplete_verdict_says_what_is_missing(client, case, officer, fields, error):
    page = judge(client, case, officer, **fields)

    assert page.status_code == 422
    assert error in words(page)
    assert "<title>Erreur : " in page.content.decode()
    assert case.pieces.get(kind=PieceKind.DPE).verdict == Verdict.PENDING


def test_a_verdict_leads_where_the_button_says(client, case, officer):
    asked = judge(client, case, officer, verdict="refused", motive="unreadable", then="request")
    assert asked.url == f"{reverse('case-request', args=[case.pk])}?piece=dpe"
    give(case, PieceKind.PHOTOS)
    optional = judge(client, case, officer, PieceKind.PHOTOS, verdict="refused", motive="unreadable", then="optional")
    assert optional.url == f"{reverse('case-request-optional', args=[case.pk])}?piece=photos"


@pytest.mark.parametrize(
    ("state", "told"),
    [(FileState.PENDING, "encore examiné"), (FileState.ERROR, "encore examiné"), (FileState.UNREADABLE, "ne s’ouvre pas")],
)
def test_what_nobody_could_read_is_accepted_by_nobody_but_may_be_refused(client, case, officer, state, told):
    give(case, PieceKind.DPE, state=state, replaces=False)

    page = judge(client, case, officer, verdict="accepted")

    assert (page.status_code, told in words(page)) == (422, True)
    assert set(case.pieces.filter(kind=PieceKind.DPE).values_list("verdict", flat=True)) == {Verdict.PENDING}
    assert judge(client, case, officer, verdict="refused", motive="missing_pages").status_code == 302


def test_a_file_that_opens_while_the_officer_reads_is_read_first(client, case, officer):
    piece = give(case, PieceKind.DPE, state=FileState.PENDING)
    seen = screen(client, case, officer, piece="dpe").context["desk"].seen
    examining.examine(piece.file)

    page = judge(client, case, officer, verdict="accepted", seen=seen)

    assert (page.status_code, "pendant que vous lisiez" in words(page)) == (422, True)


def seal_of(page):
    return re.search(r'action="/dossiers/\d+/verifier/".*?name="seen" value="(\w+)"', page.content.decode(), re.DOTALL).group(1)


@pytest.mark.parametrize("then", ["arrives", "is judged", "nothing"])
def test_the_file_is_declared_complete_as_it_was_read(client, case, officer, then):
    give(case, PieceKind.CREP)
    seen = seal_of(screen(client, case, officer))
    if then == "arrives":
        give(case, PieceKind.PHOTOS, replaces=False)
    elif then == "is judged":
        completeness.check_piece(case, kind=PieceKind.DPE, verdict=Verdict.ACCEPTED, by=officer, on=case.received_on)

    page = client.post(reverse("case-check", args=[case.pk]), {"seen": seen})

    if then == "nothing":
        assert page.status_code == 302
        return
    assert (page.status_code, "rien n’est déclaré" in words(page)) == (422, True)
    assert not case.journal.filter(event=Event.COMPLETE).exists()
    assert client.post(reverse("case-check", args=[case.pk]), {"seen": seal_of(page)}).status_code == 302


def test_all_the_files_of_a_piece_share_its_verdict(client, case, officer):
    give(case, PieceKind.ELECTRICITY, replaces=False)

    judge(client, case, officer, PieceKind.ELECTRICITY, verdict="accepted")

    assert set(case.pieces.filter(kind=PieceKind.ELECTRICITY).values_list("verdict", flat=True)) == {Verdict.ACCEPTED}
    assert case.journal.filter(event=Event.PIECE_ACCEPTED).count() == 1


def test_a_misclick_is_undone_and_written_down(client, case, officer):
    judge(client, case, officer, verdict="refused", motive="unreadable")
    seen = dossier.seal(case.pieces.filter(kind=PieceKind.DPE))

    answer = client.post(reverse("case-verdict-undo", args=[case.pk, "dpe"]), {"seen": seen})

    piece = case.pieces.get(kind=PieceKind.DPE)
    assert (piece.verdict, piece.reason, piece.checked_by) == (Verdict.PENDING, "", None)
    assert answer.url == checking.address(case, PieceKind.DPE)
    assert case.journal.latest("position").event == Event.VERDICT_UNDONE
    assert not case.journal.for_landlord().filter(event=Event.VERDICT_UNDONE).exists()


def test_undoing_what_nobody_judged_writes_nothing(client, case, officer):
    before = case.journal.count()

    completeness.check_piece(case, kind=PieceKind.DPE, verdict=Verdict.PENDING, by=officer, on=case.received_on)

    assert case.journal.count() == before


def test_the_second_of_two_officers_is_told_and_may_then_confirm(client, case, officer, town):
    other = factories.member(town, Role.OFFICER, first_name="Nadia", last_name="Lagarde")
    seen = dossier.seal(case.pieces.filter(kind=PieceKind.DPE))
    judge(client, case, other, verdict="accepted")

    page = judge(client, case, officer, verdict="refused", reason="La page 2 manque.", seen=seen)

    assert page.status_code == 422
    assert "Nadia Lagarde a déjà donné son avis" in words(page)
    assert "La page 2 manque." in words(page)
    assert case.pieces.get(kind=PieceKind.DPE).verdict == Verdict.ACCEPTED
    confirmed = judge(
        client, case, officer, verdict="refused", reason="La page 2 manque.", seen=page.context["verdict_form"]["seen"].value()
    )
    assert confirmed.status_code == 302
    assert case.pieces.get(kind=PieceKind.DPE).checked_by == officer


def test_a_piece_replaced_meanwhile_is_not_judged(client, case, officer):
    seen = dossier.seal(case.pieces.filter(kind=PieceKind.DPE))
    give(case, PieceKind.DPE)

    page = judge(client, case, officer, verdict="accepted", seen=seen)

    assert "Cette pièce a changé" in words(page)
    assert case.pieces.current().get(kind=PieceKind.DPE).verdict == Verdict.PENDING


def test_undoing_too_late_says_so(client, case, officer):
    client.force_login(officer)

    page = client.post(reverse("case-verdict-undo", args=[case.pk, "dpe"]), {"seen": "1:accepted:1"}, follow=True)

    assert "Cette pièce a changé" in words(page)


def test_a_piece_that_was_never_given_has_no_verdict(client, case, officer):
    with pytest.raises(PieceChanged):
        completeness.check_piece(case, kind=PieceKind.CREP, verdict=Verdict.ACCEPTED, by=officer, on=case.received_on)
    client.force_login(officer)
    assert client.post(reverse("case-verdict", args=[case.pk, "rien"])).status_code == 404


def test_nobody_judges_a_closed_case_or_without_the_right(case, officer):
    with pytest.raises(PermissionDenied):
        completeness.check_piece(case, kind=PieceKind.DPE, verdict=Verdict.ACCEPTED, by=case.applicant, on=case.received_on)
    intake.withdraw(case, by=case.applicant, on=case.received_on)
    with pytest.raises(guards.WrongState):
        completeness.check_piece(case, kind=PieceKind.DPE, verdict=Verdict.ACCEPTED, by=officer, on=case.received_on)


def test_a_free_document_is_judged_by_its_name_and_never_asked_for_again(client, case, officer):
    for title in ("Certificat de ramonage", "Facture de la chaudière"):
        give(case, PieceKind.OTHER, title=title)
    slug = {line.label: line.slug for line in dossier.checklist(case, on=case.authority.today())}["Certificat de ramonage"]

    assert "rien n’est redemandé" in words(screen(client, case, officer, piece=slug))
    client.post(reverse("case-verdict", args=[case.pk, slug]), {"verdict": "refused", "reason": "Ce n’est pas le bon logement."})

    verdicts = dict(case.pieces.filter(kind=PieceKind.OTHER).values_list("title", "verdict"))
    assert verdicts == {"Certificat de ramonage": Verdict.REFUSED, "Facture de la chaudière": Verdict.PENDING}
    assert case.journal.latest("position").about == "Certificat de ramonage"
    assert Desk(case, on=case.authority.today()).refused_optional == []


def test_the_journal_names_the_pieces_it_is_about(client, case, officer):
    judge(client, case, officer, verdict="accepted")
    completeness.request_optional(case, kinds=[PieceKind.PHOTOS], by=officer, on=case.authority.today())

    assert [entry.about for entry in case.journal.order_by("-position")[:2]] == [
        "Photographies du logement",
        "Diagnostic de performance énergétique (DPE)",
    ]
    page = words(client.get(reverse("case", args=[case.pk])))
    assert "Pièce acceptée : Diagnostic de performance énergétique (DPE), par" in page
