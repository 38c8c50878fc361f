"""The visits of a day, in walking order and on a map, and those of a week, by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.views.generic import TemplateView

from accounts.enums import Role
from accounts.models import User
from inspections import planning
from inspections.enums import VisitState
from inspections.models import Visit
from territories.text import fold, row_keys
from workflows import maps
from workflows.forms.planning import day_of, visitors
from workflows.views.base import on_the_clocks_of
from workflows.views.screens import RoleScreen

WEEK = 7


@dataclass(frozen=True)
class Row:
    """One person of the calendar, and what they hold on each day of the week."""

    person: User
    days: list[tuple[date, list[Visit]]]

    @property
    def count(self) -> int:
        return sum(len(visits) for _, visits in self.days)


class VisitsView(RoleScreen, TemplateView):
    """Visits of the authorities where a person visits, on the clocks of the first of them."""

    roles = tuple(Role.visiting())

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.authority = self.served[0]
        self.today = self.authority.today()
        self.day = day_of(request.GET.get("jour", "")) or self.today
        self.plans = bool(self.request.user.authorities_as(Role.OFFICER, Role.INSPECTOR, Role.MANAGER))
        return on_the_clocks_of(self.authority, partial(super().respond, request, *args, **kwargs))

    def visits(self, first: date, *, days: int) -> QuerySet[Visit]:
        start, end = (self.authority.midnight(first + timedelta(days=count)) for count in (0, days))
        visits = Visit.objects.visible_to(self.request.user).filter(starts_at__gte=start, starts_at__lt=end)
        related = ("application__dwelling", "application__commune", "application__authority", "inspector")
        return self.of_person(visits).select_related(*related).order_by("starts_at", "pk")

    def of_person(self, visits: QuerySet[Visit]) -> QuerySet[Visit]:
        """Those of the person that the address names, if they visit here: the address tells nobody who else has an account."""
        chosen, seen = self.request.GET.get("agent", ""), Visit.objects.visible_to(self.request.user).values("inspector")
        known = Q(pk__in=seen) | (Q(pk__in=visitors(self.authority).values("pk")) if self.plans else Q(pk=self.request.user.pk))
        self.agent = User.objects.filter(known, pk__in=row_keys([chosen])).first()
        return visits if self.agent is None else visits.filter(inspector=self.agent)


class VisitDayView(VisitsView):
    """Écran « Visites » du jour : dans l’ordre de la marche, et sur une carte."""

    template_name = "workflows/visit_day.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visits = list(self.visits(self.day, days=1).prefetch_related("application__lessors"))
        kept = [visit for visit in visits if visit.state != VisitState.CANCELLED]
        by_hour = self.request.GET.get("ordre") == "heure"
        people = sorted({visit.inspector for visit in visits} | ({self.agent} if self.agent else set()), key=_by_name)
        if not by_hour:
            kept = [visit for person in people for visit in _walk([each for each in kept if each.inspector == person])]
        stops = list(enumerate(kept, start=1))
        return super().get_context_data(
            stops=stops,
            cancelled=[visit for visit in visits if visit.state == VisitState.CANCELLED],
            unplaced=sum(visit.application.dwelling.place is None for visit in kept),
            by_hour=by_hour,
            map=maps.of(stops, authorities=self.held, on=self.day),
            people=people,
            agent=self.agent,
            plans=self.plans,
            day=self.day,
            today=self.today,
            before=self.day - timedelta(days=1),
            after=self.day + timedelta(days=1),
            **kwargs,
        )


class VisitCalendarView(VisitsView):
    """Écran « Calendrier des visites » : une semaine, une ligne par personne."""

    template_name = "workflows/visit_calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        monday = self.day - timedelta(days=self.day.weekday())
        visits = list(self.visits(monday, days=WEEK).exclude(state=VisitState.CANCELLED))
        held: dict[tuple[int, date], list[Visit]] = {}
        for visit in visits:
            held.setdefault((visit.inspector_id, self.authority.local(visit.starts_at).date()), []).append(visit)
        week = [monday + timedelta(days=count) for count in range(WEEK)]
        days = [day for day in week if day.weekday() < WEEK - 1 or any(each == day for _, each in held)]
        people = self._people(visits)
        shown = [self.agent] if self.agent is not None else people
        return super().get_context_data(
            days=days,
            rows=[Row(person, [(day, held.get((person.pk, day), [])) for day in days]) for person in shown],
            people=people,
            agent=self.agent,
            count=len(visits),
            plans=self.plans,
            monday=monday,
            sunday=week[-1],
            today=self.today,
            before=monday - timedelta(days=WEEK),
            after=monday + timedelta(days=WEEK),
            **kwargs,
        )

    def _people(self, visits: list[Visit]) -> list[User]:
        """Who visits for these authorities, whether or not they have a visit; an operator sees themselves alone."""
        found = {visit.inspector for visit in visits}
        if self.plans:
            found |= set(User.objects.members(self.held, [Role.INSPECTOR, Role.OPERATOR]))
        else:
            found.add(self.request.user)
        return sorted(found, key=_by_name)


def _by_name(person: User) -> tuple[str, str, int]:
    return fold(person.last_name), fold(person.first_name), person.pk


def _walk(visits: list[Visit]) -> list[Visit]:
    """The visits of one person in the order of a walk."""
    return planning.walk(
        visits, place=lambda visit: visit.application.dwelling.place, address=lambda visit: visit.application.dwelling.address
    )
