"""The desk's planning: the day and the week of visits, appointments made and moved, and what surrounds them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from accounts.models import User
from inspections.enums import Purpose, VisitState
from inspections.models import Visit
from permis.permissions import can_review
from territories.text import row_keys
from workflows import appointments, maps
from workflows.actions import appointments as actions
from workflows.actions import contacts
from workflows.forms.planning import ContactForm, JudgeForm, OccupantForm, PlaceForm, SlotForm, VisitForm, visitors
from workflows.views.inspection import InspectView, PlannedVisitView, VisitView


class SlotView(InspectView):
    """A screen that offers the free slots of one inspector."""

    form_class: type[SlotForm] = SlotForm

    @property
    def purpose(self) -> Purpose:
        return Purpose.FIRST if self.case.notified_on is None else Purpose.COUNTER

    @property
    def moved(self) -> Visit | None:
        """The visit whose own hours are free again, where one is moved."""
        return None

    def chosen(self) -> User | None:
        """Whose free slots are shown: the person of the form, else of the address, else who plans if they visit."""
        people = visitors(self.case.authority)
        asked = self.request.POST.get("inspector") or self.request.GET.get("agent") or ""
        return people.filter(pk__in=row_keys([asked])).first() or self.usual(people)

    def usual(self, people: Any) -> User | None:
        last = self.case.visits.filter(inspector__in=people).order_by("-starts_at").values("inspector")[:1]
        return people.filter(pk__in=last).first() or people.filter(pk=self.request.user.pk).first()

    def get_form_kwargs(self) -> dict[str, Any]:
        self.inspector = self.chosen()
        slots = (
            appointments.free_slots(self.case, inspector=self.inspector, purpose=self.purpose, now=timezone.now(), but=self.moved)
            if self.inspector is not None
            else []
        )
        return {**super().get_form_kwargs(), "case": self.case, "slots": slots, "chosen": self.inspector}

    def form_valid(self, form: SlotForm) -> HttpResponse:
        self.times = form.times
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        today, tacit_on = self.case.authority.today(), self.case.tacit_on
        earlier = list(self.case.visits.exclude(state=VisitState.PLANNED).select_related("inspector").order_by("starts_at"))
        return context | {
            "people": list(visitors(self.case.authority)),
            "inspector": self.inspector,
            "has_slots": len(context["form"].fields["slot"].choices) > 1,
            "is_counter_visit": self.purpose == Purpose.COUNTER,
            "days_left": (tacit_on - today).days if tacit_on is not None else None,
            "earlier": earlier,
            "missed": sum(visit.state in VisitState.failed() for visit in earlier),
            "contacts": self.case.contact_attempts.select_related("by").order_by("-on", "-pk"),
        }


class PlanVisitView(SlotView):
    """Écran « Planifier une visite »."""

    template_name = "workflows/plan_visit.html"
    form_class: type[VisitForm] = VisitForm
    nodes: tuple[str, ...] = ("plan_visit", "check_works")
    success_message = (
        "La visite est planifiée. Les convocations sont envoyées ; une lettre est préparée pour qui n’a pas de courriel."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "is_counter_visit": self.purpose == Purpose.COUNTER}

    def get_initial(self) -> dict[str, Any]:
        """Who lived there at the appointment before."""
        names = ("occupied", "occupant_name", "occupant_email", "occupant_phone")
        return self.case.visits.order_by("-starts_at").values(*names).first() or {}

    def act(self, *, slot: str, day: Any, start: Any, end: Any, **cleaned: Any) -> None:
        self.plan(**{**cleaned, **self.times})

    def plan(self, **appointment: Any) -> None:
        actions.plan_visit(self.case, purpose=self.purpose, **appointment)


class MoveVisitView(PlannedVisitView, SlotView):
    """Écran « Déplacer la visite »."""

    is_allowed = InspectView.is_allowed  # the service's to change, never an operator's
    template_name = "workflows/move_visit.html"
    form_class = SlotForm
    success_message = "La visite est déplacée. Les personnes convoquées en sont averties, leur agenda est mis à jour."

    @property
    def purpose(self) -> Purpose:
        return Purpose(self.visit.purpose)

    @property
    def moved(self) -> Visit:
        return self.visit

    def usual(self, people: Any) -> User | None:
        return people.filter(pk=self.visit.inspector_id).first()

    def act(self, *, by: Any, on: date, inspector: User, **_: Any) -> None:
        actions.move_visit(self.visit, inspector=inspector, by=by, on=on, **self.times)


class OccupantView(PlannedVisitView):
    """Écran « L’occupant du logement »."""

    is_allowed = InspectView.is_allowed
    template_name = "workflows/visit_form.html"
    form_class = OccupantForm
    success_message = "L’occupant est enregistré. S’il est nouveau, il est convoqué par courriel, ou une lettre est préparée."
    extra_context = {
        "title": "L’occupant du logement",
        "button": "Enregistrer et convoquer",
        "lead": "La visite se fait avec l’accord de l’occupant. Ses coordonnées servent à ce rendez-vous seul : elles sont effacées trente jours après.",
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.visit}

    def act(self, **cleaned: Any) -> None:
        actions.name_occupant(self.visit, **cleaned)


class JudgeView(VisitView):
    """Écran « Autorisation du juge »."""

    template_name = "workflows/visit_form.html"
    form_class = JudgeForm
    success_message = "L’autorisation du juge est notée. Le délai court toujours."
    extra_context = {
        "title": "Autorisation du juge",
        "button": "Enregistrer",
        "lead": "Après un refus d’accès, le juge des libertés et de la détention peut autoriser la visite (CCH L. 635-3). La demande ne suspend pas le délai.",
    }

    def is_allowed(self) -> bool:
        return can_review(self.case, self.request.user)

    def get_initial(self) -> dict[str, Any]:
        return {"asked_on": self.visit.judge_asked_on, "granted_on": self.visit.judge_granted_on}

    def act(self, **cleaned: Any) -> None:
        contacts.record_judge(self.visit, **cleaned)


class ContactView(InspectView):
    """Écran « Noter un essai de contact »."""

    template_name = "workflows/contact.html"
    form_class = ContactForm
    success_message = "L’essai de contact est noté."

    def get_initial(self) -> dict[str, Any]:
        return {"contacted_on": self.case.authority.today()}

    def act(self, **cleaned: Any) -> None:
        contacts.record_contact(self.case, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            contacts=self.case.contact_attempts.select_related("by").order_by("-on", "-pk"),
            lessors=list(self.case.lessors.order_by("position")),
            **kwargs,
        )


class PlaceView(InspectView):
    """Écran « Placer sur la carte »."""

    template_name = "workflows/place.html"
    form_class = PlaceForm
    success_message = "Le logement est placé sur la carte."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.case.dwelling}

    def act(self, **cleaned: Any) -> None:
        contacts.place_dwelling(self.case, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        drawing = maps.of([], authorities={self.case.authority_id}, on=self.case.authority.today())
        return super().get_context_data(map=drawing, **kwargs)
