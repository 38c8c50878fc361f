"""The look-up of a case's certificate, by its job. The register's answers are written after its published documentation."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.enums import Role
from documents import certificates, tasks
from documents.ademe import Absence, Unavailable
from documents.enums import LookUpOutcome
from documents.models import StoredFile
from permis.enums import PieceKind
from tests import factories
from tests.documents.test_ademe import CERTIFICATE, ROW, FakeAdeme
from workflows.actions import gathering, intake

pytestmark = pytest.mark.django_db
NUMBER, ON = "2433E0412076K", date(2026, 3, 2)


@pytest.fixture
def register(settings) -> Iterator[FakeAdeme]:
    with FakeAdeme() as fake:
        settings.ADEME_URL = f"http://127.0.0.1:{fake.server_port}/datasets"
        thread = threading.Thread(target=fake.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield fake
        fake.shutdown()
        thread.join()


@pytest.fixture
def draft():
    return factories.ApplicationFactory(sheet={"dpe_number": NUMBER})


def give(case, **facts):
    gathering.add_piece(case, kinds=[PieceKind.DPE], upload=factories.upload(), by=case.applicant, on=ON)
    case.files.update(facts=facts)


def jobs():
    return ProcrastinateJob.objects.filter(task_name="documents.tasks.look_up_certificate", status="todo")


def test_the_answer_is_kept_with_its_proof(register, draft):
    register.answers(ROW)

    tasks.look_up_certificate(application_id=draft.pk, number=NUMBER)

    kept = draft.look_ups.get()
    assert (kept.outcome, kept.digest) == (LookUpOutcome.FOUND, hashlib.sha256(register.body).hexdigest())
    assert kept.asked_at is not None
    assert certificates.said(kept) == CERTIFICATE


def test_an_absence_is_kept_too(register, draft):
    register.answers()

    tasks.look_up_certificate(application_id=draft.pk, number=NUMBER)

    assert certificates.said(draft.look_ups.get()) == Absence.ABSENT
    assert draft.look_ups.get().digest


def test_a_register_that_is_down_is_written_down_and_asked_again(register, draft):
    register.answers(status=503)

    with pytest.raises(Unavailable):
        tasks.look_up_certificate(application_id=draft.pk, number=NUMBER)

    assert certificates.said(draft.look_ups.get()) == Absence.UNAVAILABLE
    assert tasks.look_up_certificate.retry_strategy.max_attempts == 4


def test_an_answer_is_not_undone_by_a_breakdown(register, draft):
    register.answers(ROW)
    found = certificates.look_up(draft, NUMBER)
    register.answers(status=503)
    certificates.look_up(draft, NUMBER)

    assert certificates.last_word(draft.look_ups.all(), NUMBER) == found
    assert certificates.last_word(draft.look_ups.all(), "2433E0412077L") is None


def test_without_a_register_nothing_is_asked_nor_kept(draft, settings):
    assert settings.ADEME_URL == ""

    tasks.look_up_certificate(application_id=draft.pk, number=NUMBER)
    give(draft)

    assert not tasks.ask_about_certificate(draft)
    assert not draft.look_ups.exists()
    assert not jobs().exists()
    assert certificates.said(None) == Absence.NEVER_ASKED


def test_what_the_register_leaves_out_stays_empty(register, draft):
    register.answers({"numero_dpe": NUMBER, "surface_habitable_logement": 58.4})

    said = certificates.said(certificates.look_up(draft, NUMBER))

    assert (said.established_on, said.energy_class, said.surface) == (None, "", Decimal("58.4"))


@pytest.mark.parametrize(
    ("typed", "read", "number"),
    [
        (NUMBER, "2433E0400001B", NUMBER),
        ("", "2433E0400001B", "2433E0400001B"),
        ("", "", ""),
        ("", "X", ""),
        ("abc", "2433E0400001B", ""),
    ],
)
def test_the_number_that_was_typed_wins(typed, read, number):
    case = factories.ApplicationFactory(sheet={"dpe_number": typed})
    give(case, number=read)

    assert certificates.number_of(case) == number


def test_a_number_is_asked_about_once_and_again_on_demand(register, draft):
    register.answers(ROW)

    assert tasks.ask_about_certificate(draft)
    assert tasks.ask_about_certificate(draft)
    assert jobs().count() == 1

    jobs().update(status="succeeded")
    certificates.look_up(draft, NUMBER)
    tasks.ask_about_certificate(draft)
    assert jobs().count() == 0
    tasks.ask_about_certificate(draft, again=True)
    assert jobs().count() == 1


def test_the_deposit_asks_about_the_number_that_was_typed(register, draft):
    give(draft)

    intake.submit(draft, by=draft.applicant, on=ON)

    assert jobs().get().args == {"application_id": draft.pk, "number": NUMBER}


def test_the_examination_asks_about_the_number_that_was_read(register):
    case = factories.ApplicationFactory(authority=factories.AuthorityFactory())
    officer = factories.member(case.authority, Role.OFFICER)
    text = "Diagnostic de performance \\351nerg\\351tique N : 2433E0412076K"
    gathering.add_piece(case, kinds=[PieceKind.DPE], upload=factories.upload(pdf_saying(text)), by=officer, on=ON)

    tasks.examine_file(file_id=StoredFile.objects.get().pk)

    assert StoredFile.objects.get().facts == {"kind": "dpe", "number": NUMBER}
    assert jobs().get().args == {"application_id": case.pk, "number": NUMBER}


def pdf_saying(text: str) -> bytes:
    """One page with one line of text, in the standard font."""
    drawing = f"BT /F1 10 Tf 20 700 Td ({text}) Tj ET".encode()
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length %d>>stream\n%b\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%%%EOF\n" % (len(drawing), drawing)
    )
