"""The annual report: what a year was, on the screen, in a file, and as it was sent to the EPCI."""

import csv
import io
import json
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from accounts.enums import Role
from inspections.models import Visit
from notifications.ledger import TransmissionMeans
from notifications.models import Recipient, Transmission
from permis.enums import ConditionState, Outcome, State
from permis.models import Application, PrescribedWork
from tests import factories
from tests.documents.reading import text_of
from tests.workflows import partners
from tests.workflows.test_actions import reviewed
from workflows.actions import clock, transmissions, works
from workflows.statistics import annual, charts

pytestmark = pytest.mark.django_db
END = date(2027, 1, 4)


@pytest.fixture
def delegation():
    return factories.DelegationFactory(starts_on=date(2025, 1, 1))


@pytest.fixture
def town(delegation):
    return delegation.delegate


@pytest.fixture
def staff(town):
    return factories.member(town, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


@pytest.fixture
def year(delegation, town, staff):
    """2026 in this town: a refusal, conditions met, a silence; another town has its own."""

    def draft():
        return factories.ApplicationFactory(authority=town, commune=delegation.commune)

    partners.decided(draft(), staff)
    conditional = partners.decided(draft(), staff, Outcome.CONDITIONAL)
    works.settle_work(conditional.decision.works.get(), met=True, by=staff, on=date(2026, 4, 1))
    clock.grant_tacitly(reviewed(draft(), staff), on=date(2026, 4, 3))
    other = factories.AuthorityFactory()
    partners.decided(
        factories.ApplicationFactory(authority=other),
        factories.member(other, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER),
    )


def figures(town, year=2026, on=END):
    return {(part.title, label): value for part in annual.of(town, year=year, on=on).sections for label, value in part.rows}


def test_the_figures_of_a_year_are_those_of_the_town_and_of_the_year(town, year):
    found = figures(town)

    expected = {
        ("Demandes et déclarations reçues", "Demandes d’autorisation (APML)"): "3",
        ("Demandes et déclarations reçues", "dont complètes dès le dépôt"): "3 (100\N{NO-BREAK SPACE}%)",
        ("Décisions", "Décisions et autorisations tacites"): "3",
        ("Décisions", "Refus"): "1 (33\N{NO-BREAK SPACE}%)",
        ("Décisions", "Autorisations tacites"): "1 (33\N{NO-BREAK SPACE}%)",
        ("Motifs des refus et des conditions", "Refus\N{NO-BREAK SPACE}: non-décence (loi du 6 juillet 1989, art. 6)"): "1",
        ("Délais", "Du dossier complet à la notification, médiane"): "18\N{NO-BREAK SPACE}jours",
        ("Visites", "Visites faites"): "2",
        ("Travaux", "Travaux prescrits"): "2",
        ("Travaux", "Travaux constatés faits"): "1 (50\N{NO-BREAK SPACE}%)",
        ("Transmissions obligatoires, envoyées sur dues", "Comité du plan départemental (PDALHPD)"): "0 sur 2",
    }
    assert {key: found[key] for key in expected} == expected
    assert figures(town, year=2025)["Décisions", "Décisions et autorisations tacites"] == "0"


def test_the_declarations_are_not_counted_among_the_permits(town, year, delegation):
    declared = [factories.ApplicationFactory(authority=town, commune=delegation.commune, declared=True) for _ in range(3)]
    for case, state in zip(declared, ("submitted", "withdrawn", "out_of_scope"), strict=True):
        Application.objects.filter(pk=case.pk).update(state=state, number=f"DML {case.pk}", received_on=date(2026, 3, 3))
    found = figures(town)

    received = {label: value for (title, label), value in found.items() if title == "Demandes et déclarations reçues"}
    assert (received["Demandes d’autorisation (APML)"], received["Déclarations (DML)"]) == ("3", "3")
    of_permits = ("dont hors champ", "dont retirées par le demandeur", "dont classées sans suite", "dont encore ouvertes")
    assert {received[label] for label in of_permits} == {"0"}
    told = found["Demandes et déclarations par commune", delegation.commune.name]
    assert told == "3, dont refusées\N{NO-BREAK SPACE}: 1\N{NO-BREAK SPACE}; 3\N{NO-BREAK SPACE}déclarations"


@pytest.mark.parametrize(("state", "late"), [(State.GRANTED_CONDITIONAL, "1"), (State.LAPSED, "0")])
def test_works_are_late_while_the_permit_awaits_them(town, year, state, late):
    works_of_it = PrescribedWork.objects.filter(decision__application__outcome=Outcome.CONDITIONAL)
    works_of_it.update(state=ConditionState.OPEN, due_on=date(2026, 4, 20))
    Application.objects.filter(decision__works__in=works_of_it).update(state=state)

    assert figures(town)["Travaux", "Travaux en retard"] == late


def test_a_visit_of_new_year_s_eve_is_counted_on_the_clocks_of_the_authority(town, year):
    town.time_zone = "America/Martinique"
    town.save()
    visit = Visit.objects.filter(application__authority=town).first()
    visit.starts_at = datetime(2027, 1, 1, 1, tzinfo=UTC)
    visit.ends_at = datetime(2027, 1, 1, 2, tzinfo=UTC)
    visit.save()

    assert figures(type(town).objects.get(pk=town.pk))["Visites", "Visites faites"] == "2"


def test_sent_to_the_epci_the_report_is_frozen(client, town, staff, year, delegation):
    clock.run(town, on=END)
    epci = Recipient.objects.get(authority=town)
    assert (epci.name, epci.means) == (delegation.epci.name, TransmissionMeans.EMAIL)
    epci.means = TransmissionMeans.HAND
    epci.save()
    before = figures(town)

    transmissions.send(epci, by=staff, on=END, proof="Remis en conférence des maires")
    factories.ApplicationFactory(authority=town)
    refusal = Transmission.objects.filter(authority=town, kind="caf").first()
    refusal.due_on = date(2020, 1, 1)
    sent = annual.transmitted(town, year=2026)
    frozen = annual.AnnualReport.from_data(sent.payload)

    assert {(part.title, label): value for part in frozen.sections for label, value in part.rows} == before
    assert frozen.drawn_on == END


@pytest.fixture
def manager(staff, time_machine):
    time_machine.move_to("2027-01-04T12:00:00Z")
    return staff


def test_the_screen_says_whether_the_report_still_moves(client, manager, town, year, delegation):
    client.force_login(manager)

    def page(year):
        return client.get(reverse("annual-report", args=[year])).content.decode()

    assert "L’année n’est pas finie" in page(2027)
    assert f"À transmettre à {delegation.epci.name}" in page(2026)
    clock.run(town, on=END)
    Recipient.objects.filter(authority=town).update(means=TransmissionMeans.HAND)
    transmissions.send(Recipient.objects.get(authority=town), by=manager, on=END, proof="Remis")
    assert "ils ne changent plus" in page(2026)


def test_the_report_is_a_pdf_and_a_csv(client, manager, year):
    client.force_login(manager)

    pdf = client.get(reverse("annual-report-file", args=[2026, "pdf"]))
    table = client.get(reverse("annual-report-file", args=[2026, "csv"])).content.decode("utf-8-sig")

    assert pdf.content.startswith(b"%PDF-")
    printed = text_of(pdf.content)
    assert "En 2026, " in printed
    assert "Ce que compte chaque chiffre" in printed
    assert "Demandes reçues" in printed
    header, first, *_ = csv.reader(io.StringIO(table), delimiter=";")
    assert header == ["rubrique", "indicateur", "valeur"]
    assert first == ["Demandes et déclarations reçues", "Demandes d’autorisation (APML)", "3"]
    assert client.get(reverse("annual-report-file", args=[2026, "docx"])).status_code == 404


def test_what_was_sent_keeps_its_sentences_and_its_months(town, year):
    report = annual.of(town, year=2026, on=END)
    again = annual.AnnualReport.from_data(json.loads(json.dumps(report.as_data())))
    assert again == report
    assert len(report.months) == 12
    assert sum(each.received for each in report.months) == 3
    older = {name: value for name, value in report.as_data().items() if name not in ("essentiel", "mois")}
    assert annual.AnnualReport.from_data(older).months == []


def test_each_month_has_its_two_bars_side_by_side():
    drawn = ElementTree.fromstring(charts.months([charts.MonthCount(f"m{n}", n + 1, n + 2) for n in range(12)]))  # noqa: S314 (ours)

    bars = [(float(each.get("x")), float(each.get("width"))) for each in drawn if each.tag.endswith("rect")][2:-1]
    received, decided = bars[::2], bars[1::2]
    assert len(received) == len(decided) == 12
    assert all(0 < right - (left + width) < 4 for (left, width), (right, _) in zip(received, decided, strict=True))


@pytest.mark.parametrize("year", [1900, 2028, 99999])
def test_a_year_that_has_no_report_is_not_found(client, manager, year):
    client.force_login(manager)
    assert client.get(reverse("annual-report", args=[year])).status_code == 404


def test_an_elected_member_reads_the_report_of_their_town_alone(client, manager, town, year):
    elected = factories.member(town, Role.ELECTED)
    other = factories.AuthorityFactory(name="Autre ville")
    client.force_login(elected)

    page = client.get(reverse("annual-report", args=[2026]), {"collectivite": other.pk}).content.decode()

    assert town.name in page
    assert "Autre ville" not in page
