"""Visas: a draft read before its signatory reads it."""

from __future__ import annotations

from typing import Any

from documents import rendering
from permis import visas
from permis.models import Decision
from permis.permissions import can_visa
from workflows.actions import visas as actions
from workflows.forms.visas import VisaForm
from workflows.presentation import ClockChip
from workflows.views.base import CaseActionView


class VisaView(CaseActionView):
    """Écran « Viser le projet de décision »."""

    template_name = "workflows/visa.html"
    form_class = VisaForm
    nodes = ("visa_decision",)
    success_message = "Le projet est visé."

    def is_allowed(self) -> bool:
        return can_visa(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        actions.vise(self.case, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = self.case.authority.today()
        draft = Decision.objects.select_related("drafted_by").prefetch_related("works").get(application=self.case)
        draft.application = self.case
        given, obstacle = visas.standing(draft), ""
        try:
            visas.require_next(draft, self.request.user, given=given)
        except visas.NotYourVisa as error:
            obstacle = str(error)
        preview = actions.preview(self.case, by=self.request.user, on=today)
        return super().get_context_data(
            decision=draft,
            given=given,
            obstacle=obstacle,
            fingerprint=visas.fingerprint(draft),
            preview=preview,
            pages=rendering.page_numbers(preview.content),
            chip=ClockChip.of(self.case, today=today),
            **kwargs,
        )
