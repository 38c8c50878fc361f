"""The post of a day: what nobody e-mailed, grouped by recipient, printed in one go, then noted with its numbers."""

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from accounts.enums import Role
from documents import binding, rendering, tasks
from documents import specimens as samples
from documents.enums import ActKind
from documents.models import Act
from notifications.models import Message, Posting
from permis import guards
from permis.enums import ConditionMode, Ground, Means, NoticeState, Outcome, PieceKind
from permis.models.journal import Event
from tests import factories
from tests.workflows.desk import words
from tests.workflows.test_actions import SIGN, WORK, signed
from tests.workflows.test_notification import REFUSAL
from workflows import letters, post
from workflows.actions import completeness, gathering, hearing, intake, notification, posting, works

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 20)
NUMBERS = ["1A 204 873 0614 7", "1A 204 873 0615 4"]


def rendered(case):
    for act in case.acts.filter(sha256="", issued_on__isnull=False):
        tasks.render_act(act_id=act.pk)


def on_paper(town, staff, *, on=date(2026, 3, 2), address="5 allée des Tilleuls"):
    """A landlord without e-mail, whose DPE is asked for: an acknowledgement and a request to post."""
    draft = factories.paper_draft(town)
    draft.lessors.update(email="", phone="05 57 00 00 01", address=address)
    gathering.add_piece(draft, kinds=[PieceKind.FORM], upload=factories.upload(), by=staff, on=on)
    case = intake.submit(draft, by=staff, on=on)
    case = completeness.request_missing(case, kinds=[PieceKind.DPE], respond_by=on + timedelta(30), by=staff, on=on)
    rendered(case)
    return case


@pytest.fixture
def refusal(town, staff):
    case = signed(factories.ApplicationFactory(authority=town), staff, **REFUSAL)
    rendered(case)
    return case


def pages(pdf):
    return [" ".join(page.extract_text().split()).replace("\xa0", " ") for page in PdfReader(io.BytesIO(pdf)).pages]


def test_what_nobody_emailed_waits_by_recipient_and_decisions_by_registered_letter(town, staff, refusal):
    first, second = on_paper(town, staff), on_paper(town, staff, address="1 rue du Port")
    found = post.envelopes(post.waiting({town.pk}))

    assert [envelope.is_registered for envelope in found] == [True, False, False]
    assert found[0].letters[0].act.kind == ActKind.DECISION_REFUSED
    by_case = {envelope.letters[0].act.application: [letter.act.kind for letter in envelope.letters] for envelope in found[1:]}
    assert by_case == {case: [ActKind.REGISTRATION, ActKind.MISSING_PIECES] for case in (first, second)}
    assert found[1].recipient == ("Mme Hélène Duprat", "1 rue du Port", "33000 Bordeaux")


def test_who_has_an_email_gets_no_letter_unless_every_message_failed(town, staff, refusal):
    receipt = refusal.acts.get(kind=ActKind.RECEIPT)
    assert receipt not in [letter.act for letter in post.waiting({town.pk})]
    Message.objects.filter(acts=receipt).update(state="failed")
    assert receipt in [letter.act for letter in post.waiting({town.pk})]


def test_a_decision_that_left_otherwise_waits_no_more(town, staff, refusal):
    notification.send_notice(refusal, means=Means.REGISTERED_LETTER, sent_on=SIGN, tracking_number=NUMBERS[0], by=staff, on=DAY)
    assert post.waiting({town.pk}) == []


def test_posting_feeds_the_notification_and_the_journal(town, staff, refusal):
    case = on_paper(town, staff)
    acts = [letter.act for letter in post.waiting({town.pk})]
    numbers = {act: NUMBERS[0] if act.kind in ActKind.decisions() else "" for act in acts}
    posting.mark_posted(numbers, posted_on=DAY, by=staff, on=DAY)

    notice = refusal.notices.get()
    assert (notice.state, notice.sent_on, notice.tracking_number) == (NoticeState.SENT, DAY, "1A20487306147")
    assert case.journal.filter(event=Event.LETTER_POSTED).count() == 2
    assert Event.LETTER_POSTED not in [entry.event for entry in case.journal.for_landlord()]
    assert post.waiting({town.pk}) == []
    with pytest.raises(posting.AlreadyPosted, match="déjà noté"):
        posting.mark_posted({acts[0]: ""}, posted_on=DAY, by=staff, on=DAY)


@pytest.mark.parametrize("means", [Means.REGISTERED_LETTER, Means.HAND])
def test_a_hearing_letter_leaves_registered_unless_it_was_handed_over(town, staff, means):
    draft = {"outcome": Outcome.CONDITIONAL, "mode": ConditionMode.PRIOR, "grounds": [Ground.DECENCY], "works": [WORK]}
    case = signed(factories.ApplicationFactory(authority=town), staff, **draft)
    case = notification.notify(case, means=Means.HAND, notified_on=SIGN, recipient="Mme Duprat", by=staff, on=SIGN)
    work = works.settle_work(case.decision.works.get(), met=False, by=staff, on=DAY)
    sent = hearing.open_hearing(case, works=[work], reasons="Rien n’est fait.", means=means, by=staff, on=DAY)
    rendered(case)
    found = post.waiting({town.pk})
    if means == Means.HAND:
        assert found == []
        return
    assert [(letter.act.kind, letter.is_registered, letter.has_window) for letter in found] == [(ActKind.HEARING, True, True)]
    posting.mark_posted({found[0].act: NUMBERS[0]}, posted_on=DAY, by=staff, on=DAY)
    sent.refresh_from_db()
    assert sent.tracking_number == "1A20487306147"


def test_all_are_noted_or_none(town, staff, refusal):
    case = on_paper(town, staff, on=date(2026, 3, 19))
    acts = {letter.act: "" for letter in post.waiting({town.pk})}
    with pytest.raises(posting.NotYetIssued, match=str(case)):
        posting.mark_posted(acts, posted_on=SIGN, by=staff, on=DAY)
    with pytest.raises(notification.ProofInTheFuture):
        posting.mark_posted(acts, posted_on=DAY + timedelta(1), by=staff, on=DAY)
    assert (Posting.objects.count(), refusal.notices.count()) == (0, 0)


def test_only_who_reviews_posts(town, staff):
    on_paper(town, staff)
    act = post.waiting({town.pk})[0].act
    for user in (factories.member(town, Role.INSPECTOR), factories.member(factories.AuthorityFactory(), Role.OFFICER)):
        with pytest.raises(PermissionDenied):
            posting.mark_posted({act: ""}, posted_on=DAY, by=user, on=DAY)


@pytest.mark.django_db(transaction=True)
def test_two_officers_post_a_letter_once(town, staff, refusal):
    act, barrier = post.waiting({town.pk})[0].act, Barrier(2)

    def mark(number):
        barrier.wait()
        try:
            posting.mark_posted({act: number}, posted_on=DAY, by=staff, on=DAY)
        except guards.Refusal:
            return "refused"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(mark, NUMBERS)) == ["done", "refused"]
    assert (Posting.objects.count(), refusal.notices.count()) == (1, 1)


def test_the_pdf_of_the_day_begins_each_letter_on_a_sheet_with_its_address(town, staff, refusal):
    on_paper(town, staff)
    found = post.envelopes(post.waiting({town.pk}))
    simple, double = (pages(post.bound(found, duplex=duplex, on=DAY)) for duplex in (False, True))

    assert "Notification d’une décision" in simple[0]
    assert "Mme Hélène Duprat 5 allée des Tilleuls 33000 Bordeaux" in simple[0]
    assert "Arrêté portant refus" in simple[1]
    starts = [
        number
        for number, text in enumerate(double)
        if "Notification d’une décision" in text or ("page 1 sur" in text and number > 1)
    ]
    assert all(number % 2 == 0 for number in starts)
    assert len(starts) == 3
    assert len(double) % 2 == 0


@pytest.mark.parametrize("kind", [ActKind.REGISTRATION, ActKind.MISSING_PIECES, ActKind.HEARING, ActKind.OCCUPANT_CONVOCATION])
def test_the_address_of_a_letter_shows_in_the_window_of_an_envelope(kind):
    """A DL envelope, its sheet folded in three: 100 to 190 mm from the left, 45 to 79 mm from the top, wherever it slides."""
    content = samples.contents()[kind]
    with closing(PdfDocument(rendering.render(content.as_data()))) as pdf, closing(pdf[0].get_textpage()) as page:
        for line in content.recipient:
            with closing(page.search(rendering.printable(line))) as search:
                left, bottom, _, top = page.get_charbox(search.get_next()[0])
            assert 100 <= left * 25.4 / 72 <= 190
            assert 45 <= 297 - top * 25.4 / 72 < 297 - bottom * 25.4 / 72 <= 79


def test_the_slips_carry_recipient_sender_and_reference(town):
    text = " ".join(
        pages(letters.slips(town, [(["Mme Hélène Duprat", "33000 Bordeaux"], "Refus, APML 1", NUMBERS[0])] * 5, on=DAY))
    )
    for said in ("Mme Hélène Duprat", town.name, "Refus, APML 1", NUMBERS[0], "20 mars 2026"):
        assert said in text
    assert text.count("Lettre recommandée avec avis de réception") == 5


def test_a_file_that_cannot_be_bound_says_so():
    with pytest.raises(binding.BindingFailed, match="ouvrez chaque acte"):
        binding.bind([[b"no PDF at all"]])


def test_the_screen_takes_pasted_numbers_in_order(town, staff, client, time_machine):
    time_machine.move_to("2026-03-20T12:00:00Z")
    cases = [signed(factories.ApplicationFactory(authority=town), staff, **REFUSAL) for _ in range(2)]
    client.force_login(staff)
    url = reverse("post")
    keys = [case.acts.get(kind=ActKind.DECISION_REFUSED).pk for case in cases]
    ticked = {f"post_{key}": "on" for key in keys}

    short = client.post(url, ticked | {"posted_on": "2026-03-20", "pasted": NUMBERS[0]})
    assert short.status_code == 422
    assert "Il manque le numéro" in words(short)
    assert NUMBERS[0] in short.content.decode()
    long = client.post(url, ticked | {"posted_on": "2026-03-20", "pasted": "\n".join([*NUMBERS, "1A 204 873 0616 1"])})
    assert "plus de numéros que de recommandés" in words(long)
    twice = client.post(url, ticked | {"posted_on": "2026-03-20", "pasted": "\n".join([NUMBERS[0]] * 2)})
    assert "donné à deux plis" in words(twice)
    assert not Posting.objects.exists()

    page = client.post(url, ticked | {"posted_on": "2026-03-20", "pasted": "\n".join(NUMBERS)}, follow=True)
    assert "2 plis sont notés comme postés" in words(page)
    assert [case.notices.get().tracking_number for case in cases] == ["1A20487306147", "1A20487306154"]
    assert "Rien à poster" in words(page)


def test_nothing_ticked_and_nothing_to_print_are_said(town, staff, client):
    client.force_login(staff)
    assert "Rien à imprimer" in words(client.get(reverse("post-pdf"), follow=True))
    page = client.post(reverse("post"), {"posted_on": "2026-03-20"})
    assert (page.status_code, "Cochez au moins un pli" in words(page)) == (422, True)


def test_another_town_sees_and_posts_nothing_of_it(town, staff, refusal, client):
    stranger = factories.member(factories.AuthorityFactory(), Role.OFFICER)
    client.force_login(stranger)
    key = refusal.acts.get(kind=ActKind.DECISION_REFUSED).pk
    assert str(refusal) not in client.get(reverse("post")).content.decode()
    client.post(reverse("post"), {f"post_{key}": "on", f"number_{key}": NUMBERS[0], "posted_on": "2026-03-20"})
    assert client.get(reverse("post-pdf") + f"?pli={key}").status_code == 302
    assert not Posting.objects.exists()


def test_ten_letters_ask_no_more_queries_than_one(town, staff, client, django_assert_num_queries, django_assert_max_num_queries):
    on_paper(town, staff)
    client.force_login(staff)
    client.get(reverse("post"))
    with django_assert_max_num_queries(30) as first:
        client.get(reverse("post"))
    for _ in range(4):
        on_paper(town, staff)
    with django_assert_num_queries(len(first)):
        client.get(reverse("post"))
    assert Act.objects.count() == 10
