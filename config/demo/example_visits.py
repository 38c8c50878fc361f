"""What the gallery shows of the planning of visits, from values that no database knows."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.forms.widgets import RadioSelect, TimeInput

from accounts.models import User
from config.demo.territory import OUTLINES
from inspections.enums import ContactChannel, ContactResult
from inspections.models import ContactAttempt
from inspections.planning import Slot
from territories.models import Authority
from workflows.forms.fields import DayField
from workflows.forms.planning import key, said


class ExampleSlots(forms.Form):
    """The free slots of a person, or another time."""

    inspector = forms.ChoiceField(label="Agent de visite", choices=[("1", "Karim Benali")])
    slot = forms.ChoiceField(label="Rendez-vous proposés", widget=RadioSelect, required=False)
    day = DayField(label="Jour", required=False)
    start = forms.TimeField(label="De", widget=TimeInput(attrs={"type": "time"}), required=False)
    end = forms.TimeField(label="À", widget=TimeInput(attrs={"type": "time"}), required=False)


def context(*, on: date) -> dict[str, Any]:
    zone = Authority().zone_info
    start = datetime(on.year, on.month, on.day, 9, tzinfo=zone)
    slots = [Slot(start + timedelta(days=days), start + timedelta(days=days, minutes=45)) for days in (1, 2)]
    form = ExampleSlots(auto_id="rdv_%s")
    form.fields["slot"].choices = [*((key(slot), said(slot, zone)) for slot in slots), ("", "Un autre horaire")]  # type: ignore[attr-defined]
    person = User(pk=1, first_name="Karim", last_name="Benali")
    outline = {"type": "Polygon", "coordinates": [[*OUTLINES["33473"], OUTLINES["33473"][0]]]}
    drawing = {
        "tiles": "",
        "zones": [{"type": "Feature", "geometry": outline, "properties": {"name": "Centre-bourg"}}],
        "stops": [{"number": 1, "place": [45.14, -0.441], "label": "1. 12 rue de la Gare", "target": "#rendez-vous"}],
    }
    results = (ContactResult.NO_ANSWER, ContactResult.AGREES)
    return {
        "slot_form": form,
        "people": [person],
        "inspector": person,
        "has_slots": True,
        "contacts": [
            ContactAttempt(on=on, by=person, channel=ContactChannel.PHONE, person="Mme Duprat, bailleresse", result=result)
            for result in results
        ],
        "map": json.dumps(drawing),
    }
