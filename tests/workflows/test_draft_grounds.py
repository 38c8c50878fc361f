"""The draft of a decision: the grounds it may cite that day, what they ask for, and when works are due by default."""

from datetime import date

import pytest
from django.urls import reverse

from permis import guards
from permis.enums import ConditionMode, Ground, Outcome
from permis.models import Application, RuleChange
from permis.rules import Rule
from tests import factories
from tests.workflows.test_actions import DRAFT, SIGN, WORK, visited
from workflows import takeover
from workflows.actions import decision

pytestmark = pytest.mark.django_db
LABEL = "Colocation à baux multiples"


def shared(town, staff, leases):
    case = visited(factories.ApplicationFactory(authority=town, separate_leases=leases), staff)
    return Application.objects.get(pk=case.pk)


@pytest.mark.parametrize(("leases", "day", "offered"), [(4, DRAFT, True), (1, DRAFT, False), (4, date(2029, 4, 10), False)])
def test_the_ground_of_shared_dwellings_is_offered_to_them_and_goes_by_itself(
    client, town, staff, time_machine, leases, day, offered
):
    case = shared(town, staff, leases)
    time_machine.move_to(day)
    client.force_login(staff)
    page = client.get(reverse("case-draft", args=[case.pk])).content.decode()
    assert (LABEL in page) is offered
    assert ("Surface privative de chaque bail" in page) is offered
    assert "Phrases pour les considérants" in page


def test_a_refusal_on_it_says_what_each_lease_gives_and_what_all_share(client, town, staff, time_machine):
    case = shared(town, staff, 2)
    time_machine.move_to(DRAFT)
    client.force_login(staff)
    works = {"works-TOTAL_FORMS": "1", "works-INITIAL_FORMS": "0"}
    works |= {f"works-0-{name}": value for name, value in (WORK | {"evidence": "Photographie"}).items()}
    answers = {
        "outcome": "refused",
        "grounds": ["colocation_dignity"],
        "private_areas": "9,5 ; 11 m²",
        "shared_equipment": "",
        **works,
    }
    url = reverse("case-draft", args=[case.pk])
    wrong = client.post(url, answers)
    assert wrong.status_code == 422
    assert "surface privative de chaque bail et les équipements partagés" in wrong.content.decode()
    assert "9,5 ; 11 m²" in wrong.content.decode()
    assert client.post(url, answers | {"private_areas": "neuf"}).status_code == 422

    assert client.post(url, answers | {"shared_equipment": "la cuisine et les WC"}).status_code == 302
    case = Application.objects.get(pk=case.pk)
    words = str(decision.preview(case, by=staff, on=SIGN).content)
    assert "que 2 baux distincts sont projetés, pour des surfaces privatives de 9,5 m² et 11 m²" in words
    assert "que les colocataires partagent la cuisine et les WC" in words
    assert "9,5 ; 11" in client.get(url).content.decode()


def test_the_same_ground_is_refused_to_one_lease(town, staff):
    case = shared(town, staff, 1)
    with pytest.raises(guards.NotSeparateLeases):
        decision.propose_decision(
            case, outcome=Outcome.REFUSED, grounds=[Ground.COLOCATION_DIGNITY], works=[WORK], by=staff, on=DRAFT
        )  # fmt: skip


@pytest.mark.parametrize(("prior", "mode"), [(None, "prior"), (True, "prior"), (False, "deferred")])
def test_the_authority_says_whether_works_come_first_by_default(client, town, staff, time_machine, prior, mode):
    case = shared(town, staff, 1)
    if prior is not None:
        RuleChange.objects.create(authority=town, rule=Rule.DEFAULT_MODE, value=prior, since=DRAFT, by=staff)
    time_machine.move_to(DRAFT)
    client.force_login(staff)
    assert client.get(reverse("case-draft", args=[case.pk])).context["form"]["mode"].value() == mode


def test_reserves_leave_a_time_whatever_the_default():
    suggested = takeover.Suggestion(None, Outcome.CONDITIONAL, ConditionMode.DEFERRED, [], danger=False)
    assert takeover.mode_of(suggested, prior_by_default=True) == ConditionMode.DEFERRED
    assert takeover.mode_of(None, prior_by_default=False) == ConditionMode.DEFERRED
