"""Opinions asked by the service and recorded by it; messages exchanged with the landlord."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from documents import receiving
from documents.enums import FilePurpose
from permis import permissions
from permis.enums import Adviser, OpinionOutcome
from permis.models import Application, Exchange, Opinion
from workflows.actions import exchanges, opinions
from workflows.forms.opinions import AskOpinionForm, ExchangeForm, RecordOpinionForm
from workflows.views.base import CaseActionView


class AskOpinionView(CaseActionView):
    """Écran « Demander un avis »."""

    template_name = "workflows/ask_opinion.html"
    form_class = AskOpinionForm
    success_message = "L’avis est demandé. Le délai de la décision court toujours."

    def is_allowed(self) -> bool:
        return permissions.can_review(self.case, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "today": self.case.authority.today(), "last_day": self.case.tacit_on}

    def act(self, *, adviser: str, **cleaned: Any) -> None:
        opinions.ask(self.case, adviser=Adviser(adviser), **cleaned)


class RecordOpinionView(CaseActionView):
    """Écran « Noter un avis reçu »."""

    template_name = "workflows/record_opinion.html"
    form_class = RecordOpinionForm
    success_message = "L’avis est enregistré."

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.opinion = get_object_or_404(Opinion, application=self.case, pk=kwargs["opinion"])

    def is_allowed(self) -> bool:
        return permissions.can_review(self.case, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        today = self.case.authority.today()
        return {**super().get_form_kwargs(), "asked_on": self.opinion.asked_on, "today": today}

    def act(self, *, outcome: str, upload: list[Any], by: User, on: date, **cleaned: Any) -> None:
        files = [receiving.receive(self.case, each, by=by, purpose=FilePurpose.OPINION) for each in upload]
        opinions.give(self.opinion, outcome=OpinionOutcome(outcome), files=files, by=by, on=on, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(opinion=self.opinion, **kwargs)


class ExchangeView(CaseActionView):
    """Écran « Messages » : le fil d’un dossier, du côté du service ; l’ouvrir vaut lecture."""

    is_landlord = False
    template_name = "workflows/exchanges.html"
    form_class = ExchangeForm
    success_message = "Votre message est envoyé."

    def is_allowed(self) -> bool:
        return permissions.can_inspect(self.case, self.request.user)

    def act(self, *, text: str, upload: list[Any], by: User, on: date) -> None:
        files = [receiving.receive(self.case, each, by=by, purpose=FilePurpose.EXCHANGE) for each in upload]
        exchanges.write(self.case, text=text, files=files, by=by, on=on)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        exchanges.mark_read(self.case, by=self.request.user, at=timezone.now())
        return super().get_context_data(
            thread=thread(self.case),
            is_landlord=self.is_landlord,
            back=reverse("application" if self.is_landlord else "case", args=[self.case.pk]),
            base="base_public.html" if self.is_landlord else "base_agent.html",
            **kwargs,
        )

    def get_success_url(self) -> str:
        return self.request.path


class OwnExchangeView(ExchangeView):
    """Le même fil, du côté du bailleur."""

    is_landlord = True

    def is_allowed(self) -> bool:
        return permissions.is_applicant(self.case, self.request.user)


def thread(case: Application) -> list[Exchange]:
    """The messages of a case with their files, the last at the end."""
    return list(case.exchanges.select_related("author").prefetch_related("attachments__file").order_by("sent_at", "pk"))
