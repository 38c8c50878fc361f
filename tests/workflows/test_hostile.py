"""What a person, a script or a slip of the keyboard sends by mistake or on purpose: an answer in French, never a broken page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django import forms
from django.core.cache import cache
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership
from permis import guards
from permis.correction import ContradictoryDate, Correctable
from permis.enums import Means
from permis.models import Application
from tests import factories
from tests.workflows.test_rights import OF_THE_TOWN, POLICY, STAFF, address, at, settings_address
from workflows.actions import corrections, decision, inspection, notification
from workflows.forms import administration, case, completeness, files, intake, planning, report, works
from workflows.forms import decision as decisions
from workflows.forms.fields import DayField

pytestmark = pytest.mark.django_db
FORM_MODULES = (administration, case, completeness, decisions, files, intake, planning, report, works)
HUGE = "9" * 30
EVERYBODY = set(Role) - {Role.AGENT}


@pytest.fixture
def boss(client, town):
    person = factories.member(town, *STAFF, Role.ADMINISTRATOR)
    client.force_login(person)
    return person


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("day", ["2026-02-31", "0001-01-01", "9999-12-31", "hier", ""])
def test_the_visits_of_a_day_that_does_not_exist_are_those_of_today(client, town, day):
    page = client.get(reverse("visit-day"), {"jour": day})
    assert (page.status_code, page.context["day"]) == (200, town.today())


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize(
    "query",
    [
        f"apres=_{HUGE}_1", f"apres=2026-01-01_1_{HUGE}", f"apres=2026-01-01_-{HUGE}_1", f"tri=numero&avant=x_-{HUGE}_-{HUGE}",
        f"tri=rue&apres=_-{HUGE}_1", "tri=-bailleur&apres=__1", "apres=zz", f"commune={HUGE}", "etat=zz", "file=zz", "q=%ED%A0%80",
    ],
)  # fmt: skip
def test_a_worklist_survives_any_query(client, query):
    assert client.get(f"{reverse('worklist')}?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/dossiers/?q=%00", "/dossiers/?commune=%00", "/tableau-de-bord/%00/", "/connexion/?next=%00"])
def test_an_address_with_a_null_character_is_refused(client, path):
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("work", ["abc", HUGE, "", "0"])
def test_works_of_another_case_or_of_none_settle_nothing(client, town, boss, work):
    application = at("conditional", town, boss)
    answer = client.post(reverse("case-works", args=[application.pk]), {"work": work, "met": "yes"})
    assert answer.status_code == 422
    assert application.decision.works.get().state == "open"


@pytest.mark.parametrize(
    ("name", "stage", "prefix"), [("case-draft", "visited", "works"), ("visit-report", "planned", "findings")]
)
@pytest.mark.parametrize("count", ["abc", "-1", HUGE, ""])
def test_a_forged_count_of_forms_breaks_nothing(client, town, boss, name, stage, prefix, count):
    application = at(stage, town, boss)
    pk = application.visits.get().pk if name == "visit-report" else application.pk
    for button in ({"add": "1"}, {}):
        answer = client.post(reverse(name, args=[pk]), {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": "0", **button})
        assert answer.status_code in (200, 422)


def test_every_date_of_every_form_has_a_year_of_four_digits():
    classes = {
        each
        for module in FORM_MODULES
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, forms.BaseForm)
    }
    fields = [(form.__name__, name, field) for form in classes for name, field in form.base_fields.items()]
    dates = [(form, name) for form, name, field in fields if isinstance(field, forms.DateField)]
    assert len(dates) > 15
    assert [
        (form, name) for form, name, field in fields if isinstance(field, forms.DateField) and not isinstance(field, DayField)
    ] == []


@pytest.mark.parametrize("text", ["0202-11-26", "1899-12-31", "2026-02-31", "12026-01-01", "2101-01-01"])
def test_an_impossible_day_is_refused_in_french(text):
    with pytest.raises(forms.ValidationError) as refused:
        DayField().clean(text)
    assert "quatre chiffres" in refused.value.messages[0]


def test_no_letter_leaves_before_its_decision_is_signed(town, boss):
    application = at("signed", town, boss)
    today = town.today()
    with pytest.raises(guards.NotSigned):
        notification.send_notice(
            application, means=Means.REGISTERED_LETTER, sent_on=today - timedelta(days=1), tracking_number="1A", by=boss, on=today
        )
    assert not application.notices.exists()


def test_nothing_is_signed_before_its_application_came(town, boss):
    application = at("proposed", town, boss)
    today = town.today()
    with pytest.raises(guards.WrongState):
        decision.sign_outside(
            application,
            scan=factories.PDF,
            signatory_name="Élise Roy",
            signatory_capacity="Le Président",
            signed_on=today - timedelta(days=400),
            by=boss,
            on=today,
        )
    assert Application.objects.get(pk=application.pk).state == "awaiting_decision"


def test_a_reception_is_not_corrected_to_a_day_after_the_signature(town, boss):
    application = at("signed", town, boss)
    Application.objects.filter(pk=application.pk).update(signed_on=town.today() - timedelta(days=1))
    with pytest.raises(ContradictoryDate):
        corrections.correct_date(
            application, which=Correctable.RECEPTION, to=town.today(), reason="Tampon", by=boss, on=town.today()
        )


@pytest.mark.parametrize("name", ["visit-no-show", "visit-access-refused"])
def test_nothing_is_found_of_a_visit_before_its_day(client, town, boss, name):
    application = at("planned", town, boss)
    visit = application.visits.get()
    visit.starts_at, visit.ends_at = visit.starts_at + timedelta(days=2), visit.ends_at + timedelta(days=2)
    visit.save()
    answer = client.post(reverse(name, args=[visit.pk]), follow=True)
    assert "pas encore eu lieu" in answer.content.decode()
    with pytest.raises(inspection.VisitToCome):
        inspection.record_visit(visit, conclusion="favorable", by=boss, on=town.today())
    assert application.visits.get().state == "planned"


# Addresses that name a rule, a kind of act or a year: somebody of another town only meets their own there.
OF_ONES_OWN_TOWN = {"settings-rule", "settings-rules", "settings-template", "follow-up"}


@pytest.mark.parametrize("name", sorted(name for name, (who, _) in POLICY.items() if who not in ("anyone", "landlord")))
def test_nothing_is_sent_by_a_person_without_the_right(client, town, name):
    """Not only opened: a POST with every field an attacker may add is refused too, and changes nothing."""
    boss = factories.member(town, *STAFF)
    who, stage = POLICY[name]
    case = at(stage, town, boss) if stage else None
    url = settings_address(name, town) if name in OF_THE_TOWN else address(name, case)
    before = Application.objects.values().get(pk=case.pk) if case else None
    forged = {"state": "granted", "by": boss.pk, "on": "2026-01-01", "application": "1", "role": "administrator", "reason": "x"}
    strangers = [factories.member(town, role) for role in EVERYBODY - who]
    if case is not None:
        strangers.append(case.applicant)
    if case is not None or name in OF_THE_TOWN - OF_ONES_OWN_TOWN:
        strangers.append(factories.member(factories.AuthorityFactory(), *EVERYBODY))
    rights = set(Membership.objects.values_list("user", "role", "authority"))
    for person in strangers:
        cache.clear()
        client.force_login(person)
        assert client.post(url, forged).status_code in (403, 404, 405), person.roles
    if case is not None:
        assert Application.objects.values().get(pk=case.pk) == before
    assert set(Membership.objects.values_list("user", "role", "authority")) == rights
