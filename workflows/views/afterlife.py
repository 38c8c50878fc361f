"""What the applicant may still do once the application is deposited."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from permis import permissions
from workflows.actions import intake
from workflows.forms.intake import OptionalReasonForm
from workflows.views.base import CaseActionView


class WithdrawView(CaseActionView):
    """Écran « Renoncer à la demande »."""

    template_name = "workflows/withdraw.html"
    form_class = OptionalReasonForm
    success_message = "Votre demande est retirée."

    def is_allowed(self) -> bool:
        return permissions.can_withdraw(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        intake.withdraw(self.case, **cleaned)

    def get_success_url(self) -> str:
        return reverse("application" if self.case.applicant_id else "case", args=[self.case.pk])
