"""What a landlord, a stranger or a slow machine does to the giving of files on purpose: nothing moves that should not."""

from datetime import date

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import Membership
from documents import receiving, storage, tasks
from documents.checks import clean_number
from documents.enums import Verdict
from documents.models import StoredFile
from permis.enums import PieceKind
from permis.models import Application
from permis.models.journal import Event
from permis.validators import DPE_NUMBER
from tests import factories
from tests.documents import sending
from tests.documents.sending import work
from tests.workflows import desk
from tests.workflows.sending import announce, give, pdf, put, send
from workflows import dossier
from workflows.actions import completeness, gathering, intake

pytestmark = pytest.mark.django_db


def submit(case):
    return intake.submit(case, by=case.applicant, on=case.authority.today())


def examined(case):
    with TestCase.captureOnCommitCallbacks(execute=True):
        for file in case.files.to_examine():
            tasks.examine_file(file_id=file.pk)


# -- An address to send to


def test_an_address_takes_nothing_once_its_file_was_examined(landlord, case):
    ticket = announce(landlord, case).json()
    put(landlord, ticket)
    landlord.post(ticket["done"])
    examined(case)

    assert put(landlord, ticket).status_code == 409
    assert sending.keys("quarantaine") == []


def test_an_address_takes_nothing_for_a_file_that_is_no_longer_awaited(landlord, case):
    ticket = announce(landlord, case).json()
    landlord.post(reverse("upload-forget", args=[case.pk, case.files.get().pk]))

    assert put(landlord, ticket).status_code == 409
    assert sending.keys("quarantaine") == []


# -- What is said of a file


def test_a_kind_said_a_thousand_times_is_said_once(landlord, case):
    submit(case)
    assert send(landlord, case, kinds=["gas"] * 400).status_code == 201
    assert case.journal.get(event=Event.PIECES_RECEIVED).facts["pieces"] == ["gas"]


@pytest.mark.parametrize("title", ["\x01\x02", "\u200b", "\u202e", "\u2028"])
def test_a_free_document_has_a_name_that_can_be_read(landlord, case, title):
    assert announce(landlord, case, kinds=["other"], title=title).status_code == 422


def test_the_name_of_a_free_document_is_written_on_one_line(landlord, case):
    assert send(landlord, case, kinds=["other"], title="Facture\r\nBcc: x@y.fr \u202efdp\xa02").status_code == 201
    assert case.pieces.get().title == "Facture Bcc: x@y.fr fdp 2"


def test_the_same_file_is_not_a_thousand_documents(landlord, case, monkeypatch):
    monkeypatch.setattr(receiving, "MAX_CASE_PIECES", 3)
    for number in range(3):
        give(case, PieceKind.OTHER, title=f"Facture {number}", examined=False)
    form = {"kinds": ["other"], "title": "Facture 4", "upload": factories.upload()}
    answer = landlord.post(reverse("application-step", args=[case.pk, "diagnostics"]), form)
    assert (answer.status_code, case.pieces.count()) == (422, 3)
    assert "a déjà 3 pièces" in answer.content.decode()


def test_the_same_piece_sent_twice_is_one_line_of_the_journal(landlord, case):
    submit(case)
    for _ in range(3):
        form = {"slug": "gas", "kinds": ["gas"], "upload": factories.upload()}
        assert landlord.post(reverse("application-add-piece", args=[case.pk]), form).status_code == 302
    assert case.journal.filter(event=Event.PIECES_RECEIVED).count() == 1


def test_a_file_given_to_a_closed_case_leaves_nothing(landlord, case):
    intake.withdraw(submit(case), by=case.applicant, on=case.authority.today())
    form = {"slug": "gas", "kinds": ["gas"], "upload": factories.upload()}
    landlord.post(reverse("application-add-piece", args=[case.pk]), form)
    assert not case.files.exists()
    assert sending.keys("") == []


def test_one_file_on_two_cards_at_once_is_both(landlord, case):
    """The same bytes dropped on a second card while the first is under way."""
    first = announce(landlord, case, kinds=["dpe"]).json()
    second = announce(landlord, case, kinds=["gas"]).json()
    for ticket in (first, second):
        assert put(landlord, ticket).status_code in (201, 409)
        assert landlord.post(ticket["done"]).status_code == 201
    assert sorted(case.pieces.values_list("kind", flat=True)) == ["dpe", "gas"]


# -- What the service has read


def test_nobody_changes_what_the_service_accepted(landlord, case, officer):
    piece = give(case, PieceKind.DPE, established_on=date(2024, 3, 12))
    submit(case)
    completeness.check_piece(case, kind=piece.kind, verdict=Verdict.ACCEPTED, by=officer, on=case.authority.today())
    with pytest.raises(gathering.PieceSettled):
        gathering.describe_piece(piece, by=case.applicant, on=case.authority.today(), established_on=date(2016, 1, 1))
    landlord.post(reverse("file-pages", args=[case.pk, piece.file_id]), {f"first_{piece.pk}": 1, f"last_{piece.pk}": 1})
    piece.refresh_from_db()
    assert (piece.established_on, piece.first_page) == (date(2024, 3, 12), None)


def test_what_is_said_of_a_filed_piece_is_in_the_journal_and_under_the_eyes(landlord, case, officer):
    piece = give(case, PieceKind.CREP, established_on=date(2024, 3, 12))
    submit(case)
    seen = dossier.seal(case.pieces.current())
    landlord.post(reverse("piece-facts", args=[case.pk, piece.pk]), {"established_on": "2025-11-11"})
    assert case.pieces.get().established_on == date(2025, 11, 11)
    said = case.journal.get(event=Event.PIECE_DESCRIBED)
    assert (said.author, said.facts["piece"]) == (case.applicant, "crep")
    with pytest.raises(completeness.PieceChanged):
        completeness.check_piece(
            case, kind=PieceKind.CREP, verdict=Verdict.ACCEPTED, by=officer, on=case.authority.today(), seen=seen
        )


def test_the_journal_tells_one_free_document_from_another(landlord, case, officer):
    submit(case)
    send(landlord, case, kinds=["other"], title="Facture")
    examined(case)
    piece, today = case.pieces.get(), case.authority.today()
    gathering.describe_piece(piece, by=case.applicant, on=today, established_on=date(2026, 1, 2))
    completeness.check_piece(case, kind=piece.kind, title="Facture", verdict=Verdict.ACCEPTED, by=officer, on=today)
    told = [Event.PIECES_RECEIVED, Event.PIECE_DESCRIBED, Event.PIECE_ACCEPTED]
    facts = case.journal.filter(event__in=told).order_by("position").values_list("facts", flat=True)
    assert [each["title"] for each in facts] == ["Facture"] * 3


# -- What nobody has read yet


def test_a_file_that_is_still_examined_is_accepted_by_nobody(landlord, case, officer):
    give(case, PieceKind.PHOTOS)
    give(case, PieceKind.GAS, content=pdf("gas"), examined=False)
    case = submit(case)
    for kind in [line.kind for line in dossier.checklist(case, on=case.authority.today()) if line.is_missing]:
        give(case, kind, content=pdf(kind))
    completeness.declare_complete(case, by=officer, on=case.authority.today())
    assert case.pieces.get(kind=PieceKind.GAS).verdict == Verdict.PENDING
    assert case.pieces.get(kind=PieceKind.PHOTOS).verdict == Verdict.ACCEPTED


def test_an_accepted_piece_that_proves_unusable_can_be_replaced(landlord, case, officer):
    piece = give(case, PieceKind.DPE, content=b"%PDF-1.4 nothing", examined=False)
    submit(case)
    case.pieces.update(verdict=Verdict.ACCEPTED, checked_by=officer)
    examined(case)
    assert StoredFile.objects.get(pk=piece.file_id).is_unusable
    send(landlord, case, pdf("new"), kinds=["dpe"], instead_of=[piece.pk])
    examined(case)
    line = next(each for each in dossier.checklist(case, on=case.authority.today()) if each.kind == PieceKind.DPE)
    assert not line.is_missing


# -- Removed while a job works


def test_what_is_removed_during_its_examination_leaves_nothing(landlord, case, monkeypatch):
    piece = give(case, examined=False)
    commit = storage.commit

    def removed_meanwhile(*arguments):
        commit(*arguments)
        landlord.post(reverse("application-remove-piece", args=[case.pk, piece.pk]))

    monkeypatch.setattr(storage, "commit", removed_meanwhile)
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.examine_file(file_id=piece.file_id)
    monkeypatch.undo()
    work()
    assert not case.files.exists()
    assert sending.keys("") == []


def test_what_is_removed_while_another_file_is_awaited_is_deleted_later(landlord, case):
    piece = give(case)
    announce(landlord, case, pdf("slow"))
    landlord.post(reverse("application-remove-piece", args=[case.pk, piece.pk]))
    job = ProcrastinateJob.objects.filter(task_name=tasks.delete_bytes.name, args__keys__0=piece.file.key).get()
    tasks.delete_bytes(**job.args)
    assert storage.holds(piece.file.key, piece.file.sha256), "the awaited file may be the same"

    case.files.all().delete()
    later = ProcrastinateJob.objects.filter(task_name=tasks.delete_bytes.name).latest("pk")
    assert later.scheduled_at > timezone.now()
    tasks.delete_bytes(**later.args)
    assert [key for key in sending.keys("") if piece.file.sha256 in key] == []


@pytest.mark.parametrize(("name", "status"), [("upload-forget", 409), ("application-discard", 404)])
def test_what_is_given_up_on_another_device_is_said_and_breaks_nothing(landlord, case, monkeypatch, name, status):
    ticket = announce(landlord, case).json()
    put(landlord, ticket)
    size_of, other = storage.size_of, Client()
    other.force_login(case.applicant)

    def given_up_meanwhile(key):
        size = size_of(key)
        other.post(reverse(name, args=[case.pk, case.files.get().pk] if name == "upload-forget" else [case.pk]))
        return size

    monkeypatch.setattr(storage, "size_of", given_up_meanwhile)
    assert landlord.post(ticket["done"]).status_code == status
    assert not StoredFile.objects.exists()


# -- Other people


def test_a_role_that_was_removed_opens_nothing_more(client, case, officer):
    piece = give(case)
    submit(case)
    client.force_login(officer)
    addresses = [reverse("file", args=[piece.file_id]), reverse("file-page", args=[piece.file_id, 1])]
    assert [client.get(address).status_code for address in addresses] == [302, 302]
    Membership.objects.filter(user=officer).delete()
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    for name in ("upload", "case-check", "application-reuse"):
        assert client.post(reverse(name, args=[case.pk])).status_code == 404


def test_an_officer_sees_no_file_of_a_draft(client, case, officer):
    piece = give(case)
    client.force_login(officer)
    for address in (reverse("file", args=[piece.file_id]), reverse("file-page", args=[piece.file_id, 0])):
        assert client.get(address).status_code == 404


# -- Numbers


@pytest.mark.parametrize("name", ["case-check", "case", "case-request", "application", "application-add-piece"])
def test_sixty_files_ask_as_many_queries_as_one(client, case, officer, name, django_assert_max_num_queries):
    desk.give(case, PieceKind.GAS)
    submit(case)
    client.force_login(case.applicant if name.startswith("application") else officer)
    url = reverse(name, args=[case.pk])
    assert client.get(url).status_code == 200
    with django_assert_max_num_queries(50) as few:
        client.get(url)
    count, case = len(few), Application.objects.get(pk=case.pk)
    for _ in range(12):
        desk.give(case, *PieceKind, replaces=False)
    with django_assert_max_num_queries(count):
        client.get(url)


# -- What the service refused


def refuse(case, officer):
    today = case.authority.today()
    completeness.check_piece(case, kind=PieceKind.DPE, verdict=Verdict.REFUSED, reason="Illisible", by=officer, on=today)


def dpe(case):
    return next(each for each in dossier.checklist(case, on=case.authority.today()) if each.kind == PieceKind.DPE)


def test_what_was_refused_gives_way_to_what_comes_by_any_form(landlord, case, officer):
    old = give(case)
    refuse(submit(case), officer)
    form = {"bundle": "on", "kinds": ["dpe"], "upload": factories.upload(pdf("new"), "ddt.pdf")}
    assert landlord.post(reverse("application-add-piece", args=[case.pk]), form).status_code == 302
    assert [piece.file.name for piece in dpe(case).pieces] == ["ddt.pdf"]
    assert dpe(case).history == (old,)


@pytest.mark.parametrize("content", [factories.PDF, b"%PDF-1.4 nothing"])
def test_what_comes_to_the_counter_takes_the_place_of_what_could_not_serve(client, case, officer, content):
    give(case, content=content)
    case = submit(case)
    if not dpe(case).piece.file.is_unusable:
        refuse(case, officer)
    client.force_login(officer)
    form = {"kinds": ["dpe"], "upload": factories.upload(pdf("new"), "guichet.pdf"), "received_on": case.authority.today()}
    answer = client.post(reverse("case-add-piece", args=[case.pk]), form)
    assert answer.status_code == 302, answer.content.decode()
    assert [piece.file.name for piece in dpe(case).pieces] == ["guichet.pdf"]
    assert not dpe(case).is_missing


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("2433-e041 2076K", "2433E0412076K"), ("1433L0412076K", "1433L0412076K"), ("٢٤٣٣E0412076K", ""), ("2433X0412076K", "")],
)
def test_the_number_of_a_certificate_has_one_form_everywhere(landlord, case, typed, kept):
    piece = give(case, examined=False)
    landlord.post(reverse("piece-facts", args=[case.pk, piece.pk]), {"dpe_number": typed, "dpe_class": "D"})
    assert Application.objects.get(pk=case.pk).dwelling.dpe_number == kept
    assert (DPE_NUMBER.fullmatch(clean_number(typed)) is not None) == bool(kept)
