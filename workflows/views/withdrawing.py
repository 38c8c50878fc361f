"""The author of an appeal withdraws it: online, by letter, or before the court."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.urls import reverse

from documents.french import day, of_name, typeset
from permis import permissions
from permis.litigation import AppealKind, AppealState
from workflows.actions import appeals, court
from workflows.forms.appeals import WithdrawnForm
from workflows.views.appeals import OneAppealView


class WithdrawAppealView(OneAppealView):
    """Se désister en ligne d’un recours gracieux."""

    http_method_names = ["post"]
    form_class = Form
    states = (AppealState.PENDING,)
    success_message = "Votre désistement est enregistré."

    def is_allowed(self) -> bool:
        return permissions.is_applicant(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        appeals.withdraw(self.appeal, **cleaned)

    def get_success_url(self) -> str:
        return reverse("application", args=[self.case.pk])


class EnterWithdrawalView(OneAppealView):
    """Écran « Inscrire un désistement » : par lettre, ou devant le tribunal."""

    template_name = "workflows/simple_action.html"
    form_class = WithdrawnForm
    states = (AppealState.PENDING, AppealState.BEFORE_COURT)
    success_message = "Le désistement est inscrit : la décision contestée reste en vigueur."
    extra_context = {"title": "Inscrire un désistement", "button": "Inscrire le désistement"}

    def is_allowed(self) -> bool:
        return permissions.can_withdraw_appeal(self.appeal, self.request.user) and permissions.can_hear(
            self.case, self.request.user
        )

    def act(self, **cleaned: Any) -> None:
        action = court.withdraw if self.appeal.kind == AppealKind.COURT else appeals.withdraw
        action(self.appeal, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appeal = self.appeal
        received = "enregistré" if appeal.kind == AppealKind.COURT else "reçu"
        lead = (
            f"{AppealKind(appeal.kind).label} {of_name(appeal.author)} contre {appeal.against}, {received} le {day(appeal.received_on)}. "
            "Rien n’est tranché : la décision contestée reste ce qu’elle est. Une suspension ordonnée par le juge prend fin."
        )
        return super().get_context_data(lead=typeset(lead), **kwargs)
