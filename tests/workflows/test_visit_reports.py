"""The report of a visit as an act: from a phone or the desk, corrected by another, contested, dangerous, read by the landlord."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from documents import figures
from documents.enums import ActKind
from documents.facts import Signatory
from documents.models import Act
from documents.tasks import render_act
from inspections import drawing, grid
from inspections.enums import Conclusion, SignatureGiven, VisitState
from inspections.models import Finding, Report, Visit
from notifications.enums import Kind
from notifications.models import Message
from permis.models import Application, PrescribedWork
from permis.models.journal import Event
from tests import factories
from tests.workflows.walks import DANGER, OTHER_ROOM, RESERVE, ROOM, Phone, done, established, from_phone, printed
from workflows import drafting, reporting, takeover, walkthrough
from workflows.actions import completeness, decision, report
from workflows.forms.decision import WorkForm
from workflows.forms.report import FindingForm

pytestmark = pytest.mark.django_db
ITEMS = [item.code for section in grid.national().sections for item in section.items]


@pytest.fixture
def today(town, visit):
    return town.today()


@pytest.fixture
def phone(visit, staff):
    return Phone(visit, staff)


def test_the_act_says_what_was_entered_on_the_phone(visit, phone, staff, today):
    phone.whole()
    from_phone(visit, staff, today)
    version = established(visit, staff, today, signature=SignatureGiven.DRAWN, mandate="agent de visite")

    text = printed(version.act)
    assert [
        each
        for each in (
            "Rapport de visite n° 1", "12 mars 2026", "entre 6 heures et 21 heures", "agent de visite", "Mme Duprat",
            "a donné son accord", "Par écrit", "Chambre 2", "2,31 m", "Moisissures sur 1,2 m²", "C05", "A01", "Conforme",
            "a signé sur le téléphone", "Angle nord", "favorable avec réserves",
        )
        if each not in text
    ] == []  # fmt: skip
    assert version.act.kind == ActKind.VISIT_REPORT
    assert version.number == 1
    assert visit.application.journal.order_by("-position").first().event == Event.REPORT_ESTABLISHED


def test_photos_are_clean_pictures_with_what_they_show(visit, phone, staff, today):
    phone.whole()
    from_phone(visit, staff, today)
    content = established(visit, staff, today).act.content

    figure = next(block for block in content["blocks"] if block["kind"] == "figures")["figures"][0]
    assert figure["picture"].endswith(".pages/1.jpg")
    assert "Chambre 2" in figure["alt"]
    (picture,) = figures.of(content).values()
    assert picture[:2] == b"\xff\xd8"
    assert b"Exif" not in picture


def test_a_photo_that_is_not_examined_or_shows_people_is_named_and_not_shown(visit, phone, staff, today):
    phone.room()
    phone.answer("C05", "non_conform", room=ROOM)
    phone.photo("C05", room=ROOM, examined=False)
    phone.photo("C05", room=ROOM, people=True, colour="blue")
    from_phone(visit, staff, today)

    act = established(visit, staff, today).act
    assert not list(figures.keys(act.content))
    text = printed(act)
    assert "encore en vérification" in text
    assert "des personnes y sont visibles" in text


def test_the_job_renders_and_seals_the_report_with_its_photos(visit, phone, staff, today):
    phone.whole()
    from_phone(visit, staff, today)
    act = established(visit, staff, today).act
    render_act(act_id=act.pk)
    assert Act.objects.get(pk=act.pk).sha256


def test_a_correction_is_another_act_and_the_first_is_kept(visit, staff, today):
    done(visit, staff, today, RESERVE)
    first = established(visit, staff, today)
    with pytest.raises(report.AlreadyEstablished):
        established(visit, staff, today)
    second = established(visit, staff, today, reason="Une pièce était mal nommée.", findings=[RESERVE | {"place": "Chambre 1"}])

    assert [each.number for each in visit.reports.order_by("number")] == [1, 2]
    assert "Chambre 2" in printed(Act.objects.get(pk=first.act_id))
    text = printed(second.act)
    assert "Chambre 1" in text
    assert "corrige et remplace le rapport n° 1 du 12 mars 2026" in text
    assert "Une pièce était mal nommée." in text
    line = visit.application.journal.order_by("-position").first()
    assert (line.event, line.facts["reason"]) == (Event.REPORT_CORRECTED, "Une pièce était mal nommée.")


def test_the_decision_cites_the_last_report(visit, staff, today):
    done(visit, staff, today)
    established(visit, staff, today)
    established(visit, staff, today, reason="Faute de frappe.")
    case = Application.objects.get(pk=visit.application_id)
    draft = decision.propose_decision(case, outcome="granted", by=staff, on=today)
    content = drafting.decision(case, draft, signatory=Signatory("A", "Le Président"), on=today)

    assert "le rapport n° 2 du 12 mars 2026" in " ".join(block.text for block in content.blocks)


def test_only_a_visit_that_is_done_has_a_report(visit, staff, today):
    with pytest.raises(Exception, match="ne le permet plus"):
        established(visit, staff, today)
    assert not Report.objects.exists()


def test_a_failure_leaves_nothing_behind(visit, staff, today, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(reporting, "visit_report", fail)
    with pytest.raises(RuntimeError):
        report.write_up(visit, conclusion=Conclusion.RESERVES, findings=[DANGER], by=staff, on=today)
    assert Visit.objects.get().state == VisitState.PLANNED
    assert not Finding.objects.exists()
    assert not Message.objects.filter(kind=Kind.DANGER_FOUND).exists()


# The screens


def test_the_report_of_a_phone_is_completed_then_established_at_the_desk(client, visit, phone, staff):
    phone.whole()
    client.force_login(staff)
    page = reverse("visit-report", args=[visit.pk])
    form = client.get(page).context["form"]
    assert form.initial["conclusion"] == "reserves"
    assert form.initial["people_present"] == "Mme Duprat – bailleresse"
    assert form.initial["signature"] == SignatureGiven.DRAWN
    shown = client.get(page).context["findings"].initial[0]
    sent = {f"findings-0-{name}": value for name, value in shown.items() if value is not None}
    answer = client.post(
        page,
        {"conclusion": "unfavourable", "consent": "True", "signature": "drawn", "people_present": "Mme Duprat"}
        | {"findings-TOTAL_FORMS": 1, "findings-INITIAL_FORMS": 1}
        | sent,
    )
    assert answer.url == reverse("visit-report-read", args=[visit.pk])
    recorded = Visit.objects.get()
    assert (recorded.state, recorded.conclusion) == (VisitState.DONE, "unfavourable")
    assert recorded.finished_at - recorded.started_at == timedelta(minutes=40)
    assert Finding.objects.get().room == uuid.UUID(ROOM)
    assert Report.objects.get().signature == SignatureGiven.DRAWN
    text = client.get(answer.url).content.decode()
    assert "Défavorable" in text
    assert "Signature dessinée" in text


def test_a_wrong_clock_is_said_and_corrected(visit, phone, staff):
    phone.write("start", at="2026-03-12T10:05:00+00:00", skew=3600)
    walk = walkthrough.of(visit)
    assert walk.phones == [("Téléphone", staff.full_name, 60)]
    assert walk.moment("start") == datetime(2026, 3, 12, 9, 5, tzinfo=UTC)


def test_what_comes_after_the_report_is_said(client, visit, phone, staff, today, time_machine):
    phone.whole()
    from_phone(visit, staff, today)
    established(visit, staff, today)
    time_machine.move_to(datetime(2026, 3, 12, 15, tzinfo=UTC))
    phone.answer("B01", "non_conform")
    client.force_login(staff)
    assert "saisie est arrivée" in client.get(reverse("visit-report-read", args=[visit.pk])).content.decode()


def test_a_report_is_corrected_with_its_reason_or_not_at_all(client, visit, staff, today):
    done(visit, staff, today, RESERVE)
    established(visit, staff, today)
    client.force_login(staff)
    page = reverse("visit-report", args=[visit.pk])
    assert client.get(page).url == reverse("visit-report-read", args=[visit.pk])
    assert "Pourquoi corriger ce rapport" in client.get(page + "?corriger=1").content.decode()
    sent = {"conclusion": "favourable", "findings-TOTAL_FORMS": 0, "findings-INITIAL_FORMS": 0}
    assert client.post(page, sent).status_code == 422
    assert client.post(page, sent | {"reason": "Rien n’était défectueux."}).status_code == 302
    assert not Finding.objects.exists()
    assert "Rien n’était défectueux." in client.get(reverse("visit-report-read", args=[visit.pk])).content.decode()


def test_at_the_desk_all_the_rest_may_be_said_sound(client, visit, staff):
    client.force_login(staff)
    sent = {"conclusion": "reserves", "others_conform": "on", "findings-TOTAL_FORMS": 1, "findings-INITIAL_FORMS": 0}
    client.post(reverse("visit-report", args=[visit.pk]), sent | {"findings-0-code": "H04"})
    text = printed(Report.objects.get().act)
    assert [code for code in ITEMS if code not in text] == []
    assert text.count("Non conforme") == 1


def test_the_landlord_reads_the_result_once_the_report_is_established(client, visit, staff, today):
    done(visit, staff, today, RESERVE)
    case = visit.application
    completeness.write_note(case, text="Voisin agressif", by=staff)
    client.force_login(case.applicant)
    page = reverse("application", args=[case.pk])
    assert "La visite du logement" not in client.get(page).content.decode()
    act = established(visit, staff, today).act
    Act.objects.filter(pk=act.pk).update(sha256="0" * 64)

    shown = client.get(page).content.decode()
    assert "Avis de l’agent de visite : favorable avec réserves." in shown
    assert reverse("act", args=[act.pk]) in shown
    assert "Voisin agressif" not in shown + printed(act)
    client.force_login(factories.UserFactory())
    assert client.get(reverse("act", args=[act.pk])).status_code == 404


def test_the_page_of_a_report_asks_as_much_for_one_answer_as_for_many(
    client, visit, phone, staff, today, django_assert_num_queries, django_assert_max_num_queries
):
    phone.room()
    phone.answer("C05", "non_conform", room=ROOM)
    phone.photo("C05", room=ROOM)
    from_phone(visit, staff, today)
    established(visit, staff, today)
    client.force_login(staff)
    page = reverse("visit-report-read", args=[visit.pk])
    client.get(page)
    with django_assert_max_num_queries(40) as first:
        client.get(page)
    phone.room("Séjour", room=OTHER_ROOM, kind="living")
    for code in ITEMS:
        phone.answer(code, "non_conform", room=OTHER_ROOM)
    phone.photo("C05", room=OTHER_ROOM, colour="blue")
    with django_assert_num_queries(len(first)):
        client.get(page)


# From the grid to the decision


@pytest.mark.parametrize("code", ITEMS)
def test_every_item_reaches_the_report_and_the_decision(code):
    form = FindingForm({"code": code, "place": "Séjour"})
    assert form.is_valid()
    seen = {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
    line = takeover.line(Finding(**seen), "Rapport de visite", None)
    # Two points of advice rest on no text: who prescribes works for them says on which.
    work = WorkForm(line | {"keep": True, "basis": line["basis"] or "loi 89-462, art. 6"})
    assert work.is_valid(), work.errors
    assert work.cleaned_data["code"] == code
    assert work.advice


def test_every_item_answered_on_the_phone_reaches_the_report_and_the_draft(client, visit, phone, staff, today):
    for code in ITEMS:
        phone.answer(code, "non_conform")
    from_phone(visit, staff, today)
    text = printed(established(visit, staff, today).act)
    assert [code for code in ITEMS if code not in text] == []
    client.force_login(staff)
    page = client.get(reverse("case-draft", args=[visit.application_id]))
    assert [line["code"] for line in page.context["works"].initial] == ITEMS
    assert page.context["form"].initial["outcome"] == "refused"


def test_the_officer_takes_over_finding_by_finding(client, visit, staff, today):
    advice = {"place": "Entrée", "description": "Peinture", "severity": "O", "work": "Repeindre"}
    other = RESERVE | {"place": "Cuisine", "code": "H04"}
    done(visit, staff, today, RESERVE, advice, other)
    established(visit, staff, today)
    client.force_login(staff)
    page = reverse("case-draft", args=[visit.application_id])
    shown = client.get(page)
    lines = shown.context["works"].initial
    assert [line["keep"] for line in lines] == [True, False, True]
    assert lines[0]["evidence"] == "Rapport de visite n° 1 du 12 mars 2026"
    assert lines[0]["due_on"] == today + timedelta(days=90)
    form = shown.context["form"]
    assert (form.initial["outcome"], form.initial["mode"]) == ("conditional", "deferred")

    sent = {
        "outcome": "conditional",
        "mode": "deferred",
        "grounds": ["decency"],
        "works-TOTAL_FORMS": 3,
        "works-INITIAL_FORMS": 3,
    }
    for place, line in enumerate(lines):
        sent |= {f"works-{place}-{name}": value for name, value in line.items() if name != "keep"}
    sent["works-0-keep"] = "on"
    sent["works-2-place"] = ""  # nothing is asked of a finding that is left out
    answer = client.post(page, sent)
    assert answer.status_code == 302
    work = PrescribedWork.objects.get()
    assert (work.code, work.place) == ("C05", "Chambre 2")


@given(st.recursive(st.none() | st.floats() | st.text() | st.booleans(), lambda each: st.lists(each, max_size=4), max_leaves=30))
def test_any_strokes_make_a_drawing_or_none(strokes):
    made = drawing.svg(strokes)
    assert made == "" or made.startswith("<svg")
    assert made.count("<path") == len(drawing.paths(strokes))
