"""Drafts read by others before their signatory: who, in what order, and what voids a visa."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from notifications.models import Message
from permis import visas
from permis.enums import Outcome, State
from permis.models import RuleChange
from permis.models.journal import Event
from permis.rules import Rule
from tests import factories
from tests.workflows.test_actions import CHECK, DRAFT, SIGN, open_tasks, visited
from workflows.actions import decision
from workflows.actions import visas as actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(town):
    return factories.member(town, Role.MANAGER)


@pytest.fixture
def lawyer(town):
    return factories.member(town, Role.LEGAL)


def proposed(town, staff, wanted, **draft):
    RuleChange.objects.create(authority=town, rule=Rule.VISAS, value=wanted, since=CHECK, by=staff)
    case = visited(factories.ApplicationFactory(authority=town), staff)
    return propose(case, staff, **draft)


def propose(case, staff, **draft):
    decision.propose_decision(case, outcome=Outcome.GRANTED, by=staff, on=DRAFT, **draft)
    return type(case).objects.get(pk=case.pk)


def vise(case, by, **said):
    return actions.vise(case, seen=visas.fingerprint(type(case).objects.get(pk=case.pk).decision), by=by, on=DRAFT, **said)


def told(kind):
    return set(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_without_the_rule_a_draft_goes_to_its_signatory(town, staff, manager):
    assert open_tasks(proposed(town, staff, 0)) == {"sign_decision"}


def test_one_agent_who_does_everything_is_not_blocked(town, staff):
    assert open_tasks(proposed(town, staff, 2)) == {"sign_decision"}


def test_two_people_vise_then_the_signatory_is_called_and_sees_them(client, town, staff, manager, lawyer):
    case = proposed(town, staff, 2)
    assert (case.state, open_tasks(case)) == (State.AWAITING_DECISION, {"visa_decision"})
    assert case.tacit_on is not None
    assert told("decision_to_visa") == {staff.email, manager.email, lawyer.email}
    assert told("decision_to_sign") == set()

    with pytest.raises(visas.NotYourVisa, match="Le premier visa est celui d’un responsable"):
        vise(case, lawyer)
    vise(case, manager, comment="Rien à redire")
    assert open_tasks(case) == {"visa_decision"}
    with pytest.raises(visas.NotYourVisa, match="Vous avez déjà visé"):
        vise(case, manager)
    vise(case, lawyer)
    assert open_tasks(case) == {"sign_decision"}
    assert told("decision_to_sign") == {staff.email}
    entries = case.journal.filter(event=Event.VISED).order_by("position")
    assert [(entry.author, entry.facts["rank"], entry.facts["of"]) for entry in entries] == [(manager, 1, 2), (lawyer, 2, 2)]
    assert not case.journal.for_landlord().filter(event=Event.VISED).exists()

    client.force_login(staff)
    page = client.get(reverse("case-sign", args=[case.pk])).content.decode()
    assert manager.full_name in page
    assert "Rien à redire" in page
    assert "2 sur 2" in page


def test_the_drafter_does_not_vise_alone(town, staff, manager):
    case = proposed(town, staff, 1)
    with pytest.raises(visas.NotYourVisa, match="Vous avez rédigé ce projet"):
        vise(case, staff)
    vise(case, manager)
    assert open_tasks(case) == {"sign_decision"}


def test_nobody_signs_before_the_visas_nor_after_the_draft_has_changed(town, staff, manager):
    case = proposed(town, staff, 1)
    act = decision.preview(case, by=staff, on=SIGN)
    with pytest.raises(visas.VisaMissing):
        decision.sign(case, act=act, by=staff, on=SIGN)
    vise(case, manager)
    case = propose(case, staff, considerations="que la visite n’a rien relevé ;")
    assert open_tasks(case) == {"visa_decision"}
    assert case.decision.visas.get().void_on == DRAFT
    assert visas.standing(case.decision) == []
    vise(case, manager)
    signed = decision.sign(case, act=decision.preview(case, by=staff, on=SIGN), by=staff, on=SIGN)
    assert signed.state == State.DECISION_SIGNED


def test_the_same_draft_proposed_again_keeps_its_visa(town, staff, manager):
    case = proposed(town, staff, 1)
    vise(case, manager)
    assert open_tasks(propose(case, staff)) == {"sign_decision"}


def test_what_was_read_is_what_is_vised(town, staff, manager):
    case = proposed(town, staff, 1)
    seen = visas.fingerprint(case.decision)
    propose(case, staff, order_number="2026-12")
    with pytest.raises(actions.DraftChanged):
        actions.vise(case, seen=seen, by=manager, on=DRAFT)


def test_who_vises_may_send_back_and_the_visas_fall(town, staff, manager, lawyer):
    case = proposed(town, staff, 2)
    vise(case, manager)
    decision.send_back(case, reason="Citez le rapport", by=lawyer, on=DRAFT)
    assert "draft_decision" in open_tasks(case)
    assert "visa_decision" not in open_tasks(case)
    assert told("decision_sent_back") == {staff.email}
    assert open_tasks(propose(case, staff)) == {"visa_decision"}


def test_others_do_not_vise(town, staff, manager):
    case = proposed(town, staff, 1)
    with pytest.raises(PermissionDenied):
        vise(case, factories.member(town, Role.OFFICER))


def test_the_screen_vises_and_says_when_it_is_somebody_else_s(client, town, staff, manager, time_machine):
    time_machine.move_to(DRAFT)
    case = proposed(town, staff, 1)
    url = reverse("case-visa", args=[case.pk])
    client.force_login(staff)
    assert "Vous avez rédigé ce projet" in client.get(url).content.decode()
    assert client.post(url, {"seen": visas.fingerprint(case.decision)}).status_code == 422
    client.force_login(manager)
    page = client.get(url)
    assert client.get(reverse("act-page", args=[page.context["preview"].pk, 1])).status_code == 200
    assert client.post(url, {"seen": page.context["fingerprint"], "comment": "Vu"}).status_code == 302
    assert "1 sur 1" in client.get(reverse("case", args=[case.pk])).content.decode()
    assert client.get(url).status_code == 409
