"""What a landlord sends to show that the prescribed works are done."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.models import User
from documents import receiving
from permis import permissions
from workflows import conditions
from workflows.actions import works
from workflows.forms.files import WorkProofForm
from workflows.views.base import CaseActionView


class ProveWorkView(CaseActionView):
    """Écran « Prouver des travaux » : un PDF ou des photos, pour chacun des travaux demandés."""

    template_name = "workflows/prove_work.html"
    form_class = WorkProofForm
    nodes = ("check_works",)
    success_message = "La preuve est reçue. Le service la vérifie et vous répond."

    def is_allowed(self) -> bool:
        return permissions.can_prove_works(self.case, self.request.user)

    def act(self, *, upload: list[Any], by: User, on: date) -> None:
        files = [receiving.receive(self.case, each, by=by) for each in upload]
        works.prove_work(self.condition.work, proofs=[file.sha256 for file in files], by=by, on=on)

    @cached_property
    def condition(self) -> conditions.Condition:
        found = [each for each in conditions.of(self.case) if each.work.pk == self.kwargs["work"]]
        if not found:
            raise Http404
        return found[0]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(condition=self.condition, back=self.get_success_url(), **kwargs)

    def get_success_url(self) -> str:
        is_own = permissions.is_applicant(self.case, self.request.user)
        return reverse("application" if is_own else "case-works", args=[self.case.pk])
