"""Pieces that arrive, reminders, and the ends of a file that is never complete."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms import Form

from permis.permissions import can_manage, can_review
from workflows import dossier
from workflows.actions import completeness
from workflows.forms.completeness import CounterPieceForm
from workflows.forms.intake import ReasonForm
from workflows.views.base import CaseActionView
from workflows.views.pieces import add_files


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

    def get_form(self, form_class: type[Form] | None = None) -> Form:
        form = super().get_form(form_class)
        if self.case.is_declaration:
            form.fields["received_on"].label = "Postée, ou remise, le"
            form.fields["received_on"].help_text = "Par courrier, le cachet de la poste compte pour le bailleur (CRPA L. 112-1)."
        return form

    def act(self, *, by: Any, on: date, received_on: date, kinds: list[str], **given: Any) -> None:
        """What comes takes the place of what could not be opened: there is no card here to say so."""
        useless = [piece for line in dossier.checklist(self.case, on=on) for piece in line.pieces if piece.file.is_unusable]
        add_files(self.case, by=by, on=received_on, kinds=kinds, **given | {"instead_of": useless})
