"""The officer's check: what the screen shows of each piece, with and without a script."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from documents.enums import FileState
from permis.enums import InstallationAge, PieceKind
from tests import factories
from tests.workflows.desk import give, screen, words
from workflows.actions import completeness, intake
from workflows.checking import Desk

pytestmark = pytest.mark.django_db
QUERIES = 10


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


def test_the_first_piece_to_check_is_open(client, case, officer):
    page = screen(client, case, officer)

    desk = page.context["desk"]
    assert [tab.label for tab in desk.tabs] == ["DPE", "Plomb", "Électricité"]
    assert [tab.badge.label for tab in desk.tabs] == ["À vérifier", "À fournir", "À vérifier"]
    assert desk.line.kind == PieceKind.DPE
    assert "Page 1 sur 3" in words(page)
    assert reverse("file-page", args=[case.pieces.get(kind=PieceKind.DPE).file_id, 1]) in page.content.decode()


def test_a_page_another_size_and_another_turn_need_no_script(client, case, officer):
    page = screen(client, case, officer, piece="electricity", page=2, zoom=1, tour=3)

    html = page.content.decode()
    file = case.pieces.get(kind=PieceKind.ELECTRICITY).file_id
    assert f'src="/fichiers/{file}/page/2/"' in html
    assert "is-zoomed-1 is-turned-3" in html
    assert f"{reverse('case-check', args=[case.pk])}?piece=electricity&amp;page=3&amp;zoom=1&amp;tour=3" in html
    assert "page=2&amp;zoom=1&amp;tour=0" in html


@pytest.mark.parametrize(
    "query", [{"piece": "?", "page": "x", "zoom": "-1", "tour": "99999999"}, {"page": "999", "zoom": "9", "tour": "7"}]
)
def test_an_address_that_anybody_typed_shows_something(client, case, officer, query):
    page = screen(client, case, officer, **query)

    assert page.status_code == 200
    assert page.context["desk"].line.kind == PieceKind.DPE


def test_checks_are_shown_with_a_word_for_each_icon_and_their_rule(client, draft, officer):
    give(
        draft,
        PieceKind.DPE,
        facts={"kind": "dpe", "energy_class": "G", "number": "2433E0412076K", "established_on": "2024-03-18"},
    )
    case = intake.submit(draft, by=draft.applicant, on=draft.authority.today())

    page = screen(client, case, officer)

    assert "La classe G ne permet pas de louer à cette date" in words(page)
    assert 'aria-label="Bloquant"' in page.content.decode()
    assert "loi 89-462, art. 6" in words(page)
    rows = {row.label: row for row in page.context["desk"].comparisons}
    assert (rows["Classe"].read, rows["Classe"].declared, rows["Classe"].word) == ("G", "", "Bloquant")
    assert rows["Numéro"].read == "2433E0412076K"


def test_both_values_stand_side_by_side(client, draft, officer):
    read = {"kind": "dpe", "address": "3 rue du Port, 33920 Ailleurs", "surface": "58.4", "construction_year": 1930}
    give(draft, PieceKind.DPE, facts=read)
    case = intake.submit(draft, by=draft.applicant, on=draft.authority.today())

    rows = {row.label: row for row in Desk(case, on=case.received_on).comparisons}

    assert (rows["Adresse"].word, rows["Adresse"].read) == ("À regarder", "3 rue du Port, 33920 Ailleurs")
    assert rows["Adresse"].declared.startswith("12 rue de la Gare, 2e étage, 33920")
    assert (rows["Surface"].word, rows["Surface"].read, rows["Surface"].declared) == ("Concorde", "58,4 m²", "58,4 m²")
    assert rows["Construction"].word == "Concorde"
    case.dwelling.construction_year = 1950
    assert {row.label: row for row in Desk(case, on=case.received_on).comparisons}["Construction"].word == "Diffère"


def test_photos_of_one_piece_are_leafed_through_as_one(case, officer):
    give(case, PieceKind.ELECTRICITY, pages=1, pictures=1, replaces=False)

    desk = Desk(case, on=case.received_on, slug="electricity", page=4)

    assert len(desk.slides) == 4
    assert desk.slide.piece == case.pieces.last()
    assert (desk.later_url, desk.earlier_url != "") == ("", True)


@pytest.mark.parametrize(
    ("state", "pages", "pictures", "told"),
    [
        (FileState.PENDING, None, 0, "encore examiné"),
        (FileState.ERROR, None, 0, "encore examiné"),
        (FileState.CLEAN, 3, 0, "Ouvrez l’original"),
        (FileState.UNREADABLE, None, 0, "abîmé"),
    ],
)
def test_a_file_without_pictures_says_why(client, case, officer, state, pages, pictures, told):
    piece = give(case, PieceKind.DPE, state=state, pages=pages, pictures=pictures)
    piece.file.problem = "Ce fichier est abîmé." if state == FileState.UNREADABLE else ""
    piece.file.save()

    page = screen(client, case, officer, piece="dpe")

    assert told in words(page)
    assert f"/fichiers/{piece.file_id}/page/" not in page.content.decode()
    assert (reverse("file", args=[piece.file_id]) in page.content.decode()) == (state == FileState.CLEAN)


def test_after_the_last_picture_the_original_is_pointed_at(case):
    give(case, PieceKind.DPE, pages=61, pictures=40)

    desk = Desk(case, on=case.received_on, slug="dpe", page=41)

    assert (desk.slide.url, "40 premières pages" in desk.slide.told) == ("", True)
    assert desk.slide.label == "Page 41 sur 61"


def test_a_piece_inside_a_set_opens_at_its_first_page(case):
    give(case, PieceKind.DPE, pages=12, pictures=12, first_page=7, last_page=9)

    assert Desk(case, on=case.received_on, slug="dpe").page == 7
    assert Desk(case, on=case.received_on, slug="dpe", page=2).page == 2


@pytest.mark.parametrize("kinds", [[PieceKind.DPE], list(PieceKind)])
def test_the_same_number_of_queries_with_one_piece_and_with_twelve(client, draft, officer, kinds, django_assert_num_queries):
    for kind in kinds:
        give(draft, kind)
    case = intake.submit(draft, by=draft.applicant, on=draft.authority.today())
    screen(client, case, officer)

    with django_assert_num_queries(QUERIES):
        client.get(reverse("case-check", args=[case.pk]))


def test_the_documents_stay_readable_once_the_check_is_over(client, case, officer):
    give(case, PieceKind.CREP)
    completeness.declare_complete(case, by=officer, on=case.received_on)

    page = screen(client, case, officer)

    assert page.status_code == 200
    assert "Déclarer complet" not in words(page)
    assert client.post(reverse("case-check", args=[case.pk])).status_code == 409


def test_a_draft_has_no_check(client, draft, officer):
    assert screen(client, draft, officer).status_code == 404
