"""Letters and hand-overs: the day that counts, the proofs of each step, the means that is safe in the days that remain."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.enums import Role
from documents.enums import ActKind
from notifications.models import Message
from permis import guards
from permis.enums import Ground, Means, NoticeState, Outcome, ReturnReason, State
from permis.models import Notice
from permis.models.journal import Event
from permis.validators import spaced_tracking_number, tracking_number, validate_tracking_number
from tests import factories
from tests.documents.reading import text_of
from tests.workflows.desk import words
from tests.workflows.test_actions import NOTICE, SIGN, WORK, signed
from workflows import channels, letters
from workflows.actions import clock, notification
from workflows.channels import Safety

pytestmark = pytest.mark.django_db
TACIT = date(2026, 4, 2)
NUMBER = "1A 204 873 0614 7"
REFUSAL = {"outcome": Outcome.REFUSED, "grounds": [Ground.DECENCY], "works": [WORK]}


@pytest.fixture
def refusal(town, staff):
    return signed(factories.ApplicationFactory(authority=town), staff, **REFUSAL)


def send(case, staff, *, on=date(2026, 3, 30), number=NUMBER):
    return notification.send_notice(
        case, means=Means.REGISTERED_LETTER, sent_on=on, tracking_number=number, by=staff, on=on
    )  # fmt: skip


def again(record):
    return type(record).objects.get(pk=record.pk)


def test_a_letter_presented_on_the_last_day_and_collected_much_later_refuses(refusal, staff):
    notice = send(refusal, staff)
    notification.follow_letter(notice, first_presented_on=TACIT, by=staff, on=TACIT)
    notification.follow_letter(
        again(notice), first_presented_on=TACIT, collected_on=date(2026, 4, 14), by=staff, on=date(2026, 4, 20)
    )  # fmt: skip

    case = again(refusal)
    assert (case.state, case.notified_on) == (State.REFUSED, TACIT)
    assert (again(notice).state, again(notice).collected_on) == (NoticeState.NOTIFIED, date(2026, 4, 14))
    assert case.journal.filter(event=Event.NOTIFIED).count() == 1


def test_a_letter_presented_the_day_after_refuses_nothing_and_says_what_remains(refusal, staff, client):
    notice = send(refusal, staff, on=date(2026, 4, 1))
    notification.follow_letter(notice, first_presented_on=date(2026, 4, 3), by=staff, on=date(2026, 4, 7))

    case = again(refusal)
    assert (case.state, case.notified_on) == (State.GRANTED_TACIT, None)
    assert case.journal.get(event=Event.GRANTED_TACITLY).facts["late_refusal"]
    client.force_login(staff)
    page = words(client.get(reverse("case", args=[case.pk])))
    assert "Refus tardif" in page
    assert "2 août 2026" in page


def test_a_letter_that_came_back_unclaimed_has_notified_on_its_first_presentation(refusal, staff):
    notice = send(refusal, staff)
    notification.follow_letter(
        notice,
        first_presented_on=date(2026, 4, 1),
        returned_on=date(2026, 4, 20),
        return_reason=ReturnReason.UNCLAIMED,
        by=staff,
        on=date(2026, 4, 21),
    )

    assert again(refusal).notified_on == date(2026, 4, 1)
    assert again(notice).state == NoticeState.NOTIFIED
    assert again(refusal).journal.get(event=Event.NOTICE_RETURNED).facts["reason"] == "Pli avisé et non réclamé"

    notification.follow_letter(again(notice), by=staff, on=date(2026, 4, 22))

    assert again(notice).returned_on is None
    assert again(refusal).journal.get(event=Event.NOTICE_CORRECTED).facts["returned_on"] == "2026-04-20"


def test_an_unknown_address_notifies_nothing_and_a_second_letter_may(refusal, staff):
    first = send(refusal, staff, on=SIGN)
    notification.follow_letter(
        first, returned_on=date(2026, 3, 26), return_reason=ReturnReason.UNKNOWN, by=staff, on=date(2026, 3, 26)
    )  # fmt: skip
    assert (again(first).state, again(refusal).state) == (NoticeState.RETURNED, State.DECISION_SIGNED)

    second = send(refusal, staff, number="1A 204 873 0615 4")
    notification.follow_letter(second, first_presented_on=TACIT, by=staff, on=TACIT)

    assert again(refusal).notified_on == TACIT
    assert [notice.state for notice in refusal.notices.order_by("pk")] == [NoticeState.RETURNED, NoticeState.NOTIFIED]


def test_the_day_of_another_letter_is_kept_and_changes_nothing(refusal, staff):
    first, second = send(refusal, staff), send(refusal, staff, number="1A 204 873 0615 4")
    notification.follow_letter(first, first_presented_on=date(2026, 3, 31), by=staff, on=TACIT)
    notification.follow_letter(second, first_presented_on=TACIT, by=staff, on=TACIT)

    assert again(refusal).notified_on == date(2026, 3, 31)
    assert again(second).first_presented_on == TACIT
    assert again(refusal).journal.get(event=Event.NOTICE_PRESENTED).on == TACIT
    assert Message.objects.filter(kind="decision_notified", recipient=refusal.applicant.email).count() == 1


def test_a_proof_dated_in_time_and_entered_after_the_silence_gives_the_refusal_back(refusal, staff):
    notice = send(refusal, staff)
    clock.grant_tacitly(refusal, on=date(2026, 4, 3))
    notification.follow_letter(notice, first_presented_on=TACIT, by=staff, on=date(2026, 4, 9))

    assert again(refusal).state == State.REFUSED
    assert again(refusal).journal.filter(event=Event.SILENCE_REVERSED).exists()


def test_a_number_belongs_to_one_letter(refusal, town, staff):
    send(refusal, staff)
    other = signed(factories.ApplicationFactory(authority=town), staff)
    with pytest.raises(notification.TrackingNumberTaken, match=str(refusal)):
        send(other, staff, number="1A20487306147")


@pytest.mark.parametrize(
    "days",
    [
        {"first_presented_on": date(2026, 3, 29)},
        {"first_presented_on": date(2026, 4, 10)},
        {"first_presented_on": TACIT, "collected_on": date(2026, 4, 1)},
        {"collected_on": TACIT, "returned_on": TACIT},
    ],
)
def test_days_that_do_not_follow_each_other_are_refused(refusal, staff, days):
    notice = send(refusal, staff)
    with pytest.raises(notification.DatesDisagree):
        notification.follow_letter(notice, **days, by=staff, on=date(2026, 4, 3))
    assert again(refusal).state == State.DECISION_SIGNED


def test_only_who_reviews_follows_a_letter(refusal, town, staff):
    notice = send(refusal, staff)
    for user in (
        refusal.applicant,
        factories.member(town, Role.INSPECTOR),
        factories.member(factories.AuthorityFactory(), Role.OFFICER),
    ):
        with pytest.raises(PermissionDenied):
            notification.follow_letter(notice, first_presented_on=TACIT, by=user, on=TACIT)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1A 204 873 0614 7", "1A20487306147"), ("2c.170.012.4521-8", "2C17001245218"), ("RK 123456785 FR", "RK123456785FR")],
)
def test_a_tracking_number_is_read_with_or_without_its_spaces(typed, kept):
    assert tracking_number(typed) == kept
    validate_tracking_number(kept)


@pytest.mark.parametrize("typed", ["1A 204 873", "204873061470", "AAA", "1A 204 873 0614 77 8"])
def test_another_thing_is_no_tracking_number(typed):
    with pytest.raises(ValidationError, match="1A 204 873 0614 7"):
        validate_tracking_number(tracking_number(typed))


def test_a_number_is_shown_as_it_stands_on_the_slip():
    assert spaced_tracking_number("1A20487306147") == NUMBER
    assert spaced_tracking_number("RK123456785FR") == "RK123456785FR"


# Thursday 2 April 2026 is the last day; Friday 3 is a working day, Monday 6 is Easter Monday.
@pytest.mark.parametrize(
    ("today", "hand", "letter"),
    [
        (date(2026, 3, 20), Safety.SAFE, Safety.SAFE),
        (date(2026, 3, 27), Safety.SAFE, Safety.SAFE),
        (date(2026, 3, 30), Safety.SAFE, Safety.RISKY),
        (date(2026, 3, 31), Safety.SAFE, Safety.RISKY),
        (date(2026, 4, 1), Safety.SAFE, Safety.TOO_LATE),
        (TACIT, Safety.SAFE, Safety.TOO_LATE),
        (date(2026, 4, 3), Safety.TOO_LATE, Safety.TOO_LATE),
    ],
)
def test_what_is_safe_depends_on_the_days_that_remain(refusal, today, hand, letter):
    found = {advice.means: advice.safety for advice in channels.advise(refusal, today=today)}
    assert (found[Means.HAND], found[Means.REGISTERED_LETTER]) == (hand, letter)
    assert found[Means.PORTAL] in (Safety.CLOSED, Safety.TOO_LATE)


def test_holidays_count_and_a_weekend_leaves_no_working_day(refusal):
    """The last day is Easter Monday: on Saturday nobody is at the counter, and a letter of Tuesday may come too late."""
    refusal.tacit_on = date(2026, 4, 6)
    found = {advice.means: advice for advice in channels.advise(refusal, today=date(2026, 4, 4))}
    assert found[Means.HAND].safety == Safety.RISKY
    assert "Aucun jour ouvré" in found[Means.HAND].why
    assert found[Means.REGISTERED_LETTER].safety == Safety.TOO_LATE
    by_letter = {advice.means: advice.safety for advice in channels.advise(refusal, today=date(2026, 3, 31))}
    assert by_letter[Means.REGISTERED_LETTER] == Safety.RISKY  # 1, 2, 3 April, then Tuesday 7


def test_a_letter_abroad_takes_weeks(refusal):
    refusal.lessors.update(country="Portugal")
    advice = {each.means: each for each in channels.advise(refusal, today=NOTICE)}[Means.REGISTERED_LETTER]
    assert advice.safety == Safety.RISKY
    assert "étranger" in advice.why


@pytest.mark.parametrize(("today", "means"), [(NOTICE, Means.REGISTERED_LETTER), (date(2026, 4, 1), Means.HAND)])
def test_the_safest_means_is_proposed(refusal, today, means):
    assert channels.safest_means(refusal, on=today) == means
    assert channels.needs_second(refusal, today=today) == (today != NOTICE)


def test_the_receipt_of_a_hand_over_names_the_decision_and_leaves_room_to_sign(refusal):
    text = text_of(letters.hand_receipt(refusal, agent="Camille Martin", on=NOTICE))
    for said in (
        "Récépissé de remise en main propre",
        str(refusal),
        "Mme Hélène Duprat",
        "signée le 18 mars 2026",
        "Signature",
        "Camille Martin",
    ):
        assert said in text.replace("\xa0", " ")
    assert "Refus" not in text


def test_the_screen_notes_the_sending_then_the_presentation_with_its_proof(refusal, staff, client, time_machine):
    time_machine.move_to("2026-03-30T12:00:00Z")
    client.force_login(staff)
    url = reverse("case-notify", args=[refusal.pk])
    page = words(client.get(url))
    assert "Risqué" in page
    assert "doublez l’envoi" in page
    client.post(url, {"means": "registered_letter", "sent_on": "2026-03-30", "tracking_number": NUMBER})
    notice = refusal.notices.get()
    assert (notice.state, notice.tracking_number) == (NoticeState.SENT, "1A20487306147")

    time_machine.move_to("2026-04-07T12:00:00Z")
    client.force_login(staff)
    letter = reverse("case-letter", args=[refusal.pk, notice.pk])
    client.post(letter, {"first_presented_on": "2026-04-02", "proof": factories.upload(name="avis.pdf")})
    assert again(refusal).state == State.REFUSED
    shown = client.get(reverse("case", args=[refusal.pk])).content.decode()
    assert "date qui compte" in shown
    assert NUMBER in shown
    assert reverse("file", args=[refusal.files.get(sha256=again(notice).proof_sha256).pk]) in shown


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"means": "registered_letter", "sent_on": "2026-03-20", "tracking_number": "1A 204"}, "recopiez-le en entier"),
        ({"means": "registered_letter", "sent_on": "2026-03-20"}, "il fait la preuve"),
        ({"means": "hand", "recipient": "Mme Duprat"}, "jour de la remise"),
        ({"means": "portal"}, "portal"),
    ],
)
def test_a_notice_that_lacks_something_is_refused_with_words(refusal, staff, client, fields, told, time_machine):
    time_machine.move_to("2026-03-20T12:00:00Z")
    client.force_login(staff)
    page = client.post(reverse("case-notify", args=[refusal.pk]), fields)
    assert page.status_code == 422
    assert told in words(page)
    assert not Notice.objects.exists()


def test_a_letter_said_unclaimed_gives_its_first_presentation(refusal, staff, client, time_machine):
    time_machine.move_to("2026-04-20T12:00:00Z")
    notice = send(refusal, staff)
    client.force_login(staff)
    url = reverse("case-letter", args=[refusal.pk, notice.pk])
    page = client.post(url, {"returned_on": "2026-04-18", "return_reason": "unclaimed"})
    assert page.status_code == 422
    assert "recopiez le jour de sa première présentation" in words(page)
    other = signed(factories.ApplicationFactory(authority=refusal.authority), staff)
    assert client.get(reverse("case-letter", args=[other.pk, notice.pk])).status_code == 404


def test_the_service_alone_reads_the_act_before_its_notification(refusal, staff, client):
    act = refusal.acts.get(kind=ActKind.DECISION_REFUSED)
    client.force_login(refusal.applicant)
    assert client.get(reverse("act", args=[act.pk])).status_code == 404
    notification.notify(refusal, means=Means.HAND, notified_on=NOTICE, recipient="le bailleur", by=staff, on=NOTICE)
    assert b"".join(client.get(reverse("act", args=[act.pk])).streaming_content).startswith(b"%PDF")


def test_a_letter_sent_before_the_signature_is_refused(refusal, staff):
    with pytest.raises(guards.NotSigned):
        send(refusal, staff, on=SIGN - timedelta(days=1))
