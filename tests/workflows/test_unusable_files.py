"""What a file that turns out to be of no use does to a case, and what it does not: its dates (rules 2.2 to 2.4)."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from documents import tasks
from documents.enums import FileState
from notifications.enums import Kind
from notifications.models import Message
from permis.enums import PieceKind, State
from permis.models import Application
from permis.models.journal import Event
from tests import factories
from tests.documents.sending import work
from tests.servers import EICAR
from workflows import dossier
from workflows.actions import clock, completeness, gathering, intake

pytestmark = pytest.mark.django_db
DEPOSIT, CHECK, ASKED, ANSWERED = (date(2026, 3, day) for day in (2, 4, 5, 12))
TACIT, TACIT_AFTER_ANSWER = date(2026, 4, 2), date(2026, 4, 12)
NOBODY = "unix:///nonexistent/clamd.sock"
DAMAGED = b"%PDF-1.4 and nothing more"
DANGEROUS = factories.PDF + EICAR


@pytest.fixture
def authority():
    return factories.AuthorityFactory()


@pytest.fixture
def officer(authority):
    return factories.member(authority, Role.OFFICER)


def give(case, content, *kinds, on=DEPOSIT):
    gathering.add_piece(
        case, kinds=kinds or [PieceKind.DPE], upload=factories.upload(content), by=case.applicant, on=on
    )  # fmt: skip


def filed(authority, content=factories.PDF):
    draft = factories.ApplicationFactory(authority=authority)
    give(draft, content)
    return intake.submit(draft, by=draft.applicant, on=DEPOSIT)


def again(case):
    return Application.objects.get(pk=case.pk)


def missing(case):
    return dossier.missing_pieces(again(case), on=CHECK)


@pytest.mark.parametrize("content", [factories.PDF, DAMAGED, DANGEROUS], ids=["good", "damaged", "dangerous"])
def test_the_deposit_keeps_its_date_whatever_the_examination_takes_and_finds(authority, settings, content):
    settings.CLAMD_URL = NOBODY
    case = filed(authority, content)
    work()
    assert case.files.get().state == FileState.ERROR
    assert (case.state, case.received_on, case.tacit_on) == (State.SUBMITTED, DEPOSIT, TACIT)
    assert missing(case) == [], "what waits is given"

    settings.CLAMD_URL = ""
    tasks.examine_waiting_files()
    work()

    case = again(case)
    assert (case.state, case.received_on, case.clock_started_on, case.tacit_on) == (State.SUBMITTED, DEPOSIT, DEPOSIT, TACIT)
    assert missing(case) == ([] if content == factories.PDF else [PieceKind.DPE])


@pytest.mark.parametrize("content", [DAMAGED, DANGEROUS], ids=["damaged", "dangerous"])
def test_the_landlord_is_told_once_the_journal_says_it_and_the_officer_sees_it(authority, officer, content):
    case = filed(authority, content)
    work()
    file = case.files.get()
    tasks.app.configure_task("workflows.tasks.tell_of_unusable_file").defer(file_id=file.pk)
    work()

    line = case.journal.get(event=Event.FILE_UNUSABLE)
    assert (line.facts["file"], line.facts["reason"], line.author) == (file.pk, file.problem, None)
    told = list(Message.objects.filter(kind=Kind.FILE_UNUSABLE).values_list("recipient", flat=True))
    assert case.applicant.email in told
    assert len(told) == len(set(told)), "once each"
    browser = Client()
    browser.force_login(officer)
    page = browser.get(reverse("case-check", args=[case.pk])).content.decode()
    assert "À remplacer" in page
    assert file.problem in page
    with pytest.raises(completeness.PiecesMissing, match="DPE"):
        completeness.declare_complete(again(case), by=officer, on=CHECK)


def test_of_a_draft_nothing_is_said_but_on_its_page(authority):
    draft = factories.ApplicationFactory(authority=authority)
    give(draft, DAMAGED)
    work()
    assert not draft.journal.exists()
    assert not Message.objects.exists()
    browser = Client()
    browser.force_login(draft.applicant)
    page = browser.get(reverse("application-step", args=[draft.pk, "diagnostics"])).content.decode()
    assert "À remplacer" in page


def test_an_unusable_piece_is_missing_and_does_not_stop_the_month_by_itself(authority):
    case = filed(authority, DAMAGED)
    work()
    assert missing(case) == [PieceKind.DPE]
    clock.run(authority, on=date(2026, 4, 3))
    assert again(case).state == State.GRANTED_TACIT


def test_only_the_notified_request_stops_it_and_a_good_file_starts_it_again(authority, officer):
    case = filed(authority, DAMAGED)
    work()
    case = completeness.request_missing(
        again(case), kinds=[PieceKind.DPE], respond_by=date(2026, 4, 5), by=officer, on=ASKED
    )  # fmt: skip
    assert (case.state, case.tacit_on) == (State.INCOMPLETE, None)

    give(case, factories.PDF, on=ANSWERED)

    case = again(case)
    assert (case.clock_started_on, case.tacit_on) == (ANSWERED, TACIT_AFTER_ANSWER)
    work()
    assert again(case).tacit_on == TACIT_AFTER_ANSWER
    assert missing(case) == []


def test_an_answer_that_proves_unusable_keeps_its_task_until_it_is_asked_for_again(authority, officer):
    case = filed(authority, DAMAGED)
    work()
    asked = {"kinds": [PieceKind.DPE], "respond_by": date(2026, 4, 6), "by": officer}
    completeness.request_missing(again(case), on=ASKED, **asked)
    give(case, DAMAGED + b" again", on=ANSWERED)
    work()
    assert case.files.filter(state=FileState.UNREADABLE).count() == 2
    assert case.work_items.filter(node="check_answer").exists()
    assert again(case).tacit_on == TACIT_AFTER_ANSWER, "only a notified request stops the month"

    completeness.request_missing(again(case), on=ANSWERED, **asked)

    assert set(case.work_items.values_list("node", flat=True)) == {"provide_pieces"}


def test_an_answer_counts_from_its_reception_even_before_it_was_examined(authority, officer, settings):
    case = filed(authority, DAMAGED)
    work()
    completeness.request_missing(again(case), kinds=[PieceKind.DPE], respond_by=date(2026, 4, 5), by=officer, on=ASKED)
    settings.CLAMD_URL = NOBODY
    give(case, factories.PDF, on=ANSWERED)
    work()
    assert again(case).tacit_on == TACIT_AFTER_ANSWER


def test_the_last_piece_does_not_complete_a_file_of_which_another_is_unusable(authority, officer):
    draft = factories.ApplicationFactory(authority=authority, sheet={"construction_year": 1930})
    case = intake.submit(draft, by=draft.applicant, on=DEPOSIT)
    asked = [PieceKind.DPE, PieceKind.CREP]
    assert set(asked) <= set(missing(case))
    completeness.request_missing(again(case), kinds=asked, respond_by=date(2026, 4, 5), by=officer, on=ASKED)
    give(case, DAMAGED, PieceKind.DPE, on=ANSWERED)
    work()

    give(again(case), factories.PDF + b"\n", PieceKind.CREP, on=date(2026, 3, 13))
    assert again(case).state == State.INCOMPLETE

    give(again(case), factories.PDF, PieceKind.DPE, on=date(2026, 3, 16))
    assert (again(case).clock_started_on, again(case).tacit_on) == (date(2026, 3, 16), date(2026, 4, 16))
