"""Diagnostics of an earlier application for the same dwelling: proposed while valid, copied, proved again, or said why not."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership, Organisation
from documents import examining, receiving, storage
from documents.enums import FileState, Verdict
from documents.models import Scan, StoredFile
from permis.enums import InstallationAge, PieceKind, State
from permis.models import Application
from permis.models.journal import Event
from tests import factories
from tests.workflows.sending import give, page, pdf, stored
from workflows import dossier, reuse
from workflows.actions import completeness, gathering, intake

pytestmark = pytest.mark.django_db
SHEET = {"construction_year": 1930, "electricity": InstallationAge.OLD, "gas": InstallationAge.OLD, "door": "Porte gauche"}


@pytest.fixture
def earlier():
    """A filed case with a DPE that is still valid."""
    case = factories.ApplicationFactory(sheet=SHEET)
    case.dwelling.dpe_number, case.dwelling.dpe_class = "2433E0412076K", "D"
    case.dwelling.save()
    give(case, name="dpe 2024.pdf", established_on=date(2024, 3, 12), first_page=1, last_page=1)
    return intake.submit(case, by=case.applicant, on=case.authority.today())


def again(earlier, **fields):
    """The next application of the same landlord for the same door, as people write it the second time."""
    same = {name: getattr(earlier, name) for name in ("authority", "commune", "applicant", "organisation")}
    sheet = SHEET | {"address": "12, Rue de la gare", "door": "porte Gauche"} | fields.pop("sheet", {})
    return factories.ApplicationFactory(**same | fields, sheet=sheet)


def proposals(case, by=None):
    today = case.authority.today()
    return reuse.proposals(case, dossier.checklist(case, on=today), by or case.applicant, on=today)


def obstacles(case):
    return {each.kind: each.obstacle for each in proposals(case)}


def test_one_click_copies_the_diagnostic_with_what_is_known_of_it(client, earlier, settings):
    case = again(earlier)
    client.force_login(case.applicant)
    shown = page(client, case)
    assert "Réutiliser" in shown
    assert "du 12/03/2024, valable jusqu’au 12/03/2034" in shown
    client.post(reverse("application-reuse", args=[case.pk]), {"kinds": ["dpe"]})

    piece, source = case.pieces.get(), earlier.pieces.get()
    assert (piece.established_on, piece.first_page, piece.file.name) == (date(2024, 3, 12), 1, "dpe 2024.pdf")
    assert piece.file_id != source.file_id
    assert piece.file.key != source.file.key
    assert stored(settings, piece.file.key).read_bytes() == stored(settings, source.file.key).read_bytes()
    case.dwelling.refresh_from_db()
    assert (case.dwelling.dpe_number, case.dwelling.dpe_class) == ("2433E0412076K", "D")
    assert case.dwelling.dpe_established_on == date(2024, 3, 12)
    assert "Réutiliser" not in page(client, case)


def test_the_copy_is_clean_by_its_own_scan(earlier):
    case = again(earlier)
    [piece] = gathering.take_again(case, kinds=[PieceKind.DPE], by=case.applicant, on=case.authority.today())
    assert piece.file.state == FileState.PENDING
    examining.examine(StoredFile.objects.select_related("application").get(pk=piece.file_id))

    piece.file.refresh_from_db()
    assert piece.file.is_served
    assert Scan.objects.get(file=piece.file).sha256 == piece.file.sha256
    storage.delete(earlier.pieces.get().file.key)
    assert storage.holds(piece.file.key, piece.file.sha256), "the two cases share no object"


def test_all_at_once_and_one_file_for_several_is_copied_once(client, earlier):
    bundle = give(earlier, PieceKind.ELECTRICITY, PieceKind.GAS, content=pdf("ddt"), established_on=date(2025, 5, 2))
    assert bundle.file.pieces.count() == 2
    case = again(earlier)
    client.force_login(case.applicant)
    assert "Réutiliser les 3" in page(client, case)
    client.post(reverse("application-reuse", args=[case.pk]), {"kinds": ["dpe", "electricity", "gas"]})

    assert case.pieces.count() == 3
    assert case.files.count() == 2


def test_pages_come_back_in_their_order(earlier):
    for mark in ("a", "b", "c"):
        give(earlier, PieceKind.GAS, content=pdf(mark), name=f"{mark}.pdf", established_on=date(2025, 5, 2))
    case = again(earlier)
    gathering.take_again(case, kinds=[PieceKind.GAS], by=case.applicant, on=case.authority.today())

    line = {line.kind: line for line in dossier.checklist(case, on=case.authority.today())}[PieceKind.GAS]
    assert [piece.file.name for piece in line.pieces] == ["a.pdf", "b.pdf", "c.pdf"]


@pytest.mark.parametrize(("kind", "facts", "obstacle"), [
    (PieceKind.ELECTRICITY, {"established_on": date(2019, 5, 2)}, "il n’est plus valable depuis le 03/05/2025"),
    (PieceKind.GAS, {}, "sa date n’est pas connue"),
    (PieceKind.CREP, {"established_on": date(2015, 1, 5)}, "il a plus de six ans, et nous ne savons pas s’il a trouvé du plomb"),
    (PieceKind.CREP, {"established_on": date(2015, 1, 5), "lead_found": True}, "il n’est plus valable depuis le 06/01/2021"),
    (PieceKind.CREP, {"established_on": date(2015, 1, 5), "lead_found": False}, ""),
])  # fmt: skip
def test_what_can_no_longer_serve_is_not_proposed_and_says_why(client, earlier, kind, facts, obstacle):
    give(earlier, kind, content=pdf(kind), **facts)
    case = again(earlier)
    assert obstacles(case)[kind] == obstacle
    client.force_login(case.applicant)
    client.post(reverse("application-reuse", args=[case.pk]), {"kinds": [kind.value]})
    assert case.pieces.filter(kind=kind).exists() == (not obstacle)
    if obstacle:
        assert "pas proposé" in page(client, case)


@pytest.mark.parametrize("state", [FileState.INFECTED, FileState.UNREADABLE, FileState.ERROR, FileState.PENDING])
def test_only_a_file_that_was_found_clean_is_proposed(earlier, state):
    StoredFile.objects.update(state=state)

    assert proposals(again(earlier)) == []


def test_what_a_service_refused_is_never_proposed_again(earlier):
    officer = factories.member(earlier.authority, Role.OFFICER)
    today = earlier.authority.today()
    completeness.check_piece(
        earlier, kind=earlier.pieces.get().kind, verdict=Verdict.REFUSED, reason="Illisible", by=officer, on=today
    )
    assert proposals(again(earlier)) == []

    latest = again(earlier)
    give(latest, established_on=date(2024, 3, 12))
    intake.submit(latest, by=latest.applicant, on=today)
    assert proposals(again(earlier)) == [], "the same bytes, given again elsewhere"


@pytest.mark.parametrize(
    "sheet", [{"door": "porte droite"}, {"floor": "3e étage"}, {"building": "B"}, {"address": "14 rue de la Gare"}]
)
def test_another_door_is_another_dwelling(earlier, sheet):
    assert proposals(again(earlier, sheet=sheet)) == []


def test_another_commune_another_landlord_or_a_draft_proposes_nothing(earlier):
    assert proposals(again(earlier, commune=factories.CommuneFactory())) == []
    assert proposals(again(earlier, applicant=factories.UserFactory())) == []
    assert proposals(again(earlier), by=factories.UserFactory()) == []
    fresh = factories.ApplicationFactory(sheet=SHEET)
    give(fresh, established_on=date(2024, 3, 12), examined=True)
    assert proposals(again(fresh)) == []


def test_an_agency_finds_what_a_colleague_gave(earlier):
    agency = Organisation.objects.create(name="Agence de la Gare", address="1 place de la Gare")
    colleague = factories.UserFactory()
    Membership.objects.create(user=colleague, role=Role.AGENT, organisation=agency)
    Application.objects.filter(pk=earlier.pk).update(organisation=agency)
    case = again(earlier, applicant=colleague, organisation=agency)

    assert [each.kind for each in proposals(case)] == [PieceKind.DPE]


def test_what_is_there_already_is_not_proposed(earlier):
    case = again(earlier)
    give(case, examined=False)

    assert proposals(case) == []
    with pytest.raises(gathering.NotReusable):
        gathering.take_again(case, kinds=[PieceKind.DPE], by=case.applicant, on=case.authority.today())


def test_the_last_piece_that_was_asked_may_come_from_an_earlier_case(earlier):
    case, today = again(earlier), earlier.authority.today()
    intake.submit(case, by=case.applicant, on=today)
    officer = factories.member(case.authority, Role.OFFICER)
    case = Application.objects.get(pk=case.pk)
    case = completeness.request_missing(case, kinds=[PieceKind.DPE], respond_by=today + timedelta(30), by=officer, on=today)
    gathering.take_again(case, kinds=[PieceKind.DPE], by=case.applicant, on=today)

    case = Application.objects.get(pk=case.pk)
    assert case.state == State.UNDER_REVIEW
    assert case.journal.filter(event=Event.PIECES_RECEIVED).count() == 1


def test_a_storage_that_lost_the_bytes_adds_nothing(client, earlier):
    case = again(earlier)
    storage.delete(earlier.pieces.get().file.key)
    client.force_login(case.applicant)
    told = client.post(reverse("application-reuse", args=[case.pk]), {"kinds": ["dpe"]}, follow=True)

    assert "Rien n’est perdu" in told.content.decode()
    assert not case.files.exists()
    assert not case.pieces.exists()


def test_a_full_case_takes_nothing_and_keeps_nothing(earlier):
    give(earlier, PieceKind.GAS, content=pdf("gas"), established_on=date(2025, 5, 2))
    case = again(earlier)
    kept = {"application": case, "name": "page.jpg", "content_type": "image/jpeg", "uploaded_by": case.applicant, "size": 1}
    StoredFile.objects.bulk_create(StoredFile(**kept) for _ in range(receiving.MAX_CASE_FILES - 1))
    with pytest.raises(receiving.FileRefused):
        gathering.take_again(case, kinds=[PieceKind.DPE, PieceKind.GAS], by=case.applicant, on=case.authority.today())

    assert case.files.count() == receiving.MAX_CASE_FILES - 1
    assert not case.pieces.exists()


def test_a_stranger_takes_nothing(earlier):
    with pytest.raises(PermissionDenied):
        gathering.take_again(again(earlier), kinds=[PieceKind.DPE], by=factories.UserFactory(), on=earlier.authority.today())
