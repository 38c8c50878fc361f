"""A visit entered on the spot becomes its report, once, when all of it has arrived."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import Role
from inspections import grid
from inspections.enums import Conclusion, VisitState
from inspections.models import Finding, Visit
from permis.models.journal import Entry as JournalEntry
from permis.models.journal import Event
from tests import factories
from tests.inspections.phones import picture, planned
from workflows.actions import appointments, fieldwork, report

pytestmark = pytest.mark.django_db
ROOM, CELLAR = str(uuid4()), str(uuid4())


def conclude(phone, *more, conclusion="reserves"):
    """A whole visit, sent."""
    answer = phone.send(
        *more,
        phone.write("start", at="2026-03-12T09:00:00Z"),
        phone.write("people", present="Mme Duprat", capacity="bailleresse", consent=True),
        phone.write("conclusion", conclusion=conclusion, text="Logement bien tenu."),
        phone.write("finish", at="2026-03-12T09:50:00Z"),
    )
    assert answer.status_code == 200, answer.content


def test_what_was_entered_becomes_the_report(phone, visit):
    item = grid.national().find("A04")
    conclude(
        phone,
        phone.write("room", room=ROOM, kind="kitchen", name="Cuisine", position=1, visited=True),
        phone.write("room", room=CELLAR, kind="building", name="Cave", position=2, visited=False, reason="fermée à clé"),
        phone.answer("H04", "non_conform", room=ROOM, note="Évier sans eau chaude"),
        phone.answer("H05", "non_conform", room=ROOM, severity="O", reason="En cours de pose"),
        phone.answer("A04", "non_conform"),
        phone.answer("A05", "conform"),
    )
    answer = phone.finish()

    assert (answer.status_code, answer.json()["state"], answer.json()["warnings"]) == (200, "done", [])
    assert answer.json()["report_url"] == f"/visites/{visit.pk}/compte-rendu/"
    done = Visit.objects.get()
    assert (done.state, done.conclusion, done.report) == (VisitState.DONE, Conclusion.RESERVES, "Logement bien tenu.")
    assert (done.people_present, done.consent) == ("Mme Duprat, bailleresse", True)
    assert done.rooms_not_visited == "Cave (fermée à clé)"
    assert (done.started_at.hour, done.finished_at.minute, done.grid_version) == (9, 50, grid.national().version)
    third, first, second = Finding.objects.order_by("position")  # as the grid has them
    assert (first.place, first.description, first.severity) == (
        "Cuisine",
        "Évier sans eau chaude",
        grid.national().find("H04").severity,
    )
    assert (first.work, first.basis) == (grid.national().find("H04").work, grid.national().find("H04").basis)
    assert (second.severity, second.severity_reason) == ("O", "En cours de pose")
    assert (third.code, third.place, third.description) == (
        "A04", item.usual_place or "Logement", f"{item.title} : non conforme.",
    )  # fmt: skip
    assert JournalEntry.objects.filter(event=Event.VISIT_DONE).count() == 1


def test_what_two_phones_contest_waits_for_somebody_to_choose(phone, other_phone, visit, inspector, town):
    mine, theirs = phone.answer("A04"), other_phone.answer("A04", "non_conform")
    assert phone.send(mine).status_code == other_phone.send(theirs).status_code == 200
    conclude(phone)
    answer = phone.finish()
    assert answer.status_code == 409
    assert "Deux téléphones" in answer.json()["error"]
    assert Visit.objects.get().state == VisitState.PLANNED

    report.settle_conflict(
        visit, keep=visit.entries.get(device=other_phone.device, key="answer:-:A04").pk, by=inspector, on=town.today()
    )
    assert phone.finish().status_code == 200
    assert Finding.objects.get().code == "A04"


def test_finished_twice_it_is_recorded_once(phone):
    conclude(phone)
    assert phone.finish().json() == phone.finish().json()
    assert JournalEntry.objects.filter(event=Event.VISIT_DONE).count() == 1


def test_it_waits_for_the_photos_that_were_announced(phone):
    content = picture()
    kept, removed = phone.photo(content), phone.photo(content)
    conclude(phone, kept, removed, phone.write("photo_removed", photo=removed["payload"]["photo"]))
    answer = phone.finish()

    assert (answer.status_code, answer.json()["missing"]) == (409, [kept["payload"]["photo"]])
    assert Visit.objects.get().state == VisitState.PLANNED
    phone.upload(kept["payload"]["photo"], content)
    assert phone.finish().status_code == 200


def test_without_conclusion_it_says_so(phone):
    phone.send(phone.write("finish", at="2026-03-12T09:50:00Z"))
    answer = phone.finish()
    assert (answer.status_code, "conclusion" in answer.json()["error"]) == (409, True)


@pytest.mark.parametrize("outcome", ["no_show", "access_refused"])
def test_a_visit_that_could_not_be_made(phone, outcome):
    phone.send(phone.write("outcome", outcome=outcome, note="Sonné trois fois"), phone.write("finish", at="2026-03-12T09:20:00Z"))
    assert phone.finish().json()["state"] == outcome
    visit = Visit.objects.get()
    assert (visit.state, visit.report) == (outcome, "Sonné trois fois")
    assert phone.finish().json()["state"] == outcome


def test_before_its_day_nothing_is_recorded(signed_in, town, inspector, phone):
    phone.visit = planned(town, inspector, days=3)
    conclude(phone)
    answer = phone.finish()
    assert (answer.status_code, "pas encore eu lieu" in answer.json()["error"]) == (409, True)


def test_an_appointment_cancelled_meanwhile_keeps_what_was_entered(phone, visit, inspector, town):
    appointments.cancel_visit(visit, by=inspector, on=town.today())
    conclude(phone)
    answer = phone.finish()
    assert (answer.status_code, "annulé" in answer.json()["error"]) == (409, True)
    assert visit.entries.filter(is_late=True).count() == 4


def test_outside_the_hours_of_the_law_it_is_kept_and_said(phone):
    phone.send(
        phone.write("start", at="2026-03-12T20:30:00Z"),  # 21:30 in Paris
        phone.write("conclusion", conclusion="favourable"),
        phone.write("finish", at="2026-03-12T20:50:00Z"),
    )
    answer = phone.finish()
    assert answer.status_code == 200
    [warning] = answer.json()["warnings"]
    assert "6 h à 21 h" in warning


@pytest.mark.parametrize(
    ("sent_at", "hour"), [("2026-03-12T12:01:30Z", 9), ("2026-03-12T14:00:00Z", 7), ("1970-01-01T03:00:00Z", None)]
)
def test_a_wrong_clock_does_not_make_the_hours_of_the_report(phone, sent_at, hour):
    """It is noon: a phone two hours ahead wrote « 9 h » at seven."""
    start = "1970-01-01T00:00:00Z" if hour is None else "2026-03-12T09:00:00Z"
    phone.send(phone.write("start", at=start), phone.write("conclusion", conclusion="favourable"), sent_at=sent_at)
    phone.finish()
    assert Visit.objects.get().started_at.hour == (hour if hour is not None else 9)
    assert Visit.objects.get().started_at.year == 2026


def test_long_words_are_cut_only_where_a_column_is_short(phone):
    rooms = [
        phone.write("room", room=str(uuid4()), kind="bedroom", name="Chambre" + "x" * 70, visited=False, reason="y" * 200)
        for _ in range(4)
    ]
    conclude(phone, *rooms, phone.answer("ZZ9", "non_conform", note="z" * 4000))
    assert phone.finish().status_code == 200
    visit = Visit.objects.get()
    assert (len(visit.rooms_not_visited), visit.rooms_not_visited[-1]) == (250, "…")
    assert (Finding.objects.get().severity, len(Finding.objects.get().description)) == ("R", 4000)


def test_another_town_may_not(phone, visit):
    conclude(phone)
    stranger = factories.member(factories.AuthorityFactory(), Role.INSPECTOR)
    with pytest.raises(PermissionDenied):
        fieldwork.finish_visit(visit, by=stranger, on=visit.application.authority.today())
