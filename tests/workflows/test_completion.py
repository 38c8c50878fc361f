"""An incomplete file to its end: the alert, the reminder, the closure, the five days to contest, the late request."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from documents import rendering
from documents.enums import ActKind, FileState
from notifications.enums import Kind
from notifications.models import Message
from permis import deadlines, guards
from permis.enums import PieceKind, State
from permis.models import RuleChange
from permis.models.journal import Event
from permis.rules import Rule
from tests import factories
from tests.documents.reading import text_of
from tests.workflows.desk import words
from tests.workflows.test_actions import DEPOSIT, file
from workflows import completion
from workflows.actions import clock, completeness, gathering
from workflows.statistics import figures, period

pytestmark = pytest.mark.django_db
ASKED, FIXED, REMINDED, ARRIVED = date(2026, 3, 4), date(2026, 4, 3), date(2026, 4, 7), date(2026, 3, 20)
TACIT = date(2026, 4, 2)


def ask(case, staff, *, on=ASKED, kinds=(PieceKind.DPE,), **more):
    return completeness.request_missing(
        case, kinds=list(kinds), respond_by=max(FIXED, on + timedelta(20)), by=staff, on=on, **more
    )


def give(case, *kinds, on):
    upload = factories.upload(factories.PDF + str(case.files.count()).encode())
    gathering.add_piece(case, kinds=list(kinds), upload=upload, by=case.applicant, on=on)
    return type(case).objects.get(pk=case.pk)


def rule(town, name, value):
    RuleChange.objects.create(authority=town, rule=name, value=value, since=date(2020, 1, 1), by=factories.UserFactory())


@pytest.fixture
def filed(town):
    """A building of 1930 whose lead report and DPE the law asks for; photographs alone were given."""
    return file(factories.ApplicationFactory(authority=town, sheet={"construction_year": 1930}), PieceKind.PHOTOS)


@pytest.fixture
def incomplete(filed, staff):
    return ask(filed, staff)


def test_the_service_is_told_once_that_the_date_has_passed(incomplete, staff, town):
    assert clock.run(town, on=FIXED)["told"] == 0
    assert [clock.run(town, on=FIXED + timedelta(days))["told"] for days in (1, 1, 4)] == [1, 0, 0]
    told = Message.objects.get(kind=Kind.ANSWER_OVERDUE)
    assert told.recipient == staff.email
    assert "Relancez le bailleur" in told.text
    assert Event.ANSWER_OVERDUE not in [entry.event for entry in incomplete.journal.for_landlord()]


def test_a_second_request_is_told_of_in_its_turn(incomplete, staff, town):
    clock.run(town, on=date(2026, 4, 10))
    case = ask(
        give(incomplete, PieceKind.DPE, on=date(2026, 4, 11)), staff, on=date(2026, 4, 12), reasons={"dpe": "Autre logement."}
    )
    assert clock.run(town, on=case.respond_by + timedelta(1))["told"] == 1


def test_closed_after_a_reminder_with_reasons_and_appeal_routes(incomplete, staff):
    with pytest.raises(guards.NoReminder):
        completeness.close_incomplete(incomplete, by=staff, on=REMINDED)
    completeness.remind(incomplete, by=staff, on=REMINDED)
    case = completeness.close_incomplete(incomplete, by=staff, on=date(2026, 4, 27))

    assert case.state == State.CLOSED_INCOMPLETE
    act = case.acts.get(kind=ActKind.CLOSURE)
    text = text_of(rendering.render(act.content)).replace("\xa0", " ")
    for said in (
        "a demandé le 4 mars 2026",
        "relance a été envoyée le 7 avril 2026",
        "Diagnostic de performance énergétique",
        "Voies et délais de recours",
        "recours gracieux",
    ):
        assert said in text


@pytest.mark.parametrize("arrived_on", [REMINDED, date(2026, 4, 20)])
def test_a_piece_that_arrives_after_the_reminder_stops_the_closure(filed, staff, arrived_on):
    """Two are asked for, one comes: the landlord answers, nobody closes over it before another reminder."""
    case = ask(filed, staff, kinds=[PieceKind.DPE, PieceKind.CREP])
    completeness.remind(case, by=staff, on=REMINDED)
    case = give(case, PieceKind.DPE, on=arrived_on)
    with pytest.raises(guards.PieceArrived):
        completeness.close_incomplete(case, by=staff, on=date(2026, 4, 27))
    assert completion.of(case, today=date(2026, 4, 27)).can_close is False

    completeness.remind(case, by=staff, on=date(2026, 4, 28))
    assert completeness.close_incomplete(case, by=staff, on=date(2026, 5, 12)).state == State.CLOSED_INCOMPLETE


def test_the_last_piece_starts_the_month_by_itself_and_may_be_contested_five_days(incomplete, staff):
    case = give(incomplete, PieceKind.DPE, on=ARRIVED)
    assert (case.state, case.clock_started_on, case.tacit_on) == (State.UNDER_REVIEW, ARRIVED, date(2026, 4, 20))
    assert completion.of(case, today=ARRIVED).contest_until == date(2026, 3, 25) == deadlines.contest_until(ARRIVED)

    with pytest.raises(guards.ContestWithoutReason):
        ask(case, staff, on=date(2026, 3, 25))
    case = ask(case, staff, on=date(2026, 3, 25), reasons={"dpe": "Il porte sur le logement voisin."})
    assert (case.state, case.tacit_on, case.completed_on) == (State.INCOMPLETE, None, None)
    case = give(case, PieceKind.DPE, on=date(2026, 4, 1))
    assert case.tacit_on == date(2026, 5, 1)


def test_past_five_days_what_was_received_is_not_contested_any_more(incomplete, staff):
    case = give(incomplete, PieceKind.DPE, on=ARRIVED)
    with pytest.raises(guards.ContestTooLate):
        ask(case, staff, on=date(2026, 3, 26), reasons={"dpe": "Il porte sur le logement voisin."})
    assert type(case).objects.get(pk=case.pk).state == State.UNDER_REVIEW
    # Another piece, never asked for, may still be missing.
    assert ask(case, staff, on=date(2026, 3, 26), kinds=[PieceKind.CREP]).state == State.INCOMPLETE


def test_what_nobody_could_open_was_never_received(incomplete, staff):
    case = give(incomplete, PieceKind.DPE, on=ARRIVED)
    case.files.filter(pieces__kind=PieceKind.DPE).update(state=FileState.UNREADABLE)
    assert ask(case, staff, on=date(2026, 4, 2), reasons={"dpe": "Le fichier ne s’ouvre pas."}).state == State.INCOMPLETE


@pytest.mark.parametrize(("on", "is_late"), [(date(2026, 3, 28), False), (date(2026, 3, 29), True), (TACIT, True)])
def test_a_request_of_the_last_five_days_is_allowed_flagged_and_counted(filed, staff, town, on, is_late):
    ask(filed, staff, on=on)
    assert filed.piece_requests.get().is_late == is_late
    assert filed.journal.get(event=Event.MISSING_REQUESTED).facts["late"] == is_late
    for year, counted in ((2026, (int(is_late), 1)), (2025, (0, 0))):
        found = figures.read([town.pk], period.of_year(year, today=on), today=on).total
        assert (found.requested_late, found.requested) == counted


@pytest.mark.parametrize(("on", "refused"), [(date(2026, 3, 28), False), (date(2026, 3, 29), True)])
def test_an_authority_may_ask_no_more_in_the_last_five_days(filed, staff, town, on, refused):
    rule(town, Rule.LATE_NOTICE, value=False)
    if not refused:
        assert ask(filed, staff, on=on).state == State.INCOMPLETE
        return
    with pytest.raises(guards.LateNotice):
        ask(filed, staff, on=on)
    assert type(filed).objects.get(pk=filed.pk).tacit_on == TACIT


def test_after_the_last_day_nothing_is_asked_whatever_the_rule(filed, staff):
    with pytest.raises(guards.TooLate, match="trop tard"):
        ask(filed, staff, on=date(2026, 4, 3))


@pytest.mark.parametrize(("months", "proposed"), [(1, date(2026, 4, 7)), (2, date(2026, 5, 4)), (3, date(2026, 6, 4))])
def test_the_date_proposed_follows_the_rule_of_the_authority(filed, town, months, proposed):
    """4 April is a Saturday, 6 is Easter Monday."""
    rule(town, Rule.COMPLETION_MONTHS, months)
    assert completion.proposed_date(filed, on=ASKED) == proposed


def test_the_target_follows_the_rule_and_the_last_day_does_not(filed, staff, town, client, time_machine):
    time_machine.move_to("2026-03-04T12:00:00Z")
    rule(town, Rule.TARGET_DAYS, 5)
    assert completion.target_on(filed, on=ASKED) == date(2026, 3, 27)
    client.force_login(staff)
    page = words(client.get(reverse("case", args=[filed.pk])))
    assert "visez une notification le 27/03/2026, dernier jour le 02/04/2026" in page


def test_the_page_proposes_the_reminder_then_the_closure_and_shows_the_countdown(incomplete, staff, client, time_machine):
    def page(day):
        time_machine.move_to(f"{day}T12:00:00Z")
        client.force_login(staff)
        return words(client.get(reverse("case", args=[incomplete.pk])))

    assert "encore 10 jours" in page("2026-03-24")
    assert "La date est passée : relancez" in page("2026-04-07").replace("  ", " ")
    completeness.remind(incomplete, by=staff, on=REMINDED)
    assert "le responsable peut classer le dossier" in page("2026-04-27")
    give(incomplete, PieceKind.DPE, on=date(2026, 4, 28))
    assert "au plus tard le 3 mai 2026 (encore 4 jours)" in page("2026-04-29")
    assert "est passé depuis le 3 mai 2026" in page("2026-05-04")


def test_a_refused_contest_is_said_on_the_screen_and_loses_nothing(incomplete, staff, client, time_machine):
    give(incomplete, PieceKind.DPE, on=ARRIVED)
    time_machine.move_to("2026-03-26T12:00:00Z")
    client.force_login(staff)
    fields = {"kinds": ["dpe"], "reason_dpe": "Autre logement.", "respond_by": "2026-04-20"}
    page = client.post(reverse("case-request", args=[incomplete.pk]), fields)
    assert page.status_code == 422
    assert "ne se contestent que dans les cinq jours" in words(page)
    assert "Autre logement." in page.content.decode()


def test_a_late_request_is_announced_before_it_is_sent(filed, staff, client, time_machine):
    time_machine.move_to("2026-03-30T12:00:00Z")
    client.force_login(staff)
    assert "dans les cinq derniers jours du délai" in words(client.get(reverse("case-request", args=[filed.pk])))
    time_machine.move_to("2026-03-20T12:00:00Z")
    client.force_login(staff)
    assert "dans les cinq derniers jours du délai" not in words(client.get(reverse("case-request", args=[filed.pk])))
    assert filed.received_on == DEPOSIT
