"""A declaration that was not completed in time is made again, with its answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms import Form
from django.urls import reverse

from permis import permissions
from workflows.actions import declaring
from workflows.views.base import CaseActionView


class DeclareAgainView(CaseActionView):
    """Écran « Déclarer de nouveau » : un nouveau brouillon, avec les réponses de la déclaration non complétée."""

    template_name = "workflows/declare_again.html"
    form_class = Form
    success_message = "Vos réponses sont reprises. Relisez-les, et ajoutez ce qui manquait."

    def is_allowed(self) -> bool:
        return permissions.can_submit(self.case, self.request.user)

    def act(self, *, by: Any, on: date) -> None:
        self.draft = declaring.declare_again(self.case, by=by, on=on)

    def get_success_url(self) -> str:
        return reverse("application-step", args=[self.draft.pk, "location"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_own = permissions.is_applicant(self.case, self.request.user)
        return super().get_context_data(back=reverse("application" if is_own else "case", args=[self.case.pk]), **kwargs)
