"""The gallery: every fragment that two screens share, in each of its states, for those who build screens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from config.demo import example_files, example_notices, example_permits, example_visits, transmissions
from config.demo.example_files import file
from documents.enums import FileState
from inspections.enums import Conclusion
from inspections.suggestion import Suggestion
from permis.breaches import Breach, SanctionState
from permis.enums import ConditionMode, ConditionState, Outcome, State
from permis.litigation import AppealState
from permis.models import Appeal, Application, Dwelling, PrescribedWork, Sanction, Visa
from permis.words import Question
from territories.enums import Regime
from territories.models import Commune
from workflows import sanction_pages
from workflows.conditions import Condition
from workflows.effects import Effect
from workflows.finding import Group, Reason, Row, Span, Suggestions, marked
from workflows.forms.fields import DayField, yes_no
from workflows.next_actions import Link, NextAction
from workflows.presentation import Badge, ClockChip, Ruler
from workflows.statistics import beside, period
from workflows.statistics.board import Bar, Month, Tile
from workflows.views.intake import STEPS
from workflows.walkthrough import Shot
from workflows.worklists.filters import Filters

TODAY = date(2026, 12, 8)


class Example(forms.Form):
    """One field of each kind, one of them wrong."""

    surface = forms.DecimalField(label="Surface habitable", help_text="En mètres carrés.")
    day = DayField(label="Date prévue du bail", required=False)
    furnished = yes_no("Le logement est-il loué meublé ?")
    certified = forms.BooleanField(label="Je certifie l’exactitude de ces renseignements", required=False)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Écran « Composants »."""
    case = _case(State.UNDER_REVIEW, left=6)
    form = Example({"surface": "", "day": "2026-12-08"})
    form.is_valid()
    return render(
        request,
        "demo/components.html",
        {
            "case": case,
            "badges": [Badge.of(state) for state in State],
            "chips": _chips(),
            "effect": Effect.of_reception(TODAY - timedelta(days=40), today=TODAY),
            "chosen": Filters(commune="33473", owner="moi").chosen(communes={"33473": "Saint-Savin"}, zones={}, people={}),
            "ruler": Ruler.of(case, visits=[], today=TODAY),
            "action": NextAction(
                "À faire maintenant", "Une seule action, dite en une phrase", "La raison et la conséquence, en deux phrases au plus.",
                Link("Faire", "#action"), (Link("Autre issue", "#action"),),
            ),
            "form": form,
            **_sanction(),
            "conditions": _conditions(),
            "photo": Shot("1", 3, "C07 – Moisissures, Chambre 2", "", "C07", "", None, shows_people=False, sha256="", file=None),
            "suggestion": Suggestion(
                Conclusion.RESERVES, Outcome.CONDITIONAL, ConditionMode.DEFERRED, ["Réserves : C07 Moisissures (Chambre 2)."], danger=False
            ),
            "counter_visit": SimpleNamespace(
                purpose="counter", works=SimpleNamespace(all=[PrescribedWork(place="Séjour", work="Remplacer la prise")])
            ),
            "appeals": [Appeal(state=state, suspension="asked" if state == AppealState.BEFORE_COURT else "") for state in AppealState],
            "given": [Visa(by=User(first_name="Sandrine", last_name="Bros"), given_at=datetime(2026, 12, 7, 11, 5, tzinfo=UTC), comment="Vu.")],
            "required": 2,
            "read": SimpleNamespace(pk=1),
            "unread": [],
            "steps": STEPS,
            "place": 3,
            "tiles": [Tile("38", "demandes reçues", "4 de plus en un an", "arrow-up-right", "Demandes déposées.")],
            "months": [Month(TODAY.replace(day=1), 21, 14, 100, 67)],
            "beside": beside.Table(["Saint-Savin", "Ensemble"], [beside.Line("Demandes reçues", [("Saint-Savin", "49"), ("Ensemble", "183")])]),
            "bars": [Bar("Autorisées", 108, 64, "", "check-circle-fill", "is-ok")],
            "periods": period.choices(TODAY),
            "period": (this_year := period.of_year(TODAY.year, today=TODAY)),
            "covers": this_year.in_words_until(TODAY),
            "comparisons": this_year.comparisons,
            "against": this_year.before,
            "communes": [],
            "commune": None,
            "declared": _declared(),
            "is_paginated": True,
            "page_obj": Paginator(range(60), 20).page(2),
            "paginator": Paginator(range(60), 20),
            "sendings": example_notices.sendings(case, on=TODAY),
            **example_files.context(case, on=TODAY),
            **example_visits.context(on=TODAY),
            **example_permits.context(case, on=TODAY),
            **transmissions.example(),
            "suggestions": _suggestions(),
        },
    )  # fmt: skip


def _case(state: State, *, left: int) -> Application:
    """A case that no database knows."""
    end = TODAY + timedelta(days=left)
    case = Application(pk=1, number="APML 033473 26 00042", commune=Commune(name="Saint-Savin"), state=state)
    case.clock_started_on, case.tacit_on, case.completed_on = end - timedelta(days=30), end, end - timedelta(days=30)
    case.dwelling = Dwelling(address="12 rue de la Gare", floor="2e étage")
    return case


def _suggestions() -> Suggestions:
    """What « duprat » suggests, and what may have been meant by it."""
    asked = Question.of("duprat gare")
    number, place = [Span("APML 033473 26 00042")], marked("12 rue de la Gare, 33920 Saint-Savin", asked)
    reasons = [Reason("Ancien titulaire", marked("Mme Hélène Duprat", asked))]
    row = Row("#dossier", number, place, marked("M. Paul Dumora", asked), reasons, Badge.of(State.UNDER_REVIEW))
    group = Group("Mme Hélène Duprat", marked("Mme Hélène Duprat", asked), "#personne")
    street = Group("12 rue de la Gare", marked("12 rue de la Gare, Saint-Savin", asked), "#adresse")
    return Suggestions([row], [street], [group], [row])


def _sanction() -> dict[str, object]:
    """A sanction that no database knows, three weeks before its bar."""
    sanction = Sanction(
        pk=1, number="SANC 243301181 26 00007", state=SanctionState.TO_DECIDE, breach=Breach.NO_REQUEST, person_name="M. Paul Dumora",
        address="12 rue de la Gare", postcode="33920", commune=Commune(name="Saint-Savin"), found_on=TODAY - timedelta(days=344),
    )  # fmt: skip
    sanction.barred_after = TODAY + timedelta(days=21)
    shown = {"sanction_badge": sanction_pages.badge(sanction), "sanction_chip": sanction_pages.chip(sanction, today=TODAY)}
    return {"sanction": sanction, **shown}


def _declared() -> dict[str, object]:
    """The dates of a late declaration that waits for its receipt, as the service reads them."""
    case = Application(regime=Regime.DML, lease_signed_on=TODAY - timedelta(days=30), received_on=TODAY - timedelta(days=9))
    case.receipt_due_on = TODAY - timedelta(days=2)
    return {
        "case": case, "due_on": TODAY - timedelta(days=15), "is_late": True, "days_late": 6, "is_overdue": True, "for_landlord": False,
        "again": None, "before": None,
    }  # fmt: skip


def _chips() -> list[ClockChip | None]:
    running = [ClockChip.of(_case(State.UNDER_REVIEW, left=left), today=TODAY) for left in (20, 4, 1, 0)]
    incomplete, notified, silent = (
        _case(State.INCOMPLETE, left=0),
        _case(State.GRANTED, left=2),
        _case(State.GRANTED_TACIT, left=-1),
    )
    notified.notified_on = TODAY
    return running + [ClockChip.of(case, today=TODAY) for case in (incomplete, notified, silent)]


def _conditions() -> list[Condition]:
    proofs = (file("facture-electricien.pdf", FileState.PENDING),)
    return [
        Condition(
            PrescribedWork(place="Séjour", work="Remplacer la prise", state=state), proofs if state == "proof_received" else ()
        )
        for state in ConditionState
    ]
