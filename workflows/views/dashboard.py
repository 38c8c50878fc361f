"""Figures for managers and elected members."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from accounts.enums import Role
from territories.models import Authority, Commune
from workflows.statistics import communes
from workflows.statistics.late_requests import late_requests
from workflows.views.screens import RoleScreen


class FiguresView(RoleScreen, TemplateView):
    """The figures of the authorities that a manager or an elected member answers for."""

    roles = (Role.MANAGER, Role.ELECTED)

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.authorities = list(Authority.objects.filter(pk__in=self.held).order_by("pk"))
        self.prepare()
        return super().respond(request, *args, **kwargs)

    def prepare(self) -> None:
        """What a page reads of its address once the person may open it. Raises Http404."""


class DashboardView(FiguresView):
    """Écran « Tableau de bord » : les communes de la collectivité, côte à côte."""

    template_name = "workflows/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = self.authorities[0].today()
        year = self._year(today.year)
        rows = communes.by_commune(self.authorities, year=year, today=today)
        return super().get_context_data(
            rows=rows,
            total=communes.total(rows),
            late=late_requests(self.authorities, year=year),
            year=year,
            years=range(today.year, today.year - 5, -1),
            today=today,
            may_open_cases=Role.MANAGER in self.request.user.roles,
            **kwargs,
        )

    def _year(self, default: int) -> int:
        asked = self.request.GET.get("annee", "")
        return int(asked) if asked.isdigit() and 2000 <= int(asked) <= 2100 else default


class CommuneDashboardView(DashboardView):
    """Écran « Tableau de bord » d’une commune."""

    template_name = "workflows/dashboard_commune.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        commune = get_object_or_404(
            Commune.objects.filter(applications__authority__in=self.authorities).distinct(), pk=self.kwargs["insee"]
        )
        context = super().get_context_data(**kwargs)
        rows = [row for row in context["rows"] if row.commune == commune]
        return {**context, "commune": commune, "rows": rows, "total": communes.total(rows)}
