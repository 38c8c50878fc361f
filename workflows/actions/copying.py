"""A new draft from what a former case says: the authority of today, the same dwelling, the same people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms.models import model_to_dict

from accounts.models import User
from permis import guards, permissions
from permis.enums import Channel
from permis.models import Agent, Application, Dwelling, Lessor
from territories import competence
from territories.enums import Regime
from territories.models import Authority


class NoLongerCompetent(guards.Refusal):
    code = "wrong_state"

    def __init__(self, authority: Authority) -> None:
        super().__init__(f"Cette commune relève désormais de {authority.name} : c’est à son service d’inscrire ce dossier.")


def copy_into(draft: Application, former: Application, *, by: User, on: date) -> Application:
    """Save a draft that follows a former case, filed with whoever is competent that day (CCH L.635-1 III, L.634-1 III).

    Its zone and the officer who followed the former one go with the authority. Raises NoAuthority; NoLongerCompetent where the
    service would enter a paper for another authority.
    """
    regime = Regime(former.regime)
    draft.regime, draft.commune, draft.resubmits = regime, former.commune, former
    draft.authority = competence.authority_for(former.commune, regime, on)
    if draft.authority_id == former.authority_id:
        draft.zone = former.zone
    else:
        draft.zone = draft.officer = None
    if draft.channel != Channel.ONLINE and not permissions.can_submit(draft, by):
        raise NoLongerCompetent(draft.authority)
    draft.save()
    _copy(former.dwelling, draft)
    for lessor in former.lessors.order_by("position"):
        _copy(lessor, draft)
    for agent in Agent.objects.filter(application=former):
        _copy(agent, draft)
    return draft


def said_by(former: Application, *names: str) -> dict[str, Any]:
    """These answers of a former case, for the draft that follows it."""
    return {name: getattr(former, name) for name in names}


def _copy(row: Dwelling | Lessor | Agent, draft: Application) -> None:
    type(row).objects.create(application=draft, **model_to_dict(row, exclude=["id", "application"]))
