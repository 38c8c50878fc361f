"""The page of the files: sending, cuts, replacing, page ranges, free documents, limits, and other people's files."""

from datetime import date

import pytest
from django.urls import reverse

from documents import receiving
from documents.enums import FileState, Verdict
from documents.models import StoredFile
from documents.tasks import delete_bytes
from permis.enums import PieceKind, State
from permis.models import Application
from tests import factories
from tests.workflows.sending import announce, give, page, pdf, put, send, stored
from workflows import dossier
from workflows.actions import completeness, intake

pytestmark = pytest.mark.django_db


def lines(case):
    return {line.slug: line for line in dossier.checklist(case, on=case.authority.today())}


def step(case):
    return reverse("application-step", args=[case.pk, "diagnostics"])


# -- Sent by the script


def test_a_file_is_announced_sent_and_confirmed(landlord, case):
    assert send(landlord, case).status_code == 201

    piece = case.pieces.get()
    assert (piece.kind, piece.file.state, piece.file.name) == ("dpe", FileState.PENDING, "dpe.pdf")
    assert "Vérification en cours" in page(landlord, case)


@pytest.mark.parametrize(
    ("name", "size", "content_type", "said"),
    [
        (
            "bail.docx",
            9,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "n’est ni un PDF ni une photo",
        ),
        ("vide.pdf", 0, "application/pdf", "« vide.pdf » est vide"),
        ("lourd.pdf", receiving.MAX_FILE_SIZE + 1, "application/pdf", "« lourd.pdf » dépasse 20 Mo"),
        ("sans-extension", 9, "", "n’est ni un PDF ni une photo"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name_before_it_is_sent(landlord, case, name, size, content_type, said):
    answer = landlord.post(reverse("upload", args=[case.pk]), {"name": name, "size": size, "content_type": content_type})

    assert answer.status_code == 422
    assert said in answer.json()["error"]
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(("name", "given", "taken"), [
    ("IMG_5195.HEIC", "", "image/heic"), ("page.heif", "image/heif", "image/heic"), ("dpe.pdf", "application/octet-stream", "application/pdf"),
    ("page.JPG", "image/jpg", "image/jpeg"),
])  # fmt: skip
def test_a_browser_that_does_not_know_a_type_is_helped_by_the_name(landlord, case, name, given, taken):
    ticket = announce(landlord, case, name=name, content_type=given).json()

    assert ticket["headers"]["Content-Type"] == taken


def test_sixty_files_and_two_hundred_megabytes(landlord, case):
    kept = {"application": case, "name": "page.jpg", "content_type": "image/jpeg", "uploaded_by": case.applicant}
    StoredFile.objects.bulk_create(StoredFile(size=1, **kept) for _ in range(receiving.MAX_CASE_FILES))
    assert "a déjà 60 fichiers" in announce(landlord, case).json()["error"]

    StoredFile.objects.all().delete()
    StoredFile.objects.create(size=receiving.MAX_CASE_SIZE, **kept)
    assert "dépasserait 200 Mo" in announce(landlord, case).json()["error"]


def test_the_limits_are_said_before(landlord, case):
    shown = page(landlord, case).replace("\N{NO-BREAK SPACE}", " ")

    assert "20 Mo par fichier, 60 fichiers et 200 Mo pour toute la demande" in shown


# -- Cut


def test_what_did_not_arrive_is_asked_again_and_nothing_else(landlord, case):
    send(landlord, case, pdf("first"), name="un.pdf", kinds=["electricity"])
    ticket = announce(landlord, case, pdf("cut"), name="deux.pdf").json()
    told = landlord.post(ticket["done"])
    assert (told.status_code, told.json()["again"]) == (409, True)
    shown = page(landlord, case)
    assert "deux.pdf" in shown
    assert "Choisir de nouveau" in shown
    assert "un.pdf (" not in shown

    again = announce(landlord, case, pdf("cut"), name="deux.pdf").json()
    assert again["done"] == ticket["done"], "the same file keeps its row"
    put(landlord, again, pdf("cut"))
    assert landlord.post(again["done"]).status_code == 201
    assert "Choisir de nouveau" not in page(landlord, case)


def test_bytes_that_arrived_before_a_reload_need_no_second_sending(landlord, case):
    ticket = announce(landlord, case).json()
    put(landlord, ticket)

    assert landlord.post(ticket["done"]).status_code == 201, "the announcement says which pieces it is"
    assert landlord.post(ticket["done"]).status_code == 201
    assert case.pieces.count() == 1


def test_pages_keep_the_order_in_which_they_were_chosen(landlord, case):
    names = ["page-1.pdf", "page-2.pdf", "page-3.pdf"]
    tickets = [announce(landlord, case, pdf(name), name=name).json() for name in names]
    for place in (0, 2, 1):
        put(landlord, tickets[place], pdf(names[place]))
        landlord.post(tickets[place]["done"])

    assert [piece.file.name for piece in lines(case)["dpe"].pieces] == names


def test_a_file_that_will_not_come_is_no_longer_awaited(landlord, case):
    announce(landlord, case, name="oublié.pdf")
    landlord.post(reverse("upload-forget", args=[case.pk, case.files.get().pk]))

    assert "oublié.pdf" not in page(landlord, case)
    assert not case.files.exists()


def test_a_storage_that_does_not_answer_is_said_and_costs_nothing(landlord, case, settings, tmp_path):
    ticket = announce(landlord, case).json()
    put(landlord, ticket)
    files = tmp_path / "files"
    files.rename(tmp_path / "away")
    files.write_text("not a folder")
    told = landlord.post(ticket["done"])
    files.unlink()
    (tmp_path / "away").rename(files)

    assert told.json()["again"] is True
    assert landlord.post(ticket["done"]).status_code == 201


# -- Replaced, removed


def test_a_new_file_takes_the_place_of_the_pages_that_were_shown(landlord, case, officer):
    old = [give(case, content=pdf(n), name=f"ancien-{n}.pdf", examined=n == 1) for n in (1, 2)]
    shown = {"instead_of": [piece.pk for piece in old]}
    send(landlord, case, pdf("a"), name="nouveau-a.pdf", **shown)
    send(landlord, case, pdf("b"), name="nouveau-b.pdf", **shown)

    line = lines(case)["dpe"]
    assert [piece.file.name for piece in line.pieces] == ["nouveau-a.pdf", "nouveau-b.pdf"]
    assert [piece.file.name for piece in line.history] == ["ancien-1.pdf", "ancien-2.pdf"]
    assert "Versions précédentes (2)" in page(landlord, case)
    assert landlord.get(reverse("file", args=[old[0].file_id])).status_code == 302

    intake.submit(case, by=case.applicant, on=case.authority.today())
    landlord.force_login(officer)
    assert "Versions précédentes (2)" in landlord.get(reverse("case", args=[case.pk])).content.decode()
    assert landlord.get(reverse("file", args=[old[0].file_id])).status_code == 302


def test_what_the_service_accepted_keeps_its_place(landlord, case, officer):
    piece = give(case)
    today = case.authority.today()
    intake.submit(case, by=case.applicant, on=today)
    completeness.check_piece(piece.application, kind=piece.kind, verdict=Verdict.ACCEPTED, by=officer, on=today)
    send(landlord, case, pdf("new"), instead_of=[piece.pk])

    piece.refresh_from_db()
    assert piece.replaced_on is None


def test_a_page_of_another_case_is_replaced_by_nobody(landlord, case):
    other = give(factories.ApplicationFactory(), examined=False)

    assert announce(landlord, case, instead_of=[other.pk]).status_code == 422


def test_removing_a_page_keeps_what_was_known_and_forgets_the_bytes(landlord, case, settings):
    first = give(case, content=pdf(1), established_on=date(2024, 3, 12))
    second = give(case, content=pdf(2), examined=False)
    kept, key = stored(settings, first.file.key), first.file.key
    landlord.post(reverse("application-remove-piece", args=[case.pk, first.pk]))

    second.refresh_from_db()
    assert second.established_on == date(2024, 3, 12)
    assert not StoredFile.objects.filter(pk=first.file_id).exists()
    sha256 = key.rpartition("/")[2]
    delete_bytes(application_id=case.pk, sha256=sha256, keys=[key])
    assert not kept.exists()


def test_bytes_given_again_meanwhile_are_kept(landlord, case, settings):
    piece = give(case)
    key = piece.file.key
    landlord.post(reverse("application-remove-piece", args=[case.pk, piece.pk]))
    give(case)
    delete_bytes(application_id=case.pk, sha256=key.rpartition("/")[2], keys=[key])

    assert stored(settings, key).exists()


def test_a_file_that_serves_another_piece_stays(landlord, case):
    dpe = give(case, PieceKind.DPE, PieceKind.GAS, examined=False)
    landlord.post(reverse("application-remove-piece", args=[case.pk, dpe.pk]))

    assert case.pieces.get().kind == PieceKind.GAS
    assert case.files.count() == 1


def test_a_draft_is_discarded_with_its_examined_files(landlord, case):
    give(case)
    landlord.post(reverse("application-discard", args=[case.pk]))

    assert not Application.objects.filter(pk=case.pk).exists()
    assert not StoredFile.objects.exists()


# -- One file for several pieces


def test_one_file_for_several_pieces_has_the_pages_of_each(landlord, case):
    piece = give(case, PieceKind.DPE, PieceKind.GAS)
    StoredFile.objects.filter(pk=piece.file_id).update(page_count=30)
    dpe, gas = case.pieces.order_by("pk")
    url = reverse("file-pages", args=[case.pk, piece.file_id])
    assert url in page(landlord, case)
    landlord.post(url, {f"first_{dpe.pk}": 1, f"last_{dpe.pk}": 9, f"first_{gas.pk}": 10, f"last_{gas.pk}": 14})

    dpe.refresh_from_db()
    gas.refresh_from_db()
    assert [(each.first_page, each.last_page) for each in (dpe, gas)] == [(1, 9), (10, 14)]
    for pages, said in (((9, 1), "La dernière page précède la première."), ((10, 31), "Ce fichier a 30 pages.")):
        wrong = landlord.post(url, {f"first_{dpe.pk}": pages[0], f"last_{dpe.pk}": pages[1]})
        assert wrong.status_code == 422
        assert said in wrong.content.decode()


def test_a_bundle_by_the_ordinary_form(landlord, case):
    sent = {"bundle": "True", "kinds": ["dpe", "gas"], "upload": [factories.upload(name="DDT complet.pdf")]}
    assert landlord.post(step(case), sent).status_code == 302
    assert {piece.kind for piece in case.pieces.all()} == {"dpe", "gas"}

    unsaid = landlord.post(step(case), {"bundle": "True", "upload": [factories.upload()]})
    assert "cochez au moins une pièce" in unsaid.content.decode()


# -- Free documents


def test_a_free_document_has_a_name_and_never_counts(landlord, case, incomplete):
    unnamed = announce(landlord, case, kinds=["other"])
    assert "Donnez un nom à ce document" in unnamed.json()["error"]
    send(landlord, case, pdf("boiler"), kinds=["other"], title="Facture de la chaudière")
    send(landlord, case, pdf("sweep"), kinds=["other"], title="Ramonage")

    case = Application.objects.get(pk=case.pk)
    assert (case.state, case.tacit_on) == (State.INCOMPLETE, None)
    shown = page(landlord, case)
    assert "Facture de la chaudière" in shown
    named = [line for line in lines(case).values() if line.kind == PieceKind.OTHER]
    assert [line.label for line in named] == ["Facture de la chaudière", "Ramonage"]
    assert not any(line.required or line.is_missing for line in named)


def test_a_free_document_replaces_the_one_of_its_name(landlord, case):
    for mark, title in (("a", "Facture"), ("b", "Ramonage")):
        send(landlord, case, pdf(mark), kinds=["other"], title=title)
    invoice = case.pieces.get(title="Facture")
    send(landlord, case, pdf("c"), kinds=["other"], title="Facture", instead_of=[invoice.pk])

    assert case.pieces.current().filter(title="Ramonage").count() == 1
    assert case.pieces.current().get(title="Facture").pk != invoice.pk


# -- The ordinary form, and the filed case


def test_the_ordinary_form_keeps_what_it_can_and_names_the_rest(landlord, case):
    files = [factories.upload(pdf(1), "bon.pdf"), factories.upload(b"PK\x03\x04", "bail.docx"), factories.upload(b"", "vide.pdf")]
    answer = landlord.post(step(case), {"slug": "dpe", "kinds": "dpe", "upload": [*files, factories.upload(pdf(2), "aussi.pdf")]})

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "« bail.docx » n’est ni un PDF" in text
    assert "« vide.pdf » est vide" in text
    assert [piece.file.name for piece in lines(case)["dpe"].pieces] == ["bon.pdf", "aussi.pdf"]


def test_no_file_chosen_is_said_at_its_card(landlord, case):
    answer = landlord.post(step(case), {"slug": "dpe", "kinds": "dpe"})

    assert 'href="#file-dpe"' in answer.content.decode()


# -- Other people


def test_nobody_confirms_forgets_or_places_a_file_of_somebody_else(client, landlord, case):
    ticket = announce(landlord, case).json()
    file = case.files.get()
    mine = factories.ApplicationFactory()
    client.force_login(mine.applicant)
    for url in (
        ticket["done"],
        reverse("upload-forget", args=[case.pk, file.pk]),
        reverse("file-pages", args=[case.pk, file.pk]),
    ):
        assert client.post(url).status_code == 404
        assert client.post(url.replace(f"/demandes/{case.pk}/", f"/demandes/{mine.pk}/")).status_code == 404
    assert put(client, ticket).status_code == 404
    assert case.files.filter(pk=file.pk).exists()


# -- The number of queries


@pytest.mark.parametrize("name", ["application-step", "application-add-piece"])
def test_as_many_queries_with_one_piece_as_with_twenty(
    landlord, case, name, django_assert_max_num_queries, django_assert_num_queries
):
    earlier = factories.ApplicationFactory(authority=case.authority, commune=case.commune, applicant=case.applicant)
    give(earlier, examined=False)
    intake.submit(earlier, by=case.applicant, on=case.authority.today())
    give(case, PieceKind.GAS, examined=False)
    if name == "application-add-piece":
        intake.submit(case, by=case.applicant, on=case.authority.today())
    url = reverse(name, args=[case.pk, "diagnostics"] if name == "application-step" else [case.pk])
    landlord.get(url)
    with django_assert_max_num_queries(40) as few:
        landlord.get(url)

    for place in range(20):
        give(case, PieceKind.GAS if place % 2 else PieceKind.CREP, content=pdf(place), examined=False)
    with django_assert_num_queries(len(few)):
        landlord.get(url)
