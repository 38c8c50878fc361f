"""Who follows a case: by rule when it comes, by hand for several at once, by a replacement while somebody is away."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.enums import Role
from permis.models import Application
from permis.models.journal import Event
from tests import factories
from tests.workflows.test_actions import file
from tests.workflows.test_worklists import shown
from workflows import projection, tasks
from workflows.actions import assigning, completeness, delegations, intake, staffing
from workflows.models import Absence, AssignmentRule, WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(town):
    return factories.member(town, Role.MANAGER)


@pytest.fixture
def nadia(town):
    return factories.member(town, Role.OFFICER, first_name="Nadia", last_name="Lagarde")


@pytest.fixture
def jean(town):
    return factories.member(town, Role.OFFICER, first_name="Jean", last_name="Moron")


def filed(town, **fields):
    return file(factories.ApplicationFactory(authority=town, **fields), on=town.today())


def held(case):
    """Who has to do the open task of a case."""
    return WorkItem.objects.get(application=case).owner


# -- rules


def test_a_new_case_goes_to_the_officer_of_the_most_precise_rule(town, manager, nadia, jean):
    commune = factories.CommuneFactory(epci_siren=town.siren)
    staffing.set_rule(town, commune=None, regime="", officer=nadia, by=manager)
    staffing.set_rule(town, commune=None, regime="APML", officer=manager, by=manager)
    staffing.set_rule(town, commune=commune, regime="", officer=jean, by=manager)
    here, elsewhere = filed(town, commune=commune), filed(town)
    assert Application.objects.get(pk=here.pk).officer == jean == held(here)
    assert Application.objects.get(pk=elsewhere.pk).officer == manager
    told = here.journal.get(event=Event.ASSIGNED)
    assert (told.author, told.facts["officer"], told.facts["by_rule"]) == (None, "Jean Moron", True)


def test_a_rule_of_who_left_gives_nothing_and_one_replaces_another(town, manager, nadia, jean):
    staffing.set_rule(town, commune=None, regime="", officer=nadia, by=manager)
    staffing.set_rule(town, commune=None, regime="", officer=jean, by=manager)
    assert AssignmentRule.objects.get().officer == jean
    jean.memberships.all().delete()
    case = filed(town)
    assert Application.objects.get(pk=case.pk).officer is None
    assert not case.journal.filter(event=Event.ASSIGNED).exists()


def test_a_case_that_changes_authority_follows_the_rules_of_the_new_one(town, nadia):
    other = factories.AuthorityFactory()
    case = filed(other)
    AssignmentRule.objects.create(authority=town, officer=nadia)
    moved = delegations.hand_over(case, to=town, on=town.today())
    assert moved.officer == nadia == held(case)


def test_only_a_manager_sets_and_removes_rules(town, manager, nadia, jean):
    rule = staffing.set_rule(town, commune=None, regime="", officer=nadia, by=manager)
    for by in (nadia, factories.member(factories.AuthorityFactory(), Role.MANAGER)):
        with pytest.raises(PermissionDenied):
            staffing.set_rule(town, commune=None, regime="", officer=jean, by=by)
        with pytest.raises(PermissionDenied):
            staffing.remove_rule(rule, by=by)
    with pytest.raises(PermissionDenied):
        staffing.set_rule(town, commune=None, regime="", officer=factories.member(town, Role.LEGAL), by=manager)


# -- absences


@pytest.fixture
def case(town, nadia):
    case = filed(town)
    return completeness.assign(case, officer=nadia, by=nadia, on=town.today())


def away(town, user, replacement, *, days=3, starts_in=0, by=None):
    today = town.today()
    start = today + timedelta(starts_in)
    return staffing.declare_absence(
        town, user=user, replacement=replacement, starts_on=start, ends_on=start + timedelta(days), by=by or user, on=today
    )


def test_open_and_new_tasks_go_to_the_replacement_and_come_back(client, town, manager, nadia, jean, case, time_machine):
    absence = away(town, nadia, jean)
    assert absence.begun_on == town.today()
    assert held(case) == jean
    staffing.set_rule(town, commune=None, regime="", officer=nadia, by=manager)
    new = filed(town)
    assert (Application.objects.get(pk=new.pk).officer, held(new)) == (nadia, jean)
    client.force_login(jean)
    page, mine = shown(client, suivi="moi")
    assert sorted(mine) == sorted([case.number, new.number])
    assert page.count("remplace Nadia Lagarde") == 2

    lines = case.journal.count()
    assert staffing.run(town, on=absence.ends_on) == 0
    assert staffing.run(town, on=absence.ends_on + timedelta(1)) == 2
    assert staffing.run(town, on=absence.ends_on + timedelta(1)) == 0
    assert held(case) == held(new) == nadia
    # The case was Nadia's all along: there is nothing to write in its journal.
    assert case.journal.count() == lines
    absence.refresh_from_db()
    assert absence.closed_on == absence.ends_on + timedelta(1)


def test_an_absence_to_come_begins_with_the_clock_and_may_be_cancelled(town, nadia, jean, case, time_machine):
    absence = away(town, nadia, jean, starts_in=2)
    assert held(case) == nadia
    tasks.run_clock()
    assert held(case) == nadia
    staffing.end_absence(absence, by=nadia, on=town.today())
    assert staffing.run(town, on=absence.starts_on) == 0
    assert held(case) == nadia
    again = away(town, nadia, jean, starts_in=2)
    time_machine.move_to(town.midnight(again.starts_on) + timedelta(hours=9))
    tasks.run_clock()
    assert held(case) == jean
    staffing.end_absence(again, by=nadia, on=town.today())
    assert held(case) == nadia


def test_what_was_cut_short_is_made_good_by_the_clock(town, nadia, jean, case):
    away(town, nadia, jean)
    WorkItem.objects.update(owner=nadia)
    assert staffing.run(town, on=town.today()) == 1
    assert held(case) == jean


def test_the_replacement_of_a_replacement_does_the_work_and_a_ring_gives_it_back(town, manager, nadia, jean, case):
    away(town, nadia, jean)
    away(town, jean, manager, by=manager)
    assert held(case) == manager
    away(town, manager, nadia)
    assert held(case) == nadia


def test_a_replacement_who_leaves_the_service_replaces_nobody(town, nadia, jean, case):
    away(town, nadia, jean)
    jean.memberships.all().delete()
    assert staffing.run(town, on=town.today()) == 1
    assert held(case) == nadia


def test_visits_and_signatures_stay_where_they_are(town, nadia, jean, case):
    completeness.declare_complete(case, by=nadia, on=town.today())
    away(town, nadia, jean)
    item = WorkItem.objects.get(application=case, node="plan_visit")
    assert (item.node, item.owner, item.officer) == ("plan_visit", None, nadia)


def test_what_an_absence_refuses(town, nadia, jean):
    away(town, nadia, jean)
    with pytest.raises(ValidationError, match="déjà déclarée"):
        away(town, nadia, jean, starts_in=1)
    with pytest.raises(ValidationError, match="une autre personne"):
        away(town, jean, jean)
    with pytest.raises(ValidationError, match="précède"):
        away(town, jean, nadia, days=-1, starts_in=5)
    with pytest.raises(ValidationError, match="passés"):
        away(town, jean, nadia, days=1, starts_in=-9)
    with pytest.raises(PermissionDenied):
        away(town, nadia, jean, starts_in=30, by=jean)
    with pytest.raises(PermissionDenied):
        away(town, jean, factories.member(town, Role.LEGAL))
    assert Absence.objects.count() == 1


def test_the_page_declares_and_ends_an_absence_and_says_what_is_wrong(client, town, nadia, jean, case):
    client.force_login(nadia)
    today = town.today()
    days = {"starts_on": today.isoformat(), "ends_on": today.isoformat()}
    wrong = client.post(reverse("absence"), {**days, "replacement": nadia.pk})
    assert wrong.status_code == 422
    assert "une autre personne" in wrong.content.decode()
    page = client.post(reverse("absence"), {**days, "replacement": jean.pk}, follow=True).content.decode()
    assert "Ses tâches sont confiées à Jean Moron" in page
    assert held(case) == jean
    client.force_login(jean)
    absence = Absence.objects.get()
    assert client.post(reverse("absence-end", args=[absence.pk])).status_code == 403
    client.force_login(nadia)
    client.post(reverse("absence-end", args=[absence.pk]))
    assert held(case) == nadia


def test_days_in_the_wrong_order_are_said_once(client, town, nadia, jean):
    client.force_login(nadia)
    days = {"starts_on": (town.today() + timedelta(9)).isoformat(), "ends_on": (town.today() + timedelta(2)).isoformat()}
    page = client.post(reverse("absence"), {**days, "replacement": jean.pk}).content.decode()
    assert "Le dernier jour précède le premier" in page
    assert "déjà déclarée" not in page
    assert not Absence.objects.exists()


def test_who_is_away_reads_it_above_their_list(client, town, nadia, jean, case):
    until = town.today() + timedelta(3)
    staffing.declare_absence(town, user=nadia, replacement=jean, starts_on=town.today(), ends_on=until, by=nadia, on=town.today())
    for person, told in ((nadia, True), (jean, False)):
        client.force_login(person)
        page = client.get(reverse("worklist")).content.decode()
        assert (f"Votre absence court jusqu’au {until:%d/%m/%Y}" in page) == told


# -- several cases at once


def test_ticked_cases_are_left_to_nobody(client, town, nadia, jean, case):
    completeness.assign(case, officer=jean, by=nadia, on=town.today())
    free = filed(town)
    client.force_login(nadia)
    page = client.post(reverse("worklist-assign"), {"dossier": [case.pk, free.pk], "officer": "personne"}).content.decode()
    assert "1 dossier n’est plus suivi" in page.replace("\u00a0", " ")
    assert "Personne ne le suivait déjà." in page
    assert Application.objects.get(pk=case.pk).officer is None
    assert case.journal.filter(event=Event.ASSIGNED, facts__officer="").count() == 1


def test_only_who_reviews_a_case_leaves_it_to_nobody(town, nadia, jean, case):
    completeness.assign(case, officer=jean, by=nadia, on=town.today())
    (told,) = assigning.assign_all([case.pk], officer=None, by=factories.member(town, Role.INSPECTOR))
    assert told.obstacle == assigning.NOT_YOURS
    assert assigning.assign_all([case.pk], officer=None, by=factories.member(factories.AuthorityFactory(), Role.OFFICER)) == []
    assert Application.objects.get(pk=case.pk).officer == jean


def test_ticked_cases_are_given_each_for_itself(client, town, nadia, jean, case, django_assert_max_num_queries):
    free, closed = filed(town), filed(town)
    foreign = filed(factories.AuthorityFactory())
    intake.withdraw(closed, by=closed.applicant, on=town.today())
    completeness.assign(free, officer=jean, by=nadia, on=town.today())
    client.force_login(nadia)
    ticked = [case.pk, free.pk, closed.pk, foreign.pk, case.pk]
    response = client.post(reverse("worklist-assign"), {"dossier": ticked, "officer": jean.pk, "retour": "file=check&tri=rue"})
    page = response.content.decode().replace("\u00a0", " ")
    assert response.status_code == 200
    assert "1 dossier attribué" in page
    assert "2 dossiers n’ont pas changé" in page
    assert "Déjà suivi par Jean Moron" in page
    assert assigning.NOTHING_LEFT in page
    assert foreign.number not in page
    assert f"{reverse('worklist')}?file=check&amp;tri=rue" in page
    assert Application.objects.get(pk=case.pk).officer == held(case) == jean
    assert case.journal.filter(event=Event.ASSIGNED, facts__officer="Jean Moron").count() == 1


@pytest.mark.parametrize("sent", [{}, {"dossier": ["x", "-1", "9" * 40]}, {"dossier": ["1"]}, {"dossier": ["1"], "officer": "0"}])
def test_nothing_ticked_or_nobody_chosen_is_said(client, town, nadia, case, sent):
    client.force_login(nadia)
    page = client.post(reverse("worklist-assign"), sent, follow=True).content.decode()
    assert "Cochez au moins un dossier" in page or "Choisissez à qui" in page or "n’instruit plus" in page


def test_only_who_reviews_cases_there_is_given_them(town, manager, case):
    stranger = factories.member(factories.AuthorityFactory(), Role.OFFICER)
    (told,) = assigning.assign_all([case.pk], officer=stranger, by=manager)
    assert told.obstacle.startswith(stranger.full_name)
    (told,) = assigning.assign_all([case.pk], officer=manager, by=factories.member(town, Role.INSPECTOR))
    assert told.obstacle == assigning.NOT_YOURS


def test_the_street_sorts_by_name_then_by_number():
    keys = [
        "12 bis, rue de la Gare",
        "9 rue de la Gare",
        "12 rue de la Gare",
        "n° 3 allée des Ormes",
        "Lieu-dit Bel Air",
        "8 rue du 8 mai",
    ]
    found = sorted(keys, key=projection.sort_keys.street)
    assert found == [
        "n° 3 allée des Ormes",
        "Lieu-dit Bel Air",
        "9 rue de la Gare",
        "12 rue de la Gare",
        "12 bis, rue de la Gare",
        "8 rue du 8 mai",
    ]
    assert len(projection.sort_keys.street("é" * 500).encode()) <= projection.sort_keys.KEY_BYTES
