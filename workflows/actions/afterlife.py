"""After the decision: the attestation of a tacit permit, and the revocation of an illegal one."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from documents import acts
from documents.enums import ActKind
from documents.models import Act
from notifications import outbox
from notifications.enums import Kind, Occasion
from permis import guards, journal, permissions
from permis.enums import State
from permis.models import Application
from permis.models.journal import Event
from workflows import drafting, flows
from workflows.actions import transmissions
from workflows.actions.decision import signature_power
from workflows.guards import require, require_permission


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


@transaction.atomic
def revoke(application: Application, *, reasons: str, heard_on: date, by: User, on: date, fraud: bool = False) -> Application:
    """Retirer une autorisation illégale, après que son titulaire a pu présenter ses observations (CRPA L.242-1)."""
    application = Application.objects.locked().get(pk=application.pk)
    require(application.revoke, by)
    power = signature_power(application, by=by, on=on)
    application.revoke(on=on, adversarial=heard_on < on, fraud=fraud)
    application.save()
    content = drafting.revocation(
        application,
        reasons=reasons,
        heard_on=heard_on,
        signatory_name=by.full_name,
        capacity=power.capacity,
        delegation=power.delegation,
        fraud=fraud,
        on=on,
    )
    act = acts.freeze(application, ActKind.REVOCATION, content, on=on)
    journal.record(application, Event.REVOKED, by=by, on=on, act=act.pk, heard_on=heard_on, fraud=fraud)
    outbox.enqueue(Kind.REVOKED, application=application, on=on, acts=[act.pk])
    transmissions.open_for(application, Occasion.REVOCATION, on=on, act=act)
    flows.advance(application)
    return application
