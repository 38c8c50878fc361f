"""The prescribed works seen from the service: settled one by one or at once, looked at again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from inspections.enums import Purpose, VisitState
from inspections.models import Visit
from permis.litigation import HearingPurpose
from permis.models import Application, PrescribedWork
from permis.permissions import can_hear, can_prove_works
from workflows import conditions
from workflows.actions import works
from workflows.forms.works import CounterVisitForm, SettleWorksForm, WorkForm
from workflows.views.inspection import InspectView
from workflows.views.planning import PlanVisitView, SlotView


class WorksView(InspectView):
    """Écran « Vérifier les travaux »."""

    template_name = "workflows/works.html"
    form_class = WorkForm
    nodes = ("check_works", "lift_conditions")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "case": self.case}

    def act(self, *, work: PrescribedWork, met: str, by: Any, on: date) -> None:
        works.settle_work(work, met=met == "yes", by=by, on=on)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today, user = self.case.authority.today(), self.request.user
        found = conditions.of(self.case)
        return super().get_context_data(
            conditions=[(each, each.is_overdue(today)) for each in found],
            counter_visits=_counter_visits(self.case),
            report=_last_report(self.case),
            hearings=self.case.hearings.toward(HearingPurpose.REPEAL).prefetch_related("works").order_by("pk"),
            can_prove=can_prove_works(self.case, user),
            can_review=can_hear(self.case, user),
            can_hear=any(each.work.may_be_held_against(today) for each in found),
            is_all_met=all(each.is_met for each in found),
            **kwargs,
        )

    def get_success_url(self) -> str:
        return self.request.path if not works.all_works_met(self.case) else self.case.get_absolute_url()


class SettleWorksView(InspectView):
    """Écran « Constater tous les travaux » : ce qu’a vu la dernière contre-visite est proposé."""

    template_name = "workflows/settle_works.html"
    form_class = SettleWorksForm
    nodes = ("check_works",)
    success_message = "Les constats sont enregistrés."

    @cached_property
    def visit(self) -> Visit | None:
        return _last_report(self.case)

    def get_form_kwargs(self) -> dict[str, Any]:
        left = list(works.to_settle(self.case))
        if self.visit is not None:
            left = _left(self.visit, left)
        defects = None if self.visit is None else [finding.code for finding in self.visit.findings.all()]
        return {**super().get_form_kwargs(), "works": left, "defects": defects}

    def act(self, *, results: dict[int, bool], by: Any, on: date) -> None:
        works.settle_works(self.case, results=results, by=by, on=on)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(visit=self.visit, **kwargs)

    def get_success_url(self) -> str:
        return self.case.get_absolute_url() if works.all_works_met(self.case) else reverse("case-works", args=[self.case.pk])


class CounterVisitView(PlanVisitView):
    """Écran « Ordonner une contre-visite » : seulement les travaux cochés."""

    template_name = "workflows/counter_visit.html"
    form_class = CounterVisitForm
    nodes = ("check_works",)
    success_message = "La contre-visite est planifiée. La convocation nomme les travaux à regarder."
    purpose = Purpose.COUNTER

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**SlotView.get_form_kwargs(self), "works": works.to_settle(self.case)}

    def plan(self, **appointment: Any) -> None:
        works.order_counter_visit(self.case, **appointment)

    def get_success_url(self) -> str:
        return reverse("case-works", args=[self.case.pk])


def _counter_visits(case: Application) -> QuerySet[Visit]:
    visits = case.visits.filter(purpose=Purpose.COUNTER).select_related("inspector")
    return visits.prefetch_related("works", "findings").order_by("starts_at", "pk")


def _last_report(case: Application) -> Visit | None:
    """The last counter-visit that was done, as long as something that it looked at was not settled since."""
    visit = _counter_visits(case).filter(state=VisitState.DONE).last()
    return visit if visit is not None and _left(visit, works.to_settle(case)) else None


def _left(visit: Visit, unmet: Iterable[PrescribedWork]) -> list[PrescribedWork]:
    """What the visit looked at, all of it when it says nothing, and that nobody settled since."""
    seen, reported_on = {work.pk for work in visit.works.all()}, visit.reported_on
    since = [work for work in unmet if work.settled_on is None or reported_on is None or work.settled_on < reported_on]
    return [work for work in since if not seen or work.pk in seen]
