"""The grid on paper: printed with the code that leads back, attached once filled in, shown beside the report."""

import io
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from pypdf import PdfReader

from accounts.enums import Role
from documents import examining
from documents.models import StoredFile
from inspections import grid, paper
from inspections.models import Visit
from permis.models.journal import Event
from tests import factories
from tests.workflows.test_actions import reviewed
from workflows import filled_grid
from workflows.actions import appointments, grid_editions, inspection, paper_grid

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, town):
    person = factories.member(town, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)
    client.force_login(person)
    return person


@pytest.fixture
def visit(town, staff, time_machine):
    time_machine.move_to(datetime(2026, 3, 12, 12, tzinfo=UTC))
    case = reviewed(factories.ApplicationFactory(authority=town), staff)
    start = datetime.combine(town.today(), time(9), tzinfo=UTC)
    return appointments.plan_visit(
        case, inspector=staff, starts_at=start, ends_at=start.replace(hour=10), by=staff, on=town.today()
    )


def printed(content):
    return PdfReader(io.BytesIO(content))


def words(content):
    """The text of the whole sheet, without the spaces and line ends that depend on where words fell."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in printed(content).pages))


def filled_in():
    """Other bytes than those of the diagnostics: a case keeps the same file once."""
    return factories.upload(factories.PDF + b"% grille\n", "grille.pdf")


def attach(client, visit, *uploads):
    return client.post(reverse("visit-grid-attach", args=[visit.pk]), {"upload": list(uploads)})


def test_the_sheet_has_every_item_with_four_boxes_and_what_a_report_records(client, visit):
    response = client.get(reverse("visit-grid", args=[visit.pk]))
    assert response["Content-Type"] == "application/pdf"
    found = words(response.content)
    for section in grid.national().sections:
        for item in section.items:
            assert re.sub(r"\s+", "", f"{item.code}{item.title}") in found, item.code
    for said in (
        str(visit.application),
        "Personneprésente",
        "L’occupantestd’accordpourlavisite",
        "refusedesigner",
        "Hauteur(m)",
        "entre6het21h",
    ):
        assert re.sub(r"\s+", "", said) in found
    assert "Rendez-vous12mars2026,de10h00à11h00" in found


def test_the_sheet_is_a_tagged_a4_in_french(visit):
    sheet = printed(paper.of_visit(visit, attach_url="https://permis.example.fr/", on=date(2026, 3, 12)))
    root = sheet.trailer["/Root"]
    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"]
    assert {tuple(round(float(each)) for each in page.mediabox[2:]) for page in sheet.pages} == {(595, 842)}
    assert len(sheet.pages) <= 8
    assert sheet.metadata.title == "Grille de visite – Première visite"


def test_its_code_leads_to_where_it_is_attached(client, visit, monkeypatch):
    drawn = []
    drawing = paper.qr.drawing
    monkeypatch.setattr(paper.qr, "drawing", lambda text: drawn.append(text) or drawing(text))
    client.get(reverse("visit-grid", args=[visit.pk]))
    assert drawn == [f"http://testserver{reverse('visit-grid-attach', args=[visit.pk])}"]


def test_an_address_too_long_for_a_code_still_gives_a_sheet(visit):
    assert paper.of_visit(visit, attach_url="https://permis.example.fr/" + "a" * 200, on=date(2026, 3, 12)).startswith(b"%PDF")


def test_the_items_of_the_authority_are_printed_whatever_was_typed_in_them(town, visit):
    admin = factories.member(town, Role.ADMINISTRATOR)
    typed = "#panic() $x$ *é* [ ] \\ `raw` <a> @b " + "m" * 60
    grid_editions.add_item(town, code="X01", by=admin, **factories.own_item(title=typed, basis="#" * 160))
    sheet = paper.of_visit(visit, attach_url="https://permis.example.fr/", on=date(2026, 3, 12))
    assert "X01#panic()$x$*é*[]\\`raw`<a>@b" in words(sheet).replace("\u200b", "")
    assert "X01" in words(paper.blank(town, on=date(2026, 3, 12)))


def test_a_filled_in_grid_is_attached_journaled_and_shown_beside_the_report(client, visit, staff):
    assert attach(client, visit, filled_in()).status_code == 302
    entry = visit.application.journal.latest("position")
    file = StoredFile.objects.get(name="grille.pdf")
    assert (entry.event, entry.author, entry.facts) == (Event.GRID_ATTACHED, staff, {"visit": visit.pk, "files": [file.sha256]})
    assert "grille.pdf" in client.get(reverse("visit-grid-attach", args=[visit.pk])).content.decode()

    examining.examine(file)
    report = client.get(reverse("visit-report", args=[visit.pk])).content.decode()
    assert reverse("file-page", args=[file.pk, 1]) in report
    other = appointments.plan_visit(
        visit.application,
        inspector=staff,
        starts_at=visit.ends_at,
        ends_at=visit.ends_at + timedelta(hours=1),
        by=staff,
        on=date(2026, 3, 12),
    )
    assert "grille.pdf" not in client.get(reverse("visit-report", args=[other.pk])).content.decode()


def test_several_pages_keep_their_order_and_the_same_twice_is_one(client, visit):
    pages = [factories.upload(factories.PDF + b"%" + name.encode(), name) for name in ("b.pdf", "a.pdf")]
    attach(client, visit, *pages)
    for page in pages:
        page.seek(0)
    attach(client, visit, pages[1])
    assert [file.name for file in filled_grid.of(visit)] == ["b.pdf", "a.pdf"]


@pytest.mark.parametrize(
    ("uploads", "message"),
    [
        ([], "prenez la grille en photo"),
        ([factories.upload(b"bonjour", "notes.txt")], "n’est ni un PDF ni une photo"),
        ([factories.upload(b"", "vide.pdf")], "est vide"),
    ],
)
def test_what_cannot_be_taken_is_said(client, visit, uploads, message):
    response = attach(client, visit, *uploads)
    assert response.status_code == 422
    assert message in response.content.decode().replace("\u00a0", " ")
    assert not visit.application.journal.filter(event=Event.GRID_ATTACHED).exists()


def test_nothing_is_attached_to_a_visit_that_did_not_take_place(client, visit, staff, town):
    appointments.cancel_visit(visit, by=staff, on=town.today())
    before = StoredFile.objects.count()
    response = attach(client, visit, filled_in())
    assert response.status_code == 422
    assert "n’a pas eu lieu" in response.content.decode()
    assert StoredFile.objects.count() == before, "not even the bytes"
    with pytest.raises(paper_grid.NothingToAttachTo):
        paper_grid.attach_grid(visit, files=["0" * 64], by=staff, on=town.today())


def test_it_is_attached_after_the_report_too(client, visit, staff, town):
    inspection.record_visit(visit, conclusion="favourable", by=staff, on=town.today())
    assert attach(client, visit, filled_in()).status_code == 302
    page = client.get(reverse("visit-grid-attach", args=[visit.pk])).content.decode()
    assert "Saisir le rapport" not in page


def test_who_may_not_visit_attaches_nothing(visit, town):
    stranger = factories.member(factories.AuthorityFactory(), Role.INSPECTOR)
    for person in (stranger, visit.application.applicant):
        with pytest.raises(PermissionDenied):
            paper_grid.attach_grid(visit, files=["0" * 64], by=person, on=town.today())


def test_the_landlord_does_not_read_of_it_in_the_journal(visit, staff, town):
    paper_grid.attach_grid(visit, files=["0" * 64], by=staff, on=town.today())
    assert not visit.application.journal.for_landlord().filter(event=Event.GRID_ATTACHED).exists()


def test_a_visit_made_with_an_older_grid_prints_that_one(visit, town):
    admin = factories.member(town, Role.ADMINISTRATOR)
    grid_editions.add_item(town, code="X01", by=admin, **factories.own_item())
    grid.keep(visit)
    visit.save()
    grid_editions.withdraw_item(town, code="X01", by=admin)
    again = Visit.objects.select_related("inspector", "application__authority").get(pk=visit.pk)
    assert "X01Localàvélos" in words(paper.of_visit(again, attach_url="https://permis.example.fr/", on=town.today()))
