"""What a phone asks of the procedure: to finish a visit."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from accounts.requests import SignedInRequest
from inspections.views import PhoneView
from permis.guards import Refusal
from workflows.actions import fieldwork


class FinishView(PhoneView):
    """Terminer une visite : le rapport est fait de ce qui a été saisi sur place."""

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        visit = self.visit(pk)
        today = visit.application.authority.today()
        try:
            done = fieldwork.finish_visit(visit, by=request.user, on=today)
        except fieldwork.PhotosMissing as refusal:
            return JsonResponse({"missing": [str(each) for each in refusal.photos], "error": str(refusal)}, status=409)
        except Refusal as refusal:
            return JsonResponse({"error": str(refusal)}, status=409)
        except (TransitionNotAllowed, ConcurrentTransition):
            return JsonResponse({"error": "Cette visite a changé entre-temps. Ouvrez-la sur un ordinateur."}, status=409)
        content: dict[str, Any] = {"state": done.state, "report_url": reverse("visit-report", args=[done.pk])}
        return JsonResponse(content | {"warnings": fieldwork.warnings(done)})
