"""Where each person starts: the home page, the worklist."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.generic import TemplateView

from accounts.enums import Role
from accounts.requests import SignedInRequest
from permis import search
from permis.enums import State
from permis.models import Application
from permis.words import Question
from territories.enums import Regime
from territories.models import Commune
from workflows import ledger, worklists
from workflows.presentation import Badge, ClockChip


def home(request: HttpRequest) -> HttpResponse:
    """What the procedure is, for everybody; the first screen of their work, for those who are signed in."""
    if not request.user.is_authenticated:
        communes = Commune.objects.filter(zones__isnull=False).distinct().order_by("sort_key")
        can_declare = communes.filter(zones__regime=Regime.DML).exists()
        return render(request, "workflows/home.html", {"communes": communes, "can_declare": can_declare})
    roles = request.user.roles
    if roles == {Role.SIGNATORY}:
        return redirect("signature-list")
    if roles == {Role.LEGAL}:
        return redirect("litigation")
    if roles in ({Role.INSPECTOR}, {Role.OPERATOR}):
        return redirect("visit-day")
    if roles & set(Role.reading_cases()):
        return redirect("worklist")
    if Role.ELECTED in roles:
        return redirect("dashboard")
    if Role.PARTNER in roles:
        return redirect("partner")
    if Role.ADMINISTRATOR in roles:
        return redirect("settings")
    return redirect("application-list")


class WorklistView(LoginRequiredMixin, TemplateView):
    """Écran « Dossiers » : ce qu’il y a à faire, par échéance légale."""

    request: SignedInRequest
    template_name = "workflows/worklist.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not request.user.roles & set(Role.reading_cases()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        authorities = user.authorities_as(*Role.reading_cases())
        assert user.home_authority is not None, "a person with a role has an authority"
        today = user.home_authority.today()
        filters = worklists.Filters.of(self.request.GET)
        tabs = worklists.tabs(user, filters, today=today)
        found = self._found(filters) if filters.text else []
        communes = list(Commune.objects.filter(applications__authority__in=authorities).distinct().order_by("sort_key"))
        people = worklists.people(authorities)
        page = worklists.page(user, filters, today=today, after=self.request.GET.get("apres", ""))
        chosen = filters.chosen(communes=communes, people=people)
        for row in page.rows:
            row.chip = ClockChip.of(row.application, today=today)  # type: ignore[attr-defined]
            row.badge = Badge.of_case(row.application)  # type: ignore[attr-defined]
            row.label = worklists.label(row)  # type: ignore[attr-defined]
        return super().get_context_data(
            today=today,
            filters=filters,
            tabs=tabs,
            total=next(tab.count for tab in tabs if tab.is_current),
            page=page,
            communes=communes,
            people=[person for person in people if person != user],
            chosen=chosen,
            nothing_left=worklists.NOTHING_LEFT[filters.tab],
            nearest=None if page.rows or chosen else worklists.nearest(user),
            soon=next(tab for tab in tabs if tab.is_alarm),
            states=[(state.value, state.label) for state in (*State.open(), State.GRANTED_CONDITIONAL)],
            found=found[: worklists.PAGE],
            has_more_found=len(found) > worklists.PAGE,
            late_transmissions=ledger.late_count(user, user.authorities_as(Role.MANAGER), today=today),
            can_enter=bool(user.authorities_as(Role.OFFICER, Role.MANAGER)),
            **kwargs,
        )

    def _found(self, filters: worklists.Filters) -> list[Application]:
        """Cases that the words of the search name, closed ones too; the most recent first."""
        found = search.find(Question.of(filters.text), self.request.user, limit=worklists.PAGE + 1)
        cases = Application.objects.visible_to(self.request.user).filter(pk__in=found.keys)
        return list(cases.with_sheet().order_by("-pk"))
