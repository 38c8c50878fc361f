"""The appointment as a convoked person sees it: by the signed link of the message, or from their own case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.models import User
from accounts.requests import SignedInRequest
from inspections.enums import Party, Purpose, VisitState
from inspections.models import Visit
from inspections.planning import Slot
from permis import sheet
from permis.guards import Refusal
from permis.models import Application
from workflows import appointments
from workflows.actions import appointments as actions
from workflows.forms.planning import AnswerForm, instant, key, said
from workflows.public.linked import LinkedView

OFFERED = 6


class AppointmentView(LinkedView):
    """Écran « Votre rendez-vous », sans compte : lire ne change rien, seul un envoi change quelque chose."""

    visit: Visit
    party: Party
    by: User | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()

    def find(self, token: str) -> Application:
        self.visit, self.party = appointments.read(token, now=self.now)
        return self.visit.application

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AnswerForm(request.POST) if "answer" in request.POST else None
        if form is not None and not form.is_valid():
            return self.page(form=form, status=422)
        on = self.visit.application.authority.today()
        who: dict[str, Any] = {"party": self.party, "by": self.by, "on": on, "now": self.now}
        try:
            if form is not None:
                self.visit = actions.answer_convocation(self.visit, **form.cleaned_data, **who)
                return self.page(done="answered")
            self.visit = actions.choose_slot(self.visit, starts_at=self.wanted(), **who)
        except Refusal as refusal:
            return self.page(form=form, refusal=str(refusal), status=422)
        return self.page(done="moved")

    def wanted(self) -> datetime:
        """The slot that was pressed; what no page offered is gone."""
        start = instant(self.request.POST.get("slot", "").split("/")[0])
        if start is None:
            raise actions.SlotGone
        return start

    def page(self, *, form: AnswerForm | None = None, done: str = "", refusal: str = "", status: int = 200) -> HttpResponse:
        application = self.visit.application
        can_change = self.can_change()
        context = {
            "visit": self.visit,
            "authority": application.authority,
            "address": sheet.address_line(application),
            "is_occupant": self.party == Party.OCCUPANT,
            "is_first": self.visit.purpose == Purpose.FIRST,
            "can_change": can_change,
            "slots": [(key(slot), said(slot, application.authority.zone_info)) for slot in self.slots()] if can_change else [],
            "form": form or AnswerForm(),
            "done": done,
            "refusal": refusal,
        }
        return render(self.request, "workflows/appointment.html", context, status=status)

    def can_change(self) -> bool:
        """Whether it is still to come, in a case that still calls for it."""
        try:
            self.visit.application.require_visitable()
        except Refusal:
            return False
        return self.visit.state == VisitState.PLANNED and self.visit.starts_at > self.now

    def slots(self) -> list[Slot]:
        return appointments.offered(self.visit, now=self.now, count=OFFERED)


class OwnAppointmentView(LoginRequiredMixin, AppointmentView):
    """Le même écran, depuis la demande d’un bailleur connecté."""

    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        case = get_object_or_404(Application.objects.of_applicant(request.user), pk=kwargs["pk"])
        visits = Visit.objects.select_related("inspector", "mandate__operator", "application__authority")
        planned = visits.filter(application=case, state=VisitState.PLANNED).order_by("starts_at")
        self.visit = get_object_or_404(planned[:1])
        self.party, self.by = Party.LANDLORD, request.user
        return self.respond(request, case)
