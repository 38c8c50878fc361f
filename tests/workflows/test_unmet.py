"""Works that are not done: the page of the case leads from one step of the procedure to the next, and to the person who may take it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from permis.enums import ConditionState
from permis.models import Application, PrescribedWork
from tests import factories
from tests.workflows.contested import letter
from tests.workflows.desk import words
from tests.workflows.test_rights import at
from workflows import next_actions, unmet
from workflows.actions import hearing, works

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(town, boss):
    return at("conditional", town, boss)


def action(case, user, today):
    found = next_actions.of(Application.objects.get(pk=case.pk), user, visits=[], today=today)
    return found.title, found.go.url if found.go else ""


def screen(name, case, *keys):
    return reverse(name, args=[case.pk, *keys])


def test_each_step_of_the_procedure_leads_to_the_next(case, boss, today):
    assert action(case, boss, today) == ("Vérifiez les travaux prescrits", screen("case-works", case))

    undone = works.settle_work(case.decision.works.get(), met=False, by=boss, on=today)
    assert action(case, boss, today) == ("Des travaux prescrits ne sont pas faits", screen("case-hearing", case))

    sent = letter(case, boss, on=today, works_of=[undone])
    answer = screen("case-hearing-answer", case, sent.pk)
    assert action(case, boss, today) == ("Inscrivez la réception de la lettre", answer)

    hearing.record_answer(sent, received_on=today, by=boss, on=today)
    assert action(case, boss, today) == ("Attendez les observations du titulaire", answer)

    hearing.record_answer(sent, oral_asked_on=today, by=boss, on=today)
    assert action(case, boss, today + timedelta(30)) == ("Recevez le titulaire", answer)

    hearing.record_answer(sent, oral_held_on=today, oral_report="Il s’engage.", by=boss, on=today)
    assert action(case, boss, today) == ("Abrogez l’autorisation, ou laissez du temps", screen("case-repeal", case))


def test_a_letter_given_up_is_written_again(case, boss, today):
    sent = letter(case, boss, on=today)
    hearing.drop(sent, reason="Un délai est laissé.", by=boss, on=today)
    assert action(case, boss, today) == ("Des travaux prescrits ne sont pas faits", screen("case-hearing", case))


def test_a_proof_is_looked_at_before_anything_is_held_against_anybody(case, boss, today):
    works.settle_work(case.decision.works.get(), met=False, by=boss, on=today)
    PrescribedWork.objects.filter(decision__application=case).update(
        state=ConditionState.PROOF_RECEIVED, due_on=today - timedelta(1)
    )
    assert unmet.next_step(case, today=today) is None


def test_a_term_that_has_passed_is_enough_and_one_to_come_is_not(case, today):
    kept = PrescribedWork.objects.filter(decision__application=case)
    kept.update(due_on=today)
    assert unmet.next_step(case, today=today) is None
    kept.update(due_on=today - timedelta(1))
    assert unmet.next_step(case, today=today).title == "Des travaux prescrits ne sont pas faits"


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        (["Séjour"], "Séjour."),
        (["Séjour", "Séjour", "Cave"], "Séjour et Cave."),
        (["Séjour", "Cave", "Cuisine"], "Séjour, Cave et Cuisine."),
        (["Séjour", "Cave", "Cuisine", "Entrée"], "Séjour, Cave et 2 autres."),
    ],
)
def test_the_places_are_named_shortly(case, today, places, expected):
    first = case.decision.works.get()
    case.decision.works.all().delete()
    for position, place in enumerate(places):
        PrescribedWork.objects.create(
            decision=case.decision,
            position=position,
            place=place,
            finding="?",
            basis="?",
            work=first.work,
            due_on=today - timedelta(1),
        )
    assert unmet.next_step(case, today=today).text.startswith(expected)


def test_who_may_not_take_the_step_is_told_that_somebody_may_and_can_still_look_at_the_works(client, case, town, boss, today):
    works.settle_work(case.decision.works.get(), met=False, by=boss, on=today)
    client.force_login(factories.member(town, Role.INSPECTOR))
    page = words(client.get(case.get_absolute_url()))
    assert "Des travaux prescrits ne sont pas faits" in page
    assert "Cela revient à une autre personne du service." in page
    assert "Vérifier les travaux" in page
    assert "Écrire une lettre contradictoire" not in page
