"""What a person settles of the scope: the perimeter of a dwelling, and a lease kept although it seems out of scope."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from permis import guards, journal, permissions
from permis.models import Application
from permis.models.journal import Event
from territories.models import Zone
from workflows import flows, scoping
from workflows.guards import require_permission


class NotThisZone(guards.Refusal):
    code = "wrong_state"
    message = "Ce périmètre n’est pas de cette commune et de ce régime. Choisissez-en un autre."


class ScopeToSettle(guards.Refusal):
    """The lease seems out of scope: nobody goes on without saying why."""

    code = "wrong_state"
    message = "Ce bail paraît hors champ : répondez « hors champ », ou dites d’abord pourquoi vous gardez le dossier (panneau « Champ et périmètre »)."


class BuyerWithoutSeller(guards.Refusal):
    """Only a lessor asks, or somebody who acts for one (CCH R.635-2)."""

    code = "wrong_state"
    message = "Avant l’acte de vente, seul le vendeur est bailleur : déposez avec son accord écrit, ou attendez d’être propriétaire (CCH R. 635-2)."


@transaction.atomic
def confirm_zone(application: Application, *, zone: Zone, by: User, on: date, reason: str = "") -> Application:
    """Dire dans quel périmètre est le logement, après l’avoir vérifié. Raises NotThisZone."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    application.require_open()
    if zone not in scoping.zones_for(application):
        raise NotThisZone
    application.zone, application.zone_confirmed_on = zone, on
    application.save()
    journal.record(application, Event.ZONE_CONFIRMED, by=by, on=on, zone=zone.pk, name=zone.name, reason=reason)
    flows.advance(application)
    return application


@transaction.atomic
def keep_in_scope(application: Application, *, reason: str, by: User, on: date) -> Application:
    """Garder dans le champ un bail qui paraît hors champ, pour une raison écrite (CCH R.635-1)."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    application.require_open()
    application.kept_in_scope = reason
    application.save()
    journal.record(application, Event.KEPT_IN_SCOPE, by=by, on=on, reason=reason)
    flows.advance(application)
    return application


def require_settled(application: Application, *, on: date) -> None:
    """A file is not declared complete while its lease seems out of scope and nobody says otherwise."""
    if not application.kept_in_scope and not scoping.of_lease(application, on=application.received_on or on).is_in:
        raise ScopeToSettle


def require_lessor(application: Application, *, on: date) -> None:
    """A buyer before the deed files with the seller’s agreement, where the authority takes it."""
    if application.future_buyer and not (application.seller_agrees and scoping.may_buyers_ask(application, on=on)):
        raise BuyerWithoutSeller
