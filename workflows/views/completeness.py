"""Pieces that arrive, reminders, and the ends of a file that is never complete."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms import Form
from django.urls import reverse

from permis import permissions
from permis.enums import PieceKind
from permis.models import Application
from permis.permissions import can_manage, can_review
from workflows.actions import completeness
from workflows.forms.completeness import CounterPieceForm
from workflows.forms.files import PieceForm
from workflows.forms.intake import ReasonForm
from workflows.views.base import CaseActionView


class ReviewView(CaseActionView):
    """A screen of the people who review cases."""

    def is_allowed(self) -> bool:
        return can_review(self.case, self.request.user)


class RemindView(ReviewView):
    """Écran « Relancer le bailleur »."""

    template_name = "workflows/remind.html"
    form_class = Form
    nodes = ("provide_pieces",)
    success_message = "La relance est envoyée."

    def act(self, **cleaned: Any) -> None:
        completeness.remind(self.case, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(request_open=self.case.open_request(), **kwargs)


class CloseView(CaseActionView):
    """Écran « Classer sans suite »."""

    template_name = "workflows/simple_action.html"
    form_class = Form
    nodes = ("provide_pieces",)
    success_message = "Le dossier est classé sans suite."
    extra_context = {
        "title": "Classer sans suite",
        "button": "Classer sans suite",
        "lead": "Le demandeur n’a pas fourni les pièces, même après une relance. La décision lui est envoyée avec les voies de recours.",
    }

    def is_allowed(self) -> bool:
        return can_manage(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        completeness.close_incomplete(self.case, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        powers = self.request.user.signature_powers.in_force(self.case.authority.today()).filter(authority=self.case.authority)
        warning = (
            ""
            if powers.exists()
            else "Aucune délégation de signature n’est enregistrée à votre nom : faites vérifier que vous pouvez prendre cette décision (CRPA L. 212-1)."
        )
        return super().get_context_data(warning=warning, **kwargs)


class OutOfScopeView(ReviewView):
    """Écran « Dire hors champ »."""

    template_name = "workflows/simple_action.html"
    form_class = ReasonForm
    nodes = ("check_pieces",)
    success_message = "La réponse « hors champ » est envoyée."
    extra_context = {
        "title": "Cette location est hors champ",
        "button": "Répondre que la demande est hors champ",
        "lead": "Le dossier est clos sans décision. Écrivez la raison : le bailleur la lira dans la lettre.",
    }

    def act(self, **cleaned: Any) -> None:
        completeness.set_out_of_scope(self.case, **cleaned)


class AddPieceView(ReviewView):
    """Écran « Ajouter une pièce » du service, pour ce qui arrive au guichet ou par courrier."""

    template_name = "workflows/add_piece.html"
    form_class = CounterPieceForm
    success_message = "La pièce est enregistrée."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "today": self.case.authority.today()}

    def act(self, *, by: Any, on: date, received_on: date, **given: Any) -> None:
        add_files(self.case, by=by, on=received_on, **given)


class ProvidePieceView(CaseActionView):
    """Écran « Déposer une pièce » du bailleur, une fois la demande déposée."""

    template_name = "workflows/provide_piece.html"
    form_class = PieceForm
    success_message = "La pièce est reçue."

    def is_allowed(self) -> bool:
        return permissions.is_applicant(self.case, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        request = self.case.open_request()
        kinds = [PieceKind(kind) for kind in request.pieces] if request else None
        return {**super().get_form_kwargs(), "kinds": kinds}

    def act(self, **given: Any) -> None:
        add_files(self.case, **given | {"replaces": True})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(request_open=self.case.open_request(), **kwargs)

    def get_success_url(self) -> str:
        return reverse("application", args=[self.case.pk])


def add_files(case: Application, *, kinds: list[str], upload: list[Any], replaces: bool, **facts: Any) -> None:
    """The files of one form, as the same pieces: the first may replace what was there, the others are its next pages."""
    for place, file in enumerate(upload):
        completeness.add_piece(
            case, kinds=[PieceKind(kind) for kind in kinds], upload=file, replaces=replaces and not place, **facts
        )
