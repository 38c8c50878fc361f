"""Where each person starts: the home page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.enums import Role
from territories.enums import Regime
from territories.models import Commune


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
