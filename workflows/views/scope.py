"""What the officer settles of the scope of a case: its perimeter, and a lease that seems out of scope."""

from __future__ import annotations

from datetime import date
from typing import Any

from permis.enums import State
from territories.enums import Doubt
from territories.models import Zone
from workflows import scoping
from workflows.actions import scoping as actions
from workflows.forms.case import ZoneCheckForm
from workflows.forms.intake import ReasonForm
from workflows.presentation import outline
from workflows.views.completeness import ReviewView


class ZoneCheckView(ReviewView):
    """Écran « Vérifier le périmètre »."""

    template_name = "workflows/zone_check.html"
    form_class = ZoneCheckForm
    success_message = "Le périmètre est confirmé."

    def get_form_kwargs(self) -> dict[str, Any]:
        zones = Zone.objects.filter(pk__in=[zone.pk for zone in scoping.zones_for(self.case)])
        return {**super().get_form_kwargs(), "zones": zones.order_by("name", "pk"), "initial": {"zone": self.case.zone_id}}

    def act(self, *, by: Any, on: date, zone: Zone, reason: str) -> None:
        actions.confirm_zone(self.case, zone=zone, reason=reason, by=by, on=on)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        finding = scoping.find(self.case, on=self.case.authority.today())
        told = {each.zone.pk: each.doubts for each in (*finding.candidates, *finding.upcoming)}
        shown = [(zone, outline(zone.geometry), _told(zone, told, finding.excluded)) for zone in scoping.zones_for(self.case)]
        doubts = [str(Doubt(doubt).label) for doubt in self.case.zone_doubts]
        return super().get_context_data(shown=shown, doubts=doubts, can_be_out=self.case.state == State.SUBMITTED, **kwargs)


class KeepInScopeView(ReviewView):
    """Écran « Garder le dossier dans le champ »."""

    template_name = "workflows/simple_action.html"
    form_class = ReasonForm
    success_message = "Le dossier est gardé dans le champ."
    extra_context = {
        "title": "Garder ce dossier dans le champ",
        "button": "Garder le dossier",
        "lead": "D’après le type de location, rien n’est à demander ni à déclarer. Si vous pensez le contraire, écrivez pourquoi : la raison reste au journal.",
    }

    def act(self, **cleaned: Any) -> None:
        actions.keep_in_scope(self.case, **cleaned)


def _told(zone: Zone, told: dict[int, frozenset[Doubt]], excluded: tuple[Zone, ...]) -> str:
    """What the software can say of one perimeter, for a person who decides."""
    if zone in excluded:
        return "Le logement n’est pas de ceux que ce périmètre vise."
    if zone.pk not in told:
        return "D’après l’adresse, la carte et les dates, le logement n’y est pas."
    doubts = ", ".join(sorted(str(doubt.label) for doubt in told[zone.pk]))
    return f"Peut-être : {doubts}." if doubts else "Oui, d’après la carte."
