"""The map of the zones and of the cases, with the same cases in a list."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponseBase
from django.views.generic import TemplateView

from accounts.enums import Role
from permis.enums import State
from permis.models import Application
from territories.models import Commune
from workflows import maps
from workflows.views.screens import RoleScreen

# More points than this are no longer read: the commune or the state narrows them.
MOST = 500
# What may be shown, as the address of the page names it.
SHOWN = (
    ("ouverts", "Dossiers ouverts", State.open()),
    ("autorises", "Logements autorisés", [*State.authorising(), State.USED, State.RECEIPTED]),
    ("refuses", "Refus, retraits et abrogations", [State.REFUSED, State.REVOKED, State.REPEALED]),
    ("tous", "Tous les dossiers", [state for state in State if state != State.DRAFT]),
)
LEGEND = (
    ("is-info", "En cours"),
    ("is-sign", "À signer ou à notifier"),
    ("is-ok", "Autorisé"),
    ("is-warn", "Incomplet, ou sous conditions"),
    ("is-danger", "Refusé ou retiré"),
    ("", "Sans suite, caduc"),
)


class CaseMapView(RoleScreen, TemplateView):
    """Écran « Carte » : les périmètres et les dossiers que la personne peut lire."""

    template_name = "workflows/case_map.html"
    roles = tuple(Role.reading_cases())

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.authorities = self.served
        return super().respond(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, today = self.request.GET, self.authorities[0].today()
        shown = next((each for each in SHOWN if each[0] == asked.get("etat", "")), SHOWN[0])
        sirens = [authority.siren for authority in self.authorities]
        communes = list(Commune.objects.filter(epci_siren__in=sirens).order_by("sort_key"))
        commune = next((each for each in communes if each.pk == asked.get("commune", "")), None)
        found = Application.objects.visible_to(self.request.user).of_authorities(self.held).filter(state__in=shown[2])
        if commune is not None:
            found = found.filter(commune=commune)
        placed = found.filter(dwelling__latitude__isnull=False, dwelling__longitude__isnull=False)
        latest = placed.select_related("dwelling", "commune").order_by(F("received_on").desc(), "-pk")[: MOST + 1]
        cases = list(latest)
        return super().get_context_data(
            map=maps.of_cases(cases[:MOST], authorities=self.held, on=today),
            cases=cases[:MOST],
            is_cut=len(cases) > MOST,
            most=MOST,
            unplaced=found.filter(dwelling__latitude__isnull=True)[: MOST + 1].count(),
            shown=shown[0],
            choices=[(key, label) for key, label, _ in SHOWN],
            legend=LEGEND,
            communes=communes,
            commune=commune,
            **kwargs,
        )
