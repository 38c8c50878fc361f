"""The screens of a sanction until its decision: list, page, letter, observations, regularisation, closure."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import DetailView, ListView
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from accounts.enums import Role
from accounts.models import User
from accounts.requests import SignedInRequest
from permis import rules
from permis.breaches import SanctionState
from permis.models import Sanction
from permis.permissions import can_judge, can_sign
from permis.rules import Rule
from workflows import sanction_pages
from workflows.actions import sanctions
from workflows.forms.sanctions import (
    AnswerForm,
    ClosureForm,
    EvidenceForm,
    HeardForm,
    ObservationsForm,
    PresentedForm,
    RegulariseForm,
    RepeatForm,
)
from workflows.forms.sending import SendingForm
from workflows.guards import TaskGone
from workflows.presentation import Overtaken
from workflows.statistics import sanctions as figures
from workflows.views.base import ActionView, on_the_clocks_of
from workflows.views.screens import RoleScreen

SOON = timedelta(days=90)


class SanctionListView(RoleScreen, ListView):
    """Écran « Sanctions »."""

    roles = tuple(Role.reading_sanctions())
    template_name = "workflows/sanction_list.html"
    context_object_name = "sanctions"
    paginate_by = 25

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        asked = request.GET
        self.text = asked.get("q", "").replace("\0", "").strip()
        self.state = asked.get("etat", "") if asked.get("etat") in SanctionState.values else ""
        self.is_near = asked.get("prescription") == "proche"

    @property
    def today(self) -> date:
        assert self.request.user.home_authority is not None, "a person with a role has an authority"
        return self.request.user.home_authority.today()

    def get_queryset(self) -> QuerySet[Sanction]:
        found = Sanction.objects.visible_to(self.request.user).select_related("commune", "authority").matching(self.text)
        if self.state:
            found = found.filter(state=self.state)
        if self.is_near:
            found = found.barred_until(self.today, self.today + SOON)
        return found.order_by(F("ended_on").desc(nulls_first=True), "barred_after", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = self.request.user, self.today
        context = super().get_context_data(**kwargs)
        for sanction in context["sanctions"]:
            sanction.badge = sanction_pages.badge(sanction)
            sanction.chip = sanction_pages.chip(sanction, today=today)
            sanction.next = sanction_pages.next_step(sanction, today=today)
        counted = Sanction.objects.visible_to(user).values("state").annotate(count=Count("pk")).order_by("state")
        counts = dict(counted.values_list("state", "count"))
        return context | {
            "today": today,
            "text": self.text,
            "state": self.state,
            "is_near": self.is_near,
            "is_filtered": bool(self.text or self.state or self.is_near),
            "states": [(state, state.label, counts.get(state, 0)) for state in SanctionState],
            "total": sum(counts.values()),
            "can_open": Role.LEGAL in user.roles,
            "years": figures.by_year(user.authorities_as(*Role.reading_sanctions())),
        }


class SanctionView(LoginRequiredMixin, DetailView):
    """Écran « Procédure de sanction » : la suite à donner d’abord, puis tout ce qui en est connu."""

    request: SignedInRequest
    template_name = "workflows/sanction.html"
    context_object_name = "sanction"

    def get_queryset(self) -> QuerySet[Sanction]:
        related = ("regularised_by", "repeat_confirmed_by", "drafted_by", "application__authority")
        return Sanction.objects.visible_to(self.request.user).with_sheet().select_related(*related)

    def render_to_response(self, context: dict[str, Any], **response: Any) -> HttpResponseBase:  # type: ignore[override]
        return on_the_clocks_of(self.object.authority, partial(super().render_to_response, context, **response))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sanction: Sanction = self.object
        user: User = self.request.user
        today = sanction.authority.today()
        right_to_err = bool(rules.value(sanction.authority, Rule.RIGHT_TO_ERR, on=today))
        payments = list(sanction.payments.order_by("on", "pk"))
        return super().get_context_data(
            today=today,
            badge=sanction_pages.badge(sanction),
            chip=sanction_pages.chip(sanction, today=today),
            next_action=sanction_pages.next_action(sanction, user, today=today, right_to_err=right_to_err),
            steps=sanction_pages.steps(sanction),
            files=list(sanction.files.order_by("pk")),
            acts=list(sanction.acts.issued().order_by("-pk")),
            entries=list(sanction.journal.order_by("-position")),
            payments=payments,
            recovered=sum(payment.amount for payment in payments),
            can_withdraw=can_sign(sanction, user) and sanction.state in SanctionState.ordered(),
            has_sheet=sanction.notified_on is not None,
            **kwargs,
        )


class SanctionActionView(ActionView):
    """A screen of a sanction: 404 outside one's authorities, 403 without the right, 409 once it is past."""

    template_name = "workflows/sanction_action.html"
    states: tuple[SanctionState, ...] = ()

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.sanction = get_object_or_404(self.sanctions(), pk=kwargs.get("sanction", kwargs["pk"]))

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if self.sanction.state not in self.states:
                raise TaskGone
            return on_the_clocks_of(self.sanction.authority, partial(super().respond, request, *args, **kwargs))
        except (TransitionNotAllowed, ConcurrentTransition, TaskGone):
            return self.overtaken()

    def overtaken(self) -> HttpResponse:
        entry = self.sanction.journal.order_by("-position").first()
        context = {"case": self.sanction, "is_landlord": False, "overtaken": Overtaken("Déjà fait", entry)}
        return render(self.request, "409.html", context, status=409)

    @property
    def record(self) -> Sanction:
        return self.sanction

    def sanctions(self) -> QuerySet[Sanction]:
        return Sanction.objects.visible_to(self.request.user).with_sheet()

    def is_allowed(self) -> bool:
        return can_judge(self.sanction, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = self.sanction.authority.today()
        return super().get_context_data(
            sanction=self.sanction,
            today=today,
            badge=sanction_pages.badge(self.sanction),
            chip=sanction_pages.chip(self.sanction, today=today),
            **kwargs,
        )


class EvidenceView(SanctionActionView):
    """Écran « Joindre une preuve »."""

    form_class = EvidenceForm
    states = tuple(SanctionState.before_decision())
    success_message = "La preuve est jointe. Elle s’ouvre une fois vérifiée."
    extra_context = {"title": "Joindre une preuve", "button": "Joindre", "has_file": True}

    def act(self, **cleaned: Any) -> None:
        sanctions.add_evidence(self.sanction, **cleaned)


class RepeatView(SanctionActionView):
    """Écran « Manquement antérieur »."""

    form_class = RepeatForm
    states = (SanctionState.CONSTAT,)
    success_message = "C’est inscrit au journal."
    extra_context = {
        "title": "Est-ce une récidive ?",
        "button": "Enregistrer",
        "lead": "Un nouveau manquement de la même personne dans les trois ans peut porter le maximum à 15 000 € (CCH L. 635-7). "
        "Le rapprochement est fait sur le nom et l’adresse : vérifiez que c’est bien la même personne.",
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "earlier": sanctions.earlier_breaches(self.sanction)}

    def get_initial(self) -> dict[str, Any]:
        return {"previous": self.sanction.previous_id if self.sanction.repeated else None}

    def act(self, **cleaned: Any) -> None:
        sanctions.settle_repeat(self.sanction, **cleaned)


class LetterView(SanctionActionView):
    """Écran « Lettre d’observations »."""

    template_name = "workflows/sanction_letter.html"
    form_class = SendingForm
    states = (SanctionState.CONSTAT,)
    success_message = "La lettre est établie. Envoyez-la, puis inscrivez sa première présentation : le mois en part."

    def act(self, **cleaned: Any) -> None:
        sanctions.open_observations(self.sanction, **cleaned)


class PresentedView(SanctionActionView):
    """Écran « Première présentation de la lettre »."""

    form_class = PresentedForm
    states = (SanctionState.OBSERVATIONS_OPEN,)
    success_message = "Le mois des observations court."
    extra_context = {
        "title": "Première présentation de la lettre",
        "button": "Inscrire la date",
        "lead": "Le mois des observations part de ce jour (CCH R. 634-4, R. 635-4). S’il finit un samedi, un dimanche ou un jour férié, il va au premier jour ouvré.",
    }

    def get_initial(self) -> dict[str, Any]:
        return {"received_on": self.sanction.letter_received_on, "tracking_number": self.sanction.letter_tracking}

    def act(self, **cleaned: Any) -> None:
        sanctions.receive_letter(self.sanction, **cleaned)


class ObservationsView(SanctionActionView):
    """Écran « Observations reçues »."""

    form_class = ObservationsForm
    states = (SanctionState.OBSERVATIONS_OPEN, *SanctionState.decidable())
    success_message = "Les observations sont inscrites."
    extra_context = {
        "title": "Observations reçues",
        "button": "Inscrire",
        "lead": "Elles s’ajoutent à celles déjà reçues, et comptent tant que rien n’est décidé.",
    }

    def act(self, **cleaned: Any) -> None:
        sanctions.record_observations(self.sanction, **cleaned)


class HeardView(SanctionActionView):
    """Écran « Audition de la personne »."""

    form_class = HeardForm
    states = (SanctionState.OBSERVATIONS_OPEN, *SanctionState.decidable())
    success_message = "L’audition est inscrite."
    extra_context = {
        "title": "Audition de la personne",
        "button": "Inscrire l’audition",
        "lead": "La personne qui le demande présente des observations orales, seule, avec un conseil ou par un mandataire (CRPA L. 122-1).",
    }

    def get_initial(self) -> dict[str, Any]:
        return {"heard_on": self.sanction.heard_on, "heard": self.sanction.heard}

    def act(self, **cleaned: Any) -> None:
        sanctions.record_hearing(self.sanction, **cleaned)


class RegulariseView(SanctionActionView):
    """Écran « Régularisation »."""

    form_class = RegulariseForm
    states = (SanctionState.OBSERVATIONS_OPEN, SanctionState.TO_DECIDE)
    success_message = "La situation est régularisée. Le classement est proposé."
    extra_context = {
        "title": "Régularisation",
        "button": "Inscrire la régularisation",
        "lead": "La personne a déposé ce qui manquait dans le mois de la lettre, et joint le récépissé (CCH R. 634-4, R. 635-4). Sa date décide, pas celle de la saisie.",
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sanction": self.sanction}

    def act(self, **cleaned: Any) -> None:
        sanctions.regularise(self.sanction, **cleaned)


class CloseView(SanctionActionView):
    """Écran « Classer la procédure »."""

    form_class = ClosureForm
    states = tuple(SanctionState.before_decision())
    success_message = "La procédure est classée."
    extra_context = {
        "title": "Classer la procédure",
        "button": "Classer",
        "lead": "Aucune amende n’est prononcée. La personne qui a reçu la lettre d’observations en est avertie.",
    }

    def get_initial(self) -> dict[str, Any]:
        today = self.sanction.authority.today()
        if self.sanction.regularised_on:
            return {"reason": "Première infraction, régularisée dans le délai imparti (article L. 123-1 du CRPA)."}
        return {"reason": "L’amende ne peut plus être prononcée."} if today > self.sanction.barred_after else {}

    def act(self, **cleaned: Any) -> None:
        sanctions.close(self.sanction, **cleaned)


class AnswerView(SanctionActionView):
    """Écran « Répondre » : la personne mise en cause, sur son dossier."""

    template_name = "workflows/sanction_answer.html"
    form_class = AnswerForm
    states = (SanctionState.OBSERVATIONS_OPEN, *SanctionState.decidable())
    success_message = "Vos observations sont transmises au service."

    def sanctions(self) -> QuerySet[Sanction]:
        return Sanction.objects.told_to(self.request.user).filter(application=self.kwargs["pk"]).with_sheet()

    def is_allowed(self) -> bool:
        """Whoever is told of it may answer it."""
        return True

    def overtaken(self) -> HttpResponse:
        context = {"case": self.sanction.application, "is_landlord": True, "overtaken": Overtaken("Déjà décidé", None)}
        return render(self.request, "409.html", context, status=409)

    def act(self, **cleaned: Any) -> None:
        sanctions.answer(self.sanction, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(case=self.sanction.application, **kwargs)

    def get_success_url(self) -> str:
        return reverse("application", args=[self.sanction.application_id])
