"""After the decision: the attestation of a tacit permit."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from documents import acts
from documents.enums import ActKind
from documents.models import Act
from permis import guards, journal, permissions
from permis.enums import State
from permis.models import Application
from permis.models.journal import Event
from workflows import drafting
from workflows.guards import require_permission


@transaction.atomic
def attest(application: Application, *, by: User, on: date) -> Act:
    """Délivrer l’attestation d’une autorisation tacite, avec toutes les données de la demande (CRPA L.232-3, CCH R.635-3)."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_provide_pieces(application, by))
    if application.state != State.GRANTED_TACIT:
        raise guards.WrongState("Seule une autorisation tacite donne lieu à cette attestation.")
    known = application.acts.filter(kind=ActKind.TACIT_ATTESTATION, void_on__isnull=True).first()
    if known is not None:
        return known
    act = acts.freeze(application, ActKind.TACIT_ATTESTATION, drafting.tacit_attestation(application, on=on), on=on)
    journal.record(application, Event.ATTESTED, by=by, on=on, act=act.pk)
    return act
